/* words.h -- a growing list of strings: FILEs, patterns that may be repeated.
 *
 * The list owns its array, never the strings.
 */
#ifndef LIB_WORDS_H
#define LIB_WORDS_H

#include <stddef.h>

struct words {
	const char **at;
	size_t n;
};

/* Append word.  Dies where memory is out: for set-up only. */
void words_add(struct words *, const char *word);

void words_free(struct words *);

#endif
