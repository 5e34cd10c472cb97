/* pattern.h -- a regular expression (PCRE2, compiled by its JIT), its captures, and
 * the literal that every match must hold.
 *
 * Patterns and subjects are bytes: no UTF mode, so that no log can be invalid.  A
 * subject is one line without its end.
 *
 * A pattern holds the state of its last match, so it belongs to one process; after
 * a fork each has its own copy.
 */
#ifndef REGEX_PATTERN_H
#define REGEX_PATTERN_H

#include "lib/complaint.h"
#include "lib/span.h"

struct pattern;

/* Compile an expression.  NULL and a complaint on error. */
struct pattern *pattern_compile(struct span re, bool ignore_case, struct complaint *);

/* A literal that is part of every line that matches, the one that tells most lines
 * apart; empty if none was found.  It lives as long as the pattern. */
struct span pattern_literal(const struct pattern *);

/* True if a line's first match is found from the literal's first place in it as well as
 * from its beginning. */
bool pattern_starts_with_literal(const struct pattern *);

enum pattern_result {
	PATTERN_NO,
	PATTERN_YES,
	PATTERN_GAVE_UP, /* PCRE2's match limit, or its memory, was used up */
};

/* Search a line for its first match.  Never prints, never exits. */
enum pattern_result pattern_match(struct pattern *, struct span line);

/* True for a pattern that pattern_match_here can match. */
bool pattern_is_onepass(const struct pattern *);

/* True for one without a literal, which pattern_find finds faster than PCRE2. */
bool pattern_is_found(const struct pattern *);

/* The first place where such a pattern may match: pattern_match_here knows.  NULL if there is
 * none; the bytes may be several lines. */
const char *pattern_find(const struct pattern *, struct span bytes);

/* Where to go on searching after pattern_match_here said PATTERN_NO there. */
const char *pattern_next(const struct pattern *, struct span bytes);

/* Match a simple pattern where it, or its literal, was found: at the start of the bytes, which
 * may run on behind the line.  PATTERN_NO: no match begins here, but one may later in the
 * line.  PATTERN_GAVE_UP: ask pattern_match. */
enum pattern_result pattern_match_here(struct pattern *, struct span bytes);

/* Number of capturing groups. */
unsigned pattern_groups(const struct pattern *);

/* The number of the group of that name, -1 if there is none, -2 if there are several. */
int pattern_group_named(const struct pattern *, const char *name);

/* What group n captured in the last match, which was PATTERN_YES; 0 is the whole
 * match.  Part of the bytes it was given; empty for a group that took no part. */
struct span pattern_group(const struct pattern *, unsigned n);

void pattern_free(struct pattern *);

#endif
