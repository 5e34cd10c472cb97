/* suggest.h -- which word somebody may have meant who wrote another one.
 *
 * Near is what one slip in some four letters makes of a word: a letter that is missing, too many,
 * another, or has changed places with its neighbour.  So is what it begins with.  The case of
 * letters does not count.
 *
 *	struct nearest n = nearest_to(span_text("jsn"));
 *	for each word: nearest_offer(&n, word);
 *	"no such thing%s", nearest_guess(&n, "", text)
 */
#ifndef LIB_SUGGEST_H
#define LIB_SUGGEST_H

#include "lib/span.h"

struct nearest {
	struct span word;
	struct span
		best; /* the nearest that was offered, of several the first; empty: none is near */
	size_t distance; /* its; before, what is too far */
};

struct nearest nearest_to(struct span word);

/* A word, which is not copied. */
void nearest_offer(struct nearest *, struct span word);

enum { NEAREST_GUESS = 96 };

/* " (did you mean '--json'?)", with before being "--"; "" where nothing is near. */
const char *nearest_guess(const struct nearest *, const char *before, char out[NEAREST_GUESS]);

#endif
