/* literal.h -- finds a literal that every match of a regular expression contains.
 *
 * A fast search for the literal finds the lines that may match, so PCRE2 has to match only these.
 * (GNU grep's kwset and ripgrep's literal extraction do the same.)  The expression is read in
 * PCRE2's syntax; where the meaning of the expression is in doubt, no literal is found.  Missing a
 * literal only costs time, but a wrong literal would lose matches.
 */
#ifndef REGEX_LITERAL_H
#define REGEX_LITERAL_H

#include "lib/span.h"

struct literal {
	size_t len;
	bool prefix; /* true if every match begins with the literal, and if the bytes before a match
		      * do not matter */
};

/* Find a literal that every match of `re` contains; if there are several, the one with the greatest
 * needle_weight().  Its bytes are written to `out`, which has room for re.len bytes.  The result
 * has length 0 if none was found.  PCRE2 must have compiled `re` without options that change the
 * syntax or ignore case. */
struct literal literal_required(struct span re, char *out);

#endif
