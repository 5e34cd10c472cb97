/* changes.h -- compares what was counted on two sides, the old and the new one, key by key.
 *
 *	old counts --> side_take --> rows of each key --\
 *							 changes_rank --> rankings
 *	new counts --> side_take --> rows of each key --/
 *
 * The rows of a side are in a temporary file in the order of a run (store/sorted_run.h), so both files
 * can be joined while they are read, with one row of each in memory.  Only the rows that are ranked
 * stay in memory.
 *
 * A row of a comparison has the values of both sides.  These are the statistics of its ranking:
 *
 *	old, new, change	of each statistic that was asked for
 *	old, new, change	of the count, unless it is one of them
 *	ratio			how unlikely the change of the count is (rank/likelihood.h)
 *	weight			what the row is ranked by; not printed
 *
 * Its .count is the larger one of both counts.  Of rows with equal weights, the one with the larger
 * count comes first.
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
	struct ranking *totals; /* for each grouping a ranking without rows, which has .keys, .matched,
				 * .first and .last of this side */
	size_t n;
};

/* Begin a side for these n rankings, whose orders and statistics say what is counted.  False on error
 * (errno); call side_free() in any case. */
bool side_begin(struct side *, const struct ranking *, size_t n);

/* Take all that was counted on the side.  Afterwards the counts can be freed.  False on error (errno). */
bool side_take(struct side *, const struct counts *);

void side_free(struct side *);

/* What changes are ranked by. */
enum changes_order {
	CHANGES_USUAL,  /* by how unlikely the change of the count is; or if the rankings are by another
			 * statistic, by the size of its change */
	CHANGES_SIZE,   /* by the size of the change: the difference of the values */
	CHANGES_NEW,    /* keys that only the new side has come first, those with large counts before
			 * others; then as usual */
	CHANGES_GONE    /* the same with keys that only the old side has */
};

struct changes {
	struct ranking *rankings;
	struct statistics *columns; /* of each ranking */
	size_t n;
	struct arena keys; /* of the rows */
};

/* Compare two sides that were begun for the same n rankings: the old and the new one.  `names` has
 * the names of the sides, which must outlive the changes.  False on error (errno); call changes_free()
 * in any case. */
bool changes_rank(struct changes *, struct side sides[2], const struct ranking *, size_t n,
	enum changes_order, const char *const names[2]);

void changes_free(struct changes *);

#endif
