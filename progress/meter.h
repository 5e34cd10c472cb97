/* meter.h -- measures the progress of a run, shows it on stderr, and reports it in a file.
 *
 *	workers	Each stores a few numbers after each chunk, in a sample of its own in shared
 *		memory.
 *	parent	While it waits for the workers, it adds up the samples and rewrites the progress
 *		line on the terminal ten times a second.  Each second it replaces the progress
 *		file (progress_file.h).
 *
 * The progress line is on the terminal only while the parent is in meter_wait(), so it is never
 * mixed with other output.  Without a meter (NULL), workers store nothing, and the parent sleeps
 * until a worker ends.
 */
#ifndef PROGRESS_METER_H
#define PROGRESS_METER_H

#include <stdatomic.h>
#include <stdint.h>

#include "lib/childwait.h"
#include "lib/complaint.h"
#include "lib/terminal.h"

struct meter_spec {
	enum choice when;   /* when to show progress; CHOICE_AUTO: on a terminal, after a second */
	const char *output; /* the file that the run writes, or NULL; see progress_file_name() */
};

struct meter;

/* The progress of one worker.  The members mean the same as those of struct progress. */
struct progress_sample {
	uint64_t done, bytes, lines, spilled;
};

/* Make a meter.  `total` is the size of the inputs in bytes, 0 if that is not known.  The warner
 * must print warnings immediately.  NULL if progress is neither shown nor reported, or if out of
 * memory. */
struct meter *meter_open(
	const struct meter_spec *, unsigned workers, uint64_t total, const struct warner *warner);

void meter_close(struct meter *);

/* If the meter is NULL, the following functions do nothing, but meter_wait() still waits. */

/* --- For a worker */

/* Store the worker's progress. */
void meter_sample(struct meter *, unsigned worker, const struct progress_sample *);

/* --- For the parent */

/* Tell the meter that the number of workers has changed. */
void meter_note_workers(struct meter *, unsigned workers);

/* Tell the meter that counting is over and ranking begins.  Ranking takes `steps` steps, 0 if the
 * number is not known.  All samples become 0. */
void meter_begin_ranking(struct meter *, unsigned workers, uint64_t steps);

/* Wait for a signal, and meanwhile show and report progress.  Returns the signal's number, or 0 if
 * waiting has failed. */
int meter_wait(struct meter *, const struct childwait *);

/* Tell the meter that the parent will be busy, and will report no progress for up to an hour. */
void meter_fall_silent(struct meter *);

/* Report in the file that the run ends.  `status` is the exit status of the run, or 128 + the
 * number of the signal that ends the run. */
void meter_end(struct meter *, int status);

#endif
