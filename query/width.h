/* width.h -- the WIDTH of -t: how much time each row of a table over time covers.
 *
 *	"5m" --> width_read --> .field, which is counted
 *	a value of that field --> width_start --> start of a row --> width_print
 *
 * The rows are intervals (formats/interval.h).  A row covers the time from its start to the start
 * of the next row.  A start is a number of seconds from 1970-01-01T00:00:00 on the same clock: time
 * zones are ignored.
 *
 * -t auto counts short intervals.  When the first and the last of them are known, it chooses the
 * width of the rows, and joins the intervals to rows.
 */
#ifndef QUERY_WIDTH_H
#define QUERY_WIDTH_H

#include "formats/interval.h"
#include "lib/arg.h"
#include "lib/complaint.h"

struct width {
	bool is_auto; /* -t auto; then .interval is that of counted keys, and rows can be wider */
	struct interval interval;
	char field[24]; /* the field whose values are counted intervals: "time/5m" */
};

enum { WIDTH_TIME = TIMESTAMP_SECOND + 1 }; /* bytes of a start as text, with its NUL */

/* Read a width.  False, with a complaint, if the text is not a width. */
bool width_read(struct arg text, struct width *, struct complaint *);

/* Return the width of the rows into which -t auto divides a period.  `first` and `last` are the
 * starts of the first and the last row that was counted, and the period includes both rows. */
struct width width_for(int64_t first, int64_t last);

/* Find the start of the row to which a counted interval belongs.  `value` is its name: a value of
 * .field, or of a field whose intervals are shorter.  False if it is not a time. */
bool width_start(const struct width *, struct span value, int64_t *start);

/* Find the start of the next row.  False if it is after the year 9999. */
bool width_next(const struct width *, int64_t start, int64_t *next);

/* Return how many rows there are from one start to another, including both.  If there are more than
 * `most`, return any number greater than `most`. */
uint64_t width_rows(const struct width *, int64_t first, int64_t last, uint64_t most);

/* Write a start as text.  Returns `out`. */
const char *width_print(const struct width *, int64_t start, char out[WIDTH_TIME]);

#endif
