/* compiled.h -- a query as query_compile() leaves it: for query/ only.
 *
 * query.c fills it, and finds the shortcuts that the query allows; blocks.c and judge.c use them.
 */
#ifndef QUERY_COMPILED_H
#define QUERY_COMPILED_H

#include "query/grouping.h"
#include "scan/scan.h"

struct query {
	const struct query_spec *spec;
	const struct scan *scan;
	struct filters filters;
	struct conditions conditions;
	struct grouping *groupings;
	size_t n_groupings;
	struct fields fields; /* all that the query names */
	bool needs_format;    /* lines have to be cut by their format */
	size_t bytes, time;   /* with spec->totals: the indexes of their fields */

	/* Nothing is asked of a line but this field's value.  NULL: more is. */
	const struct field *only_field;
	int usual_base; /* record_usual_base(only_field); -1 without it */

	/* Lines without this needle's literal need no look: they are filtered out if it is a
	 * filter's, and unmatched if it is the key's.  NULL: look at each line. */
	const struct needle *prefilter;
	bool prefilter_is_filter;
	bool prefilter_starts_match; /* what precedes the literal in its line does not matter */
	bool is_onepass;             /* pattern_match_here() can match the key from there on */

	/* The key's pattern, if it has no literal, but pattern_find() finds the places where it may
	 * match, and nothing else is asked.  NULL: look at each line. */
	struct pattern *finder;
};

#endif
