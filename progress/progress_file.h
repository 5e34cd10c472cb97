/* progress_file.h -- a file in which a run reports its progress.  wf --watch follows the run, on
 * any machine that can read the file.
 *
 *	run	A run that writes the file OUTPUT calls progress_file_write() about once a second,
 *		after the first second.  Each call replaces OUTPUT.progress atomically.  At the end,
 *		the file is not removed, but says how the run ended.
 *	--watch	progress_file_follow() reads the file until the file says that the run has ended.
 *
 * A run may die without reporting its end.  On the same machine, --watch finds out that the run is
 * dead: no process has the run's PID, or the process with that PID began later than the run.  On
 * another machine, --watch only notices that no more reports come: each report promises the next
 * one within a number of seconds.
 */
#ifndef PROGRESS_PROGRESS_FILE_H
#define PROGRESS_PROGRESS_FILE_H

#include "lib/complaint.h"
#include "progress/progress_line.h"

struct progress_report {
	struct progress progress;
	uint64_t seconds; /* how long the run has taken so far */
	uint64_t again;   /* if the run has not ended: the next report comes within this many
			   * seconds */
	bool ended;       /* the run has ended, and this is its last report */
	uint64_t status;  /* if it has ended: its exit status, or 128 + N if signal N ended it */
};

/* Make the name of the progress file of a run that writes the file `output`.  The caller frees it.
 * NULL if out of memory. */
char *progress_file_name(const char *output);

/* Remove a progress file if it exists.  False on error (errno): EEXIST or EISDIR if the path
 * belongs to something other than a progress file, which is not removed. */
bool progress_file_remove(const char *path);

/* Write a progress file, which replaces an earlier one atomically.  False on error (errno). */
bool progress_file_write(const char *path, const struct progress_report *);

/* Follow the run that writes the file `output`, and show its progress on the terminal of stderr.
 * Hands errors, and a message that says how the run ended, to the warner.  Returns the run's exit
 * status; STATUS_ERROR if the run's status is not known. */
int progress_file_follow(const char *output, const struct warner *);

#endif
