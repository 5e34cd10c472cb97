#include "formats/columns.h"

#include "lib/swar.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool ends_at(const char *p, const char *end)
{
	return p == end || is_blank(*p);
}

/* True if the byte at `p` is escaped: an odd number of backslashes precedes it.  Bytes before
 * `start` are not examined. */
static bool is_escaped(const char *start, const char *p)
{
	const char *back = p;

	while (back > start && back[-1] == '\\')
		back--;
	return (p - back) % 2 != 0;
}

/* Find the quote or bracket that closes the value that begins at `p`.  A blank or the end of the
 * line must follow it.  With `escapes`, it must not be escaped by a backslash.  NULL if there is
 * none. */
static const char *find_closing(const char *p, const char *end, char closing, bool escapes)
{
	for (const char *start = p; p < end; p++) {
		p = swar_find(p, end, closing);
		if (!p)
			return NULL;
		if (ends_at(p + 1, end) && !(escapes && is_escaped(start, p)))
			return p;
	}
	return NULL;
}

/* Read the next column.  With `brackets`, a column in brackets may contain blanks, like a column in
 * quotes.  With `escapes`, a quote after a backslash is an ordinary byte.  The two callers inline
 * this function with constant flags, so that the flags are not tested for every column of every
 * line. */
static inline __attribute__((always_inline)) bool next(
	struct columns *c, struct span *value, bool brackets, bool escapes)
{
	const char *p = c->rest.at, *end = span_end(c->rest);
	enum { QUOTE = 1, BRACKET = 2 };

	while (p < end && is_blank(*p))
		p++;
	if (p == end)
		return false;
	unsigned kind = *p == '"' ? QUOTE : brackets && *p == '[' ? BRACKET : 0;
	const char *to = NULL;
	if (kind & ~c->unclosed) {
		to = find_closing(p + 1, end, kind == QUOTE ? '"' : ']', escapes && kind == QUOTE);
		c->unclosed |= to ? 0 : kind;
	}
	if (to) {
		*value = span_between(p + 1, to);
		c->rest = span_between(to + 1, end);
		return true;
	}
	to = swar_blank(p, end);
	*value = span_between(p, to);
	c->rest = span_between(to, end);
	return true;
}

bool columns_next_quoted(struct columns *c, struct span *value)
{
	return next(c, value, false, false);
}

static bool nth_delimited(struct span line, size_t n, char delimiter, struct span *value)
{
	const char *p = line.at, *end = span_end(line);

	for (;;) {
		const char *to = line.len ? memchr(p, delimiter, (size_t)(end - p)) : NULL;
		if (--n == 0) {
			*value = span_between(p, to ? to : end);
			return true;
		}
		if (!to)
			return false;
		p = to + 1;
	}
}

bool columns_nth(struct span line, size_t n, int delimiter, struct span *value)
{
	if (delimiter >= 0)
		return nth_delimited(line, n, (char)delimiter, value);
	struct columns c = {.rest = line};
	while (next(&c, value, true, true))
		if (--n == 0)
			return true;
	return false;
}
