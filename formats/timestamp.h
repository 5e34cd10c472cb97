/* timestamp.h -- reads times as logs write them.
 *
 *	17/Jun/2007:12:00:01 -0700	Apache's %t, nginx's $time_local
 *	17/Jun/2007:12:00:01.123	HAProxy
 *	17/Jun/2007 12:00:01		Python's http.server
 *	2007-06-17T12:00:01-07:00	ISO 8601; a blank may stand for the T
 *	20070617T120001Z		the basic form of ISO 8601
 *	2007/06/17 12:00:01		nginx's error log, Go; also "2007/06/17 - 12:00:01"
 *	Sun Jun 17 12:00:01.123 2007	Apache's error log, ctime()
 *	Sun, 17 Jun 2007 12:00:01 GMT	RFC 9110
 *	Jun 17 12:00:01			syslog (RFC 3164), which has no year: it is 0000
 *	1182106801.123			seconds since 1970, UTC; or milliseconds, micro-
 *					or nanoseconds, depending on the number of digits
 *
 * A fraction, which begins with a dot or a comma, and a zone (Z, UTC, GMT, +0200, +02:00) may
 * follow the seconds.  All of them are converted to one notation, 2007-06-17T12:00:01, in the time
 * zone of the log.  Times in this notation can be sorted as text.  The first TIMESTAMP_DAY bytes
 * are the day, the first TIMESTAMP_HOUR bytes the hour of that day, and so on.
 */
#ifndef FORMATS_TIMESTAMP_H
#define FORMATS_TIMESTAMP_H

#include <stdint.h>

#include "lib/span.h"

/* The number of bytes of a time in Apache's notation. */
enum { TIMESTAMP_CLF = 26 };

/* The numbers of bytes of a time in wf's notation, up to the day, the hour, and so on. */
enum { TIMESTAMP_DAY = 10, TIMESTAMP_HOUR = 13, TIMESTAMP_MINUTE = 16, TIMESTAMP_SECOND = 19 };

/* Find the end of a time like 17/Jun/2007:12:00:01 -0700 that begins at `p`.  NULL if there is none
 * before `end`, or if its day, month, hour, minute or second is impossible. */
const char *timestamp_clf_end(const char *p, const char *end);

/* Do the same for a time like 2007-06-17T12:00:01, and return the end of its seconds.  A fraction
 * or a time zone after them is not examined. */
const char *timestamp_iso_end(const char *p, const char *end);

/* Find the end of a time in any of the notations above that begins at `p`, and convert the time to
 * wf's notation.  A number must not be followed by another digit.  `out` is not terminated by a
 * NUL.  NULL if no time begins at `p`. */
const char *timestamp_any_end(const char *p, const char *end, char out[TIMESTAMP_SECOND]);

/* Find the end of the time at the start of `text` that strftime() wrote by `format`, as far as wf
 * knows the conversions, and convert the time to wf's notation.  Parts that the format lacks are
 * those of 0000-01-01T00:00:00.  NULL if the text does not fit. */
const char *timestamp_strftime_end(
	struct span format, struct span text, char out[TIMESTAMP_SECOND]);

/* Write the zone of a time in a format of strftime() to `out`, as "+05:30".  Returns its length,
 * TIMESTAMP_ZONE, or 0 if the text has no zone that wf knows. */
enum { TIMESTAMP_ZONE = 6 };
size_t timestamp_strftime_zone(struct span format, struct span text, char out[TIMESTAMP_ZONE]);

/* Say whether strftime() writes a date, and a time of day, by the format. */
void timestamp_strftime_parts(struct span format, bool *date, bool *clock);

/* Convert a time in any of the notations above to wf's notation.  The day must exist in its month.
 * After an extended ISO 8601 time, several zones may follow, as in "+0200 CEST" or "Z[UTC]", and
 * Go's "m=+0.01".  `out` is not terminated by a NUL.  False if the text is not a time. */
bool timestamp_read(struct span, char out[TIMESTAMP_SECOND]);

/* The instant of a time that was read from a text, and what the text says about its zone. */
struct instant {
	int64_t seconds; /* since 1970-01-01T00:00:00 UTC; a text without a zone is read as UTC.
			  * A leap second, 23:59:60, is the same as the second after it */
	int offset;    /* the seconds by which clocks in the zone are ahead of UTC, negative west of
			* Greenwich; 0 if the text has no zone.  .seconds + .offset is what the
			* clock showed */
	bool has_zone; /* the text has a zone that wf knows, or is a number of seconds since 1970.
			* Of abbreviations, wf knows UTC, GMT, those of RFC 5322 but CST, and a few
			* more; others, such as IST, have several meanings */
	bool has_year; /* false if the text has no year, as in syslog, or a time like
			* 0000-06-17T12:00:01, into which timestamp_strftime_end() converts one
			* without a year */
	bool is_leap;  /* the seconds are :60 */
};

/* Which parts the text of a time has, as in struct instant. */
struct timestamp_parts {
	bool has_zone, has_year;
	int offset;
};

/* Do the same as timestamp_read(), and find out which parts the text has.  If it has no year, `out`
 * has the year 0000. */
bool timestamp_read_parts(
	struct span, char out[TIMESTAMP_SECOND], struct timestamp_parts *);

/* Read a time in any of the notations above, under the same conditions as timestamp_read().  False
 * if the text is not a time. */
bool timestamp_instant(struct span, struct instant *);

/* True if the text is a time in wf's notation, or the first part of one that ends with the year,
 * month, day, hour or minute.  A blank may stand for the T.  The day must exist in its month. */
bool timestamp_is_part(struct span);

/* Compute the seconds from 1970-01-01T00:00:00 to a time in wf's notation.  If the text stops after
 * the day, the hour or the minute, compute the seconds to the start of that day, hour or minute.
 * Time zones are ignored.  False if the text is not such a time. */
bool timestamp_seconds(struct span, int64_t *seconds);

/* Convert seconds since 1970 to wf's notation: the inverse of timestamp_seconds().  `out` is not
 * terminated by a NUL.  False if the year is not between 0000 and 9999. */
bool timestamp_write(int64_t seconds, char out[TIMESTAMP_SECOND]);

#endif
