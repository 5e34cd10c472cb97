/* terminal.h -- the terminal that a file descriptor is connected to.
 */
#ifndef LIB_TERMINAL_H
#define LIB_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* When to use colours, or a progress line, which are meant for a terminal. */
enum choice {
	CHOICE_AUTO, /* only if the output is a terminal */
	CHOICE_ALWAYS,
	CHOICE_NEVER
};

/* The width of the terminal: the environment variable COLUMNS or, if that is not set to a sensible
 * number, what the terminal reports.  0 if the width is not known. */
size_t terminal_columns(int fd);

/* True if the descriptor is a terminal on which a line can be rewritten: the environment variable
 * TERM is set, and is not "dumb". */
bool terminal_can_erase(int fd);

/* False if this process runs in the background of a shell.  Then writing would garble the lines of
 * other programs, or stop this process. */
bool terminal_is_ours(int fd);

/* Replace the line that the cursor is in.  The new line may be empty.  It must be shorter than the
 * terminal's width, so that the cursor does not move to the next line. */
void terminal_put_line(int fd, const char *line);

#endif
