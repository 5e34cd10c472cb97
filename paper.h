/* paper.h -- where a report is printed, and what may be written there.
 *
 * A key is an attacker's text.  On a terminal no byte of it is written that could move the
 * cursor or turn the text around.
 */
#ifndef PAPER_H
#define PAPER_H

#include <inttypes.h>
#include <stdio.h>

#include "lib/span.h"

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

struct paper {
	FILE *out;
	bool terminal;
	bool utf8;
	bool color;
};

/* On stdout; sets the locale. */
struct paper paper_open(enum when color);

/* Bytes as they are. */
void paper_put(const struct paper *, struct span);

/* A key: as it is, or safely on a terminal. */
void paper_put_key(const struct paper *, struct span key);

/* Begin or end a colour, if there are colours: "36", "0". */
void paper_color(const struct paper *, const char *code);

/* Columns that a key takes where it is put safely; about, since wide characters count as
 * one. */
size_t paper_width(const struct paper *, struct span key);

enum { GROUPED = 48 };

/* "1234567.5" -> "1,234,567.5" */
const char *grouped(const char *digits, char out[GROUPED]);
const char *grouped_number(uint64_t n, char out[GROUPED]);

#endif
