#include "rank/keeper.h"

#include <string.h>

enum { KEPT_AT_LEAST = 1 << 20 /* copies of replaced keys are freed only after more than this many
				* bytes were copied */ };

static bool copy_key(struct keeper *k, struct span *key)
{
	char *at = arena_take(k->arena, key->len);

	if (!at)
		return false;
	memcpy(at, key->at, key->len);
	key->at = at;
	k->bytes += key->len;
	return true;
}

/* Copy the keys of all rows to a new arena, and free the old one.  False if out of memory. */
static bool forget_replaced(struct keeper *k)
{
	struct arena old = *k->arena;
	bool ok = true;

	*k->arena = (struct arena){0};
	k->bytes = 0;
	for (size_t i = 0; i < k->n; i++)
		for (size_t row = 0; ok && row < k->rankings[i].n; row++)
			ok = copy_key(k, &k->rankings[i].rows[row].key);
	k->live = k->bytes;
	arena_free(&old);
	return ok;
}

static bool hold(void *keeper, struct span *key)
{
	struct keeper *k = keeper;

	if (k->replaces && k->bytes > 2 * k->live + KEPT_AT_LEAST && !forget_replaced(k))
		return false;
	return copy_key(k, key);
}

void keeper_begin(struct keeper *k, struct arena *arena, struct ranking *rankings, size_t n)
{
	*k = (struct keeper){.arena = arena, .rankings = rankings, .n = n};
	for (size_t i = 0; i < n; i++) {
		rankings[i].hold = hold;
		rankings[i].holder = k;
		k->replaces |= rankings[i].limit != 0;
	}
}

void keeper_end(struct keeper *k)
{
	for (size_t i = 0; i < k->n; i++)
		k->rankings[i].hold = NULL;
}
