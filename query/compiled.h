/* compiled.h -- the members of struct query.  Only files in query/ include it.
 *
 * query.c fills them in, including the shortcuts that the query allows; blocks.c and judge.c take
 * the shortcuts.
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
	struct fields fields; /* all fields that the query names */
	bool needs_format;    /* lines have to be cut by their log format */
	size_t bytes, time;   /* with spec->totals: indexes of these two fields */

	/* Set if the query needs nothing from a line but the value of this field; else NULL. */
	const struct field *only_field;
	int usual_base; /* record_usual_base(only_field); -1 if that is NULL */

	/* A line that does not contain this needle's literal need not be looked at.  It is filtered
	 * out if the needle belongs to a filter, and unmatched if it belongs to the key's pattern.
	 * NULL: every line must be looked at. */
	const struct needle *prefilter;
	bool prefilter_is_filter;
	bool prefilter_starts_match; /* matching may begin at the literal */
	bool is_onepass;             /* pattern_match_here() can match at the literal */

	/* The key's pattern, if it has no literal but pattern_find() can find the places where a
	 * match may begin, and if no filter or condition decides about lines; else NULL. */
	struct pattern *finder;
};

#endif
