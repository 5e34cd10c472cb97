/* suggest.h -- guesses which word the user meant by a misspelled one.
 *
 * Two words are near each other if only a few slips separate them, about one for every four
 * letters.  A slip is a letter that is missing, superfluous or wrong, or that has changed places
 * with its neighbour.  If the misspelled word has at least three letters, words that begin with it, or
 * end with it after a dot, '_' or '-', are near, too.  Upper and lower case are the same.
 *
 *	struct suggestion n = suggest_for(span_text("jsn"));
 *	for each word: suggest_offer(&n, word);
 *	printf("no such thing%s", suggest_phrase(&n, "", text))
 */
#ifndef LIB_SUGGEST_H
#define LIB_SUGGEST_H

#include "lib/span.h"

struct suggestion {
	struct span word; /* the misspelled word */
	struct span best; /* the nearest word so far, or the first of several that are equally near;
			   * empty if no word is near */
	size_t distance;  /* the number of slips between .word and .best; if .best is empty, the
			   * smallest number that is too large */
};

struct suggestion suggest_for(struct span word);

/* Consider a word that the user may have meant.  Its bytes are not copied. */
void suggest_offer(struct suggestion *, struct span word);

enum { SUGGEST_PHRASE = 96 };

/* Write " (did you mean '--json'?)", where the "--" is `before`; write "" if no word is near.
 * Returns out. */
const char *suggest_phrase(const struct suggestion *, const char *before, char out[SUGGEST_PHRASE]);

#endif
