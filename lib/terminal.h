/* terminal.h -- the terminal that a file descriptor is connected to.
 */
#ifndef LIB_TERMINAL_H
#define LIB_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* Whether to write for a terminal. */
enum choice {
	CHOICE_AUTO, /* if the output is a terminal */
	CHOICE_ALWAYS,
	CHOICE_NEVER
};

/* The terminal's current width: COLUMNS from the environment, or else what the terminal answers.  0
 * if neither is a sensible number. */
size_t terminal_columns(int fd);

/* True if the descriptor is a terminal on which a line can be rewritten: TERM is set and not
 * "dumb". */
bool terminal_can_erase(int fd);

/* False if this process runs in the background of a shell.  Then writing would garble the lines of
 * other programs, or stop this process. */
bool terminal_is_ours(int fd);

/* Replace the line that the cursor is in.  The new line, which may be empty, must be shorter than
 * the terminal is wide, so that the cursor stays in it. */
void terminal_put_line(int fd, const char *line);

#endif
