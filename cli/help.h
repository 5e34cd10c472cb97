/* help.h -- prints the texts of --help, --version and --completion.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/option_table.h"

/* If --help, --version or --completion was given, print its text to stdout, without flushing it.
 * False if none of the three was given. */
bool help_print(const struct options *);

#endif
