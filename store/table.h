/* table.h -- count keys in memory that processes can share.
 *
 *   slots    [ tag 16 | offset 48 ] x 2^bits              the index; an empty slot is 0
 *   entries  [ header | page | page | ... -->              appended, never moved
 *   page     [ where it ends | entry | entry | ... ]
 *   entry    [ hash 64 | count 64 | group 16, length 48 | key bytes, padded to 8 | sum ]
 *
 * One table counts for several rankings at once: a key belongs to a group, and the same bytes in
 * two groups are two keys.  Entries have a sum only in a table of sums.
 *
 * The index uses open addressing with linear probing (Knuth, TAOCP vol. 3, 6.4, algorithm L).  The
 * highest bits of a key's hash are the number of its home, the slot where probing begins.  So slots
 * are in the order of hashes, and a range of hashes is a range of slots.  The tag is the lowest 16
 * bits of the hash: usually it differs if the key differs, and then the entry is not touched.  But
 * keys are the same only if all of their bytes are.  When the index becomes too small, a larger one
 * is made from the entries, which contain the hashes.
 *
 * A large table appends its entries to several streams of pages, each for a part of the hashes.  So
 * the entries of a range of hashes are near each other when they are read.
 *
 * Keys are hashed by XXH3 (xxhash.com) with the caller's seed.  The seed is random, so that nobody
 * can write a log whose keys collide.
 *
 * Only one process writes a table, its worker, and others read the table only after that worker is
 * done.  So there are no locks.  There are offsets instead of pointers, because the table may move
 * when it grows, be saved to disk or be sent to another rank.
 *
 * Order of calls: table_new(); then, possibly in a forked child, table_add(), repeatedly; in the
 * parent table_follow(); then table_next() and table_range(), in any number of processes;
 * table_free().
 */
#ifndef STORE_TABLE_H
#define STORE_TABLE_H

#include <stdint.h>

#include "store/counted.h"

struct table;

struct entry {
	uint64_t hash;
	uint64_t count;
	uint64_t group : 16, len : 48;
	char key[];
};

/* Keys of one group, each to be counted once. */
struct key_batch {
	const struct span *keys;
	const struct sum *sums; /* one for each key; NULL in a table without sums */
	size_t n;
	unsigned group; /* below 65536 */
};

struct table_spec {
	bool between_processes;
	bool sums;
	uint64_t seed;   /* tables that are combined must have the same seed */
	uint64_t budget; /* bytes; a table that would need more is full.  0: no limit */
	bool one_range;  /* the table is for entries of a small range of hashes, whose homes would
			  * be neighbours, so it changes the hashes.  Only table_add_entry() may add
			  * to it, and table_range() must not be called */
};

/* Make an empty table, of some 70 KB.  NULL if out of memory or of file descriptors (errno). */
struct table *table_new(const struct table_spec *);

/* Forget all keys, even if the writer was killed at any moment.  False on error (errno). */
bool table_reset(struct table *);

/* Forget all keys, but keep the memory for new ones. */
void table_clear(struct table *);

/* Make visible here what a child has written, after it is done.  False on error (errno). */
bool table_follow(struct table *);

/* Count keys; their bytes are copied.  Keys that were counted are removed from the batch, so after
 * an error the others are left in it.  False (errno) if the table is full (ENOBUFS; an empty table
 * never is), if out of memory, or if a sum overflows (EOVERFLOW). */
bool table_add(struct table *, struct key_batch *);

/* Add an entry of another table, with its count and sum.  False as table_add(). */
bool table_add_entry(struct table *, const struct entry *);

/* The number of distinct keys of all groups together. */
uint64_t table_keys(const struct table *);

/* How many bytes of memory the table has. */
uint64_t table_bytes(const struct table *);

/* The entry after this one, or the first entry after NULL.  NULL at the end.  Entries are in the
 * order in which they were added, except in large tables.  Valid until the next call that adds. */
const struct entry *table_next(const struct table *, const struct entry *);

/* A range of hashes, which includes both ends. */
struct range {
	uint64_t first, last;
};

/* The i-th of n ranges of about the same size, which together contain all hashes. */
struct range range_part(unsigned i, unsigned n);

/* How far a walk over the entries of a range has come.  At first .steps is 0. */
struct table_cursor {
	struct range range;
	uint64_t steps;
};

/* Get the next entries whose hashes are in the cursor's range: at most `room` of them, nearly in
 * the order of their hashes.  Returns their number, 0 at the end. */
size_t table_range(const struct table *, struct table_cursor *, const struct entry **, size_t room);

/* The bytes of an entry: its header, its key and padding, and its sum if there are sums. */
size_t entry_bytes(const struct entry *, bool sums);

/* True if the table's entries have sums. */
bool table_has_sums(const struct table *);

static inline struct span entry_key(const struct entry *e)
{
	return span_of(e->key, (size_t)e->len);
}

/* The sum of an entry in a table of sums. */
static inline struct sum entry_sum(const struct entry *e)
{
	struct sum sum;

	memcpy(&sum, e->key + ((e->len + 7) & ~UINT64_C(7)), sizeof sum);
	return sum;
}

/* The entry as a struct counted, with the table's hash.  `sums` is true if the table has sums. */
static inline struct counted entry_counted(const struct entry *e, bool sums)
{
	return (struct counted){
		e->group, entry_key(e), e->count, sums ? entry_sum(e) : (struct sum){0}, e->hash};
}

void table_free(struct table *);

#endif
