/* literal.h -- finds a literal that every match of a regular expression holds.
 *
 * A fast search for the literal then finds the lines that may match, and only these are matched by
 * PCRE2 (the idea of GNU grep's kwset and of ripgrep's literal extraction).  The expression is read
 * in PCRE2's syntax; wherever the reading is in doubt, no literal is found.  Missing a literal only
 * costs time, but a wrong one would cost matches.
 */
#ifndef REGEX_LITERAL_H
#define REGEX_LITERAL_H

#include "lib/span.h"

struct literal {
	size_t len;
	bool prefix; /* every match begins with it, and does not depend on the bytes before */
};

/* Find the literal of the greatest needle_weight() that every match of re holds, and write it to
 * out, which has room for re.len bytes.  Length 0: none was found.  PCRE2 must have compiled re,
 * without options that change the syntax or ignore case. */
struct literal literal_required(struct span re, char *out);

#endif
