/* filter.h -- keeps or drops lines that match a regular expression, as -g and -v do.
 */
#ifndef QUERY_FILTER_H
#define QUERY_FILTER_H

#include "scan/scan.h"
#include "lib/option_value.h"
#include "lib/complaint.h"
#include "regex/pattern.h"

/* A pattern, and a literal that every match holds: searching for the literal first is faster. */
struct filter {
	const char *text; /* the pattern as the user wrote it */
	struct pattern *pattern;
	struct needle needle;    /* contains the literal; .literal.len is 0 if none is known */
	const struct scan *scan; /* searches for the literal */
	bool drop;               /* drop the lines that match, instead of keeping them */
};

/* Compile a pattern.  NULL and a complaint on error. */
struct pattern *filter_pattern(struct arg re, bool ignore_case, struct complaint *);

/* Compile a pattern and find its literal.  False and a complaint on error.  Free the filter with
 * filter_close(). */
bool filter_open(
	struct filter *, struct arg re, bool ignore_case, const struct scan *, struct complaint *);
void filter_close(struct filter *);

/* Does the line match the pattern?  .drop does not change the answer.  `has_literal`: the line is
 * known to contain the literal. */
enum pattern_result filter_match(const struct filter *, struct span line, bool has_literal);

/* Why the filter drops the lines that it drops, as words for a message: their text "matches" or
 * "does not match" the pattern. */
const char *filter_drops(const struct filter *);

/* Filters that a line must all pass. */
struct filters {
	struct filter *at;
	size_t n;
};

/* Compile the patterns of -g and -v.  False and a complaint on error.  Call filters_free() in any
 * case. */
bool filters_compile(struct filters *, const struct args *grep, const struct args *vgrep,
	bool ignore_case, const struct scan *, struct complaint *);
void filters_free(struct filters *);

/* Does the line pass all filters?  If not (PATTERN_NO), *by becomes the first filter that drops the
 * line.  `known` is a needle whose literal has already been found in the line, or NULL. */
enum pattern_result filters_pass(const struct filters *, struct span line,
	const struct needle *known, const struct filter **by);

#endif
