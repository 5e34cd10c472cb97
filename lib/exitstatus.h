/* exitstatus.h -- the exit statuses of wf and of its processes, as those of grep.
 */
#ifndef LIB_EXITSTATUS_H
#define LIB_EXITSTATUS_H

/* Every error.  Else 0 if something was counted, and 1 if nothing was. */
#define STATUS_ERROR 2

#endif
