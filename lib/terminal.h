/* terminal.h -- the terminal that a descriptor leads to.
 */
#ifndef LIB_TERMINAL_H
#define LIB_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* Is something for terminals written? */
enum choice {
	CHOICE_AUTO, /* if there is one */
	CHOICE_ALWAYS,
	CHOICE_NEVER
};

/* How many columns it has now: what COLUMNS in the environment says, else the terminal
 * itself.  0 if neither does, or says nothing sensible. */
size_t terminal_columns(int fd);

/* True if there is one on which a line can be written anew: TERM is set and not "dumb". */
bool terminal_can_erase(int fd);

/* False in the background of a shell: what is written then would get into somebody else's
 * lines, or stop us. */
bool terminal_is_ours(int fd);

/* Replace the line that the cursor is in by a shorter one than the terminal is wide, or by an
 * empty one; the cursor stays in it. */
void terminal_put_line(int fd, const char *line);

#endif
