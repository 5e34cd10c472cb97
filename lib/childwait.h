/* childwait.h -- waits until a child process ends, or until this process gets a signal that should
 * end it.
 *
 * The parent blocks SIGCHLD and the other signals, and takes them one at a time, so no signal
 * handler runs at a bad moment.
 *
 * Order of calls: childwait_begin(); fork(), where each child calls childwait_child();
 * childwait_next(), repeatedly; childwait_end().
 */
#ifndef LIB_CHILDWAIT_H
#define LIB_CHILDWAIT_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct childwait {
	sigset_t signals; /* SIGCHLD; also SIGINT, SIGTERM and SIGHUP, unless they are ignored */
	sigset_t before;  /* the signal mask to restore */
};

/* Block the signals, and save the signal mask. */
void childwait_begin(struct childwait *);

/* Wait for one of the signals.  Returns its number, or 0 if waiting has failed. */
int childwait_next(const struct childwait *);

/* Like childwait_next(), but wait for a limited time.  Returns 0 also if no signal has come. */
int childwait_next_within(const struct childwait *, unsigned milliseconds);

/* Restore the signal mask. */
void childwait_end(const struct childwait *);

/* In a child: restore the signal mask, and let the kernel kill this process when the parent ends.
 * False if the parent has already ended. */
bool childwait_child(const struct childwait *, pid_t parent);

#endif
