/* field.h -- the fields that a query names.
 *
 *	0		the whole line
 *	1, 2, ...	a column
 *	client ...	a base field, which most log formats share (formats/slots.h)
 *	class hour ...	derived from a base field
 *	anything else	the format's own name for it: "%{X}i", "request_time", "a.b"
 *
 * Values are found by record.h.
 */
#ifndef QUERY_FIELD_H
#define QUERY_FIELD_H

#include <limits.h>

#include "lib/arg.h"
#include "lib/complaint.h"
#include "lib/suggest.h"
#include "formats/logformat.h"

/* These go on where enum base ends. */
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
	int slot;    /* where the format leaves the value, if the value is just that; else -1 */
};

/* All fields that a query names, each once. */
struct fields {
	struct field *at;
	size_t n, room;
	struct wanted wanted;   /* what the log format has to find for them */
	bool need_format;       /* at least one of them needs the log format */
	bool have_columns;      /* at least one of them is a column */
	bool missing_fields_ok; /* fields that are added from now on are not needed */
	char host[HOST_NAME_MAX + 1];
};

/* Add the field of that name, unless it is there already; *index becomes its index.  The name must
 * outlive the fields.  False and a complaint if no field can have that name, or memory is out. */
bool fields_add(struct fields *, struct arg name, size_t *index, struct complaint *);
void fields_free(struct fields *);

/* What the values of a field look like, if that is known. */
enum field_values { FIELD_ANY, FIELD_NUMBER, FIELD_TIME };

enum field_values field_values(const struct field *);

/* Can lines of the format have a value for the field? */
bool field_is_in(const struct field *, const struct logformat *);

/* Write the names of all fields that lines of the format can have, the format's own last, separated
 * by blanks: for messages.  Names for which there is no room are left out. */
void fields_list(const struct logformat *, char *out, size_t room);

/* The i-th of the names that all formats share; NULL if there are not so many. */
const char *fields_known(size_t i);

/* Is the name one of these, or a column?  The format's own field of such a name is ".NAME". */
bool field_is_shared(const char *name);

/* What is wrong with the name itself, such as awk's $7 or several names without commas: " (did you
 * mean '7'?)"; "" if nothing is.  Returns guess. */
const char *fields_slip(const char *name, char guess[SUGGEST_PHRASE]);

/* The same, or else which of the names that all formats share was probably meant: " (did you mean
 * 'client'?)"; "" without an idea.  Returns guess. */
const char *fields_guess(const char *name, char guess[SUGGEST_PHRASE]);

#endif
