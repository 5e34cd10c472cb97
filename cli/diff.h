/* diff.h -- carries out --diff: counts an old and a new side, and prints what changed.
 *
 *	logs of a side --> as in any run --> counts --\
 *						       side_take --> rows of each key
 *	snapshots of a side --> counts ---------------/
 *
 *	rows of both sides --> changes_rank --> report
 *
 * Either both sides are logs, or both are snapshots.  The logs of both sides are opened before any
 * is counted, so that a wrong name is noticed early.
 *
 * wf, and wf-mpi with a single rank, call diff_run() instead of command_run() if --diff was given.
 */
#ifndef CLI_DIFF_H
#define CLI_DIFF_H

#include "cli/option_table.h"

/* Compare the sides.  `start` is when the process started, by clock_seconds().  Returns the exit
 * status: 0 if a line was counted, 1 if none was, 2 after an error, which has been printed. */
int diff_run(const struct options *, double start);

#endif
