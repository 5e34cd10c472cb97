/* safe_output.h -- prints text to stdout; if stdout is a terminal, the text is made harmless.
 *
 * An attacker may have chosen the text of a key.  On a terminal, bytes that could move the cursor
 * or reverse the direction of the text are escaped.
 *
 * The width of a character is the one that wcwidth() of the C library returns, as in other programs
 * on the terminal.  If the locale is not UTF-8, characters beyond ASCII are escaped.
 */
#ifndef REPORT_SAFE_OUTPUT_H
#define REPORT_SAFE_OUTPUT_H

#include <inttypes.h>
#include <stdio.h>

#include "lib/span.h"
#include "lib/terminal.h"

struct output {
	FILE *out;
	int fd;        /* the descriptor of the terminal; -1 if stdout is not a terminal */
	bool terminal; /* true if keys are escaped, as on a terminal */
	bool utf8;     /* true if the locale is UTF-8; false before output_use_locale() */
	bool color;
	size_t columns; /* width of the terminal; 0 if it is unknown, or if stdout is not a
			 * terminal */
};

/* Make stdout the output.  `piped` means that stdout is not a terminal even if it looks like one.
 * On a terminal, also call output_use_locale().  False on error (errno). */
bool output_open(struct output *, enum choice color, bool piped);

/* Set the locale, which says how wide a character is and whether it must be escaped.  Call this
 * before you measure or escape text that does not go to a terminal.  Other output needs no locale;
 * setting it would only make short runs slower.  False if out of memory (errno). */
bool output_use_locale(struct output *);

/* Flush the output.  False (errno) if any error has occurred since output_open(). */
bool output_close(struct output *);

/* Print a key: escaped if stdout is a terminal, otherwise unchanged. */
void output_put_key(const struct output *, struct span key);

/* Switch to the colour with this ANSI code, such as "36" for cyan; "0" switches back.  Does nothing
 * if colours are off. */
void output_color(const struct output *, const char *code);

/* Return the number of columns that a key takes when it is escaped.  A wide character takes 2, and
 * so does a character that the C library does not know; a combining mark takes 0. */
size_t output_width(const struct output *, struct span key);

/* Print a key in at most `room` columns.  If the key is wider, an ellipsis replaces its middle.
 * Returns the number of columns that were used. */
size_t output_put_cut(const struct output *, struct span key, size_t room);

#endif
