/* code_set.h -- counts how often a key has each code (lib/rounded.h), in a small hash table.
 *
 *	set	words, 2^bits of them
 *	word	[ code 16 | count 48 ], the code in the upper bits; 0 if the word is free
 *
 * A code is never 0.  In a set of at most eight words, the words in use come first, and a search
 * compares all words, without branches.  A larger set is a hash table with linear probing.  The
 * table of keys (table.h) provides the memory, and moves a set to a larger one before it is full.
 * All other code sees a set as a list of words.
 */
#ifndef STORE_CODE_SET_H
#define STORE_CODE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/counted.h"
#include "lib/arena.h"

enum {
	CODE_SET_LEAST_BITS = 2,
	CODE_SET_LIST_BITS = 3,
	CODE_SET_MOST_BITS = 17,
	CODE_COUNT_BITS = 48
};

/* The words of a set.  A reader skips those with a count of 0. */
struct code_list {
	const uint64_t *words;
	size_t n;
};

static inline unsigned code_of_word(uint64_t word)
{
	return (unsigned)(word >> CODE_COUNT_BITS);
}

static inline uint64_t code_count(uint64_t word)
{
	return word & ((UINT64_C(1) << CODE_COUNT_BITS) - 1);
}

static inline uint64_t code_word(unsigned code, uint64_t count)
{
	return (uint64_t)code << CODE_COUNT_BITS | count;
}

/* Return the number of the word that has the code; 0 for the first word, and if there is none. */
static inline size_t code_position(const uint64_t *words, size_t n, unsigned code)
{
	size_t position = 0;

	for (size_t i = 1; i < n; i++)
		position += i & -(size_t)(code_of_word(words[i]) == code);
	return position;
}

/* Return where probing for a code begins. */
static inline size_t code_home(unsigned bits, unsigned code)
{
	return (uint32_t)(code * UINT32_C(2654435769)) >> (32 - bits);
}

/* Return the word of a code.  If the set does not have the code, return a word that is free or has
 * another code. */
static inline uint64_t *code_set_find(uint64_t *words, unsigned bits, unsigned code)
{
	if (bits == CODE_SET_LEAST_BITS)
		return &words[code_position(words, 1 << CODE_SET_LEAST_BITS, code)];
	if (bits == CODE_SET_LIST_BITS)
		return &words[code_position(words, 1 << CODE_SET_LIST_BITS, code)];
	size_t mask = ((size_t)1 << bits) - 1, i = code_home(bits, code);
	while (words[i] && code_of_word(words[i]) != code)
		i = (i + 1) & mask;
	return &words[i];
}

/* Return the free word for a code that the set does not have.  The set has n codes, and is not
 * full. */
static inline uint64_t *code_set_free(uint64_t *words, unsigned bits, size_t n, unsigned code)
{
	return bits <= CODE_SET_LIST_BITS ? &words[n] : code_set_find(words, bits, code);
}

/* True if a set of n codes must be moved to a larger one before another code is added. */
static inline bool code_set_is_full(unsigned bits, size_t n)
{
	return bits <= CODE_SET_LIST_BITS ? n >> bits : 8 * (n + 1) > (size_t)5 << bits;
}

/* Copy the words of a set to a larger one of 2^bits words, all of which are free. */
void code_set_copy(const struct code_list *, uint64_t *to, unsigned bits);

/* Words in memory that can grow.  code_words_sort() puts them in ascending order. */
struct code_words {
	uint64_t *at;
	size_t n, room;
};

/* Append the words of a list.  False if out of memory. */
bool code_words_add(struct code_words *, const struct code_list *);

/* Sort the words, and combine those of the same code. */
void code_words_sort(struct code_words *);

/* Hand over the codes of a key to the sink as pairs (pair.h) of this group, each with the count of
 * its word and the key's .hash.  A pair is in the arena, and valid until take() returns.  False
 * (errno) if take() returned false, or if out of memory. */
bool code_list_give(const struct code_list *, const struct counted *key, unsigned group,
	struct arena *, struct sink);

#endif
