/* merge.h -- from the workers' tables to rankings.
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
#ifndef MERGE_H
#define MERGE_H

#include "lib/spill.h"
#include "lib/table.h"
#include "meter.h"
#include "top.h"

/* All that was counted. */
struct counts {
	struct table **tables; /* one a worker */
	struct spill **spills; /* one a worker; NULL, or without bytes: none */
	size_t n;
	bool sums;
	uint64_t seed;       /* of the tables */
	uint64_t memory;     /* bytes for the tables and, where some were spilled, for ranking */
	struct meter *meter; /* NULL: nobody wants to know how far it is */

	struct part *parts; /* of rankings, as merge_rank leaves them */
	unsigned n_parts;
};

/* Rank what was counted: each entry in the ranking of its group, rankings[n].  At most so
 * many jobs.  A signal that ends it while it waits for them ends the process.  Rows are valid until
 * counts_free, or the next merge_rank.  False with errno where memory is out, a spilled file can't
 * be read, or a sum has more than 64 bits (EOVERFLOW). */
bool merge_rank(struct counts *, struct ranking *, size_t n, unsigned jobs);

/* Bytes in $TMPDIR. */
uint64_t counts_spilled(const struct counts *);

/* Frees tables and spills, too. */
void counts_free(struct counts *);

#endif
