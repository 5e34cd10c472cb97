/* pattern.h -- a regular expression, compiled by PCRE2 and its JIT: its matches, its captures, and
 * a literal that every match contains.
 *
 * Patterns and lines are bytes, not UTF-8, so that no line is invalid.
 *
 * A pattern keeps the state of its last match, so processes can't share one; after a fork each
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

/* A literal that every line with a match contains; if there are several, the one that fewest other
 * lines contain.  Empty if none was found.  It lives as long as the pattern. */
struct span pattern_literal(const struct pattern *);

/* In a line with the literal: does matching from the first place of the literal give the same
 * result as matching from the start of the line? */
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

/* True if pattern_find() can be used: the pattern is one-pass and has no literal, and
 * pattern_find() is faster than PCRE2 for it. */
bool pattern_has_finder(const struct pattern *);

/* For a pattern with pattern_has_finder(): find the first place where a match may begin; call
 * pattern_match_here() to find out whether it does.  `bytes` may be several lines.  NULL if there
 * is no such place. */
const char *pattern_find(const struct pattern *, struct span bytes);

/* Where to continue the search after pattern_find() has returned the start of `bytes`, and
 * pattern_match_here() has returned PATTERN_NO there. */
const char *pattern_next(const struct pattern *, struct span bytes);

/* Match a one-pass pattern at the start of `bytes`, where its literal stands, or where
 * pattern_find() has found a place.  The bytes may continue after the end of the line.  PATTERN_NO:
 * no match begins here, but one may begin later in the line.  PATTERN_GAVE_UP: call pattern_match()
 * for the line. */
enum pattern_result pattern_match_here(struct pattern *, struct span bytes);

/* The number of groups that capture. */
unsigned pattern_groups(const struct pattern *);

/* The number of the group of that name; -1 if there is none, -2 if there are several. */
int pattern_group_named(const struct pattern *, const char *name);

/* What group `n` captured in the last match, which must have returned PATTERN_YES; n = 0: the whole
 * match.  The result is a part of the bytes that were matched; it is empty if the group took no
 * part in the match. */
struct span pattern_group(const struct pattern *, unsigned n);

#endif
