/* zone.h -- a time zone: how far its clocks are ahead of UTC at a given instant.
 *
 *	Europe/Berlin		a name of the IANA database, which the system has as files
 *	+05:45  -03  +0530	an offset
 *	utc
 *	local			the zone of the machine: $TZ, or /etc/localtime
 *
 * The C library reads the database.  It uses the zone that the environment variable TZ names, so a
 * process can have only one zone of the database.  zone_open() sets TZ for each kind of zone, so
 * that localtime_r() and mktime() use the zone, too.  Later calls open no files.
 */
#ifndef LIB_ZONE_H
#define LIB_ZONE_H

#include <stdint.h>

#include "lib/complaint.h"

struct zone;

/* Open a zone, and set TZ to it.  The caller frees the zone with zone_free().  NULL, with a
 * complaint, if there is no such zone, or if out of memory. */
struct zone *zone_open(const char *name, struct complaint *);
void zone_free(struct zone *);

/* Return a name that means the same zone on other machines: "UTC" for "utc", "+05:30" for "+0530".
 * For "local", return the name of the machine's zone or, if it has no name, its rule for putting
 * clocks forward and back, in the notation of TZ. */
const char *zone_name(const struct zone *);

/* Return the seconds by which the zone's clocks are ahead of UTC at an instant, which is given in
 * seconds since 1970, UTC. */
int zone_offset(struct zone *, int64_t instant);

/* Return the instant at which the zone's clocks show a time.  `shown` is the number of seconds from
 * 1970-01-01T00:00:00 to that time on the same clock.  When clocks are put back, they show some
 * times twice: for these, return the first instant.  When clocks are put forward, they skip some
 * times: for these, return the instant at which they would show the time if they had not been put
 * forward. */
int64_t zone_instant(struct zone *, int64_t shown);

#endif
