/* progress_file.h -- the progress file: a run reports its progress in it, and wf --watch follows the
 * run, on any machine that can read the file.
 *
 *	run	progress_file_write() each second, after the first second.  OUTPUT.progress is replaced
 *		atomically.  It is not removed at the end, but says how the run ended.
 *	--watch	progress_file_follow() reads the file until it says that the run has ended.
 *
 * A run may die without reporting it.  On the same machine this can be found out: there is no
 * process with its PID, or that process began later than the run.  On other machines the reports
 * stop: each report promises the next one within a number of seconds.
 */
#ifndef PROGRESS_PROGRESS_FILE_H
#define PROGRESS_PROGRESS_FILE_H

#include "lib/complaint.h"
#include "progress/status.h"

struct progress_report {
	struct progress progress;
	uint64_t seconds; /* since the run began */
	uint64_t again;   /* the next report comes within this many seconds, */
	bool ended;       /* unless the run has ended */
	uint64_t status;  /* if ended: its exit status, or 128 + N if signal N ended it */
};

/* The name of the progress file of a run that writes the file `output`.  The caller frees it.  NULL
 * if out of memory. */
char *progress_file_name(const char *output);

/* Remove a progress file, if it exists.  False on error (errno): EEXIST or EISDIR if the name
 * belongs to something else. */
bool progress_file_remove(const char *path);

/* Replace a progress file.  False on error (errno). */
bool progress_file_write(const char *path, const struct progress_report *);

/* Follow the run that writes the file `output`, and show its progress on the terminal of stderr.
 * Errors, and how the run ended, go to the warner.  Returns the run's exit status; STATUS_ERROR if
 * it is not known. */
int progress_file_follow(const char *output, const struct warner *);

#endif
