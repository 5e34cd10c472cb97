/* tokens.h -- reads a regular expression in PCRE2's syntax, token by token.
 *
 * Not to understand every expression, but to know exactly what can be known without
 * PCRE2; all else is TOKEN_UNKNOWN, and whoever meets that gives up.  Being slow is
 * allowed then, being wrong is not.  For expressions that PCRE2 has compiled, without
 * options that change the syntax (pcre2pattern(3)).
 */
#ifndef REGEX_TOKENS_H
#define REGEX_TOKENS_H

#include <stdint.h>

#include "lib/span.h"

enum token_kind {
	TOKEN_END,
	TOKEN_BYTE,       /* stands for one byte: .byte */
	TOKEN_SET,        /* matches one byte of a set: . \d [a-z] */
	TOKEN_ASSERTION,  /* matches no byte, but for \R: ^ $ \b \K */
	TOKEN_QUANTIFIER, /* of what is before: .min, .max, .greedy */
	TOKEN_CAPTURE,    /* opens a group that captures */
	TOKEN_GROUP,      /* opens one that only groups */
	TOKEN_CLOSE,      /* closes a group */
	TOKEN_BAR,        /* between alternatives */
	TOKEN_UNKNOWN,    /* of the rest of the expression nothing is known */
};

#define TOKEN_NO_MAX UINT32_MAX

struct token {
	enum token_kind kind;
	struct span text; /* the token as it is written */
	char byte;
	uint32_t min, max; /* of braces that may be no quantifier, 0 and 0 */
	bool greedy;       /* neither lazy nor possessive */
};

/* True unless it is sure that the JIT of PCRE2 up to 10.42 finds what the interpreter does.
 * It misses matches behind an alternative that was empty
 * (github.com/PCRE2Project/pcre2/issues/336); it finds some too few, or too many, where a group
 * is atomic, as of (?>x+?)y and b(?>[a-z]*b+){2}; it keeps what a possessive group has captured
 * in vain, as in (x.)*+x; and it takes verbs, as in x+?(*PRUNE)y, otherwise. */
bool tokens_may_mislead_jit(struct span re);

/* The token that *rest begins with; *rest becomes what is behind it. */
struct token tokens_next(struct span *rest);

#endif
