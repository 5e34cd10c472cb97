/* tokens.h -- reads a regular expression in PCRE2's syntax, token by token.
 *
 * The reader does not understand every expression.  What it understands, it understands as PCRE2
 * does; the rest is TOKEN_UNKNOWN.  Then the callers give up, and leave the expression to PCRE2,
 * which is slower but never wrong.  PCRE2 must have compiled the expression without options that
 * change the syntax (pcre2pattern(3)).
 */
#ifndef REGEX_TOKENS_H
#define REGEX_TOKENS_H

#include <stdint.h>

#include "lib/span.h"

enum token_kind {
	TOKEN_END,
	TOKEN_BYTE,       /* matches .byte */
	TOKEN_SET,        /* matches one byte of a set: . \d [a-z] */
	TOKEN_ASSERTION,  /* matches no byte: ^ $ \b \K; and \R, which matches one or more */
	TOKEN_QUANTIFIER, /* repeats the item before it: .min, .max, .greedy */
	TOKEN_CAPTURE,    /* opens a group that captures */
	TOKEN_GROUP,      /* opens a group that does not capture */
	TOKEN_CLOSE,      /* closes a group */
	TOKEN_BAR,        /* separates alternatives */
	TOKEN_UNKNOWN,    /* nothing is known of the rest of the expression */
};

#define TOKEN_NO_MAX UINT32_MAX

struct token {
	enum token_kind kind;
	struct span text; /* the token as it is written */
	char byte;
	uint32_t min, max; /* both 0 if braces may or may not be a quantifier */
	bool greedy;       /* neither lazy nor possessive */
};

/* Return the token at the start of *rest, and move *rest past it. */
struct token tokens_next(struct span *rest);

/* May the JIT of PCRE2, up to version 10.42, find other matches than the interpreter?  False only
 * if it certainly does not.  The JIT
 *	misses matches after an empty alternative (github.com/PCRE2Project/pcre2/issues/336);
 *	finds too few or too many matches of atomic groups, as in (?>x+?)y and b(?>[a-z]*b+){2};
 *	keeps what a possessive group captured in its last iteration even if the iteration
 *		failed: (x.)*+x;
 *	treats verbs differently, as in x+?(*PRUNE)y.
 */
bool tokens_may_mislead_jit(struct span re);

#endif
