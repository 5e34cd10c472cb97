/* sorted_run.h -- a run: keys with their counts and measures, as bytes, in an order that is the same on
 * all machines.  A run can be kept in a file or sent to another process.  Any number of runs can be
 * merged into one.
 *
 *	run	[ block | block | ... ]		sorted by hash, group, key; each key once
 *	block	entries of one range of hashes (there are RUN_RANGES equal ranges); at most
 *		RUN_BLOCK bytes, or one larger entry
 *	entry	as in counted.h
 *
 * The hash is XXH3 of the key, with the seed RUN_SEED + group: it is computed, not stored.  A pair
 * (pair.h) has the hash that its first part has as a key, so the pairs of a key follow the key.  The
 * seed is not secret, so an attacker could make keys whose hashes collide.  Such keys are
 * distinguished by their bytes.  Collisions cost more comparisons, but neither more memory nor
 * quadratic time.
 *
 * Since all runs have the same order, merging needs only one block of each run in memory (Knuth,
 * TAOCP vol. 3, 5.4.1).  Each range of hashes can be merged separately, in another process or on
 * another machine.  Together the ranges have all keys.
 */
#ifndef STORE_SORTED_RUN_H
#define STORE_SORTED_RUN_H

#include "store/counted.h"

enum {
	RUN_RANGES = 256,
	RUN_BLOCK = 16 << 10,
	RUN_SEED = 0x7766,
};

uint64_t run_hash(const struct measures *, unsigned group, struct span key);

static inline unsigned run_range(uint64_t hash)
{
	return (unsigned)(hash >> 56);
}

/* Divide the RUN_RANGES ranges into n parts of about the same size, and return the first range of
 * part i, counted from 0.  If i is n, return RUN_RANGES. */
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
	const struct measures *measures;
	struct block_sink to;

	struct run_block block; /* the block that is being filled */
	char buffer[RUN_BLOCK];
};

void run_begin(struct run_writer *, const struct measures *, struct block_sink);

/* Append a key, whose .hash must be its run_hash().  Keys must be appended in the order of a run,
 * and each only once.  False (errno) if the sink's put() returned false, or if out of memory. */
bool run_add(struct run_writer *, const struct counted *);

/* Finish the run: hand over its last block.  False (errno) if the sink's put() returned false. */
bool run_end(struct run_writer *);

/* --- Merging runs ----------------------------------------------------------------- */

/* A run that run_merge() reads.  Both functions return false (errno) on error. */
struct run {
	/* Go to the next block, and set its .range, .first and .keys.  *more is false if there is
	 * no next block. */
	bool (*next)(void *ctx, struct run_block *, bool *more);

	/* Set the block's .entries, which stay valid until the next call of next() or load().
	 * run_merge() calls load() only when it needs the entries.  So even if keys are long, only
	 * the keys that are being merged are in memory. */
	bool (*load)(void *ctx, struct run_block *);

	void *ctx;
	uint64_t most; /* a key with a greater count is an error; 0 allows any count */

	bool failed;     /* reading this run has failed, with EBADMSG if the run is damaged */
	uint64_t keys;   /* the number of keys that have been read from this run */
	uint64_t counts; /* the sum of the counts of these keys */
};

/* Merge n runs: hand over each key once, with its totals and its run_hash(), in the order of a run.
 * False (errno) if out of memory, if reading a run failed, if the sink's take() returned false, if
 * a count or a measure overflows (EOVERFLOW), or if a run is damaged (EBADMSG).  A run also counts as
 * damaged if the group of a key is not less than `groups`, if a count is 0, or if the sum of its
 * counts needs more than 64 bits. */
bool run_merge(
	struct run *, size_t n, const struct measures *, unsigned groups, struct sink);

#endif
