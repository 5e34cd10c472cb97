/* lines.h -- reads the lines of a text in memory, one at a time.
 */
#ifndef LIB_LINES_H
#define LIB_LINES_H

#include "lib/span.h"

/* Skip the NULs at the start of a line.  They are a hole: after a log was truncated (copytruncate),
 * its writer may go on at the old offset, and all bytes before that offset are NULs. */
static inline struct span lines_after_hole(struct span line)
{
	static const char nuls[64];

	if (!line.len || *line.at)
		return line;
	while (line.len >= sizeof nuls && memcmp(line.at, nuls, sizeof nuls) == 0)
		line = span_from(line, sizeof nuls);
	while (line.len && !*line.at)
		line = span_from(line, 1);
	return line;
}

/* Remove the first line from *rest, and store it in *line, without its "\n" or "\r\n", and without
 * a hole before it.  False if *rest is empty. */
static inline bool lines_next(struct span *rest, struct span *line)
{
	if (!rest->len)
		return false;
	const char *newline = memchr(rest->at, '\n', rest->len);
	*line = newline ? span_between(rest->at, newline) : *rest;
	*rest = span_from(*rest, line->len + (newline != NULL));
	if (line->len && line->at[line->len - 1] == '\r')
		line->len--;
	*line = lines_after_hole(*line);
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
