#include "logformat.h"

/* The first quote that no backslash escapes (Apache writes \" for a quote in the
 * user's name), NULL if there is none. */
static const char *opening_quote(struct span line)
{
	const char *end = line.at + line.len, *p = line.at;

	while (p < end && (p = memchr(p, '"', (size_t)(end - p)))) {
		if (p == line.at || p[-1] != '\\')
			return p;
		p++;
	}
	return NULL;
}

/* The quote that ends the request which begins at p; NULL if there is none.  In the
 * request a backslash escapes the byte behind it. */
static const char *closing_quote(const char *p, const char *end)
{
	const char *quote = memchr(p, '"', (size_t)(end - p));

	/* Nearly always there is no backslash before it, and we are done. */
	if (!quote || !memchr(p, '\\', (size_t)(quote - p)))
		return quote;
	while (p < end && *p != '"')
		p += *p == '\\' ? 2 : 1;
	return p < end ? p : NULL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A blank, then a status of three digits or "-", then a blank or the end. */
static bool status_follows(const char *p, const char *end)
{
	if (end - p < 2 || p[0] != ' ')
		return false;
	p++;
	if (*p == '-')
		p++;
	else if (end - p >= 3 && is_digit(p[0]) && is_digit(p[1]) && is_digit(p[2]))
		p += 3;
	else
		return false;
	return p == end || *p == ' ';
}

static bool is_method_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/* "METHOD URL HTTP/1.1", or "METHOD URL" as HTTP/0.9 has it.  A URL with blanks in it
 * is told from the rest only if a protocol ends the request. */
static bool url_of_request(struct span request, struct span *url)
{
	const char *p = request.at, *end = p + request.len;

	while (p < end && is_method_byte(*p))
		p++;
	if (p == request.at || p == end || *p != ' ')
		return false;
	p++;
	struct span rest = span_between(p, end);
	const char *blank = span_last(rest, ' ');
	if (blank && end - blank >= 6 && memcmp(blank, " HTTP/", 6) == 0)
		rest.len = (size_t)(blank - p);
	else if (blank)
		return false;
	*url = rest;
	return rest.len && rest.at[0] != ' ' && rest.at[rest.len - 1] != ' ';
}

bool logformat_url(struct span line, struct span *url)
{
	const char *end = line.at + line.len;
	const char *open = opening_quote(line);

	if (!open || open - line.at < 2 || open[-1] != ' ' || open[-2] != ']')
		return false;
	const char *close = closing_quote(open + 1, end);
	if (!close || !status_follows(close + 1, end))
		return false;
	return url_of_request(span_between(open + 1, close), url);
}
