/* quotes.h -- finds the ends of texts in double quotes, in which a backslash escapes the next byte.
 */
#ifndef FORMATS_QUOTES_H
#define FORMATS_QUOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* True if the byte at `p` is escaped: an odd number of backslashes precedes it.  Bytes before
 * `start` are not examined. */
static inline bool quotes_is_escaped(const char *start, const char *p)
{
	const char *back = p;

	while (back > start && back[-1] == '\\')
		back--;
	return (p - back) % 2 != 0;
}

/* Return the first quote in [p, end) that is not escaped; NULL if there is none. */
static inline const char *quotes_find(const char *p, const char *end)
{
	for (const char *start = p; p < end; p++) {
		p = memchr(p, '"', (size_t)(end - p));
		if (!p || !quotes_is_escaped(start, p))
			return p;
	}
	return NULL;
}

#endif
