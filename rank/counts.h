/* counts.h -- all that was counted, wherever it is: in the tables of workers, in what they spilled
 * to disk, or in a source, such as snapshots.
 */
#ifndef RANK_COUNTS_H
#define RANK_COUNTS_H

#include "lib/arena.h"
#include "lib/option_value.h"
#include "lib/complaint.h"
#include "lib/sharedmem.h"
#include "store/spill.h"
#include "store/table.h"

/* Hands over keys that are in no table. */
struct source {
	/* Hand over the keys of the i-th of n parts, in a run's order and with their run_hash()
	 * (see store/sorted_run.h).  Any process may call it.  False on error (errno). */
	bool (*walk)(void *ctx, unsigned i, unsigned n, struct sink);

	/* If the errno value `error`, with which walk() failed, is an error of the source itself,
	 * explain it and return true. */
	bool (*explain)(void *ctx, int error, struct complaint *);

	void *ctx;
	uint64_t keys;    /* about how many it has */
	bool single_pass; /* walk() can be called only once, with n = 1 */
};

struct counts {
	struct table **tables; /* one for each worker */
	struct spill **spills; /* one for each worker; NULL, or without bytes: none */
	size_t n;
	bool sums;
	uint64_t seed;               /* the tables' */
	uint64_t memory;             /* bytes, for the tables and for ranking them */
	const struct source *source; /* NULL: the keys are in the tables and spills */
	struct meter *meter;         /* NULL: progress is not measured */

	/* The keys of ranked rows that are in no table, left here by ranker_rank(). */
	struct counts_part {
		struct sharedmem answer; /* from a process that ranked a part */
		struct arena kept;       /* of keys kept by this process */
	} * parts;
	unsigned n_parts;
};

/* Bytes of all spills in $TMPDIR. */
uint64_t counts_spilled(const struct counts *);

/* Bytes of .memory that the tables do not use, but at least an eighth of .memory. */
uint64_t counts_memory_left(const struct counts *);

/* Make n empty parts.  False if out of memory. */
bool counts_new_parts(struct counts *, unsigned n);

/* Explain `error`, the errno value that ranker_rank(), ranker_walk() or serialize_run() has left.
 * `what` names the work or the file that failed, `sum` is the argument whose sum may have
 * overflowed.  Always false. */
bool counts_explain(
	const struct counts *, const char *what, struct arg sum, int error, struct complaint *);

/* Free tables, spills and parts. */
void counts_free(struct counts *);

#endif
