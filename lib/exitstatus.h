/* exitstatus.h -- the exit status of wf, and of its processes, after an error. */
#ifndef LIB_EXITSTATUS_H
#define LIB_EXITSTATUS_H

/* As with grep, the exit status is 2 after any error.  Otherwise it is 0 if something was counted,
 * and 1 if nothing was. */
#define STATUS_ERROR 2

#endif
