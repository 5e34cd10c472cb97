/* timestamp.h -- times as logs write them.
 *
 *	17/Jun/2007:12:00:01 -0700	Apache's %t, nginx's $time_local
 *	2007-06-17T12:00:01-07:00	ISO 8601, the T may be a blank
 *	1182106801.123			seconds since 1970, UTC; or milliseconds, micro-
 *					or nanoseconds, told by the number of digits
 *
 * All are brought to one notation, 2007-06-17T12:00:01, in the log's own zone: so they
 * sort, and day, hour and minute are what it begins with.
 */
#ifndef FORMATS_TIMESTAMP_H
#define FORMATS_TIMESTAMP_H

#include <stdint.h>

#include "lib/span.h"

enum { TIMESTAMP_DAY = 10, TIMESTAMP_HOUR = 13, TIMESTAMP_MINUTE = 16, TIMESTAMP_SECOND = 19 };

/* The end of the CLF time that begins at p; NULL if there is none.  Day, month, hour,
 * minute and second are within their bounds. */
const char *timestamp_clf_end(const char *p, const char *end);

/* The same for ISO 8601, up to the seconds. */
const char *timestamp_iso_end(const char *p, const char *end);

/* Write a time of any notation above to out.  False if it is none. */
bool timestamp_read(struct span, char out[TIMESTAMP_SECOND]);

/* Is it a time as timestamp_read writes it, or what one begins with: year, month, day, hour, minute
 * or second?  A blank will do for the T.  Other than in what logs say, the day must be one that
 * its month has. */
bool timestamp_is_part(struct span);

/* The seconds from 1970-01-01T00:00:00 to a time as timestamp_read writes it, or to a day, hour or
 * minute that one begins with; zones are of no account.  False if it is none. */
bool timestamp_seconds(struct span, int64_t *seconds);

/* The other way round.  False unless the year is one from 0000 to 9999. */
bool timestamp_write(int64_t seconds, char out[TIMESTAMP_SECOND]);

#endif
