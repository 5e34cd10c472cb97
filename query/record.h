/* record.h -- one line, and the values of its fields.
 *
 * The log format has cut the line, and has stored the values of base fields in slots.  Other values
 * are derived from base fields when they are needed, and remembered until the next line.  A line
 * may have no value for a field; that is not the same as an empty value.
 */
#ifndef QUERY_RECORD_H
#define QUERY_RECORD_H

#include "query/databases.h"
#include "query/field.h"

enum field_result {
	FIELD_NONE, /* the line has no value for the field */
	FIELD_VALUE,
	FIELD_FAILED, /* out of memory, or a database is damaged (errno is DATABASE_DAMAGED) */
	FIELD_GAVE_UP, /* the field is a group, and its pattern exceeded PCRE2's limits */
};

/* Set errno to what has made a function fail that finds values. */
static inline void field_failed(void)
{
	if (errno != DATABASE_DAMAGED)
		errno = ENOMEM;
}

/* The result of looking for a value in a line. */
struct memo {
	uint64_t line; /* .number of the record when the value was found */
	enum field_result result;
	struct span value;
};

enum { BAD_TIME_TEXT = 40 };

/* The lines of a block whose times cannot be read. */
struct bad_times {
	uint64_t n;               /* their number */
	const char *first;        /* the start of the first one */
	const char *last;         /* the start of the one that was counted last */
	char text[BAD_TIME_TEXT]; /* the start of the time in the first one, in which '?' stands
				   * for control characters */
};

struct record {
	const struct fields *fields;
	struct span line;    /* the line without its line end */
	uint64_t number;     /* number of the line, different for each line, never 0 */
	struct span *slots;  /* values that the log format has found; .at is NULL if it found
			      * none */
	struct memo *memos;  /* one memo for each field of .fields */
	struct arena *arena; /* holds values that are not in the line as such */
	int delimiter;       /* the delimiter of columns; -1 for blanks */
	struct local_time times; /* how times are read */

	/* The last time that was converted, since successive lines often have the same time:
	 * .time_text as it is in the line, .timestamp in wf's notation.  .timestamp is in the
	 * arena; it is NULL if no time was converted. */
	struct span time_text;
	const char *timestamp;

	struct bad_times bad_times;

	/* Why the query dropped the line.  .dropped_by is the filter's pattern or the condition, or
	 * NULL if the line was not dropped; .dropped_how is a verb such as "does not match". */
	const char *dropped_by, *dropped_how;
};

/* Begin the next line.  The caller fills its slots by logformat_cut(). */
static inline void record_begin(struct record *r, struct span line)
{
	r->line = line;
	r->number++;
	r->dropped_by = NULL;
}

/* Forget the last time and the bad times, and empty the arena.  Then call record_begin() before getting a value. */
void record_reset(struct record *);

/* Get the time as it is written in the line; the date and the time of day are joined if the line has
 * them apart. */
enum field_result record_time_text(const struct record *, struct span *text);

/* Count the line as one whose time cannot be read, but only once.  "-" stands for no time. */
void record_note_bad_time(struct record *, struct span text);

/* Find the value of a field without remembering it.  Use this if the value is needed only once per
 * line. */
enum field_result record_find_once(const struct field *, struct record *, struct span *value);

/* Find the value of the field with this index, or return the remembered value. */
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

/* Get the value of the field with this index.  *value points into the line, into the arena, or to a
 * constant. */
static inline enum field_result record_value(struct record *r, size_t field, struct span *value)
{
	int slot = r->fields->at[field].slot;

	if (slot < 0)
		return record_find(r, field, value);
	*value = r->slots[slot];
	return value->at ? FIELD_VALUE : FIELD_NONE;
}

/* Some lines of a block, and the values of base fields in them: slots[b][i] is the value of base
 * field b in line i.  Only the lines whose numbers are in at[] have values. */
struct record_lines {
	struct span *const *slots;
	const uint32_t *at;
	size_t n;
};

/* Find the value of a field in all of these lines, which must be usual lines (formats/clf.h):
 * values[i] becomes the value in line i; its .at is NULL if the line has no value.  False if this
 * function can't find values of this field, or if out of memory.  Then call record_find_once() for
 * each line. */
bool record_derive_usual(
	const struct field *, struct record *, const struct record_lines *, struct span *values);

#endif
