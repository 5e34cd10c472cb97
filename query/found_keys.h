/* found_keys.h -- the keys that one grouping has found in a block, with the numbers that belong to them.
 */
#ifndef QUERY_FOUND_KEYS_H
#define QUERY_FOUND_KEYS_H

#include <stdint.h>

#include "lib/decimal.h"

/* The keys, in any order. */
struct found_keys {
	struct span *keys;
	struct sum *numbers; /* for each key, n_numbers numbers; NULL if there are none */
	size_t n_numbers;
	size_t n, room; /* room for at least n keys */
	uint64_t *counts; /* how many lines have the key; NULL if each key stands for one line */
	size_t before;    /* the value of .n before the current line, for removing the line's key
			 * again */
	bool no_number; /* true if a field that should be a number is none in the line of the last
			 * key */
	struct found_keys *pairs; /* the pairs of the grouping: measured.n_pairs of these */
};

/* Allocate the arrays, with room for `room` keys with n_numbers numbers each; .counts only if `counts`.
 * The arrays are not cleared: most of their memory is never touched, and the system provides memory only
 * when it is touched.  False if out of memory.  Call found_keys_close() in any case. */
bool found_keys_open(struct found_keys *, size_t room, size_t n_numbers, bool counts);
void found_keys_close(struct found_keys *);

/* Make room for one more key, if there is none.  False if out of memory; then nothing has
 * changed.  Call this before adding a key of -o.  For any other key there is room, because a line
 * has only one. */
bool found_keys_reserve(struct found_keys *);

/* Remember how many keys and pairs there are before a line. */
static inline void found_begin_line(struct found_keys *k, size_t n_pairs)
{
	k->before = k->n;
	for (size_t i = 0; i < n_pairs; i++)
		k->pairs[i].before = k->pairs[i].n;
}

/* Remove the keys and pairs of the line. */
static inline void found_forget_line(struct found_keys *k, size_t n_pairs)
{
	k->n = k->before;
	for (size_t i = 0; i < n_pairs; i++)
		k->pairs[i].n = k->pairs[i].before;
}

#endif
