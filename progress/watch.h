/* watch.h -- a run tells how far it is in a file, and another wf follows it, on any machine that
 * sees the file.
 *
 *	run	watch_write, each second from the first on: FILE.progress is replaced at once, so
 *		that it is whole at any time; it stays there, and tells how the run ended
 *	other	watch_follow reads it again and again, until it says that the run has ended
 *
 * A run may die without a word.  On the same machine its process is gone then, or another has
 * its number.  Elsewhere there is no news for longer than the last ones promised.
 */
#ifndef PROGRESS_WATCH_H
#define PROGRESS_WATCH_H

#include "progress/status.h"

struct progress_report {
	struct progress progress;
	uint64_t seconds; /* since the run began */
	uint64_t again;   /* there are others within so many seconds */
	bool ended;       /* or it is over */
	uint64_t status;  /* then: its exit status; 128 + N for a signal */
};

/* The file that tells of the run that writes FILE; yours to free.  NULL where memory is out. */
char *watch_name(const char *file);

/* Remove it, if a run has written it.  False (EEXIST, EISDIR...) if there is something else of that
 * name. */
bool watch_forget(const char *name);

/* Replace what the file of that name says.  False on error (errno). */
bool watch_write(const char *name, const struct progress_report *);

/* Follow the run that writes FILE, on the terminal of stderr.  How it ended goes to stderr; returns
 * its status, or STATUS_ERROR if that is not known. */
int watch_follow(const char *file);

#endif
