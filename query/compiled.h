/* compiled.h -- the members of struct query.  Only files in query/ include it.
 *
 * query.c sets the members, and finds out which shortcuts the query allows; block_keys.c and
 * judge.c take these shortcuts.
 */
#ifndef QUERY_COMPILED_H
#define QUERY_COMPILED_H

#include "query/grouping.h"
#include "query/period.h"
#include "scan/scan.h"

struct query {
	const struct query_spec *spec;
	const struct scan *scan;
	struct filters filters;
	struct expressions conditions;
	struct grouping *groupings;
	size_t n_groupings;
	size_t n_counted_conditions; /* how many conditions have a statistic that counts their lines */
	struct measures measures; /* of all groups: first the groupings, then their pairs */
	struct fields fields; /* all fields that the query names */
	bool needs_format;    /* true if lines must be cut by their log format */
	size_t bytes, time;   /* indexes of the fields "bytes" and "time"; only set if spec->totals
			       * is set */
	struct period period;

	bool by_columns; /* true if keys can be found field by field: see block_columns.h */

	/* A needle that every line of interest contains, or NULL.  Lines without it need not be
	 * looked at: they are filtered out if the needle belongs to a filter, and unmatched if it
	 * belongs to the key's pattern. */
	const struct needle *prefilter;
	bool prefilter_is_filter;
	bool prefilter_starts_match; /* true if every match begins with the literal, so that
				      * matching may begin there */
	bool is_onepass;             /* true if pattern_match_here() can match at the literal */

	/* The key's pattern, if lines are found by searching whole blocks with pattern_find().
	 * NULL if there is a prefilter, or if a line's result depends on more than this pattern:
	 * see is_only_pattern() in query.c. */
	struct pattern *finder;

	/* True if every match counts, and onepass.h can find them: at the places of the prefilter
	 * or of the finder. */
	bool counts_every_match;
};

#endif
