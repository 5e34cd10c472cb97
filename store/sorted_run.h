/* sorted_run.h -- keys, and what was counted for them, as bytes in an order that is the same on all
 * machines.  A run is kept in a file or sent to another process; any number of runs can be merged
 * into one.
 *
 *	run	[ block | block | ... ]		by hash, group, key, each once
 *	block	entries of one of RUN_RANGES equal ranges of hashes; RUN_BLOCK bytes at
 *		most, or one entry
 *	entry	as in counted.h
 *
 * The hash is XXH3 of the key, with the seed RUN_SEED + group: it is computed, not stored.  The
 * seed is not secret, so somebody could make keys whose hashes collide.  Such keys are told apart
 * by their bytes, which costs comparisons, but no memory and no quadratic time.
 *
 * Since all runs have the same order, merging needs only one block of each in memory (Knuth, TAOCP
 * vol. 3, 5.4.1).  Each range of hashes can be merged by itself, in another process or on another
 * machine; together the ranges have all keys.
 */
#ifndef STORE_SORTED_RUN_H
#define STORE_SORTED_RUN_H

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
	uint64_t first; /* the hash of the first key */
	uint64_t keys;
	struct span entries;
};

/* Receives the blocks of a run in their order.  put() returns false (errno) to stop the producer.
 */
struct block_sink {
	bool (*put)(void *ctx, const struct run_block *);
	void *ctx;
};

/* --- Making a run ----------------------------------------------------------------- */

struct run_writer {
	bool sums;
	struct block_sink to;

	struct run_block block; /* the block that is being filled */
	char buffer[RUN_BLOCK];
};

void run_begin(struct run_writer *, bool sums, struct block_sink);

/* Append a key, whose .hash must be its run_hash().  Keys must come in a run's order.  False
 * (errno) if the sink stopped it, or if out of memory. */
bool run_add(struct run_writer *, const struct counted *);

/* Hand over the last block.  False (errno) if the sink stopped it. */
bool run_end(struct run_writer *);

/* --- Merging runs ----------------------------------------------------------------- */

/* A run to be read.  Both functions return false (errno) on error. */
struct run {
	/* Go to the next block, and set its .range, .first and .keys.  *more is false if there is
	 * none. */
	bool (*next)(void *ctx, struct run_block *, bool *more);

	/* Set the block's .entries, which stay valid until the next call of next() or load().  It
	 * is called only when the entries are needed: so, if keys are long, only those that are
	 * being merged are in memory. */
	bool (*load)(void *ctx, struct run_block *);

	void *ctx;
	bool failed;   /* the error was this run's; EBADMSG: its bytes are not a run */
	uint64_t keys; /* the number of keys read from it */
};

/* Hand over each key of all runs once, in their order, with its run_hash().  A key whose group is
 * not less than `groups` is an error (EBADMSG).  False (errno) if reading a run failed, if the sink
 * stopped it, if out of memory, or if a count or a sum overflows (EOVERFLOW). */
bool run_merge(struct run *, size_t n, bool sums, unsigned groups, struct sink);

#endif
