/* columns.h -- a line as columns.
 *
 * By default they are separated by runs of blanks, and one in "quotes" or [brackets] is
 * kept whole.  With a delimiter the line is cut at each of its places.
 */
#ifndef FORMATS_COLUMNS_H
#define FORMATS_COLUMNS_H

#include "lib/span.h"

/* A line's columns, one by one. */
struct columns {
	struct span rest;  /* not yet cut: at first the line */
	unsigned unclosed; /* 0 at first: what was opened, and is closed nowhere ahead; a bit a
			    * kind, so that no end is sought twice in vain */
};

/* Cut the next column of a line in which quotes alone keep one whole, and a backslash is a byte
 * like others.  False if there is none.  value is without quotes. */
bool columns_next_quoted(struct columns *, struct span *value);

/* The n-th column, from 1; delimiter is a byte, or -1 for blanks.  False if there are fewer.  For
 * blanks a quote behind a backslash is not one, and value is without quotes or brackets. */
bool columns_nth(struct span line, size_t n, int delimiter, struct span *value);

#endif
