/* all_counts.h -- everything that was counted, wherever it is: in the tables of the workers, in the
 * files to which workers have spilled tables, or in a source such as snapshots.
 */
#ifndef RANK_ALL_COUNTS_H
#define RANK_ALL_COUNTS_H

#include "lib/arena.h"
#include "lib/arg.h"
#include "lib/complaint.h"
#include "lib/sharedmem.h"
#include "store/spill.h"
#include "store/table.h"

/* Hands over keys that are not in tables, such as those of snapshots. */
struct source {
	/* Hand over the keys of the i-th of n parts, in a run's order and with their run_hash()
	 * (see store/sorted_run.h).  0 <= i < n.  Any process may call this function.  False on
	 * error (errno). */
	bool (*walk)(void *ctx, unsigned i, unsigned n, struct sink);

	/* Check that the n parts together have all keys that they should have; false (errno) if
	 * not.  Call this after walk() has succeeded for each part, in whichever process. */
	bool (*is_whole)(void *ctx, unsigned n);

	/* `error` is the errno value with which walk() or is_whole() has failed.  If it is an error
	 * of the source itself, explain it in the complaint and return true.  Otherwise return
	 * false. */
	bool (*explain)(void *ctx, int error, struct complaint *);

	void *ctx;
	uint64_t keys;    /* about how many keys the source has */
	bool single_pass; /* walk() can be called only once, with n = 1 */
};

struct counts {
	struct table **tables; /* one for each worker */
	struct spill **spills; /* one for each worker; NULL or empty if the worker did not spill */
	size_t n;
	const struct measures *measures; /* NULL if no key has any; not owned */
	uint64_t seed;               /* the seed of the tables */
	uint64_t memory;             /* bytes, for the tables and for ranking them */
	const struct source *source; /* NULL if the keys are in the tables and spills */
	struct meter *meter;         /* NULL if progress is not measured */

	/* Memory for the keys of the ranked rows.  It is needed only for keys that are not in
	 * tables.  ranker_rank() makes these parts. */
	struct counts_part {
		struct sharedmem answer; /* the answer of a process that ranked a part */
		struct arena kept;       /* copies of keys, if the main process has ranked the part
					  * itself */
	} * parts;
	unsigned n_parts;
};

/* The number of bytes that all spills together have in $TMPDIR. */
uint64_t counts_spilled(const struct counts *);

/* The number of bytes of .memory that the tables do not use, but at least an eighth of .memory. */
uint64_t counts_memory_left(const struct counts *);

/* Free the parts, and make n empty ones.  False if out of memory. */
bool counts_new_parts(struct counts *, unsigned n);

/* Write to the complaint why ranker_rank(), ranker_walk() or sorted_counts_write() has failed.
 * `error` is the errno value that the function has left; `what` names the work or the file that
 * failed; `sum` is the option that asks for statistics, for the case that a sum has overflowed.  Always returns
 * false. */
bool counts_explain(
	const struct counts *, const char *what, struct arg sum, int error, struct complaint *);

/* Free tables, spills and parts. */
void counts_free(struct counts *);

#endif
