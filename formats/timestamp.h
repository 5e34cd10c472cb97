/* timestamp.h -- times as logs write them.
 *
 *	17/Jun/2007:12:00:01 -0700	Apache's %t, nginx's $time_local
 *	2007-06-17T12:00:01-07:00	ISO 8601; a blank may stand for the T
 *	1182106801.123			seconds since 1970, UTC; or milliseconds, micro-
 *					or nanoseconds, depending on the number of digits
 *
 * All of them are converted to one notation, 2007-06-17T12:00:01, in the time zone of the log.
 * Times in this notation can be sorted as text, and their first bytes are the day, the hour or the
 * minute.
 */
#ifndef FORMATS_TIMESTAMP_H
#define FORMATS_TIMESTAMP_H

#include <stdint.h>

#include "lib/span.h"

enum { TIMESTAMP_DAY = 10, TIMESTAMP_HOUR = 13, TIMESTAMP_MINUTE = 16, TIMESTAMP_SECOND = 19 };

/* Find the end of a time of the first kind above that begins at `p`.  NULL if there is none, or if
 * its day, month, hour, minute or second is impossible. */
const char *timestamp_clf_end(const char *p, const char *end);

/* The same for ISO 8601; the time ends after the seconds. */
const char *timestamp_iso_end(const char *p, const char *end);

/* Convert a time of any kind above to wf's notation.  False if the text is not a time. */
bool timestamp_read(struct span, char out[TIMESTAMP_SECOND]);

/* True if the text is a time as timestamp_read() writes it, or the first part of such a time, up to
 * the year, month, day, hour or minute.  A blank may stand for the T.  The month must have that
 * day; in logs this is not checked. */
bool timestamp_is_part(struct span);

/* Compute the seconds from 1970-01-01T00:00:00 to a time as timestamp_read() writes it, or to the
 * start of a day, hour or minute.  Time zones are ignored.  False if the text is none of these. */
bool timestamp_seconds(struct span, int64_t *seconds);

/* The inverse of timestamp_seconds().  False if the year is not between 0000 and 9999. */
bool timestamp_write(int64_t seconds, char out[TIMESTAMP_SECOND]);

#endif
