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

/* Cut the next column.  False if there is
 * none.  A quote behind a backslash is not one; value is without quotes or brackets. */
bool columns_next(struct columns *, struct span *value);

/* The same for columns of which quotes alone keep one whole, and a backslash is a byte
 * like others. */
bool columns_next_quoted(struct columns *, struct span *value);

/* The n-th column, from 1; delimiter is a byte, or -1 for blanks.  False if there are
 * fewer. */
bool columns_nth(struct span line, size_t n, int delimiter, struct span *value);

#endif
