/* local_time.h -- converts the times of logs to one zone, and adds the years that logs leave out.
 *
 *	zone		text					result
 *	none		2007-06-17T12:00:01+02:00		2007-06-17T12:00:01
 *	Asia/Kolkata	2007-06-17T12:00:01+02:00		2007-06-17T15:30:01
 *	Asia/Kolkata	2007-06-17T12:00:01			2007-06-17T12:00:01
 *	any		Jun 17 12:00:01				2007-06-17T12:00:01
 *
 * The first column is the zone to which times are converted.  If there is none, a time stays as the
 * text shows it, and times with different offsets cannot be compared.  A time without a year gets
 * the latest year in which it is not after the end of its log.
 */
#ifndef FORMATS_LOCAL_TIME_H
#define FORMATS_LOCAL_TIME_H

#include "formats/timestamp.h"
#include "lib/zone.h"

/* How to read times.  Each process has its own.  The caller sets .zone, .assumed, .end and
 * .are_utc, and all other members to 0. */
struct local_time {
	struct zone *zone;    /* the zone to which times are converted; NULL to leave them */
	struct zone *assumed; /* for local_time_instant(): the zone of times that have none; NULL
			       * for UTC */
	int64_t end;          /* when the log was last written, in seconds since 1970.  A time
			       * without a year may be up to a day later, because its zone is
			       * not known */
	bool are_utc;         /* times that have no zone are in UTC */
	bool met_no_zone;     /* becomes true when a time without a zone is taken to be in .zone or
			       * .assumed */
	bool met_other_zone;  /* becomes true when local_time_instant() reads a time whose offset
			       * is not that of .assumed at this instant */

	/* For local_time.c only: the last minute that was converted, its result, and the offset in
	 * the text. */
	char from[TIMESTAMP_MINUTE], to[TIMESTAMP_MINUTE];
	int offset;
	bool is_known;
};

/* Convert a time in any notation of timestamp.h to .zone, and write it in wf's notation.  A leap
 * second stays :60.  False if the text is not a time, or if the result is not in the years 0 to
 * 9999. */
bool local_time_read(struct local_time *, struct span text, char out[TIMESTAMP_SECOND]);

/* Read the instant of a time in any notation, in seconds since 1970, UTC.  False if the text is not
 * a time. */
bool local_time_instant(struct local_time *, struct span text, int64_t *instant);

#endif
