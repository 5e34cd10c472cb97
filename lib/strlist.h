/* strlist.h -- a growing list of strings: FILEs, patterns that may be repeated.
 *
 * The list owns its array, never the strings.
 */
#ifndef LIB_STRLIST_H
#define LIB_STRLIST_H

#include <stddef.h>

struct words {
	const char **at;
	size_t n;
};

/* Append word.  Dies where memory is out: for set-up only. */
void words_add(struct words *, const char *word);

void words_free(struct words *);

/* What the user said, and where, for messages: "-e", or "my.ini:4: regexp". */
struct said {
	const char *text; /* NULL: nothing */
	const char *where;
};

struct saids {
	struct said *at;
	size_t n;
};

/* As words_add and words_free. */
void saids_add(struct saids *, struct said);
void saids_free(struct saids *);

#endif
