/* over_rows.h -- goes through all rows of a table over time, from the first to the last, including
 * those without counted lines.
 *
 *	struct over_rows rows = over_rows_begin(r, which);
 *	while (over_rows_next(&rows))
 *		... rows.time, rows.cells ...
 */
#ifndef REPORT_OVER_ROWS_H
#define REPORT_OVER_ROWS_H

#include "report/report_common.h"

struct over_rows {
	const struct report *report;
	const struct grouping *grouping;
	const struct report_over *over;
	struct ranking ranking; /* for report_value() and its relatives: its rows are the cells,
				 * and its .first and .last are the limits of the current row,
				 * for rates */
	size_t columns;         /* how many cells a row has */

	int64_t start, end; /* of the current row; if it would end after the year 9999, .end is
			     * .start + 1 */
	char time[WIDTH_TIME]; /* the start of the row as text */
	const struct row *cells;
	uint64_t count; /* of all cells of the row together */

	size_t next; /* the next cell of the table that is not empty */
	bool begun;
};

struct over_rows over_rows_begin(const struct report *, size_t which);

/* Go to the next row; at first, to the first one.  False if there is none. */
bool over_rows_next(struct over_rows *);

/* Return the heading of a column, with the character `between` between the values of its key: the
 * name of the statistic if the key is only a time, "rest" for the keys that have no column of their
 * own.  The heading is valid until the next call for the same report.  Headings can be equal: a key
 * can also be "rest", and the values of a key can contain the character. */
struct span over_rows_heading(const struct over_rows *, size_t column, char between);

/* Return the name of the statistic that a printed column shows; "count" if it is the count. */
const char *over_rows_statistic(const struct over_rows *, size_t column);

/* Return how many columns are printed: one for each column of the table, or if counted keys are
 * only times, one for each statistic.  0 if no key was counted. */
size_t over_rows_columns(const struct over_rows *);

/* Write the value of a printed column: a count, or a statistic, as report_value_text() does.
 * Returns `out`. */
const char *over_rows_text(const struct over_rows *, size_t column, char out[SUM_TEXT]);

/* Do the same as over_rows_text(), but as report_value_for_people() does. */
const char *over_rows_for_people(const struct over_rows *, size_t column, char out[HUMAN_TEXT]);

/* Return the value as a number; NAN if there is none. */
double over_rows_number(const struct over_rows *, size_t column);

#endif
