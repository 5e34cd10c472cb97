#include "query/found_keys.h"

#include <stdlib.h>

bool found_keys_open(struct found_keys *k, size_t room, size_t n_numbers, bool counts)
{
	k->room = room;
	k->n_numbers = n_numbers;
	k->keys = malloc(room * sizeof *k->keys);
	if (n_numbers)
		k->numbers = malloc(room * n_numbers * sizeof *k->numbers);
	if (counts)
		k->counts = malloc(room * sizeof *k->counts);
	return k->keys && (k->numbers || !n_numbers) && (k->counts || !counts);
}

void found_keys_close(struct found_keys *k)
{
	free(k->keys);
	free(k->numbers);
	free(k->counts);
}

/* Change the number of elements of an array.  False if out of memory. */
static bool resize(void *pointer, size_t n, size_t size)
{
	void **at = pointer;
	void *more = reallocarray(*at, n, size);

	if (!more)
		return false;
	*at = more;
	return true;
}

bool found_keys_reserve(struct found_keys *k)
{
	size_t room = 2 * k->room + 64;

	if (k->n < k->room)
		return true;
	bool ok = resize(&k->keys, room, sizeof *k->keys);
	if (ok && k->numbers)
		ok = resize(&k->numbers, room * k->n_numbers, sizeof *k->numbers);
	if (ok && k->counts)
		ok = resize(&k->counts, room, sizeof *k->counts);
	if (ok)
		k->room = room;
	return ok;
}
