/* strlist.h -- a growing list of strings, such as file names.
 *
 * The list owns its array, never the strings.
 */
#ifndef LIB_STRLIST_H
#define LIB_STRLIST_H

#include <stdbool.h>
#include <stddef.h>

struct strlist {
	const char **at;
	size_t n, room;
};

/* Append a word.  False if out of memory. */
bool strlist_add(struct strlist *, const char *word) __attribute__((warn_unused_result));

void strlist_free(struct strlist *);

#endif
