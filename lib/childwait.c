#include "lib/childwait.h"

#include <stddef.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static void do_nothing(int signal_number)
{
	(void)signal_number;
}

void childwait_begin(struct childwait *w)
{
	static const int wanted[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action;

	/* SIGCHLD needs a handler.  If SIGCHLD is ignored, as it may be when a process starts, the
	 * system reaps children itself.  And POSIX does not promise that a blocked signal stays
	 * pending if it has no handler. */
	signal(SIGCHLD, do_nothing);
	sigemptyset(&w->signals);
	sigaddset(&w->signals, SIGCHLD);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (sigaction(wanted[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
			sigaddset(&w->signals, wanted[i]);
	sigprocmask(SIG_BLOCK, &w->signals, &w->before);
}

int childwait_next(const struct childwait *w)
{
	int signal_number;

	return sigwait(&w->signals, &signal_number) == 0 ? signal_number : 0;
}

int childwait_next_within(const struct childwait *w, unsigned milliseconds)
{
	struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
	int signal_number = sigtimedwait(&w->signals, NULL, &time);

	return signal_number > 0 ? signal_number : 0;
}

void childwait_end(const struct childwait *w)
{
	sigprocmask(SIG_SETMASK, &w->before, NULL);
}

bool childwait_child(const struct childwait *w, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	childwait_end(w);
	return getppid() == parent;
}
