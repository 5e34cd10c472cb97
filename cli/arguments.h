/* arguments.h -- read the command line, and the reports file that it names, into options.
 */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include "cli/options.h"

/* Read the arguments, and check that they go together.  False and a complaint on a mistake.  In any
 * case the options are yours to free. */
bool arguments_parse(int argc, char **argv, struct options *, struct complaint *);

/* Decide how the query of snapshots is printed: as they say, unless -n or --order was given.  False
 * and a complaint if --order was, and there are several rankings; or where memory is out. */
bool arguments_settle_merge(const struct options *, struct query_spec *, struct complaint *);

#endif
