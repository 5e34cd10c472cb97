/* record.h -- one line, and the values of its fields.
 *
 * The log format has cut the line, and has left the values of base fields in slots.  Other values
 * are derived from these when they are asked for, and remembered until the next line.  A line may
 * have no value for a field; that is not the same as an empty value.
 */
#ifndef QUERY_RECORD_H
#define QUERY_RECORD_H

#include "query/field.h"

enum field_result {
	FIELD_NONE, /* the line has no value for the field */
	FIELD_VALUE,
	FIELD_FAILED, /* out of memory */
};

/* A value that has been found. */
struct memo {
	uint64_t line; /* record.number of the line */
	enum field_result result;
	struct span value;
};

struct record {
	const struct fields *fields;
	struct span line;    /* without its line end */
	uint64_t number;     /* a different one for each line, never 0 */
	struct span *slots;  /* the values that the log format has found; .at NULL: none */
	struct memo *memos;  /* one for each field */
	struct arena *arena; /* for values that have to be put together */
	int delimiter;       /* of columns; -1: blanks */

	/* Successive lines often have the same time.  So the last time is remembered, as the line
	 * has it and in wf's notation (in the arena; NULL: there is none). */
	struct span time_text;
	const char *timestamp;

	/* Why the query dropped the line: the filter's pattern or the condition, and in what way
	 * the line failed, such as "does not match".  NULL: the line was not dropped. */
	const char *dropped_by, *dropped_how;
};

/* Go on to the next line.  Its slots are filled by logformat_cut(). */
static inline void record_begin(struct record *r, struct span line)
{
	r->line = line;
	r->number++;
	r->dropped_by = NULL;
}

/* Forget all values, and empty the arena. */
void record_reset(struct record *);

/* Find a value without remembering it: for a field that is asked for only once per line. */
enum field_result record_find_once(const struct field *, struct record *, struct span *value);

/* Find the value of a field, given by its index, or return the remembered value. */
static inline enum field_result record_find(struct record *r, size_t field, struct span *value)
{
	struct memo *m = &r->memos[field];

	if (m->line != r->number) {
		m->result = record_find_once(&r->fields->at[field], r, &m->value);
		m->line = r->number;
	}
	*value = m->value;
	return m->result;
}

/* Get the value of a field, given by its index.  *value points into the line, into the arena, or to
 * a constant. */
static inline enum field_result record_value(struct record *r, size_t field, struct span *value)
{
	int slot = r->fields->at[field].slot;

	if (slot < 0)
		return record_find(r, field, value);
	*value = r->slots[slot];
	return value->at ? FIELD_VALUE : FIELD_NONE;
}

/* The base field from which record_derive_usual() can derive this field; -1 if it can't. */
int record_usual_base(const struct field *);

/* `values` holds `n` values of that base field; replace each of them by the given field's value.  A
 * value that is not of the usual kind becomes NULL (.at), and a NULL value stays NULL. */
void record_derive_usual(const struct field *, struct span *values, size_t n);

#endif
