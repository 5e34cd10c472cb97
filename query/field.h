/* field.h -- what can be asked of a line by name or number.
 *
 *	0		the whole line
 *	1, 2, ...	a column
 *	client ...	a base field of its format (logformat.h)
 *	class hour ...	derived from one
 *	anything else	a name that only the format knows: "%{X}i", "request_time", "a.b"
 *
 * A field of a line has a value, which may be empty, or it has none.
 */
#ifndef QUERY_FIELD_H
#define QUERY_FIELD_H

#include <limits.h>

#include "lib/arg.h"
#include "lib/complaint.h"
#include "lib/suggest.h"
#include "formats/logformat.h"

enum derived {
	DERIVED_CLASS = BASES, /* "4xx" of the status */
	DERIVED_DAY,           /* of the time, as are the next two */
	DERIVED_HOUR,
	DERIVED_MINUTE,
	DERIVED_EXT,  /* of the path */
	DERIVED_SITE, /* the referrer's host */
	DERIVED_HOST, /* of no line: where it is counted */
};

struct field {
	const char *name; /* as the user wrote it */
	enum { FIELD_LINE, FIELD_COLUMN, FIELD_NAMED, FIELD_OWN } kind;
	size_t n;    /* the column; an enum base or derived; the index of the own name */
	bool needed; /* a format without it can't be used */
	int slot; /* where a format leaves its value, whatever else it finds; -1: not so simple */
};

/* All fields that a query asks for, each once. */
struct fields {
	struct field *at;
	size_t n, room;
	struct wanted wanted; /* of a format */
	bool need_format;     /* lines must be cut by it */
	bool have_columns;
	bool missing_fields_ok; /* those that are added now are not needed */
	char host[HOST_NAME_MAX + 1];
};

/* What is wrong with a name by itself, as awk's $7 or several without commas: " (...)", or nothing.
 */
const char *fields_slip(const char *name, char guess[SUGGEST_PHRASE]);

/* That, or which of the names that all formats share may have been meant: " (did you mean
 * 'client'?)", or nothing. */
const char *fields_guess(const char *name, char guess[SUGGEST_PHRASE]);

/* The i-th of the names that all formats share; NULL behind the last. */
const char *fields_known(size_t i);

/* True if the name is one of those, or a column: a format's own is asked for with a dot then. */
bool field_is_shared(const char *name);

/* What its values look like, as far as that is known. */
enum field_kind { FIELD_ANY, FIELD_NUMBER, FIELD_TIME };

enum field_kind field_values(const struct field *);

/* Add the field of that name, unless it is there already; *index becomes its index.  The name must
 * outlive the fields.  False and a complaint if no field can have the name, or memory is out. */
bool fields_add(struct fields *, struct arg name, size_t *index, struct complaint *);

void fields_free(struct fields *);

/* True if the format's lines can have a value for it. */
bool field_is_in(const struct field *, const struct logformat *);

/* What to find in lines so that field_of_usual can do the rest; -1: nothing is enough. */
int field_usual_base(const struct field *);

/* The field's values from those of that base, as many; .at NULL where that is not easy, too. */
void field_of_usual(const struct field *, struct span *values, size_t n);

enum field_result {
	FIELD_NONE,
	FIELD_VALUE,
	FIELD_FAILED, /* memory is out */
};

/* A value that has been looked up. */
struct memo {
	uint64_t line; /* for which: record.number */
	enum field_result result;
	struct span value;
};

/* A line, and what its format has found in it. */
struct record {
	const struct fields *fields;
	struct span line;
	uint64_t number; /* another one for each line, never 0 */
	struct span *slots;
	struct memo *memos;    /* one a field */
	struct arena *arena;   /* for values that have to be put together */
	int delimiter;         /* of columns, -1: blanks */
	struct span last_time; /* that was read, and how: a log's lines share their seconds */
	const char *last_when; /* in the arena; NULL: there is none */
	const char *dropped_how;
	const char *dropped_by; /* the filter that did, as it was written; or NULL */
};

/* record_value without remembering: for a field that is asked for once a line. */
enum field_result record_find_once(const struct field *, struct record *, struct span *value);

/* record_value for fields that are not just what the format left in a slot. */
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

/* The value of one of the fields.  It points into the line or the arena, or is constant. */
static inline enum field_result record_value(struct record *r, size_t field, struct span *value)
{
	int slot = r->fields->at[field].slot;

	if (slot < 0)
		return record_find(r, field, value);
	*value = r->slots[slot];
	return value->at ? FIELD_VALUE : FIELD_NONE;
}

/* The names of all fields that the format's lines can have, its own last, for messages. */
void fields_list(const struct logformat *, char *out, size_t room);

#endif
