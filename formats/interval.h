/* interval.h -- the interval of time that a time belongs to: the WIDTH of time/WIDTH.
 *
 *	width		2006-10-04T06:34:56 belongs to
 *	15s		2006-10-04T06:34:45
 *	5m		2006-10-04T06:30
 *	6h		2006-10-04T06
 *	1d		2006-10-04
 *	1w		2006-10-02		weeks begin on Monday
 *	3M		2006-10			three months
 *
 * The name of an interval is its start in wf's notation (timestamp.h), cut after the unit of the
 * width.  So names can be sorted as text.  Intervals are of the time that clocks and calendars
 * show: when clocks are put back, the hour that occurs twice is one interval.
 *
 * If a width divides a day, the first interval of each day begins at midnight.  Intervals of other
 * widths are counted from Monday, 2000-01-03, and those of months from January 2000, as in DuckDB
 * and TimescaleDB.
 */
#ifndef FORMATS_INTERVAL_H
#define FORMATS_INTERVAL_H

#include "formats/timestamp.h"

enum interval_unit {
	INTERVAL_SECOND,
	INTERVAL_MINUTE,
	INTERVAL_HOUR,
	INTERVAL_DAY,
	INTERVAL_WEEK,
	INTERVAL_MONTH
};

/* A width: .n units.  .n is 0 if there is none. */
struct interval {
	uint32_t n;
	enum interval_unit unit;
};

/* Read a width: a number from 1 to 999999999 and one of s m h d w M.  False if the text is anything
 * else. */
bool interval_read(struct span text, struct interval *);

/* Write the name of the interval to which a time in wf's notation belongs, and return its length.
 * A leap second, :60, belongs to the interval of the second before it.  An interval that begins
 * before the year 0000 is named by the start of that year. */
size_t interval_of(
	const struct interval *, const char time[TIMESTAMP_SECOND], char out[TIMESTAMP_SECOND]);

/* Write the name of the interval after the one that is named `current`, and return its length.
 * `current` may be in the same buffer.  0 if `current` is not the name of an interval of this
 * width, or if the next interval is after the year 9999. */
size_t interval_next(const struct interval *, struct span current, char out[TIMESTAMP_SECOND]);

/* Compute the seconds from 1970-01-01T00:00:00 to the start of the interval with this name.  Time
 * zones are ignored.  False if the text is not the name of an interval of this width. */
bool interval_start(const struct interval *, struct span name, int64_t *seconds);

/* Return how many of the first bytes of a time in wf's notation determine its interval: those up to
 * the day, the hour, the minute or the second. */
size_t interval_determined_by(const struct interval *);

#endif
