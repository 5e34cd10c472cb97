/* line_filter.h -- drops or keeps lines by a regular expression: -g and -v.
 */
#ifndef QUERY_LINE_FILTER_H
#define QUERY_LINE_FILTER_H

#include "scan/scan.h"
#include "lib/arg.h"
#include "lib/complaint.h"
#include "regex/pattern.h"

/* A pattern, and a literal that every match contains.  Searching for the literal first is
 * faster. */
struct filter {
	const char *text; /* the pattern as the user wrote it */
	struct pattern *pattern;
	struct needle needle;    /* the literal; .literal.len is 0 if none is known */
	const struct scan *scan; /* used to search for the literal */
	bool drop;               /* true to drop the lines that match, false to drop the lines that
				  * do not match */
};

/* Compile a pattern, which the caller frees with pattern_free().  NULL, with a complaint, on
 * error. */
struct pattern *filter_pattern(struct arg re, bool ignore_case, struct complaint *);

/* Compile a pattern, and find its literal.  False, with a complaint, on error.  Free the filter
 * with filter_close(). */
bool filter_open(
	struct filter *, struct arg re, bool ignore_case, const struct scan *, struct complaint *);
void filter_close(struct filter *);

/* Match the line with the filter's pattern, regardless of .drop.  `has_literal` means that the line
 * is known to contain the literal. */
enum pattern_result filter_match(const struct filter *, struct span line, bool has_literal);

/* Return the verb that says, in a message, why this filter drops a line: "matches" or "does not
 * match". */
const char *filter_drops(const struct filter *);

/* A list of filters, all of which a line must pass. */
struct filters {
	struct filter *at;
	size_t n;
};

/* Compile the patterns of -g and -v.  False, with a complaint, on error.  Call filters_free() in
 * any case. */
bool filters_compile(struct filters *, const struct args *grep, const struct args *vgrep,
	bool ignore_case, const struct scan *, struct complaint *);
void filters_free(struct filters *);

/* Test whether a line passes all filters: PATTERN_YES if it does; PATTERN_NO if not, and then *by
 * becomes the first filter that drops it; PATTERN_GAVE_UP if a pattern exceeded PCRE2's limits.
 * `known` is a needle whose literal has already been found in the line, or NULL. */
enum pattern_result filters_pass(const struct filters *, struct span line,
	const struct needle *known, const struct filter **by);

#endif
