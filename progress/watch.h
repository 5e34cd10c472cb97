/* watch.h -- the progress file: a run reports its progress in it, and wf --watch follows the run,
 *on any machine that sees the file.
 *
 *	run	watch_write(), each second, from the first second on.  OUTPUT.progress is replaced
 *		atomically.  It is not removed in the end, but says how the run ended.
 *	--watch	watch_follow() reads the file until it says that the run has ended.
 *
 * A run may die without reporting it.  On the same machine that shows: no process has its number,
 * or one that was started later.  On other machines the reports stop: each promises the next one
 * within a number of seconds.
 */
#ifndef PROGRESS_WATCH_H
#define PROGRESS_WATCH_H

#include "lib/complaint.h"
#include "progress/status.h"

struct progress_report {
	struct progress progress;
	uint64_t seconds; /* since the run began */
	uint64_t again;   /* the next report comes within so many seconds */
	bool ended;       /* or the run has ended */
	uint64_t status;  /* if so, its exit status; 128 + N if signal N ended it */
};

/* The name of the progress file of a run that writes a file: yours to free.  NULL if out of
 * memory. */
char *watch_path(const char *output);

/* Remove a progress file, if it exists.  False on error (errno): EEXIST or EISDIR if something else
 * has that name. */
bool watch_remove(const char *path);

/* Replace a progress file.  False on error (errno). */
bool watch_write(const char *path, const struct progress_report *);

/* Follow the run that writes a file, on the terminal of stderr.  How it ended, and errors, go to
 * the warner.  Returns the run's exit status; STATUS_ERROR if it is not known. */
int watch_follow(const char *output, const struct warner *);

#endif
