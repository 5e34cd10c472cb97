/* exitstatus.h -- the exit statuses of wf and of its processes, which are like those of grep. */
#ifndef LIB_EXITSTATUS_H
#define LIB_EXITSTATUS_H

/* The exit status after any error.  Without an error it is 0 if something was counted, else 1. */
#define STATUS_ERROR 2

#endif
