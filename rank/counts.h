/* counts.h -- all that was counted, wherever it is: in the tables of workers, in what they spilled
 * to disk, or in a source, such as snapshots.
 */
#ifndef RANK_COUNTS_H
#define RANK_COUNTS_H

#include "lib/arena.h"
#include "lib/arg.h"
#include "lib/complaint.h"
#include "lib/sharedmem.h"
#include "store/spill.h"
#include "store/table.h"

/* Hands over keys that are in no table. */
struct source {
	/* Hand over the keys of the i-th of n parts, in any process, in a run's order and with
	 * their run_hash() (see store/run.h).  False with errno. */
	bool (*walk)(void *ctx, unsigned i, unsigned n, struct sink);

	/* If the error with which walk ended is one of the source itself, explain it: true. */
	bool (*explain)(void *ctx, int error, struct complaint *);

	void *ctx;
	uint64_t keys;    /* about as many */
	bool single_pass; /* it can be walked only once and in one part: n is 1 */
};

struct counts {
	struct table **tables; /* one for each worker */
	struct spill **spills; /* one for each worker; NULL, or without bytes: none */
	size_t n;
	bool sums;
	uint64_t seed;               /* the tables' */
	uint64_t memory;             /* bytes, for the tables and what is done with them */
	const struct source *source; /* NULL: the keys are in the tables and spills */
	struct meter *meter;         /* NULL: nobody wants to know the progress */

	/* The keys of ranked rows that are nowhere else; reduce_rank() leaves them here. */
	struct counts_part {
		struct sharedmem answer; /* of a process that ranked a part */
		struct arena kept;       /* of this process */
	} * parts;
	unsigned n_parts;
};

/* Bytes of all spills in $TMPDIR. */
uint64_t counts_spilled(const struct counts *);

/* Bytes that the tables leave of the memory, or an eighth of all if they leave less. */
uint64_t counts_memory_left(const struct counts *);

/* Make n empty parts.  False if memory is out. */
bool counts_new_parts(struct counts *, unsigned n);

/* Explain the error that reduce_rank(), reduce_walk() or serialize_run() has left in errno: what
 * names the work or the file that failed, sum the argument whose sum may have overflowed.  Always
 * false. */
bool counts_explain(
	const struct counts *, const char *what, struct arg sum, int error, struct complaint *);

/* Free tables, spills and parts. */
void counts_free(struct counts *);

#endif
