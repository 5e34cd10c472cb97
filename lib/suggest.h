/* suggest.h -- guess which word the user meant by a misspelled one.
 *
 * A word is near another if few slips separate them, about one for every four letters.  A slip is a
 * letter that is missing, superfluous or wrong, or that has changed places with its neighbour.  A
 * word that the misspelled one is a prefix of is near, too.  Upper and lower case are the same.
 *
 *	struct suggestion n = suggest_for(span_text("jsn"));
 *	for each word: suggest_offer(&n, word);
 *	printf("no such thing%s", suggest_phrase(&n, "", text))
 */
#ifndef LIB_SUGGEST_H
#define LIB_SUGGEST_H

#include "lib/span.h"

struct suggestion {
	struct span word; /* the misspelled one */
	struct span best; /* the nearest word so far, the first of several; empty: none is near */
	size_t distance;  /* slips between the two; without a best word, so many are too many */
};

struct suggestion suggest_for(struct span word);

/* Consider a word.  It is not copied. */
void suggest_offer(struct suggestion *, struct span word);

enum { SUGGEST_PHRASE = 96 };

/* " (did you mean '--json'?)", where before is "--"; "" if no word is near.  Returns out. */
const char *suggest_phrase(const struct suggestion *, const char *before, char out[SUGGEST_PHRASE]);

#endif
