/* spec.h -- a query as the user gave it, by options or by the sections of a reports file.
 *
 *	query_spec	which lines are read, and how
 *	  grouping_spec	one ranking: which of those lines count, and by what
 *
 * Each member that changes what is counted is a property.  The table properties[] at the end has a
 * row for each property, with its names in options, reports files, snapshots, JSON and HTML.
 */
#ifndef QUERY_SPEC_H
#define QUERY_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/option_value.h"
#include "rank/order.h"

/* The most rankings that a query may have. */
enum { GROUPINGS_MAX = 1000 };

struct grouping_spec {
	const char *name;  /* the ranking's name; NULL: it has none */
	struct arg regexp; /* -e */
	struct arg key;    /* -k */
	struct arg fields; /* -f; see grouping_spec_fields */
	struct arg sum;    /* -s; not given: count lines */
	struct args grep, vgrep, where;
	bool ignore_case; /* -i */
	enum order order;
	size_t top; /* -n: the number of rows; 0: all */
};

/* The fields to count, as a comma-separated list; "url" if neither -e nor -f is given.  NULL if the
 * captures of a pattern are counted instead. */
const char *grouping_spec_fields(const struct grouping_spec *);

struct query_spec {
	const char *set;   /* the name given to -r or --reports; NULL: a single ranking */
	struct arg preset; /* the name given to -r */
	struct args grep;  /* -g: a line must match all of these */
	struct args vgrep; /* -v: a line must match none of these */
	struct args where; /* -w: all of these must hold */
	bool ignore_case;  /* -i, for .grep, .vgrep and .where */
	int delimiter;     /* -d: a byte; -1: white space */
	struct arg log_format;
	const char *layout; /* how a table or plain text is laid out: a name that report.h knows;
			       NULL: in the usual way */
	struct grouping_spec *groupings;
	size_t n_groupings;
	bool totals;            /* sum up bytes, and note the first and the last time */
	bool missing_fields_ok; /* a field that the log format lacks has no value; if this is not
				 * set, it is an error */
	bool all;               /* have the format find every field that it knows */
	bool rejects;           /* return the lines that are unmatched or unparsed, or on which a
				 * pattern gave up */
	bool may_skip_lines;    /* lines without the pattern's literal need not even be counted */
};

/* Free the lists in the spec, but not the strings, which it does not own. */
void query_spec_free(struct query_spec *);

/* --- Properties -------------------------------------------------------------------- */

enum property_scope { SCOPE_QUERY, SCOPE_GROUPING };

enum property_kind {
	PROPERTY_NAME,   /* const char *: the name of a grouping; it begins the grouping */
	PROPERTY_TEXT,   /* struct arg */
	PROPERTY_FIELDS, /* struct arg: see grouping_spec_fields */
	PROPERTY_LIST,   /* struct args: it may be given several times */
	PROPERTY_FLAG,   /* bool */
	PROPERTY_BYTE,   /* int: a byte; -1: none */
};

struct property {
	const char *name;   /* as a long option, or as a key of a reports file */
	const char *stored; /* its name in snapshots, which must never change */
	const char *option; /* as users know it: "-w" */
	enum property_scope scope;
	enum property_kind kind;
	size_t offset;      /* of the member in the struct of the scope */
	const char *phrase; /* "b.wfs: PHRASE VALUE, but a.wfs does not" */
	const char *usual;  /* a value that means the same as none; NULL: there is none */
	unsigned json;      /* its place among the members of a JSON object, from 1; 0: left out */
	const char *label;  /* what precedes its value on an HTML page; NULL: left out */
};

/* All properties: those of the query, then those of a grouping, in the order of snapshots. */
extern const struct property properties[];
extern const size_t n_properties;

/* Find the property of that name in the scope; NULL if there is none. */
const struct property *property_find(enum property_scope, const char *name);

/* The property's member in `spec`, which is the struct of the property's scope. */
const void *property_at(const struct property *, const void *spec);

/* How many values the property has in `spec`: 0 if it was not given. */
size_t property_count(const struct property *, const void *spec);

/* The i-th of these values as text.  A flag that is set is "yes"; the value of a PROPERTY_BYTE is
 * written to the buffer `byte`. */
const char *property_value(const struct property *, const void *spec, size_t i, char byte[2]);

/* Set the property to the value; if the property is a list, append the value.  The strings must
 * outlive the spec.  False if out of memory. */
bool property_set(const struct property *, void *spec, struct arg value)
	__attribute__((warn_unused_result));

#endif
