/* arena.h -- memory that is allocated in many small pieces and released all together.
 *
 * Allocated bytes never move, so spans may point to them.
 */
#ifndef LIB_ARENA_H
#define LIB_ARENA_H

#include <stddef.h>

struct piece;

struct arena {
	struct piece *last; /* NULL: the arena is empty.  Initialise the arena with {0} */
	size_t used, room;  /* bytes of .last that are used, and that it has */
};

/* Allocate len bytes, not aligned.  NULL if out of memory. */
char *arena_take(struct arena *, size_t len);

/* Release all bytes, but keep some memory for later ones. */
void arena_reset(struct arena *);

/* Release all bytes and all memory. */
void arena_free(struct arena *);

#endif
