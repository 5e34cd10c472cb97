/* lookup.h -- look up fields of a format's lines by their names. */
#ifndef TEST_UNIT_LOOKUP_H
#define TEST_UNIT_LOOKUP_H

#include "unit.h"

#include "query/record.h"

enum { LOOKUP_FIELDS = 40 };

struct lookup {
	struct fields fields;
	size_t index[LOOKUP_FIELDS]; /* of each name, in the order of names */
	size_t n;
	char *names;
	struct logformat *format; /* or NULL */
	struct arena arena;
	struct record record;
};

/* names are separated by blanks; format may be NULL. */
static inline void lookup_open(struct lookup *a, const char *format, const char *names)
{
	struct complaint why;
	char *rest;

	*a = (struct lookup){.names = strdup(names)};
	for (char *name = strtok_r(a->names, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
		if (!fields_add(&a->fields, (struct arg){name, "-f"}, &a->index[a->n++], &why))
			fail_msg("%s", why.text);
	if (format) {
		a->format = logformat_compile(format, &a->fields.wanted, &why);
		if (!a->format)
			fail_msg("%s: %s", format, why.text);
	}
	a->record = (struct record){.fields = &a->fields,
		.arena = &a->arena,
		.delimiter = -1,
		.slots = calloc(BASES + a->fields.wanted.names.n, sizeof(struct span)),
		.memos = calloc(a->fields.n + 1, sizeof(struct memo))};
	assert_true(a->record.slots && a->record.memos);
}

static inline void lookup_close(struct lookup *a)
{
	free(a->record.slots);
	free(a->record.memos);
	free(a->names);
	logformat_free(a->format);
	fields_free(&a->fields);
	arena_free(&a->arena);
}

/* Go on to the next line.  Values of the line before must not be used any more. */
static inline enum cut_result lookup_cut(struct lookup *a, struct span line)
{
	struct cut cut = {.arena = &a->arena, .slots = a->record.slots};

	record_reset(&a->record);
	record_begin(&a->record, line);
	return a->format ? logformat_cut(a->format, line, &cut) : CUT_FITS;
}

/* The value for the i-th name; false if there is none.  Asking twice must give the same. */
static inline bool lookup_value(struct lookup *a, size_t i, struct span *value)
{
	struct span again;
	enum field_result got = record_value(&a->record, a->index[i], value);

	assert_int_not_equal(got, FIELD_FAILED);
	assert_int_equal(record_value(&a->record, a->index[i], &again), got);
	if (got == FIELD_VALUE)
		assert_span_equal(again, *value);
	return got == FIELD_VALUE;
}

#endif
