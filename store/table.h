/* table.h -- count keys in memory that processes can share.
 *
 *   slots    [ tag 16 | offset 48 ] x 2^bits              the index, 0 is empty
 *   entries  [ header | page | page | ... -->              appended, never moved
 *   page     [ where it ends | entry | entry | ... ]
 *   entry    [ hash 64 | count 64 | group 16, length 48 | key bytes, padded to 8 | sum ]
 *
 * One table counts for several rankings at once: a key belongs to a group, and the same
 * bytes in two groups are two keys.  The sum is there only in a table of sums.
 *
 * Open addressing with linear probing (Knuth, TAOCP vol. 3, 6.4, algorithm L).
 * A key's home is given by the highest bits of its hash, so slots in their order
 * are hashes in theirs: a range of hashes is a range of slots.  The tag is the
 * lowest 16 bits, so most probes of another key end without touching its entry;
 * but what decides is always the whole key.  The index is grown by writing it
 * anew from the entries, in which every hash is kept.
 *
 * A large table appends its entries to several streams of pages, each for a part of the
 * hashes, so that who walks over a range of these finds its entries near each other.
 *
 * Keys are hashed by XXH3 (xxhash.com) with the caller's seed: random, so that
 * nobody can write a log whose keys collide.
 *
 * A table has one writer, its worker; another process reads it only after that
 * worker is done.  Hence no locks.  Offsets, never pointers: the table may move
 * when it grows, be saved to disk or be sent to another rank.
 *
 * Order of calls: table_new; then, possibly in a forked child, table_add...; in
 * the parent table_follow; then table_next and table_range, in as many processes as you
 * like; table_free.
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
	const struct sum *sums; /* one a key; NULL in a table without sums */
	size_t n;
	unsigned group; /* below 65536 */
};

struct table_spec {
	bool between_processes;
	bool sums;
	uint64_t seed;   /* tables whose keys are to be put together need the same */
	uint64_t budget; /* bytes; a table that would outgrow it is full.  0: no limit */
	bool one_range;  /* for entries of a small range of hashes, whose homes would be neighbours:
			  * it has hashes of its own, only table_add_entry adds to it, and
			  * table_range isn't called */
};

/* An empty table, of some 70 KB.  NULL where memory or file descriptors are out (errno). */
struct table *table_new(const struct table_spec *);

/* Forget every key, also after the writer was killed in the middle of anything. */
bool table_reset(struct table *);

/* Forget every key, and keep the memory for about as many again. */
void table_clear(struct table *);

/* See what a child has written, after it is done.  False on error (errno). */
bool table_follow(struct table *);

/* Count keys; their bytes are copied.  What is counted is taken off the addends, so that
 * after an error the rest of them is left.  False (errno) where the table is full (ENOBUFS;
 * an empty one never is), memory is out, or a sum gets out of all bounds (EOVERFLOW). */
bool table_add(struct table *, struct key_batch *);

/* Add an entry of another table, with its count and sum.  False as table_add. */
bool table_add_entry(struct table *, const struct entry *);

/* Number of distinct keys, of all groups together. */
uint64_t table_keys(const struct table *);

/* Bytes of memory that it has. */
uint64_t table_bytes(const struct table *);

/* The entry after this one, or the first after NULL; NULL at the end.  In order
 * of insertion, but for large tables.  Valid until the next call that adds. */
const struct entry *table_next(const struct table *, const struct entry *);

/* Hashes: both ends are in it. */
struct range {
	uint64_t first, last;
};

/* The i-th of n ranges of about the same size, which together are all hashes. */
struct range range_part(unsigned i, unsigned n);

/* How far a walk over a range's entries is; steps is 0 at first. */
struct table_cursor {
	struct range range;
	uint64_t steps;
};

/* The next entries whose hashes are in the walk's range, at most room of them, nearly in
 * the order of their hashes.  How many; 0 at the end. */
size_t table_range(const struct table *, struct table_cursor *, const struct entry **, size_t room);

/* Bytes of an entry, with what follows its key. */
size_t entry_bytes(const struct entry *, bool sums);

/* True if its entries have sums. */
bool table_has_sums(const struct table *);

static inline struct span entry_key(const struct entry *e)
{
	return span_of(e->key, (size_t)e->len);
}

/* Of an entry in a table of sums. */
static inline struct sum entry_sum(const struct entry *e)
{
	struct sum sum;

	memcpy(&sum, e->key + ((e->len + 7) & ~UINT64_C(7)), sizeof sum);
	return sum;
}

/* The entry as a key, with the table's hash; sums: it is of a table that has them. */
static inline struct counted entry_counted(const struct entry *e, bool sums)
{
	return (struct counted){
		e->group, entry_key(e), e->count, sums ? entry_sum(e) : (struct sum){0}, e->hash};
}

void table_free(struct table *);

#endif
