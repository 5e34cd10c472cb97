/* tokens.h -- reads a regular expression in PCRE2's syntax, token by token.
 *
 * Not to understand every expression, but to know exactly what can be known without
 * PCRE2; all else is REGEX_UNKNOWN, and whoever meets that gives up.  Being slow is
 * allowed then, being wrong is not.  For expressions that PCRE2 has compiled, without
 * options that change the syntax (pcre2pattern(3)).
 */
#ifndef REGEX_TOKENS_H
#define REGEX_TOKENS_H

#include <stdint.h>

#include "lib/span.h"

enum regex_kind {
	REGEX_END,
	REGEX_BYTE,       /* stands for one byte: .byte */
	REGEX_SET,        /* matches one byte of a set: . \d [a-z] */
	REGEX_ASSERTION,  /* matches no byte, but for \R: ^ $ \b \K */
	REGEX_QUANTIFIER, /* of what is before: .min, .max, .greedy */
	REGEX_CAPTURE,    /* opens a group that captures */
	REGEX_GROUP,      /* opens one that only groups */
	REGEX_CLOSE,      /* closes a group */
	REGEX_BAR,        /* between alternatives */
	REGEX_UNKNOWN,    /* of the rest of the expression nothing is known */
};

#define REGEX_NO_MAX UINT32_MAX

struct regex_token {
	enum regex_kind kind;
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
bool regex_may_mislead_jit(struct span re);

/* The token that *rest begins with; *rest becomes what is behind it. */
struct regex_token regex_next(struct span *rest);

#endif
