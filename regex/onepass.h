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

struct simple;

/* NULL if the pattern is not simple, or memory is out.  For patterns that PCRE2 has
 * compiled, case regarded. */
struct simple *simple_compile(struct span re);

/* How many steps at its start match one byte each, without a quantifier. */
size_t simple_single_steps(const struct simple *);

/* From now on the first so many of these are known to match where simple_match is asked. */
void simple_skip(struct simple *, size_t steps);

/* How many bytes that simple_find looks at together: those of the first step, at least. */
size_t simple_window(const struct simple *);

/* The first place where the pattern may begin to match: so many bytes of its first step stand
 * there in one line.  NULL if there is none. */
const char *simple_find(const struct simple *, struct span bytes);

/* Where to go on searching after simple_match said SIMPLE_NO at a place that simple_find gave. */
const char *simple_next(const struct simple *, struct span bytes);

enum simple_result {
	SIMPLE_NO,
	SIMPLE_YES,
	SIMPLE_UNSURE, /* ask PCRE2: a '\r' may or may not belong to the line, or too many
			* bytes were read in vain */
};

/* Match at the start of the bytes, which begin inside a line and may run over its end;
 * the match does not.  On SIMPLE_YES ends[2n] and ends[2n + 1] are where group n begins and ends, 0
 * being the whole match. */
enum simple_result simple_match(const struct simple *, struct span bytes, size_t *ends);

void simple_free(struct simple *);

#endif
