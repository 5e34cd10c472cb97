/* field.h -- the fields that a query names.
 *
 *	0		the whole line
 *	1, 2, ...	a column
 *	client ...	a base field, which most log formats share (formats/fields.h)
 *	class hour ...	derived from a base field
 *	anything else	the format's own name for it: "%{X}i", "request_time", "a.b"
 *
 * Values are found by record.h.
 */
#ifndef QUERY_FIELD_H
#define QUERY_FIELD_H

#include <limits.h>

#include "lib/option_value.h"
#include "lib/complaint.h"
#include "lib/suggest.h"
#include "formats/logformat.h"

/* Fields that are derived from base fields.  The numbers continue those of enum base. */
enum derived {
	DERIVED_CLASS = BASES, /* of the status: "4xx" */
	DERIVED_DAY,           /* of the time */
	DERIVED_HOUR,          /* of the time */
	DERIVED_MINUTE,        /* of the time */
	DERIVED_EXT,           /* the path's file name extension */
	DERIVED_SITE,          /* the host in the referrer */
	DERIVED_HOST,          /* the name of this machine, whatever the line is */
};

struct field {
	const char *name; /* as the user wrote it */
	enum { FIELD_LINE, FIELD_COLUMN, FIELD_NAMED, FIELD_OWN } kind;
	size_t n; /* FIELD_COLUMN: its number; FIELD_NAMED: enum base or derived; FIELD_OWN: index
		   * in fields.wanted.names */
	bool needed; /* a log format without this field is an error */
	int slot;    /* the slot that holds the value; -1: the value has to be found by record.h */
};

/* All fields that a query names, each only once. */
struct fields {
	struct field *at;
	size_t n, room;
	struct wanted wanted;   /* the fields that the log format has to find */
	bool need_format;       /* at least one field needs the log format */
	bool have_columns;      /* at least one field is a column */
	bool missing_fields_ok; /* fields added while this is set are not .needed */
	char host[HOST_NAME_MAX + 1];
};

/* Add the field of that name, unless it is there already; *index becomes its index.  The name must
 * outlive the fields.  False and a complaint if no field can have that name, or if out of
 * memory. */
bool fields_add(struct fields *, struct arg name, size_t *index, struct complaint *);
void fields_free(struct fields *);

/* What is known about the values of a field; FIELD_ANY: nothing. */
enum field_values { FIELD_ANY, FIELD_NUMBER, FIELD_TIME };

enum field_values field_values(const struct field *);

/* Can lines of the format have a value for the field? */
bool field_is_in(const struct field *, const struct logformat *);

/* For messages: write the names of all fields that lines of the format can have to `out`, separated
 * by blanks, the format's own fields last.  Names for which there is no room are left out. */
void fields_list(const struct logformat *, char *out, size_t room);

/* The i-th of the names that all formats share; NULL if there are fewer. */
const char *fields_known(size_t i);

/* Is this a name that all formats share, or the number of a column?  A format's own field that
 * happens to have such a name is written ".NAME". */
bool field_is_shared(const char *name);

/* Write to `guess` what is wrong with the form of the name: " (did you mean '7'?)" for awk's $7, or
 * that several names need commas between them; "" if nothing is wrong.  Returns `guess`. */
const char *fields_slip(const char *name, char guess[SUGGEST_PHRASE]);

/* Like fields_slip(); but if nothing is wrong with the form, write which of the names that all
 * formats share the user probably meant: " (did you mean 'client'?)", or "" if none is similar. */
const char *fields_guess(const char *name, char guess[SUGGEST_PHRASE]);

#endif
