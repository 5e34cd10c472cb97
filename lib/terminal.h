/* terminal.h -- writes to the terminal that a file descriptor may be connected to.
 *
 * Names, keys and messages may contain anything, even bytes that a terminal acts on.  So wf writes
 * to a terminal only with the functions of this module, which escape such bytes:
 *
 *	text		terminal_stream(), printing to the stream, terminal_close(); or
 *			terminal_write()
 *	commands	terminal_put_color(), terminal_put_line(): the only escape sequences that
 *			reach a terminal are those in terminal.c
 *
 * If the descriptor is not a terminal, text is written unchanged.
 */
#ifndef LIB_TERMINAL_H
#define LIB_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "lib/span.h"

/* When to use colours, or a progress line, which are meant for a terminal. */
enum choice {
	CHOICE_AUTO, /* only if the output is a terminal */
	CHOICE_ALWAYS,
	CHOICE_NEVER
};

/* Return the width of the terminal: the environment variable COLUMNS or, if COLUMNS is not set to a
 * sensible number, the width that the terminal reports.  0 if the width is not known. */
size_t terminal_columns(int fd);

/* True if the locale of the environment says that a terminal shows UTF-8. */
bool terminal_is_utf8(void);

/* Write text to a descriptor.  If it is a terminal, the text is escaped as utf8_put_safely() does,
 * except line feeds, tabs, and a carriage return before a line feed.  Text of at most
 * TERMINAL_AT_ONCE bytes is written by one call of write().  False on error (errno). */
bool terminal_write(int fd, struct span text);

enum { TERMINAL_AT_ONCE = 8192 };

/* Return a stream for printing on `standard`, which is stdout or stderr.  If `standard` is a
 * terminal, the result is a stream that escapes text as terminal_write() does; otherwise it is
 * `standard`.  NULL on error (errno). */
FILE *terminal_stream(FILE *standard);

/* Flush a stream that terminal_stream() has returned, and close it unless it is stdout or stderr.
 * Text after the last line feed may appear only now.  False if there was an error since the stream
 * was opened (errno). */
bool terminal_close(FILE *);

/* Switch to the colour with this ANSI code, such as "36" for cyan; "0" ends the colour.  `fd` is
 * the descriptor of the terminal to which the stream prints, or -1 if it prints to no terminal. */
void terminal_put_color(FILE *, int fd, const char *code);

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
