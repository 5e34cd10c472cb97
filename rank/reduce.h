/* reduce.h -- from the workers' tables to rankings.
 *
 *	hashes    0 ................................ 2^64
 *	tables    | ...... | ...... | ...... | ...... |	every table has keys everywhere,
 *	rankers      1        2        3        4	so each ranker takes a range of all
 *
 * A key's hash is the same in each table, so a range of hashes can be put together and
 * ranked by itself, and the best of all ranges are the best of all.  With many keys, each
 * range has a process of its own.
 *
 * Where tables have been spilled, each ranker puts its range together by smaller ones, one
 * after the other in a small table, within the bounds of memory; see lib/spill.h.
 */
#ifndef RANK_REDUCE_H
#define RANK_REDUCE_H

#include "store/run.h"
#include "store/spill.h"
#include "store/table.h"
#include "progress/meter.h"
#include "rank/top.h"

/* Where keys come from that are in no table. */
struct source {
	/* Hand over the keys of the i-th of n parts, in any process.  In a run's order (see
	 * lib/keyrun.h).  False with errno. */
	bool (*walk)(void *ctx, unsigned i, unsigned n, struct sink);
	void *ctx;
	uint64_t keys;    /* about */
	bool single_pass; /* it can't be parted, and be walked once only: n is 1 */
};

/* All that was counted. */
struct counts {
	struct table **tables; /* one a worker */
	struct spill **spills; /* one a worker; NULL, or without bytes: none */
	size_t n;
	bool sums;
	uint64_t seed;   /* of the tables */
	uint64_t memory; /* bytes for the tables and, where some were spilled, for ranking */
	const struct source *source; /* instead of tables; NULL: it is these */
	struct meter *meter;         /* NULL: nobody wants to know how far it is */

	struct part *parts; /* of rankings, as reduce_rank leaves them */
	unsigned n_parts;
};

/* Rank what was counted: each entry in the ranking of its group, rankings[n].  At most so
 * many jobs.  A signal that ends it while it waits for them ends the process.  Rows are valid until
 * counts_free, or the next reduce_rank.  False with errno where memory is out, a spilled file can't
 * be read, or a sum has more than 64 bits (EOVERFLOW). */
bool reduce_rank(struct counts *, struct ranking *, size_t n, unsigned jobs);

/* Hand over each key once, in no order but a source's.  False as reduce_rank. */
bool reduce_walk(const struct counts *, uint64_t memory, struct sink);

/* Bytes that the tables leave of the memory, or a least part of it. */
uint64_t reduce_memory(const struct counts *);

/* Bytes in $TMPDIR. */
uint64_t counts_spilled(const struct counts *);

/* Frees tables and spills, too. */
void counts_free(struct counts *);

#endif
