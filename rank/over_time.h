/* over_time.h -- makes a table over time: a row for each period, a column for each of the first keys
 * of a ranking.
 *
 *	counted		(time, KEY): a key that has a time before its values
 *	columns		the ranking of KEY alone; its rows are the columns of the table
 *	cells		the ranking of (row, column), where the keys without a column of their own
 *			share the last column, the rest
 *
 * The counted keys are walked through twice, each time with other keys made from them:
 *
 *	over_time_begin		(time, KEY) -> KEY, with its pairs --> sort --> resolver --> columns
 *	over_time_fill		(time, KEY) -> (row, column), likewise --> cells
 *
 * So every statistic of a column, of a cell and of the rest is exact: the counts and measures of
 * several keys that become one are added up, and their pairs become pairs of that key.  The sorts
 * need little memory (store/extsort.h); only the cells that are not empty are kept.
 */
#ifndef RANK_OVER_TIME_H
#define RANK_OVER_TIME_H

#include "rank/all_counts.h"
#include "rank/top.h"

/* What a table is made of. */
struct over_time_keys {
	unsigned group;  /* the group of the keys */
	size_t n_values; /* how many values a key has after its time; 0 if it is only a time */

	/* Find the start of the row to which a time belongs.  False if it is not a time. */
	bool (*start)(const void *ctx, struct span time, int64_t *start);
	const void *ctx;
};

struct over_time {
	struct ranking *columns; /* its rows are the columns; if a key is only a time, it has one
				  * empty key.  Not owned */
	bool has_rest;           /* true if there are keys without a column of their own; they share
				 * one more column */
	int64_t first, last;     /* the first and the last start of a row, if there are cells */

	struct ranking cells; /* in the order of rows and columns; see over_time_place() */
	struct arena keys;    /* owns the keys of columns and cells */

	/* For a reader of the cells: one row of the table, and the values of an empty cell. */
	struct row *row;
	struct sum empty[STATISTICS_ALL];
};

/* Add the keys without their times to .columns, a ranking whose order, statistics and limit the
 * caller has set.  Also find the .first and .last start.  The keys of .columns are valid until
 * over_time_free().  False (errno) for the reasons of ranker_rank(); EBADMSG if the time of a key is
 * not a time. */
bool over_time_begin(struct over_time *, const struct counts *, const struct over_time_keys *);

/* Make the cells.  The caller must have finished .columns.  The function that finds starts may give other starts
 * than before, so .first and .last are set again.  False as in over_time_begin(). */
bool over_time_fill(struct over_time *, const struct counts *, const struct over_time_keys *);

/* Return how many columns the table has: at least 1. */
size_t over_time_columns(const struct over_time *);

/* The start of a cell's row, and the number of its column. */
struct over_time_place {
	int64_t start;
	size_t column;
};

struct over_time_place over_time_place(const struct row *cell);

void over_time_free(struct over_time *);

#endif
