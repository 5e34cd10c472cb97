/* suggest.h -- which word somebody may have meant who wrote another one.
 *
 * Near is what one slip in some four letters makes of a word: a letter that is missing, too many,
 * another, or has changed places with its neighbour.  So is what it begins with.  The case of
 * letters does not count.
 *
 *	struct suggestion n = suggest_for(span_text("jsn"));
 *	for each word: suggest_offer(&n, word);
 *	"no such thing%s", suggest_phrase(&n, "", text)
 */
#ifndef LIB_SUGGEST_H
#define LIB_SUGGEST_H

#include "lib/span.h"

struct suggestion {
	struct span word;
	struct span
		best; /* the nearest that was offered, of several the first; empty: none is near */
	size_t distance; /* its; before, what is too far */
};

struct suggestion suggest_for(struct span word);

/* A word, which is not copied. */
void suggest_offer(struct suggestion *, struct span word);

enum { SUGGEST_PHRASE = 96 };

/* " (did you mean '--json'?)", with before being "--"; "" where nothing is near. */
const char *suggest_phrase(const struct suggestion *, const char *before, char out[SUGGEST_PHRASE]);

#endif
