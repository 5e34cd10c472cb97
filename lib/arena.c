#include "lib/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

enum { FIRST_PIECE = 16 * 1024 };

struct piece {
	struct piece *before;
	char bytes[];
};

static char *take_from_new_piece(struct arena *a, size_t len)
{
	size_t room = a->room ? 2 * a->room : FIRST_PIECE;

	if (room < len)
		room = len;
	struct piece *p = malloc(sizeof *p + room);
	if (!p)
		return NULL;
	p->before = a->last;
	*a = (struct arena){.last = p, .used = len, .room = room};
	return p->bytes;
}

char *arena_take(struct arena *a, size_t len)
{
	if (!a->last || len > a->room - a->used)
		return take_from_new_piece(a, len);
	char *at = a->last->bytes + a->used;
	a->used += len;
	return at;
}

void *arena_take_aligned(struct arena *a, size_t len)
{
	char *at = arena_take(a, len + alignof(max_align_t) - 1);
	size_t over = (uintptr_t)at & (alignof(max_align_t) - 1);

	return at && over ? at + alignof(max_align_t) - over : at;
}

/* Free all pieces before the last one, which is the largest. */
static void free_before(struct arena *a)
{
	for (struct piece *p = a->last->before, *before; p; p = before) {
		before = p->before;
		free(p);
	}
	a->last->before = NULL;
}

void arena_reset(struct arena *a)
{
	if (!a->last)
		return;
	if (a->last->before)
		free_before(a);
	a->used = 0;
}

void arena_free(struct arena *a)
{
	if (a->last)
		free_before(a);
	free(a->last);
	*a = (struct arena){0};
}
