/* terminal.h -- the terminal that a descriptor leads to.
 */
#ifndef LIB_TERMINAL_H
#define LIB_TERMINAL_H

#include <stddef.h>

/* How many columns it has now: what COLUMNS in the environment says, else the terminal
 * itself.  0 if neither does, or says nothing sensible. */
size_t terminal_columns(int fd);

#endif
