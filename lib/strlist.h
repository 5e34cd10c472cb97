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

/* Append a string.  False if out of memory. */
bool strlist_add(struct strlist *, const char *word) __attribute__((warn_unused_result));

/* Append a string that malloc() has allocated; the owner of the list frees the string.  False if
 * out of memory, or if `text` is NULL because its allocation has failed; then the string has been
 * freed. */
bool strlist_take(struct strlist *, char *text) __attribute__((warn_unused_result));

/* Free the list, but not its strings. */
void strlist_free(struct strlist *);

#endif
