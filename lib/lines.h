/* lines.h -- reads the lines of a text in memory, one at a time.
 */
#ifndef LIB_LINES_H
#define LIB_LINES_H

#include "lib/span.h"

/* Remove the first line from *rest, and store it in *line, without its "\n" or "\r\n".  False if
 * *rest is empty. */
static inline bool lines_next(struct span *rest, struct span *line)
{
	if (!rest->len)
		return false;
	const char *newline = memchr(rest->at, '\n', rest->len);
	*line = newline ? span_between(rest->at, newline) : *rest;
	*rest = span_from(*rest, line->len + (newline != NULL));
	if (line->len && line->at[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* True if a line is empty or contains only blanks and tabs. */
static inline bool lines_is_blank(struct span line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.at[i] != ' ' && line.at[i] != '\t')
			return false;
	return true;
}

#endif
