/* changes.h -- compares what was counted on an old and a new side, key by key.
 *
 *	old counts --> side_take --> rows of each key --\
 *							 changes_rank --> rankings
 *	new counts --> side_take --> rows of each key --/
 *
 * The rows of a side are in a temporary file in the order of a run (store/sorted_run.h).  So both
 * files can be joined while they are read, with one row of each in memory.  Only ranked rows stay
 * in memory.
 *
 * A row of a comparison has the values of both sides.  The statistics of its ranking are:
 *
 *	old, new, change	of each statistic that was asked for
 *	old, new, change	of the count, unless the count was asked for
 *	g2			the likelihood ratio: how unlikely the change of the count is
 *				(rank/likelihood.h)
 *	weight			what the row is ranked by; not printed
 *
 * The .count of the row is the larger one of its two counts.  Of rows with equal weights, the one
 * with the larger .count comes first.
 */
#ifndef RANK_CHANGES_H
#define RANK_CHANGES_H

#include "rank/all_counts.h"
#include "rank/row_file.h"

/* The most statistics that each ranking of a comparison can have. */
enum { CHANGES_STATISTICS = (STATISTICS_MAX - 1) / 3 };

/* What was counted on a side. */
struct side {
	struct row_file *rows;
	struct ranking *totals; /* for each grouping, a ranking without rows: its .keys, .matched,
				 * .first and .last are those of this side */
	size_t n;
};

/* Begin a side for these n rankings, whose orders and statistics say what is counted.  False on
 * error (errno).  Call side_free() in any case. */
bool side_begin(struct side *, const struct ranking *, size_t n);

/* Take all that was counted on the side.  Afterwards the counts can be freed.  False on error
 * (errno). */
bool side_take(struct side *, const struct counts *);

void side_free(struct side *);

/* What changes are ranked by. */
enum changes_order {
	CHANGES_USUAL, /* in a ranking by the count, how unlikely the change of the count is; else
			* as CHANGES_SIZE */
	CHANGES_SIZE,  /* the absolute difference of the values of both sides */
	CHANGES_NEW,   /* first the keys that only the new side has, by count; then as usual */
	CHANGES_GONE   /* first the keys that only the old side has, by count; then as usual */
};

struct changes {
	struct ranking *rankings;
	struct statistics *columns; /* the statistics of each ranking */
	size_t n;
	struct arena keys; /* owns the keys of the rows */
};

/* Compare two sides, the old and the new one, that were begun for these n rankings.  `names` has
 * the names of the sides, which must outlive the changes.  False on error (errno).  Call
 * changes_free() in any case. */
bool changes_rank(struct changes *, struct side sides[2], const struct ranking *, size_t n,
	enum changes_order, const char *const names[2]);

void changes_free(struct changes *);

#endif
