/* array.h -- arrays that grow.
 *
 *	struct { struct item *at; size_t n, room; } list = {0};
 *
 *	if (!ARRAY_GROW(list.at, list.n, &list.room))
 *		return false;
 *	list.at[list.n++] = item;
 */
#ifndef LIB_ARRAY_H
#define LIB_ARRAY_H

#include <stdbool.h>
#include <stdlib.h>

/* Make sure that there is memory for element n of the array `at`, which has memory for *room
 * elements; *room becomes larger if necessary.  False if out of memory: then nothing has changed.
 */
#define ARRAY_GROW(at, n, room) ((n) < *(room) || array_grow(&(at), sizeof *(at), room))

static inline bool array_grow(void *pointer, size_t size, size_t *room)
{
	void **at = pointer;
	size_t more = *room + *room / 2 + 8;
	void *grown = more > *room ? reallocarray(*at, more, size) : NULL;

	if (!grown)
		return false;
	*at = grown;
	*room = more;
	return true;
}

#endif
