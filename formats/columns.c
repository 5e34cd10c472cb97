#include "formats/columns.h"

#include "formats/quotes.h"
#include "lib/swar.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool ends_at(const char *p, const char *end)
{
	return p == end || is_blank(*p);
}

/* Find the quote that closes the value that begins at `p`.  Two quotes in a row stand for one; any
 * other quote closes the value if a blank or the end of the line follows it.  NULL if there is
 * none. */
static const char *find_closing_quote(const char *p, const char *end)
{
	for (; p < end && (p = swar_find(p, end, '"')) != NULL; p++) {
		if (p + 1 < end && p[1] == '"')
			p++;
		else if (ends_at(p + 1, end))
			return p;
	}
	return NULL;
}

/* Find the quote or bracket that closes the value that begins at `p`.  A blank or the end of the
 * line must follow it.  A quote must not be escaped by a backslash.  NULL if there is none. */
static const char *find_closing(const char *p, const char *end, char closing)
{
	for (const char *start = p; p < end; p++) {
		p = swar_find(p, end, closing);
		if (!p)
			return NULL;
		if (ends_at(p + 1, end) && !(closing == '"' && quotes_is_escaped(start, p)))
			return p;
	}
	return NULL;
}

/* Read the column that begins at `p` or after blanks there.  Returns the end of the column; NULL if
 * there are only blanks.  If `brackets` is true, a column in brackets may contain blanks, like a
 * column in quotes, and a quote after a backslash is an ordinary byte.  Otherwise a quote in quotes
 * is doubled.  *unclosed is the set of kinds for which a search for the closing byte has failed in
 * this line.  The two callers inline this function with a constant flag, so that the flag is not
 * tested for every column of every line. */
static inline __attribute__((always_inline)) const char *next(
	const char *p, const char *end, unsigned *unclosed, struct span *value, bool brackets)
{
	enum { QUOTE = 1, BRACKET = 2 };

	while (p < end && is_blank(*p))
		p++;
	if (p == end)
		return NULL;
	if (*p == '"' || (brackets && *p == '[')) {
		unsigned kind = *p == '"' ? QUOTE : BRACKET;
		char closing = kind == QUOTE ? '"' : ']';
		const char *to = *unclosed & kind ? NULL
				 : brackets       ? find_closing(p + 1, end, closing)
						  : find_closing_quote(p + 1, end);
		if (to) {
			*value = (struct span){p + 1, (size_t)(to - p - 1)};
			return to + 1;
		}
		*unclosed |= kind;
	}
	/* The column is often only "-". */
	const char *to = p + 1 < end && is_blank(p[1]) ? p + 1 : swar_blank(p, end);
	*value = (struct span){p, (size_t)(to - p)};
	return to;
}

bool columns_next_quoted(struct columns *c, struct span *value)
{
	const char *end = span_end(c->rest);
	const char *to = next(c->rest.at, end, &c->unclosed, value, false);

	c->quoted = to && to != span_end(*value);
	if (to)
		c->rest = span_between(to, end);
	return to != NULL;
}

bool columns_undouble(struct span *value, struct arena *arena)
{
	static const char two[] = {'"', '"'};

	if (!value->len || !memmem(value->at, value->len, two, sizeof two))
		return true;
	char *at = arena_take(arena, value->len), *to = at;
	if (!at)
		return false;
	for (const char *p = value->at, *end = span_end(*value); p < end; p++) {
		*to++ = *p;
		p += *p == '"' && p + 1 < end && p[1] == '"';
	}
	*value = span_between(at, to);
	return true;
}

static bool nth_delimited(struct span line, size_t n, char delimiter, struct span *value)
{
	do
		*value = columns_next_delimited(&line, delimiter, span_end(line));
	while (--n && line.at);
	return n == 0;
}

bool columns_nth(struct span line, size_t n, int delimiter, struct span *value)
{
	if (delimiter >= 0)
		return nth_delimited(line, n, (char)delimiter, value);
	unsigned unclosed = 0;
	const char *p = line.at, *end = span_end(line);
	while (n-- && p)
		p = next(p, end, &unclosed, value, true);
	return p != NULL;
}
