/* field.h -- the fields that a query can name:
 *
 *	0		the whole line
 *	1, 2, ...	a column
 *	client ...	a base field, which most log formats share (formats/base.h)
 *	class hour ...	a field that is derived from a base field
 *	anything else	a field that only the log format knows: "%{X}i", "request_time", "a.b"
 *	$1 NAME		a group of a pattern of -e (key_pattern.h)
 *	FIELD/WHAT	a part of the values of any of these fields (part.h)
 *
 * record.h finds the values of these fields in a line.
 */
#ifndef QUERY_FIELD_H
#define QUERY_FIELD_H

#include <limits.h>

#include "lib/arg.h"
#include "lib/complaint.h"
#include "lib/suggest.h"
#include "formats/logformat.h"
#include "query/key_pattern.h"
#include "query/part.h"

/* Fields that are derived from base fields.  Their numbers continue those of enum base. */
enum derived {
	DERIVED_CLASS = BASES, /* the class of the status: "4xx" */
	DERIVED_DAY,           /* the time up to the day: "2007-06-17" */
	DERIVED_HOUR,          /* the time up to the hour: "2007-06-17T12" */
	DERIVED_MINUTE,        /* the time up to the minute: "2007-06-17T12:00" */
	DERIVED_EXT,           /* the file name extension in the path */
	DERIVED_SITE,          /* the host in the referrer */
	DERIVED_HOST,          /* the name of this machine, not taken from the line */
};

struct field {
	const char *name; /* the name as the user wrote it */
	const char *root; /* the name without WHATs */
	enum { FIELD_LINE, FIELD_COLUMN, FIELD_NAMED, FIELD_OWN, FIELD_GROUP } kind;
	size_t n; /* for FIELD_COLUMN, number of the column; for FIELD_NAMED, an enum base or enum
		   * derived; for FIELD_OWN, index in fields.wanted.names */
	bool needed; /* true if it is an error that the log format lacks this field */
	struct key_patterns *patterns; /* for FIELD_GROUP: the patterns, and the number of the group
					* in each of them; see key_patterns_group() */
	int *group;
	int slot; /* the slot that has the value; -1 if record.h must find the value */

	/* For FIELD/WHAT, the members above are those of FIELD, but .slot is -1. */
	struct part_step *parts; /* the WHATs; NULL if there are none */
	size_t n_parts;
	enum value_kind made; /* the kind of the values that the last WHAT makes */
	int whole; /* the slot of a field that has "FIELD/WHAT" as its whole name, whose value
		    * counts if there is one; -1 if there can't be such a field */
};

/* The most fields that a query may have.  There is a limit because each name is compared with all
 * others. */
enum { FIELDS_MAX = 1000 };

/* All fields that a query names, without duplicates. */
struct fields {
	struct field *at;
	size_t n, room;
	struct wanted wanted;          /* the fields that the log format must find */
	bool reads_no_files;    /* true if conditions must not read the files that they name */
	struct args lists;      /* the name and the checksum of each file that they have read */
	struct strlist copies;         /* owned copies of names, which .wanted and the parts use */
	bool need_format;              /* true if a field needs the log format */
	bool have_columns;             /* true if a field is a column */
	bool have_line;                /* true if a field is the whole line */
	bool have_host;                /* true if a field is the name of this machine */
	bool have_groups;              /* true if a field is a group */
	struct key_patterns *patterns; /* the names of groups that are added now belong to these
					* patterns; NULL if there are none */
	bool missing_fields_ok; /* while this is set, fields are added with .needed = false */
	char host[HOST_NAME_MAX + 1];
	/* Set the next two members before adding fields. */
	bool may_look_up;                  /* true if fields may be FIELD/country and the like */
	const struct databases *databases; /* where these are looked up; NULL if the query comes
					    * from a snapshot, and finds no values */
	bool have_looked_up;               /* true if there is such a field */
};

/* Add the field with that name, unless it is already there.  *index becomes its index.  The name
 * must outlive the fields.  False, with a complaint, if no field can have that name, if there are
 * too many fields, or if out of memory. */
bool fields_add(struct fields *, struct arg name, size_t *index, struct complaint *);
void fields_free(struct fields *);

/* True if successive lines usually have only a few different values of the field, because the field
 * is a status or a time. */
bool field_repeats(const struct field *);

/* Return the set of base fields, made of base_bit()s, from which the values of the field are
 * derived; 0 if the field is not derived from base fields. */
uint32_t field_sources(const struct field *);

/* The kind of values that a field has; FIELD_ANY if it is not known. */
enum field_values { FIELD_ANY, FIELD_NUMBER, FIELD_TIME };

enum field_values field_values(const struct field *);

/* True if lines of the format can have a value for the field. */
bool field_is_in(const struct field *, const struct logformat *);

/* Write the names of all fields that lines of the format can have to `out`, for a message.  The
 * names are separated by blanks; those that only this format has are last.  Names that do not fit
 * into `room` bytes are left out. */
void fields_list(const struct logformat *, char *out, size_t room);

/* Return field name number i, counting from 0, of those that all formats share; NULL if there are
 * fewer. */
const char *fields_known(size_t i);

/* Return WHAT number i, counting from 0, of a field that all formats share, for completion; NULL if
 * there are fewer.  Numbers and parameters are left out. */
const char *field_known_part(const char *name, size_t i);

/* True if all formats share the field name, or if it is the number of a column.  If a format has a
 * field of its own with such a name, users write ".NAME" for that field. */
bool field_is_shared(const char *name);

/* Write a hint about a field that lines lack to `guess`: what is wrong with the form of its name,
 * such as " (separate fields with commas)", or the name that the user probably means, such as " (did
 * you mean 'agent'?)".  `there` has the names that the lines do have, separated by blanks; it is
 * empty if they are not known, and then the name that the user means is one of those that all
 * formats share.  The hint is "" if there is nothing to say.  Returns `guess`. */
const char *fields_guess(const char *name, const char *there, char guess[SUGGEST_PHRASE]);

#endif
