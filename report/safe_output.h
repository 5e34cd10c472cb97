/* safe_output.h -- prints text on stdout; if stdout is a terminal, so that no text can do harm
 * there.
 *
 * A key is text that an attacker may have chosen.  On a terminal, bytes that could move the cursor
 * or reverse the direction of the text are escaped.
 *
 * The width of a character is what wcwidth() of the C library says, as in other programs on the
 * terminal.  If the locale is not UTF-8, characters beyond ASCII are escaped.
 */
#ifndef REPORT_SAFE_OUTPUT_H
#define REPORT_SAFE_OUTPUT_H

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

/* Use stdout, and set the locale.  If `piped`, stdout is not a terminal even if it looks like
 * one. */
struct output output_open(enum choice color, bool piped);

/* Print a key: escaped if stdout is a terminal, else unchanged. */
void output_put_key(const struct output *, struct span key);

/* Switch to the colour with this ANSI code, as "36" for cyan; "0" ends it.  If colours are off,
 * does nothing. */
void output_color(const struct output *, const char *code);

/* How many columns an escaped key takes: 2 for a wide character and for one that the C library does
 * not know, 0 for a combining mark. */
size_t output_width(const struct output *, struct span key);

/* Print a key in at most `room` columns: if it is wider, an ellipsis replaces its middle.  Returns
 * how many columns were used. */
size_t output_put_cut(const struct output *, struct span key, size_t room);

#endif
