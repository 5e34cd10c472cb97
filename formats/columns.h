/* columns.h -- cuts a line into columns.
 *
 * By default, columns are separated by runs of blanks; a column in "quotes" or [brackets] may
 * contain blanks.  With a delimiter, the line is cut at every delimiter.
 */
#ifndef FORMATS_COLUMNS_H
#define FORMATS_COLUMNS_H

#include "lib/arena.h"
#include "lib/span.h"
#include "lib/swar.h"

/* Reads the columns of a line one by one.  Initialize it with {.rest = line}. */
struct columns {
	struct span rest;  /* the part of the line that has not been read */
	bool quoted;       /* true if the column that was read last is in quotes */
	unsigned unclosed; /* a set of bits: for which kinds of closing marks a search has failed,
			    * so that columns.c does not search for them again */
};

/* Read the next column of a line in which only quotes protect blanks, a quote in quotes is doubled,
 * and a backslash has no special meaning.  *value does not include the quotes around it.  False if
 * there is no further column. */
bool columns_next_quoted(struct columns *, struct span *value);

/* Replace each two quotes in a row by one.  If there are any, *value becomes a copy in the arena.
 * False if out of memory. */
bool columns_undouble(struct span *value, struct arena *);

/* Find column number `n` of a line, counting from 1.  `delimiter` is a byte, or -1 if columns are
 * separated by blanks.  If `delimiter` is -1, *value does not include quotes or brackets around the
 * column, and a quote after a backslash is an ordinary byte.  False if there are fewer columns. */
bool columns_nth(struct span line, size_t n, int delimiter, struct span *value);

/* Remove the first column and the delimiter after it from *rest, and return the column.  After the last
 * column, rest->at becomes NULL; then no column is left.  The bytes up to `limit` must be readable. */
static inline struct span columns_next_delimited(
	struct span *rest, char delimiter, const char *limit)
{
	const char *end = span_end(*rest), *to = swar_find_before(rest->at, end, limit, delimiter);
	struct span column = to ? span_between(rest->at, to) : *rest;

	*rest = to ? span_between(to + 1, end) : span_of(NULL, 0);
	return column;
}

#endif
