/* spec.h -- a query as the user gave it, in options or in the sections of a reports file.
 *
 *	query_spec	which lines are read, and how
 *	  grouping_spec	one ranking: which of these lines it counts, and their keys
 *
 * Each member that changes what is counted is a property.  The table properties[] has a row for
 * each property, with its names in options, reports files, snapshots, JSON and HTML.
 */
#ifndef QUERY_SPEC_H
#define QUERY_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/arg.h"
#include "lib/zone.h"

/* The largest number of rankings in a query. */
enum { GROUPINGS_MAX = 1000 };

/* The most bytes that a value may have.  On Linux, no command-line argument can be that long. */
enum { PROPERTY_BYTES_MAX = 1 << 20 };

struct grouping_spec {
	const char *name;     /* the name of the ranking; NULL if it has none */
	struct args regexps;  /* -e: patterns */
	bool every_match;     /* -o: count every match in a line, not only the first */
	struct args patterns; /* -E: the lines of a file; each is a pattern, and a key */
	struct arg key;       /* -k: a template for the key */
	struct args subs;     /* --sub: substitutions that edit the key; see substitute.h */
	struct arg fields;    /* -f: field names; see grouping_spec_fields() */
	struct arg over;      /* -t: a width of time; the ranking becomes a table over time, with a
			       * row for each of these widths, and a column for each key */
	struct args sum;      /* -s: the statistics to compute: see measured.h */
	struct args grep, vgrep, where;
	bool ignore_case; /* -i: the pattern, filters and conditions ignore case */
	struct arg order;  /* --order: "key", "last", or what rows are ranked by, with a '-' before it if
			    * the least come first; if it is not given, the usual order */
	uint64_t least;      /* --min: leave out keys that are counted less often */
	size_t top; /* -n: the number of rows; 0 means all */
};

/* The most patterns of -E. */
enum { PATTERNS_MAX = 10000 };

/* Return the fields to count, as a comma-separated list.  If -f is not given, this is NULL if a
 * pattern is given, whose matches are counted instead, or if -t is given, with which lines are
 * counted; else it is "url". */
const char *grouping_spec_fields(const struct grouping_spec *);

struct query_spec {
	const char *set;   /* the name given to -r or --reports; NULL if there is only one
			    * ranking */
	struct arg preset; /* the name given to -r */
	struct args grep;  /* -g: a line must match all of these */
	struct args vgrep; /* -v: a line must match none of these */
	struct args where; /* -w: a line must meet all of these conditions */
	bool ignore_case;  /* -i: .grep, .vgrep and .where ignore case */
	int64_t now; /* the time of the run, in seconds since 1970 */
	struct arg since, until; /* --since, --until: moments (moment.h), as moment_write() writes
				  * them.  A line must have a time in [since, until) */
	bool is_local; /* .since or .until was given without a zone */
	struct args lists; /* the name and the checksum of each file that a condition names (in
			    * @FILE); query_compile() sets it, unless .is_stored is set */
	bool is_stored; /* true if the query comes from snapshots: it is not applied to lines, and
			    * the files that its conditions name are not read */
	int delimiter;  /* -d: a byte; -1 for white space */
	struct arg log_format;
	struct arg tz;     /* --tz: the zone's name, as zone_name() returns it */
	struct zone *zone; /* that zone, to which times are converted; NULL if they are not, or if
			    * the query comes from a snapshot */
	struct zone *assumed; /* the zone of times that have none: that of --tz, or that of this
			       * machine; NULL for UTC, and if there is no period */
	struct args mmdb;                  /* the identities of the databases that --mmdb names */
	const struct databases *databases; /* these databases; NULL if there are none, or if the
					    * query comes from a snapshot */
	const char *
		layout; /* the layout of a table or plain text: a name that print_report.h knows; NULL
			     * for the usual one */
	struct grouping_spec *groupings;
	size_t n_groupings;
	bool totals;            /* true to sum up bytes, and find the first and the last time */
	bool missing_fields_ok; /* true if the log format may lack fields, which then have no value;
				 * false if that is an error */
	bool all;               /* true if the format must find every base field */
	bool rejects;           /* true to collect the lines that are unmatched or unparsed, or on
				 * which a pattern gave up */
	bool may_skip_lines;    /* true if lines without the pattern's literal need not even be
				 * counted */
};

/* Free the lists in the spec, but not the strings, which it does not own. */
void query_spec_free(struct query_spec *);

/* --- Properties -------------------------------------------------------------------- */

enum property_scope { SCOPE_QUERY, SCOPE_GROUPING };

enum property_kind {
	PROPERTY_NAME,   /* const char *: the name of a grouping, which begins the grouping */
	PROPERTY_TEXT,   /* struct arg */
	PROPERTY_FIELDS, /* struct arg, to be read by grouping_spec_fields() */
	PROPERTY_LIST,   /* struct args: the property may be given several times */
	PROPERTY_FLAG,   /* bool */
	PROPERTY_BYTE,   /* int: a byte; -1 if the property is not given */
};

struct property {
	const char *name;   /* the name as a long option, or in a reports file */
	const char *stored; /* the name in snapshots, which must never change */
	const char *option; /* the option that users know: "-w" */
	enum property_scope scope;
	enum property_kind kind;
	size_t offset;      /* offset of the member in the struct of the scope */
	const char *phrase; /* a verb phrase, for "b.wfs: PHRASE VALUE, but a.wfs does not" */
	const char *usual;  /* the value that has the same effect as no value; NULL if there is no
			     * such value */
	unsigned json;      /* position in the JSON object, counting from 1; 0 if JSON does not have
			     * it */
	bool single;        /* for a PROPERTY_LIST: usually there is one value.  Then JSON has a text
			     * instead of an array, and null if there is none */
	const char *label;  /* text before the value on an HTML page; NULL if the page does not show
			     * it */
};

/* All properties, in the order in which snapshots store them: first those of the query, then those
 * of a grouping. */
extern const struct property properties[];
extern const size_t n_properties;

/* Find the property with that name in the scope.  NULL if there is none. */
const struct property *property_find(enum property_scope, const char *name);

/* Return the property's member in `spec`, which is a query_spec or grouping_spec according to the
 * property's scope. */
const void *property_at(const struct property *, const void *spec);

/* Return the number of values that the property has in `spec`: 0 if it was not given. */
size_t property_count(const struct property *, const void *spec);

/* Return as text the i-th value, counted from 0, that the property has in `spec`.  The value of a
 * flag is "yes"; the value of a PROPERTY_BYTE is written to the buffer `byte`. */
const char *property_value(const struct property *, const void *spec, size_t i, char byte[2]);

/* Set the property to the value; if the property is a list, append the value.  The strings must
 * outlive the spec.  False if out of memory. */
bool property_set(const struct property *, void *spec, struct arg value)
	__attribute__((warn_unused_result));

#endif
