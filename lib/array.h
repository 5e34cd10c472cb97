/* array.h -- an array that grows.
 */
#ifndef LIB_ARRAY_H
#define LIB_ARRAY_H

#include <stdbool.h>
#include <stdlib.h>

/* Make room for element n of an array of *room elements.  False where memory is out: nothing has
 * changed. */
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
