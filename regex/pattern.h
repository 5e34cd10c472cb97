/* pattern.h -- compiles a regular expression with PCRE2 and its JIT, and matches lines with it.
 *
 * Patterns and lines are bytes, not UTF-8, so no line is invalid.
 *
 * A pattern keeps the state of its last match, so processes can't share a pattern.  After a fork
 * each process has its own copy.
 */
#ifndef REGEX_PATTERN_H
#define REGEX_PATTERN_H

#include "lib/complaint.h"
#include "lib/span.h"

struct pattern;

/* Compile an expression.  The caller frees the pattern with pattern_free().  NULL, with a
 * complaint, on error, also if neither of PCRE2's engines can be trusted with the expression
 * (engine_faults.h). */
struct pattern *pattern_compile(struct span re, bool ignore_case, struct complaint *);
void pattern_free(struct pattern *);

/* Let a pattern use the memory in which another one backtracks, so that many patterns do not need
 * much of it.  The other one must not be freed as long as the pattern is used. */
void pattern_share_stack(struct pattern *, const struct pattern *other);

/* Return a literal that every line with a match contains; if there are several, the one that is
 * rarest in logs.  Empty if none was found.  The bytes live as long as the pattern. */
struct span pattern_literal(const struct pattern *);

/* True if every match begins with the pattern's literal.  Then a line can be matched from the first
 * place of the literal on, with the same result as from the start of the line. */
bool pattern_starts_with_literal(const struct pattern *);

enum pattern_result {
	PATTERN_NO,
	PATTERN_YES,
	PATTERN_GAVE_UP, /* PCRE2 exceeded its match limit or its memory limit */
};

/* Return the match limit for a line of that length: roughly, how many steps PCRE2 may take.  The
 * limit depends only on the length, so that all processes give up the same lines. */
uint32_t pattern_limit(size_t len);

/* Find the first match in a line, which is given without its newline.  This function never prints
 * and never exits. */
enum pattern_result pattern_match(struct pattern *, struct span line);

/* Find the first match at offset `from` of the line or later.  Lookbehinds and anchors see the
 * bytes before it. */
enum pattern_result pattern_match_from(struct pattern *, struct span line, size_t from);

/* Do the same, but do not find an empty match at offset `from`. */
enum pattern_result pattern_match_more(struct pattern *, struct span line, size_t from);

/* True if pattern_match_here() can match the pattern. */
bool pattern_is_onepass(const struct pattern *);

/* True if pattern_find() can be used, and is faster than PCRE2.  The pattern must be one-pass and
 * have no literal.  `every_match` means that every match in a line is wanted, not only the first. */
bool pattern_has_finder(const struct pattern *, bool every_match);

/* Find the first place in `bytes` where a match may begin; pattern_match_here() tells whether a
 * match does begin there.  Only for a pattern for which pattern_has_finder() is true.  `bytes` may
 * be several lines.  NULL if there is no such place. */
const char *pattern_find(const struct pattern *, struct span bytes);

/* Return the place from which to search next if the pattern does not match at the start of `bytes`.
 * pattern_find() must have found this start, and pattern_match_here() must have returned PATTERN_NO
 * for it. */
const char *pattern_next(const struct pattern *, struct span bytes);

/* Match a one-pass pattern at the start of `bytes`.  At this place, the pattern's literal must
 * begin, or pattern_find() must have returned the place.  The bytes may continue after the end of
 * the line.  PATTERN_NO means that no match begins here, but one may begin later in the line.
 * PATTERN_GAVE_UP means that pattern_match() must match the line. */
enum pattern_result pattern_match_here(struct pattern *, struct span bytes);

/* Return the number of groups that capture. */
unsigned pattern_groups(const struct pattern *);

/* Return the number of the group with that name; -1 if there is none, -2 if there are several. */
int pattern_group_named(const struct pattern *, const char *name);

/* Return the bytes that group `n` captured in the last match, which must have returned PATTERN_YES.
 * Group 0 is the whole match.  The result is a part of the bytes that were matched; it is empty if
 * the group took no part in the match. */
struct span pattern_group(const struct pattern *, unsigned n);

/* True if group `n` took part in the last match, which must have returned PATTERN_YES. */
bool pattern_group_is_set(const struct pattern *, unsigned n);

/* Return the offsets of the start and the end of the last match, which must have returned
 * PATTERN_YES, in the bytes that were matched.  With \K, the end may be less than the start. */
size_t pattern_start(const struct pattern *);
size_t pattern_end(const struct pattern *);

/* For tests: true if PCRE2's JIT matches the pattern, false if its interpreter does. */
bool pattern_uses_jit(const struct pattern *);

#endif
