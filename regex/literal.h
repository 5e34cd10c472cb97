/* literal.h -- finds a literal that every match of a regular expression contains.
 *
 * A fast search for the literal then finds the lines that may match, and PCRE2 has to match only
 * these (the idea of GNU grep's kwset and of ripgrep's literal extraction).  The expression is read
 * in PCRE2's syntax; wherever its meaning is in doubt, no literal is found.  Missing a literal only
 * costs time, but a wrong one would cost matches.
 */
#ifndef REGEX_LITERAL_H
#define REGEX_LITERAL_H

#include "lib/span.h"

struct literal {
	size_t len;
	bool prefix; /* every match begins with the literal, whatever the bytes before it */
};

/* Of the literals that every match of `re` contains, find the one with the greatest
 * needle_weight(), and write it to `out`, which has room for re.len bytes.  The result has length 0
 * if none was found.  PCRE2 must have compiled `re` without options that change the syntax or
 * ignore case. */
struct literal literal_required(struct span re, char *out);

#endif
