/* local_time.h -- converts the times of logs to one zone, and adds the years that logs leave out.
 *
 *	zone		text					result
 *	none		2007-06-17T12:00:01+02:00		2007-06-17T12:00:01
 *	Asia/Kolkata	2007-06-17T12:00:01+02:00		2007-06-17T15:30:01
 *	Asia/Kolkata	2007-06-17T12:00:01			2007-06-17T12:00:01
 *	any		Jun 17 12:00:01				2007-06-17T12:00:01
 *
 * Without a zone, a time stays as the clock in the text shows it, and times with different offsets
 * are not comparable.  A time without a year gets the year in which it is nearest before the end of
 * its log.
 */
#ifndef FORMATS_LOCAL_TIME_H
#define FORMATS_LOCAL_TIME_H

#include "formats/timestamp.h"
#include "lib/zone.h"

/* How to read times.  Each process has its own.  Set the members before the comment, and the others
 * to 0. */
struct local_time {
	struct zone *zone;    /* the zone to which times are converted; NULL to leave them */
	struct zone *assumed; /* the zone of times that have none, for local_time_instant(); NULL
			       * for UTC */
	int64_t end;          /* when the log was last written, in seconds since 1970; a time
			       * without a year is at most a day later, because its zone is not
			       * known */
	bool are_utc;         /* times that have no zone are in UTC */
	bool met_no_zone;     /* becomes true when a time without a zone should be converted to
			       * .zone or to an instant, and is taken for a time in .zone or
			       * .assumed */
	bool met_other_zone;  /* becomes true when a time is converted to an instant whose zone
			       * shows another time than .assumed */

	/* For local_time.c only: the last minute that was converted, and its offset before. */
	char from[TIMESTAMP_MINUTE], to[TIMESTAMP_MINUTE];
	int offset;
	bool is_known;
};

/* Convert a time in any notation of timestamp.h to wf's notation.  The seconds stay as they are if
 * the text has a leap second, :60.  False if the text is not a time, or if the result is not in the
 * years 0 to 9999. */
bool local_time_read(struct local_time *, struct span text, char out[TIMESTAMP_SECOND]);

/* Read the instant of a time in any notation, in seconds since 1970, UTC.  False if the text is not
 * a time. */
bool local_time_instant(struct local_time *, struct span text, int64_t *instant);

#endif
