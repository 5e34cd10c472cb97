#include "query/url.h"

#include <ctype.h>

#include "formats/port.h"
#include "lib/decimal.h"
#include "lib/swar.h"

static const struct span none = {"-", 1};

/* Return the end of the "scheme://" at the start of `s`; NULL if it begins with anything else. */
static const char *skip_scheme(struct span s)
{
	size_t i = 0;

	if (s.len > 7 && memcmp(s.at, "http://", 7) == 0)
		return s.at + 7;
	if (s.len > 8 && memcmp(s.at, "https://", 8) == 0)
		return s.at + 8;
	while (i < s.len &&
		(isalpha((unsigned char)s.at[i]) ||
			(i && (decimal_is_digit(s.at[i]) || memchr("+-.", s.at[i], 3)))))
		i++;
	if (!i || s.len - i < 3 || memcmp(s.at + i, "://", 3) != 0)
		return NULL;
	return s.at + i + 3;
}

struct span url_path(struct span url)
{
	const char *mark = span_first(url, '?');

	if (mark)
		url.len = (size_t)(mark - url.at);
	const char *p = url.len && url.at[0] != '/' ? skip_scheme(url) : NULL;
	if (!p)
		return url;
	url = span_between(swar_find_any(p, span_end(url), "/?#\\"), span_end(url));
	return url.len ? url : span_text("/");
}

struct span url_query(struct span url)
{
	const char *mark = span_first(url, '?');

	return mark && mark + 1 < span_end(url) ? span_between(mark + 1, span_end(url)) : none;
}

struct span url_parameter(struct span url, struct span name)
{
	const char *mark = span_first(url, '?'), *end = span_end(url);
	const char *hash = mark ? span_first(span_between(mark, end), '#') : NULL;
	struct span rest = mark ? span_between(mark + 1, hash ? hash : end) : span_of(NULL, 0);

	while (rest.len) {
		const char *to = span_first(rest, '&');
		struct span one = to ? span_between(rest.at, to) : rest;
		const char *equals = span_first(one, '=');
		struct span called = equals ? span_between(one.at, equals) : one;
		if (span_equal(called, name)) {
			struct span value = span_from(one, called.len + (equals != NULL));
			return value.len ? value : none;
		}
		rest = span_from(rest, one.len + (to != NULL));
	}
	return none;
}

struct span url_scheme(struct span url)
{
	enum { SLASHES = sizeof "://" - 1 };
	const char *p = skip_scheme(url);

	return p ? span_between(url.at, p - SLASHES) : none;
}

static struct span without_port(struct span s)
{
	struct span host = port_host(s);

	return host.len ? host : s;
}

/* RFC 3986, 3.2: authority = [ userinfo "@" ] host [ ":" port ] */
struct span url_host(struct span url)
{
	const char *p = skip_scheme(url);

	if (!p)
		return none;
	/* An authority ends at one of these bytes.  Most authorities are only a host. */
	static const char ends[] = "/?#\\", ends_or_parts[] = "/?#\\@:";
	const char *end = span_end(url), *to = swar_find_any(p, end, ends_or_parts);
	struct span host = span_between(p, to);
	if (to == end || (*to != '@' && *to != ':'))
		return host.len ? host : none;
	to = swar_find_any(to, end, ends);
	host = span_between(p, to);
	const char *at = span_last(host, '@');
	if (at)
		host = span_between(at + 1, to);
	host = without_port(host);
	return host.len ? host : none;
}

struct span url_extension(struct span path)
{
	const char *end = span_end(path), *slash = span_last(path, '/');
	struct span name = span_between(slash ? slash + 1 : path.at, end);
	const char *dot = span_last(name, '.');

	return dot && dot > name.at && dot + 1 < end ? span_between(dot + 1, end) : none;
}

struct span url_segments(struct span path, size_t n)
{
	const char *p = path.at, *end = span_end(path);

	while (n-- && p < end) {
		const char *to = span_first(span_between(p + 1, end), '/');
		p = to ? to : end;
	}
	while (p > path.at + 1 && p[-1] == '/')
		p--;
	return span_between(path.at, p);
}
