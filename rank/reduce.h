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

#include "rank/counts.h"
#include "rank/top.h"

/* Rank what was counted: each entry in the ranking of its group, rankings[n].  At most so
 * many jobs.  A signal that ends it while it waits for them ends the process.  Rows are valid until
 * counts_free, or the next reduce_rank.  False with errno where memory is out, a spilled file can't
 * be read, or a sum has more than 64 bits (EOVERFLOW). */
bool reduce_rank(struct counts *, struct ranking *, size_t n, unsigned jobs);

/* Hand over each key once, in no order but a source's.  False as reduce_rank. */
bool reduce_walk(const struct counts *, uint64_t memory, struct sink);

#endif
