/* ranker.h -- make rankings of what is in the workers' tables.
 *
 *	hashes    0 ................................ 2^64
 *	tables    | ...... | ...... | ...... | ...... |	every table has keys everywhere,
 *	rankers      1        2        3        4	so each ranker takes a range of all
 *
 * A key has the same hash in each table.  So a range of hashes can be combined and ranked by
 * itself, and the best keys of all ranges are among the best of each range.  If there are many
 * keys, each range gets a process of its own, a ranker.
 *
 * If tables have been spilled, each ranker combines its range in a small table, one smaller range
 * after the other, so that the memory is enough: see store/spill.h.
 */
#ifndef RANK_RANKER_H
#define RANK_RANKER_H

#include "rank/counts.h"
#include "rank/top.h"

/* Rank what was counted: each key in the ranking of its group, rankings[group].  n is the number of
 * rankings, `jobs` the most processes to use.  A signal that would end this process still does so
 * while it waits for the others.  Rows are valid until counts_free() or the next ranker_rank().
 * False (errno) if out of memory, if a spilled file cannot be read, or if a sum has more than 64
 * bits (EOVERFLOW). */
bool ranker_rank(struct counts *, struct ranking *, size_t n, unsigned jobs);

/* Hand over each key once.  Only the keys of a source have a defined order.  False as
 * ranker_rank(). */
bool ranker_walk(const struct counts *, uint64_t memory, struct sink);

#endif
