/* arena.h -- memory that is allocated in many small pieces and released all together.
 *
 * Allocated bytes never move, so spans may point to them.
 */
#ifndef LIB_ARENA_H
#define LIB_ARENA_H

#include <stddef.h>

struct piece;

struct arena {
	struct piece *last; /* the newest piece, or NULL.  Initialise the arena with {0} */
	size_t used, room;  /* bytes used in .last, and its size in bytes */
};

/* Allocate len bytes, at any alignment.  NULL if out of memory. */
char *arena_take(struct arena *, size_t len);

/* Like arena_take(), but the bytes can hold any type. */
void *arena_take_aligned(struct arena *, size_t len);

/* Release all allocated bytes, but keep some memory for later allocations. */
void arena_reset(struct arena *);

/* Release all allocated bytes and all memory. */
void arena_free(struct arena *);

#endif
