/* childwait.h -- a parent that waits for its children takes its signals one by one: those of a
 * child's end, and those that are to end the parent.  There are no handlers that could run
 * at a bad moment.
 */
#ifndef LIB_CHILDWAIT_H
#define LIB_CHILDWAIT_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct waiting {
	sigset_t signals; /* SIGCHLD; SIGINT, SIGTERM and SIGHUP where they are not ignored */
	sigset_t before;  /* the mask at first */
};

/* Block the signals.  A child that is forked afterwards calls waiting_child. */
void waiting_begin(struct waiting *);

/* Wait for one of the signals: its number, 0 if there was none, nor will be for a while. */
int waiting_next(const struct waiting *);

/* The same for so many milliseconds at most. */
int waiting_next_within(const struct waiting *, unsigned milliseconds);

void waiting_end(const struct waiting *);

/* In a child: take signals as before, and be killed when the parent ends.  False if it has ended.
 */
bool waiting_child(const struct waiting *, pid_t parent);

#endif
