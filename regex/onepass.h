/* onepass.h -- matches simple patterns without PCRE2, some times faster.
 *
 * Simple is a row of bytes and sets ("x", "\d", "[^ .]"), each with a greedy quantifier
 * or none, and of groups around parts of the row; and no step that repeats may share a
 * byte with what can follow it.  Then there is nothing to go back to: taking as many
 * bytes as fit is right, or nothing is.  What is in a set PCRE2 itself is asked, for each
 * of the 256 bytes, when the pattern is compiled.
 */
#ifndef REGEX_ONEPASS_H
#define REGEX_ONEPASS_H

#include "lib/span.h"

struct onepass;

/* NULL if the pattern is not simple, or memory is out.  For patterns that PCRE2 has
 * compiled, case regarded. */
struct onepass *onepass_compile(struct span re);

/* How many steps at its start match one byte each, without a quantifier. */
size_t onepass_single_steps(const struct onepass *);

/* From now on the first so many of these are known to match where onepass_match is asked. */
void onepass_skip(struct onepass *, size_t steps);

/* How many bytes that onepass_find looks at together: those of the first step, at least. */
size_t onepass_window(const struct onepass *);

/* The first place where the pattern may begin to match: so many bytes of its first step stand
 * there in one line.  NULL if there is none. */
const char *onepass_find(const struct onepass *, struct span bytes);

/* Where to go on searching after onepass_match said ONEPASS_NO at a place that onepass_find gave.
 */
const char *onepass_next(const struct onepass *, struct span bytes);

enum onepass_result {
	ONEPASS_NO,
	ONEPASS_YES,
	ONEPASS_UNSURE, /* ask PCRE2: a '\r' may or may not belong to the line, or too many
			 * bytes were read in vain */
};

/* Match at the start of the bytes, which begin inside a line and may run over its end;
 * the match does not.  On ONEPASS_YES ends[2n] and ends[2n + 1] are where group n begins and ends,
 * 0 being the whole match. */
enum onepass_result onepass_match(const struct onepass *, struct span bytes, size_t *ends);

void onepass_free(struct onepass *);

#endif
