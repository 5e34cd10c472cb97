/* childwait.h -- a parent that waits for its children takes its signals one by one: those of a
 * child's end, and those that are to end the parent.  There are no handlers that could run
 * at a bad moment.
 */
#ifndef LIB_CHILDWAIT_H
#define LIB_CHILDWAIT_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct childwait {
	sigset_t signals; /* SIGCHLD; SIGINT, SIGTERM and SIGHUP where they are not ignored */
	sigset_t before;  /* the mask at first */
};

/* Block the signals.  A child that is forked afterwards calls childwait_child. */
void childwait_begin(struct childwait *);

/* Wait for one of the signals: its number, 0 if there was none, nor will be for a while. */
int childwait_next(const struct childwait *);

/* The same for so many milliseconds at most. */
int childwait_next_within(const struct childwait *, unsigned milliseconds);

void childwait_end(const struct childwait *);

/* In a child: take signals as before, and be killed when the parent ends.  False if it has ended.
 */
bool childwait_child(const struct childwait *, pid_t parent);

#endif
