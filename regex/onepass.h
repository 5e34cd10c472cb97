/* onepass.h -- matches simple patterns without PCRE2, several times as fast.
 *
 * A pattern is one-pass if it is a sequence of steps: bytes and sets ("x", "\d", "[^ .]"), each
 * with a greedy quantifier or none, and perhaps groups around parts of the sequence.  A step that
 * repeats must not share a byte with a step that can follow it.  Then no backtracking is needed: if
 * the pattern does not match when each step takes as many bytes as possible, it does not match at
 * all.
 *
 * When the pattern is compiled, PCRE2 is asked for each of the 256 bytes whether it is in a set.
 */
#ifndef REGEX_ONEPASS_H
#define REGEX_ONEPASS_H

#include "lib/span.h"

struct onepass;

/* Compile a pattern.  NULL if it is not one-pass, or if out of memory.  PCRE2 must have compiled
 * the pattern without ignoring case. */
struct onepass *onepass_compile(struct span re);
void onepass_free(struct onepass *);

/* How many steps, from the start of the pattern, match exactly one byte each, without a
 * quantifier. */
size_t onepass_single_steps(const struct onepass *);

/* Promise that from now on onepass_match() is called only where the first `steps` of these steps
 * are known to match; it does not check them again. */
void onepass_skip(struct onepass *, size_t steps);

/* The least number of bytes that the first step takes. */
size_t onepass_window(const struct onepass *);

/* Find the first place where the pattern may begin to match: onepass_window() bytes, all in one
 * line, that its first step takes.  NULL if there is none. */
const char *onepass_find(const struct onepass *, struct span bytes);

/* Where to continue the search after onepass_find() has returned the start of `bytes`, and
 * onepass_match() has returned ONEPASS_NO there. */
const char *onepass_next(const struct onepass *, struct span bytes);

enum onepass_result {
	ONEPASS_NO,
	ONEPASS_YES,
	ONEPASS_UNSURE, /* let PCRE2 match the line: a '\r' may or may not belong to the line, or
			 * too many bytes were read without finding a match */
};

/* Match the pattern at the start of `bytes`, which is inside a line.  The bytes may continue after
 * the end of the line, but a match does not.  On ONEPASS_YES, group n is the bytes from ends[2n] up
 * to, but not including, ends[2n + 1]; group 0 is the whole match. */
enum onepass_result onepass_match(const struct onepass *, struct span bytes, size_t *ends);

#endif
