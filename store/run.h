/* run.h -- keys, and what was counted for them, as bytes in one order for all machines: to be
 * kept in a file or sent to another process; and many such runs put together into one.
 *
 *	run	[ block | block | ... ]		by hash, group, key, each once
 *	block	entries of one of RUN_RANGES equal ranges of hashes; RUN_BLOCK bytes at
 *		most, or one entry
 *	entry	as in counted.h
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

#include "store/counted.h"

enum {
	RUN_RANGES = 256,
	RUN_BLOCK = 16 << 10,
	RUN_SEED = 0x7766,
};

uint64_t run_hash(unsigned group, struct span key);

static inline unsigned run_range(uint64_t hash)
{
	return (unsigned)(hash >> 56);
}

/* The first range of the i-th of n parts, of about the same size; RUN_RANGES if i is n. */
static inline unsigned run_first_range(unsigned i, unsigned n)
{
	return (unsigned)((uint64_t)RUN_RANGES * i / n);
}

struct run_block {
	unsigned range;
	uint64_t first; /* hash of its first key */
	uint64_t keys;
	struct span entries;
};

/* Receives the blocks of a run in their order.  put returns false (errno) to stop the producer. */
struct block_sink {
	bool (*put)(void *ctx, const struct run_block *);
	void *ctx;
};

/* --- Making a run ----------------------------------------------------------------- */

struct run_writer {
	bool sums;
	struct block_sink to;

	struct run_block block; /* that is being filled */
	char buffer[RUN_BLOCK];
};

void run_begin(struct run_writer *, bool sums, struct block_sink);

/* Append a key, whose .hash is its run_hash(): keys must come in a run's order.  False (errno) if
 * the sink stopped it, or memory is out. */
bool run_add(struct run_writer *, const struct counted *);

/* Hand over the last block. */
bool run_end(struct run_writer *);

/* --- Merging runs ----------------------------------------------------------------- */

/* Where a run comes from.  Both functions return false (errno) on error. */
struct run {
	/* Go to the next block and tell its range and first hash; *more is false at the end. */
	bool (*next)(void *ctx, struct run_block *, bool *more);

	/* Have its entries, which stay until the next call of either.  It is called when they
	 * are needed, so that of long keys only those are in memory that are put together now. */
	bool (*load)(void *ctx, struct run_block *);

	void *ctx;
	bool failed;   /* the error was this one's; EBADMSG: its bytes can't be a run */
	uint64_t keys; /* that it had */
};

/* Hand over each key of all runs once, in their order, with its run_hash().  Keys of groups from
 * `groups` on are errors.  False with errno: a run failed, the sink stopped it, memory is out, or a
 * count or a sum gets out of all bounds (EOVERFLOW). */
bool run_merge(struct run *, size_t n, bool sums, unsigned groups, struct sink);

#endif
