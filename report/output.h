/* output.h -- where a report is printed, and what may be written there.
 *
 * A key is an attacker's text.  On a terminal no byte of it is written that could move the
 * cursor or turn the text around.
 *
 * How wide a character is tells the C library's wcwidth.  It is asked only where the locale
 * is UTF-8, and its tables are those that the other programs on the terminal go by.
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
	size_t columns; /* of the terminal; 0: not known, or it is none */
};

/* On stdout; sets the locale.  piped: it is none, whatever it looks like. */
struct output output_open(enum choice color, bool piped);

/* A key: as it is, or safely on a terminal. */
void output_put_key(const struct output *, struct span key);

/* Begin or end a colour, if there are colours: "36", "0". */
void output_color(const struct output *, const char *code);

/* Columns that a key takes where it is put safely: 2 for wide characters, 0 for combining
 * marks; 2 for what the C library does not know. */
size_t output_width(const struct output *, struct span key);

/* A key, without so much of its middle that it takes no more columns than there is room: an
 * ellipsis stands there.  Returns the columns that it took. */
size_t output_put_cut(const struct output *, struct span key, size_t room);

#endif
