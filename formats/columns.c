#include "formats/columns.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool ends_at(const char *p, const char *end)
{
	return p == end || is_blank(*p);
}

/* True if an odd number of backslashes is right before p, back to start. */
static bool is_escaped(const char *start, const char *p)
{
	const char *back = p;

	while (back > start && back[-1] == '\\')
		back--;
	return (p - back) % 2 != 0;
}

/* The byte that closes what was opened before p: behind it is a blank, or nothing. */
static const char *find_closing(const char *p, const char *end, char closing, bool escapes)
{
	for (const char *start = p; p < end; p++) {
		p = memchr(p, closing, (size_t)(end - p));
		if (!p)
			return NULL;
		if (ends_at(p + 1, end) && !(escapes && is_escaped(start, p)))
			return p;
	}
	return NULL;
}

static bool next(
	struct columns *c, struct span *value, const char *open, const char *close, bool escapes)
{
	const char *p = c->rest.at, *end = p + c->rest.len;

	while (p < end && is_blank(*p))
		p++;
	if (p == end)
		return false;
	const char *kind = *p ? strchr(open, *p) : NULL;
	const char *to = NULL;
	if (kind && !(c->unclosed >> (kind - open) & 1)) {
		to = find_closing(p + 1, end, close[kind - open], escapes && *p == '"');
		c->unclosed |= (unsigned)!to << (kind - open);
	}
	if (to) {
		*value = span_between(p + 1, to);
		c->rest = span_between(to + 1, end);
		return true;
	}
	for (to = p; to < end && !is_blank(*to);)
		to++;
	*value = span_between(p, to);
	c->rest = span_between(to, end);
	return true;
}

bool columns_next(struct columns *c, struct span *value)
{
	return next(c, value, "\"[", "\"]", true);
}

bool columns_next_quoted(struct columns *c, struct span *value)
{
	return next(c, value, "\"", "\"", false);
}

static bool nth_delimited(struct span line, size_t n, char delimiter, struct span *value)
{
	const char *p = line.at, *end = p + line.len;

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
	while (columns_next(&c, value))
		if (--n == 0)
			return true;
	return false;
}
