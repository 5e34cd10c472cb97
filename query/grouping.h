/* grouping.h -- one ranking of a query: the lines that it counts, their keys, and the numbers and
 * pairs from which statistics are computed.
 *
 *	line -> filters -> conditions -> key, numbers, pairs
 *
 * A key consists of fields (-f), of the bytes that a pattern captures (-e), or of a template that
 * combines captures (-k).
 */
#ifndef QUERY_GROUPING_H
#define QUERY_GROUPING_H

#include "query/expression.h"
#include "query/field.h"
#include "query/found_keys.h"
#include "query/key_pattern.h"
#include "query/substitute.h"
#include "query/line_filter.h"
#include "lib/strlist.h"
#include "query/measured.h"
#include "rank/top.h"
#include "query/spec.h"
#include "query/width.h"

struct grouping {
	const struct grouping_spec *spec;
	struct filters filters;
	struct expressions conditions;

	struct key_patterns patterns; /* find the key, or if the key consists of fields, decide
				       * whether the line counts, and find the fields that are
				       * groups; .n is 0 if there are no patterns */
	bool has_literal;             /* true if all lines are known to contain the literal of the
				       * only pattern */

	/* With -t, the key is a tuple: first the time, then what the key would be without -t; it is
	 * only the time if there are neither fields nor patterns. */
	bool is_over_time;
	struct width width;
	size_t time;          /* the field of the time: its index in the query's struct fields */

	size_t *fields;       /* indexes in the query's struct fields.  With -t, the first one is the
			       * time, unless the key is found by patterns */
	struct strlist names; /* the names of the fields, as the user wrote them */
	char *names_text;     /* owns the strings in .names, but not the name of the time */
	size_t n_fields;
	struct span *values; /* room for the values of these fields in one line */

	struct substitutions subs; /* edit the key, or if it consists of several fields, each of
				    * them */

	struct measured measured; /* the statistics */
	enum order order;
	size_t by;      /* the statistic by which rows are ranked; BY_COUNT if rows are ranked by
			 * their counts */
	bool ascending; /* the least values come first */

	/* The next two members are true in common cases.  They are set once, so that the cases need
	 * not be recognised for each line. */
	bool takes_all;    /* there are no filters and no conditions */
	bool is_one_field; /* the key is one field as it is, and there are no statistics */
};

/* Compile the patterns of a grouping.  Then its address must not change, because fields can be
 * groups of these patterns.  False, with a complaint, on error.  Call grouping_free() in any
 * case. */
bool grouping_open(
	struct grouping *, const struct grouping_spec *, const struct scan *, struct complaint *);

/* Compile the rest of the grouping, and add its fields to `fields`.  False, with a complaint, on
 * error. */
bool grouping_compile(
	struct grouping *, struct fields *fields, const struct scan *, struct complaint *);

/* Complain if one of the fields is a group of this grouping's patterns and if it counts every match.
 * Call this when the only fields are those of conditions: they would not know which match is meant.
 * False after a complaint. */
bool grouping_check_conditions(
	const struct grouping *, const struct fields *fields, struct complaint *);

void grouping_free(struct grouping *);

/* Return how many values the tuple that is a key has; 1 if a key is only a value. */
size_t grouping_values(const struct grouping *);

enum grouping_result {
	GROUPING_NO,
	GROUPING_YES,       /* one key was added; with -o, one or more */
	GROUPING_GAVE_UP,   /* a pattern exceeded PCRE2's limits */
	GROUPING_FAILED,    /* out of memory */
	GROUPING_TOO_LARGE, /* a number needs more than 64 bits; no key was added */
};

/* Find the grouping's key in a line, and add it to the keys. */
enum grouping_result grouping_find_key(struct grouping *, struct record *, struct found_keys *);

/* Add the key of a match in a line: pattern_match() or pattern_match_here() has just found it with
 * the grouping's only pattern. */
enum grouping_result grouping_add_match(struct grouping *, struct record *, struct found_keys *);

/* Add the pair of key number `key` and of a value, for the i-th pair source, which is no code.  False if
 * out of memory. */
bool grouping_add_pair(const struct grouping *, size_t i, size_t key, struct span value,
	struct arena *, struct found_keys *);

/* Add a key that consists of n values; n is at least 2.  The key is made in the arena.  If keys
 * have numbers, the caller must have set those of this key.  False if out of memory. */
bool grouping_add_tuple(const struct span *values, size_t n, struct arena *, struct found_keys *);

#endif
