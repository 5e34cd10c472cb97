/* tokens.h -- reads a regular expression in PCRE2's syntax, token by token.
 *
 * The reader does not understand every expression.  It reads the parts that it does understand
 * exactly as PCRE2 does; anything else becomes TOKEN_UNKNOWN.  Then the callers leave the
 * expression to PCRE2, which is slower but never wrong.  PCRE2 must have compiled the expression
 * without options that change the syntax (pcre2pattern(3)).
 */
#ifndef REGEX_TOKENS_H
#define REGEX_TOKENS_H

#include <stdint.h>

#include "lib/span.h"

enum token_kind {
	TOKEN_END,
	TOKEN_BYTE,       /* matches the byte in .byte */
	TOKEN_SET,        /* matches any one byte of a set: . \d [a-z] */
	TOKEN_ASSERTION,  /* matches no byte: ^ $ \b \K; also \R, which matches one or more bytes */
	TOKEN_QUANTIFIER, /* repeats the item before it: .min, .max, .greedy */
	TOKEN_CAPTURE,    /* opens a group that captures */
	TOKEN_GROUP,      /* opens a group that does not capture */
	TOKEN_CLOSE,      /* closes a group */
	TOKEN_BAR,        /* separates alternatives */
	TOKEN_UNKNOWN,    /* the rest of the expression can't be understood */
};

#define TOKEN_NO_MAX UINT32_MAX

struct token {
	enum token_kind kind;
	struct span text; /* the token as it is written in the expression */
	char byte;
	uint32_t min, max; /* both are 0 if it is unclear whether braces are a quantifier */
	bool greedy;       /* true if the quantifier is neither lazy nor possessive */
};

/* Return the first token of *rest, and remove it from *rest. */
struct token tokens_next(struct span *rest);

#endif
