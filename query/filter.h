/* filter.h -- keep or drop lines that match a regular expression, as -g and -v do.
 */
#ifndef QUERY_FILTER_H
#define QUERY_FILTER_H

#include "scan/scan.h"
#include "lib/arg.h"
#include "lib/strlist.h"
#include "regex/pattern.h"

/* A pattern, and the literal to try before it. */
struct filter {
	const char *text;
	struct pattern *pattern;
	struct needle needle; /* literal.len 0: none */
	bool drop;            /* lines that match, not keep them */
};

/* Compile a pattern.  Dies with a message on a bad one. */
struct pattern *filter_pattern(struct arg re, bool ignore_case);

/* The same with its literal. */
struct filter filter_compile(struct arg re, bool ignore_case);

/* Does the line match?  known: it has been seen to hold the literal. */
enum pattern_result filter_ask(
	const struct filter *, const struct scan *, struct span line, bool known);

/* Filters of which a line must pass all. */
struct filters {
	struct filter *at;
	size_t n;
};

/* Dies on a bad pattern. */
struct filters filters_compile(const struct args *grep, const struct args *vgrep, bool ignore_case);

/* Does the line pass all?  PATTERN_NO: *by is the one that drops it.  known: a needle of theirs
 * that has been found in it; or NULL. */
enum pattern_result filters_ask(const struct filters *, const struct scan *, struct span line,
	const struct needle *known, const struct filter **by);

/* How it drops a line, for messages. */
const char *filter_how(const struct filter *);

void filters_free(struct filters *);

#endif
