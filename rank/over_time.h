/* over_time.h -- makes a table over time: a row for each interval, a column for each of the first
 * keys of a ranking.
 *
 *	counted		(time, KEY): a key whose first value is a time
 *	columns		the ranking of KEY alone; its rows are the columns of the table
 *	cells		a ranking of (row, column), where all keys without a column of their own
 *			share the last column, the rest
 *
 * The counted keys are walked through twice.  Each time, other keys are made from them:
 *
 *	over_time_begin		(time, KEY) -> KEY, with its pairs --> sort --> resolver --> columns
 *	over_time_fill		(time, KEY) -> (row, column), likewise --> cells
 *
 * If several counted keys become one key, their counts and measures are added up, and their pairs
 * become pairs of that key.  So every statistic of a column, of a cell and of the rest is exact.
 * The sorts need little memory (store/extsort.h), and only cells that are not empty are kept.
 */
#ifndef RANK_OVER_TIME_H
#define RANK_OVER_TIME_H

#include "rank/all_counts.h"
#include "rank/top.h"

/* The counted keys of which a table is made. */
struct over_time_keys {
	unsigned group;  /* the group of the keys */
	size_t n_values; /* how many values each key has after its time; 0 if it is only a time */

	/* Find the start of the row to which a time belongs.  False if it is not a time. */
	bool (*start)(const void *ctx, struct span time, int64_t *start);
	const void *ctx;
};

struct over_time {
	struct ranking *columns; /* its rows are the columns; if the counted keys are only times,
				  * there is one, whose key is empty.  Not owned */
	bool has_rest;           /* true if there are keys without a column of their own; they share
				 * one more column */
	int64_t first, last;     /* the first and the last start of a row, if there are cells */

	struct ranking cells; /* row by row, in the order of columns; see over_time_place() */
	struct arena keys;    /* owns the keys of columns and cells */

	/* For report/over_rows.h: room for a row of the table, and the values of an empty cell. */
	struct row *row;
	struct sum empty[STATISTICS_ALL];
};

/* Add the keys without their times to .columns, a ranking whose order, statistics and limit the
 * caller has set.  Also set .first and .last.  The keys of .columns are valid until
 * over_time_free().  False (errno) as ranker_rank() does, or with EBADMSG if the first value of a
 * key is not a time. */
bool over_time_begin(struct over_time *, const struct counts *, const struct over_time_keys *);

/* Make the cells.  The caller must have finished .columns.  The function .start may now return
 * other starts than in over_time_begin(), so .first and .last are set again.  False as in
 * over_time_begin(). */
bool over_time_fill(struct over_time *, const struct counts *, const struct over_time_keys *);

/* Return how many columns the table has: at least 1. */
size_t over_time_columns(const struct over_time *);

/* The start of a cell's row, and the number of its column. */
struct over_time_place {
	int64_t start;
	size_t column;
};

/* Return the place of a cell. */
struct over_time_place over_time_place(const struct row *cell);

void over_time_free(struct over_time *);

#endif
