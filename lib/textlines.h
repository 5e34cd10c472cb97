/* textlines.h -- takes the lines out of a text that ini_load() has read. */
#ifndef LIB_TEXTLINES_H
#define LIB_TEXTLINES_H

#include <string.h>

/* Return the text without the byte order mark that Windows' Notepad writes. */
static inline char *textlines_begin(char *text)
{
	return strncmp(text, "\xef\xbb\xbf", 3) == 0 ? text + 3 : text;
}

/* Return the next line, whose end becomes a NUL, and move *rest past it.  The '\r' of a "\r\n" does
 * not belong to the line.  NULL if *rest is NULL, which it becomes after the last line. */
static inline char *textlines_next(char **rest)
{
	char *line = *rest, *end = line ? strchr(line, '\n') : NULL;

	*rest = NULL;
	if (!end)
		return line;
	*end = '\0';
	if (end > line && end[-1] == '\r')
		end[-1] = '\0';
	*rest = end + 1;
	return line;
}

#endif
