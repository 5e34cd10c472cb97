/* zone.h -- a time zone: how far its clocks are ahead of UTC at a given instant.
 *
 *	Europe/Berlin		a name of the IANA database, which the system has as files
 *	+05:45  -03  +0530	an offset
 *	utc
 *	local			the zone of the machine: $TZ, or /etc/localtime
 *
 * The C library reads the database, as the environment variable TZ tells.  So a process can have
 * only one zone of the database.  zone_open() sets TZ for each kind of zone, and then localtime_r()
 * and mktime() use the zone, too.  It reads all that is needed: later calls open no files.
 */
#ifndef LIB_ZONE_H
#define LIB_ZONE_H

#include <stdint.h>

#include "lib/complaint.h"

struct zone;

/* Open a zone, and set TZ accordingly.  The caller frees it with zone_free().  NULL, with a
 * complaint, if there is no such zone, or if out of memory. */
struct zone *zone_open(const char *name, struct complaint *);
void zone_free(struct zone *);

/* Return the name by which other machines know the zone, too: "utc" is "UTC", "+0530" is "+05:30",
 * and "local" is the name of the machine's zone or, if that has none, the rule by which it puts its
 * clocks forward and back, as TZ has it. */
const char *zone_name(const struct zone *);

/* Return the seconds by which the zone's clocks are ahead of UTC at an instant, which is given in
 * seconds since 1970, UTC. */
int zone_offset(struct zone *, int64_t instant);

/* Return the instant at which the zone's clocks show a time, which is given in seconds from
 * 1970-01-01T00:00:00.  When clocks are put back, they show some times twice: this is the first
 * instant.  When they are put forward, they do not show some times: for these, this is the instant
 * at which clocks would show it that had not been put forward. */
int64_t zone_instant(struct zone *, int64_t shown);

#endif
