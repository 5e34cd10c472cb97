/* moment.h -- reads the moments that --since and --until name.
 *
 *	2026-11-20			a day, which begins at 00:00
 *	2026-11-20T14:05		a time of a day; a blank may stand for the T
 *	2026-11-20 14:05:30
 *	2026-11-20T14:05+01:00		with a zone
 *	2026-11-20T13:05Z
 *	14:05	14:05:30		a time of today
 *	now  today  yesterday		days begin at 00:00
 *	90s  90m  2h  3d  1w  1h30m	before now; also now-2h
 *	end  end-1h			before the newest time in the inputs
 *
 * Any notation of timestamp.h is a moment, too, so that times can be copied from logs.
 */
#ifndef QUERY_MOMENT_H
#define QUERY_MOMENT_H

#include "formats/timestamp.h"
#include "lib/arg.h"
#include "lib/complaint.h"
#include "lib/zone.h"

struct moment {
	bool from_end;   /* true for "end": the moment is .seconds before the newest time in the
			  * inputs, which is not known yet */
	int64_t seconds; /* if .from_end is false, since 1970-01-01T00:00:00 UTC */
	bool is_local;   /* true if the moment depends on the zone in which the text is read */
};

/* Room for any text that moment_write() writes, with its NUL. */
enum { MOMENT_TEXT = 32 };

/* Read a moment.  `now` is the current time, in seconds since 1970.  A text without a zone is
 * read in `zone`, or as UTC if that is NULL.  False, with a complaint that lists the forms, if
 * the text is not a moment, or if it has a fraction of a second other than zeros. */
bool moment_read(struct arg, int64_t now, struct zone *zone, struct moment *, struct complaint *);

/* Read a duration, such as 90s or 1h30m.  False if the text is anything else. */
bool moment_duration(struct span text, int64_t *seconds);

/* Write a moment so that moment_read() reads the same moment at any time, and in any zone:
 * 2026-11-20T13:05:00Z, or end-3600s.  Returns `out`. */
const char *moment_write(struct moment, char out[MOMENT_TEXT]);

#endif
