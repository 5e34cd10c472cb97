/* pattern.h -- a regular expression, compiled by PCRE2 and its JIT: matches, captures, and the
 * literal that every match holds.
 *
 * Patterns and lines are bytes, not UTF-8, so that no log can be invalid.
 *
 * A pattern holds the state of its last match, so it belongs to one process; after a fork each
 * process has its own copy.
 */
#ifndef REGEX_PATTERN_H
#define REGEX_PATTERN_H

#include "lib/complaint.h"
#include "lib/span.h"

struct pattern;

/* Compile an expression.  NULL and a complaint on error. */
struct pattern *pattern_compile(struct span re, bool ignore_case, struct complaint *);
void pattern_free(struct pattern *);

/* A literal that every line with a match holds; of several, the one that fewest other lines hold.
 * Empty if none was found.  It lives as long as the pattern. */
struct span pattern_literal(const struct pattern *);

/* Does matching from the first place of the literal in a line find the same as matching from the
 * line's start? */
bool pattern_starts_with_literal(const struct pattern *);

enum pattern_result {
	PATTERN_NO,
	PATTERN_YES,
	PATTERN_GAVE_UP, /* PCRE2 exceeded its match limit or its memory limit */
};

/* Find the first match in a line, which is given without its end.  Never prints, never exits. */
enum pattern_result pattern_match(struct pattern *, struct span line);

/* Can pattern_match_here() match the pattern? */
bool pattern_is_onepass(const struct pattern *);

/* Is the pattern one-pass and without a literal, and is pattern_find() faster than PCRE2 for it? */
bool pattern_has_finder(const struct pattern *);

/* For such a pattern: the first place in the bytes, which may be several lines, where a match may
 * begin; call pattern_match_here() to find out.  NULL if there is none. */
const char *pattern_find(const struct pattern *, struct span bytes);

/* Where to search on after pattern_find() found the start of bytes, and pattern_match_here()
 * returned PATTERN_NO for it. */
const char *pattern_next(const struct pattern *, struct span bytes);

/* Match a one-pass pattern at the start of bytes, where its literal or pattern_find() has found it.
 * The bytes may go on after the end of the line.  PATTERN_NO: no match begins here, but one may
 * begin later in the line.  PATTERN_GAVE_UP: call pattern_match() for the line. */
enum pattern_result pattern_match_here(struct pattern *, struct span bytes);

/* The number of groups that capture. */
unsigned pattern_groups(const struct pattern *);

/* The number of the group of that name; -1 if there is none, -2 if there are several. */
int pattern_group_named(const struct pattern *, const char *name);

/* What group n captured in the last match, which was PATTERN_YES; n = 0: the whole match.  A part
 * of the bytes that were matched; empty if the group took no part in the match. */
struct span pattern_group(const struct pattern *, unsigned n);

#endif
