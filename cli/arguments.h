/* arguments.h -- reads the command line, and the reports file that it names, into options.
 */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include "cli/option_table.h"

/* Read the arguments, and check that they can be used together.  `now` is the time of the run, in
 * seconds since 1970.  False and a complaint on a mistake.  The caller frees the options, even after a mistake. */
bool arguments_parse(int argc, char **argv, int64_t now, struct options *, struct complaint *);

/* Decide how merged snapshots are printed.  The number of rows and the order are those in the
 * snapshots, unless -n or --order was given.  If the snapshots were made with a preset, its layout
 * is used.  False and a complaint if --order was given although there are several rankings, or if
 * out of memory. */
bool arguments_settle_merge(const struct options *, struct query_spec *, struct complaint *);

/* For --diff: check that no option says what to count.  False and a complaint if one does. */
bool arguments_check_snapshots(const struct options *, struct complaint *);

#endif
