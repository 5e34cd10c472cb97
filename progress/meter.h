/* meter.h -- tells how far a run is, while it lasts.
 *
 *	workers  --- a few stores to a tick of their own, for each chunk --->  shared memory
 *	parent   waits for its workers, and wakes up ten times a second to paint a line
 *
 * It tells others, too, who watch a file; see watch.h.
 *
 * The line stands on stderr only while the parent waits in meter_wait, so nothing else
 * that is written there can get into it.  Without a meter (NULL) the parent does not wake up, and
 * nothing is stored.
 */
#ifndef PROGRESS_METER_H
#define PROGRESS_METER_H

#include <stdatomic.h>
#include <stdint.h>

#include "lib/terminal.h"
#include "lib/childwait.h"

struct meter_spec {
	enum choice when;   /* CHOICE_AUTO: on a terminal, after a second */
	const char *beside; /* a file beside which it is told, see watch.h; NULL: none */
};

struct meter;

/* How far one worker is; see struct progress. */
struct progress_sample {
	uint64_t done, bytes, lines, spilled;
};

/* For that many workers, and inputs of so many bytes (0: not known).  NULL if nobody would see it,
 * or memory is out. */
struct meter *meter_open(const struct meter_spec *, unsigned workers, uint64_t total);

void meter_close(struct meter *);

/* --- For a worker.  A meter that is NULL is none: so it is for all that follow. */

void meter_sample(struct meter *, unsigned worker, const struct progress_sample *);

/* --- For the parent. */

/* The number of workers has changed. */
void meter_note_workers(struct meter *, unsigned workers);

/* Ranking begins, of so many steps (0: not known).  The ticks are 0 again. */
void meter_begin_ranking(struct meter *, unsigned workers, uint64_t steps);

/* Wait for a signal: its number, or 0. */
int meter_wait(struct meter *, const struct childwait *);

/* The parent will be busy, and tell nothing for up to an hour. */
void meter_fall_silent(struct meter *);

/* The run ends with that status, or by a signal: 128 + its number. */
void meter_end(struct meter *, int status);

#endif
