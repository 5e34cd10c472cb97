/* columns.h -- a line as columns.
 *
 * By default, columns are separated by runs of blanks, and one in "quotes" or [brackets] may
 * contain blanks.  With a delimiter, the line is cut at every delimiter.
 */
#ifndef FORMATS_COLUMNS_H
#define FORMATS_COLUMNS_H

#include "lib/span.h"

/* Reads a line's columns one by one: begin with {.rest = line}. */
struct columns {
	struct span rest;  /* not yet read */
	unsigned unclosed; /* the kinds (bits) of opening marks that are not closed in the rest, so
			    * that a missing end is searched for only once */
};

/* Read the next column of a line in which only quotes protect blanks, and a backslash has no
 * meaning. False if there is none.  The value is without its quotes. */
bool columns_next_quoted(struct columns *, struct span *value);

/* Find the n-th column, from 1; delimiter is a byte, or -1 for blanks.  False if there are fewer.
 * If blanks are the delimiter, a quote after a backslash is an ordinary byte, and the value is
 * without its quotes or brackets. */
bool columns_nth(struct span line, size_t n, int delimiter, struct span *value);

#endif
