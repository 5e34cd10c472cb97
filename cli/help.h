/* help.h -- prints the texts of --help, --version and --completion.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/option_table.h"

/* True if --help, --version or --completion was given. */
bool help_is_wanted(const struct options *);

/* Print the text that these options ask for. */
void help_print(FILE *, const struct options *);

#endif
