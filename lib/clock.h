/* clock.h -- measures how long something takes. */
#ifndef LIB_CLOCK_H
#define LIB_CLOCK_H

#include <time.h>

/* Return the seconds since a moment that is the same for all processes of this machine. */
static inline double clock_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Return the seconds for which processors have worked for this process.  The time in which other
 * processes have used the processors is not counted. */
static inline double clock_cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
