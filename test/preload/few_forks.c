/* few_forks.c -- fork() works FORKS times (default 0), then there are too many processes. */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

pid_t fork(void)
{
	static pid_t (*real)(void);
	static int done;
	const char *forks = getenv("FORKS");

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "fork");
	if (done++ >= (forks ? atoi(forks) : 0)) {
		errno = EAGAIN;
		return -1;
	}
	return real();
}
