/* literal.h -- the literals that a regular expression requires.
 *
 * If no line can match without holding some string, a search for that string says
 * where it is worth asking PCRE2 at all (the idea of GNU grep's kwset and of
 * ripgrep's literal extraction).  The expression is read in PCRE2's syntax, and in
 * doubt no literal is found: being slow is allowed here, being wrong is not.
 */
#ifndef REGEX_LITERAL_H
#define REGEX_LITERAL_H

#include "lib/span.h"

struct literal {
	size_t len;
	bool prefix; /* every match begins with it, and does not depend on what is before */
};

/* Find in re the literal of the greatest needle_weight that every match holds, and
 * write its bytes to out, which has room for re.len bytes.  Length 0 if none was found.
 * For an expression that PCRE2 has compiled, without options that change its syntax or
 * ignore case. */
struct literal literal_required(struct span re, char *out);

#endif
