/* arena.h -- bytes that live until all are forgotten at once.
 *
 * What was handed out never moves, so spans may point into it.
 */
#ifndef LIB_ARENA_H
#define LIB_ARENA_H

#include <stddef.h>

struct piece;

struct arena {
	struct piece *last; /* NULL at first: set it to {0} */
	size_t used, room;  /* of the last piece */
};

/* Room for len bytes, not aligned.  NULL where memory is out. */
char *arena_take(struct arena *, size_t len);

/* Forget all bytes; memory is kept for the next ones. */
void arena_reset(struct arena *);

void arena_free(struct arena *);

#endif
