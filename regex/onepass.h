/* onepass.h -- matches simple patterns without PCRE2, several times as fast.
 *
 * A pattern is one-pass if it is a sequence of steps, and perhaps groups around parts of the
 * sequence.  A step is a byte or a set of bytes ("x", "\d", "[^ .]"), with or without a greedy
 * quantifier.  A step that repeats must not share a byte with a step that can follow it.  Then no
 * backtracking is needed: if the pattern does not match when each step takes as many bytes as
 * possible, it does not match at all.
 *
 * To find out which bytes are in a set, the compiler lets PCRE2 match the set against each of the
 * 256 bytes.
 */
#ifndef REGEX_ONEPASS_H
#define REGEX_ONEPASS_H

#include "lib/span.h"

struct onepass;

/* Compile a pattern.  The caller frees it with onepass_free().  NULL if the pattern is not
 * one-pass, or if out of memory.  PCRE2 must have compiled the pattern without ignoring case. */
struct onepass *onepass_compile(struct span re);
void onepass_free(struct onepass *);

/* Return the number of steps at the start of the pattern that have no quantifier, so that each of
 * them matches exactly one byte. */
size_t onepass_single_steps(const struct onepass *);

/* Let onepass_match() assume that the first `steps` steps match, and not check them.  `steps` is at
 * most onepass_single_steps(). */
void onepass_skip(struct onepass *, size_t steps);

/* Return the least number of bytes that the first step takes. */
size_t onepass_window(const struct onepass *);

/* Find the first place in `bytes` where the first step of the pattern can take onepass_window()
 * bytes, all in one line.  At this place the pattern may match; before this place it does not
 * match.  NULL if there is no such place. */
const char *onepass_find(const struct onepass *, struct span bytes);

/* Return the place from which to search next if the pattern does not match at the start of `bytes`.
 * onepass_find() must have found this start, and onepass_match() must have returned ONEPASS_NO for
 * it. */
const char *onepass_next(const struct onepass *, struct span bytes);

enum onepass_result {
	ONEPASS_NO,
	ONEPASS_YES,
	ONEPASS_UNSURE, /* PCRE2 must match the line: it is unclear whether a '\r' belongs to the
			 * line, or too many bytes were read without finding a match */
};

/* Match the pattern at the start of `bytes`, which is inside a line.  The bytes may continue after
 * the end of the line, but a match does not.  On ONEPASS_YES, the bytes that group n has captured
 * are at offsets [ends[2n], ends[2n + 1]) in `bytes`; group 0 is the whole match. */
enum onepass_result onepass_match(const struct onepass *, struct span bytes, size_t *ends);

#endif
