/* help.h -- what --help, --version and --completion print.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/options.h"

/* If one of them was given, print it to stdout.  False if none was.  Does not flush. */
bool help_print(const struct options *);

#endif
