/* spec.h -- a query as the user gave it: options, or the sections of a reports file.
 *
 *	query_spec	which lines are read, and how
 *	  grouping_spec	one ranking: which of those lines count, and by what
 *
 * Each member that changes what is counted is a property: one row of the table at the end, by
 * which options, reports files, snapshots, JSON and HTML know it.
 */
#ifndef QUERY_SPEC_H
#define QUERY_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/arg.h"
#include "rank/order.h"

/* The most rankings that a query may have. */
enum { GROUPINGS_MAX = 1000 };

struct grouping_spec {
	const char *name;  /* NULL: it has none */
	struct arg regexp; /* -e */
	struct arg key;    /* -k */
	struct arg fields; /* -f; see grouping_spec_fields */
	struct arg sum;    /* -s; none: count lines */
	struct args grep, vgrep, where;
	bool ignore_case; /* -i */
	enum order order;
	size_t top; /* -n: the number of rows; 0: all */
};

/* The fields to count, a comma-separated list: "url" if there is neither -e nor -f.  NULL if a
 * pattern's captures are counted. */
const char *grouping_spec_fields(const struct grouping_spec *);

struct query_spec {
	const char *set;   /* the name given to -r or --reports; NULL: a single ranking */
	struct arg preset; /* the name given to -r */
	struct args grep;  /* -g: a line must match all */
	struct args vgrep; /* -v: a line must match none */
	struct args where; /* -w: all must hold */
	bool ignore_case;  /* -i, for these three */
	int delimiter;     /* -d: a byte; -1: white space */
	struct arg log_format;
	const char *layout; /* how a table or plain text is laid out: a name that report.h knows;
			       NULL: in the usual way */
	struct grouping_spec *groupings;
	size_t n_groupings;
	bool totals;            /* sum up bytes, and note the first and the last time */
	bool missing_fields_ok; /* a field that the log format lacks has no value; else it is an
				   error */
	bool all;               /* have the format find every field that it knows */
	bool rejects;           /* return the lines that are unmatched, unparsed or given up */
	bool may_skip_lines;    /* lines without the pattern's literal need not even be counted */
};

/* Free the lists in it.  The strings are not its own. */
void query_spec_free(struct query_spec *);

/* --- Properties -------------------------------------------------------------------- */

enum property_scope { SCOPE_QUERY, SCOPE_GROUPING };

enum property_kind {
	PROPERTY_NAME,   /* const char *: a grouping's name, with which it begins */
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
	size_t offset;      /* in the struct of its scope */
	const char *phrase; /* "b.wfs: PHRASE VALUE, but a.wfs does not" */
	const char *usual;  /* the value that is as good as none; NULL: there is none */
	unsigned json;      /* its place among the members of a JSON object, from 1; 0: left out */
	const char *label;  /* what precedes its value on an HTML page; NULL: left out */
};

/* All properties: those of the query, then those of a grouping, in the order of snapshots. */
extern const struct property properties[];
extern const size_t n_properties;

/* NULL if the scope has none of that name. */
const struct property *property_find(enum property_scope, const char *name);

/* The member itself, in the struct of the property's scope. */
const void *property_at(const struct property *, const void *spec);

/* How many values it has in spec: 0 if it was not given. */
size_t property_count(const struct property *, const void *spec);

/* One of these values as text: a flag that is set is "yes", a byte is written to byte. */
const char *property_value(const struct property *, const void *spec, size_t i, char byte[2]);

/* Set it to the value, or add the value to its list.  The strings must outlive the spec.  False
 * where memory is out. */
bool property_set(const struct property *, void *spec, struct arg value)
	__attribute__((warn_unused_result));

#endif
