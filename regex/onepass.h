/* onepass.h -- matches simple patterns without PCRE2, several times as fast.
 *
 * A pattern is one-pass if it is a sequence of steps: bytes and sets ("x", "\d", "[^ .]"), each
 * with a greedy quantifier or none, with groups around parts of the sequence.  A step that repeats
 * must not share a byte with what can follow it.  Then no backtracking is needed: if taking as many
 * bytes as possible in each step does not match, nothing does.
 *
 * PCRE2 itself says which bytes are in a set: it is asked for each of the 256 bytes when the
 * pattern is compiled.
 */
#ifndef REGEX_ONEPASS_H
#define REGEX_ONEPASS_H

#include "lib/span.h"

struct onepass;

/* NULL if the pattern is not one-pass, or memory is out.  PCRE2 must have compiled it without
 * ignoring case. */
struct onepass *onepass_compile(struct span re);
void onepass_free(struct onepass *);

/* How many steps at the start of the pattern match one byte each and have no quantifier. */
size_t onepass_single_steps(const struct onepass *);

/* Wherever onepass_match is called from now on, so many of these steps are known to match. */
void onepass_skip(struct onepass *, size_t steps);

/* How many bytes the first step takes at least. */
size_t onepass_window(const struct onepass *);

/* The first place where the pattern may begin to match: onepass_window() bytes of its first step
 * stand there in one line.  NULL if there is none. */
const char *onepass_find(const struct onepass *, struct span bytes);

/* Where to search on after onepass_find found the start of bytes, and onepass_match returned
 * ONEPASS_NO for it. */
const char *onepass_next(const struct onepass *, struct span bytes);

enum onepass_result {
	ONEPASS_NO,
	ONEPASS_YES,
	ONEPASS_UNSURE, /* let PCRE2 match the line: a '\r' may or may not belong to the line, or
			 * too many bytes were read in vain */
};

/* Match at the start of bytes, which is inside a line.  The bytes may go on after the end of the
 * line, but the match does not.  On ONEPASS_YES, group n begins at ends[2n] and ends at ends[2n +
 * 1]; group 0 is the whole match. */
enum onepass_result onepass_match(const struct onepass *, struct span bytes, size_t *ends);

#endif
