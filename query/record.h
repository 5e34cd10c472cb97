/* record.h -- one line, and the values of its fields.
 *
 * A format has cut the line and left the values of base fields in slots; other values are derived
 * from those when they are asked for, and remembered until the next line.  A line may have no value
 * for a field; an empty value is a value.
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
	struct span line;    /* without its end */
	uint64_t number;     /* another one for each line, never 0 */
	struct span *slots;  /* the values that the format has found; .at NULL: none */
	struct memo *memos;  /* one for each field */
	struct arena *arena; /* for values that have to be put together */
	int delimiter;       /* of columns; -1: blanks */

	/* Successive lines often have the same time: the last one that was read, and what it is in
	 * wf's notation (in the arena; NULL: none). */
	struct span time_text;
	const char *timestamp;

	/* Why the query dropped the line: "-g's pattern" "does not match"; NULL: it did not. */
	const char *dropped_by, *dropped_how;
};

/* Go on to the next line.  The slots are filled by logformat_cut(). */
static inline void record_begin(struct record *r, struct span line)
{
	r->line = line;
	r->number++;
	r->dropped_by = NULL;
}

/* Forget all values, and empty the arena. */
void record_reset(struct record *);

/* Find a value without remembering it: for a field that is asked for once a line. */
enum field_result record_find_once(const struct field *, struct record *, struct span *value);

/* Find the value of the field of that index, or remember it. */
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

/* The value of the field of that index.  It points into the line or the arena, or is a constant. */
static inline enum field_result record_value(struct record *r, size_t field, struct span *value)
{
	int slot = r->fields->at[field].slot;

	if (slot < 0)
		return record_find(r, field, value);
	*value = r->slots[slot];
	return value->at ? FIELD_VALUE : FIELD_NONE;
}

/* The base field from which record_derive_usual() can derive this field; -1 if there is none. */
int record_usual_base(const struct field *);

/* Derive a field's values from n values of that base field, in place.  .at becomes NULL where that
 * takes more than a look, and stays NULL where it was. */
void record_derive_usual(const struct field *, struct span *values, size_t n);

#endif
