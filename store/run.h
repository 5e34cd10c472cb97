/* run.h -- keys, and what was counted for them, as bytes in one order for all machines: to be
 * kept in a file or sent to another process; and many such runs put together into one.
 *
 *	run	[ block | block | ... ]		by hash, group, key, each once
 *	block	entries of one of RUN_RANGES equal ranges of hashes; RUN_BLOCK bytes at
 *		most, or one entry
 *	entry	[ count 64 | group 16, length 48 | in a run of sums: low 64, high 64 | key ]
 *		little-endian, not aligned; the group is in the lowest bits
 *
 * The hash is XXH3 of the key, with RUN_SEED + group: it is computed, not kept.  Everybody
 * may know the seed, so keys may collide on purpose: they are told apart by their bytes then,
 * which costs comparisons, and neither memory nor loops of loops.
 *
 * Since all runs have one order, any number of them is put together with a block of each in
 * memory (Knuth, TAOCP vol. 3, 5.4.1).  A range of hashes can be put together by itself, in
 * another process or on another machine; all keys of all ranges are all keys.
 */
#ifndef STORE_RUN_H
#define STORE_RUN_H

#include "lib/decimal.h"
#include "lib/span.h"

enum {
	RUN_RANGES = 256,
	RUN_BLOCK = 16 << 10,
	RUN_SEED = 0x7766,
	RUN_GROUPS = 1 << 16,
};

/* What all have counted for a key of a group. */
struct counted {
	unsigned group;
	struct span key;
	uint64_t count;
	struct sum sum; /* 0 in a run without */
};

uint64_t run_hash(unsigned group, struct span key);

static inline unsigned run_range(uint64_t hash)
{
	return (unsigned)(hash >> 56);
}

/* Bytes of an entry. */
static inline uint64_t run_size(struct span key, bool sums)
{
	return (sums ? UINT64_C(32) : UINT64_C(16)) + (uint64_t)key.len;
}

/* Write run_size bytes. */
void run_put(char *to, const struct counted *, bool sums);

/* Take the next entry off a block's rest.  False if it is damaged. */
bool run_take(struct span *rest, bool sums, struct counted *);

struct run_block {
	unsigned range;
	uint64_t first; /* hash of its first key */
	uint64_t keys;
	struct span entries;
};

/* --- Making a run ----------------------------------------------------------------- */

struct run_writer {
	bool sums;
	bool (*put)(void *, const struct run_block *); /* takes each block; false (errno) ends it */
	void *to;

	struct run_block block; /* that is being filled */
	char buffer[RUN_BLOCK];
};

void run_begin(
	struct run_writer *, bool sums, bool (*put)(void *, const struct run_block *), void *to);

/* Append a key: keys must come in a run's order.  False (errno) where put returned it, or memory
 * is out. */
bool run_add(struct run_writer *, uint64_t hash, const struct counted *);

/* Give out the last block. */
bool run_end(struct run_writer *);

/* --- Putting runs together -------------------------------------------------------- */

/* Where a run comes from.  Both functions return false (errno) on error. */
struct run {
	/* Go to the next block and tell its range and first hash; *more is false at the end. */
	bool (*next)(void *of, struct run_block *, bool *more);

	/* Have its entries, which stay until the next call of either.  It is called when they
	 * are needed, so that of long keys only those are in memory that are put together now. */
	bool (*load)(void *of, struct run_block *);

	void *of;
	bool failed;   /* the error was this one's; EBADMSG: its bytes can't be a run */
	uint64_t keys; /* that it had */
};

/* Hand over each key of all runs once, in their order.  Keys of groups from `groups` on are
 * errors.  False with errno: a run failed, take returned it, memory is out, or a count or a sum
 * gets out of all bounds (EOVERFLOW). */
bool run_merge(struct run *, size_t n, bool sums, unsigned groups,
	bool (*take)(void *, uint64_t hash, const struct counted *), void *to);

#endif
