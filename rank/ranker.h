/* ranker.h -- makes the rankings from the workers' tables.
 *
 *	hashes    0 ................................ 2^64
 *	tables    | ...... | ...... | ...... | ...... |	every table has keys everywhere,
 *	rankers      1        2        3        4	so each ranker takes a range of every table
 *
 * A key has the same hash in each table.  So each range of hashes can be combined and ranked
 * separately.  The best keys of all are among the best keys of the ranges.  If there are many keys,
 * each range is ranked by a process of its own, a ranker.
 *
 * If tables have been spilled (store/spill.h), each ranker divides its range into smaller ranges.
 * It combines the keys of one small range after another in a small table, so that the memory
 * suffices.
 */
#ifndef RANK_RANKER_H
#define RANK_RANKER_H

#include "rank/all_counts.h"
#include "rank/top.h"

/* Add each counted key to the ranking of its group, rankings[group], and finish the rankings.  n is
 * the number of rankings, `jobs` the largest number of processes to use.  A signal that would end
 * this process also ends it while it waits for rankers.  Rows are valid until counts_free() or the
 * next ranker_rank().  False (errno) if out of memory, if a spilled file cannot be read, if a
 * source fails, or if a count or a sum overflows (EOVERFLOW). */
bool ranker_rank(struct counts *, struct ranking *, size_t n, unsigned jobs);

/* Hand over each counted key once; only a pair of a key and a code may come several times.  The keys of a source come in the order of a run, other keys in
 * no particular order.  `memory` is the largest size in bytes of the table in which spilled tables
 * are combined.  False (errno) if the sink's take() returned false, or for the same reasons as
 * ranker_rank(). */
bool ranker_walk(const struct counts *, uint64_t memory, struct sink);

/* Hand over each counted key once, in the order of a run (store/sorted_run.h), with its run_hash().
 * Uses the memory that the tables leave free, and if that is not enough, files in $TMPDIR.  False
 * (errno) for the same reasons as ranker_walk(). */
bool ranker_walk_sorted(const struct counts *, struct sink);

#endif
