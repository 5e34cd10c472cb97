#include "lib/childwait.h"

#include <stddef.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static void do_nothing(int signal_number)
{
	(void)signal_number;
}

void waiting_begin(struct waiting *w)
{
	static const int wanted[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action;

	/* Inherited as ignored, children would reap themselves; and of a signal without a
	 * handler POSIX does not say that it waits while it is blocked. */
	signal(SIGCHLD, do_nothing);
	sigemptyset(&w->signals);
	sigaddset(&w->signals, SIGCHLD);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (sigaction(wanted[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
			sigaddset(&w->signals, wanted[i]);
	sigprocmask(SIG_BLOCK, &w->signals, &w->before);
}

int waiting_next(const struct waiting *w)
{
	int signal_number;

	return sigwait(&w->signals, &signal_number) == 0 ? signal_number : 0;
}

int waiting_next_within(const struct waiting *w, unsigned milliseconds)
{
	struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
	int signal_number = sigtimedwait(&w->signals, NULL, &time);

	return signal_number > 0 ? signal_number : 0;
}

void waiting_end(const struct waiting *w)
{
	sigprocmask(SIG_SETMASK, &w->before, NULL);
}

bool waiting_child(const struct waiting *w, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	waiting_end(w);
	return getppid() == parent;
}
