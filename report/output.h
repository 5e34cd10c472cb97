/* output.h -- print text on stdout, safely if that is a terminal.
 *
 * A key is text that an attacker may have chosen.  On a terminal, bytes that could move the cursor
 * or reverse the direction of the text are escaped.
 *
 * The width of a character is that of the C library's wcwidth(), as in other programs on the
 * terminal.  It is used only if the locale is UTF-8.
 */
#ifndef REPORT_OUTPUT_H
#define REPORT_OUTPUT_H

#include <inttypes.h>
#include <stdio.h>

#include "lib/span.h"
#include "lib/terminal.h"

struct output {
	FILE *out;
	bool terminal;
	bool utf8;
	bool color;
	size_t columns; /* of the terminal; 0: unknown, or not a terminal */
};

/* Use stdout, and set the locale.  piped: stdout is not a terminal even if it looks like one. */
struct output output_open(enum choice color, bool piped);

/* Print a key: escaped on a terminal, else as it is. */
void output_put_key(const struct output *, struct span key);

/* Switch to a colour, "36", or end it, "0"; nothing if colours are off. */
void output_color(const struct output *, const char *code);

/* The columns that a key takes when it is printed escaped: 2 for a wide character and for one that
 * the C library does not know, 0 for a combining mark. */
size_t output_width(const struct output *, struct span key);

/* Print a key in at most room columns: if it is wider, an ellipsis replaces its middle.  Returns
 * the columns used. */
size_t output_put_cut(const struct output *, struct span key, size_t room);

#endif
