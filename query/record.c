#include "query/record.h"

#include <ctype.h>

#include "formats/columns.h"
#include "formats/timestamp.h"
#include "lib/decimal.h"
#include "lib/swar.h"

/* The value of a field that is there but empty, such as the query of a URL without "?", or the
 * extension of a path without a dot. */
static const struct span none = {"-", 1};

static bool base_value(const struct record *r, enum base b, struct span *value)
{
	*value = r->slots[b];
	return value->at != NULL;
}

static bool is_method_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/* A request is "METHOD URL HTTP/1.1", or "METHOD URL" in HTTP/0.9.  The URL may contain blanks only
 * if a protocol follows. */
struct request {
	struct span method, url, proto;
};

/* Return the last blank in `s`; NULL if there is none.  Nearly always this is the blank before
 * "HTTP/1.1". */
static const char *last_blank(struct span s)
{
	enum { USUAL = sizeof " HTTP/1.1" - 1 };
	const char *end = s.at + s.len;

	if (s.len > USUAL && memcmp(end - USUAL, " HTTP/1.", USUAL - 1) == 0 && end[-1] != ' ')
		return end - USUAL;
	return span_last(s, ' ');
}

static bool read_request(struct span text, struct request *r)
{
	const char *p = text.at, *end = p + text.len;

	if (text.len > 4 && memcmp(p, "GET ", 4) == 0)
		p += 3; /* skip the method of most requests */
	while (p < end && is_method_byte(*p))
		p++;
	if (p == text.at || p == end || *p != ' ')
		return false;
	r->method = span_between(text.at, p);
	p++;
	struct span rest = span_between(p, end);
	const char *blank = last_blank(rest);
	r->proto = none;
	if (blank && end - blank >= 6 && memcmp(blank, " HTTP/", 6) == 0) {
		rest.len = (size_t)(blank - p);
		r->proto = span_between(blank + 1, end);
	} else if (blank) {
		return false;
	}
	r->url = rest;
	return rest.len && rest.at[0] != ' ' && rest.at[rest.len - 1] != ' ';
}

/* Find the URL in a request of the most frequent form, "GET URL HTTP/1.x".  True if the request has
 * this form; then read_request() would find the same URL. */
static inline bool usual_url(struct span request, struct span *url)
{
	static const char get[] = "GET ", http[] = " HTTP/1.";
	enum { METHOD = sizeof get - 1, PROTO = sizeof http };

	if (request.len <= METHOD + PROTO)
		return false;
	const char *p = request.at + METHOD, *end = request.at + request.len - PROTO;
	*url = span_between(p, end);
	return memcmp(request.at, get, METHOD) == 0 && memcmp(end, http, PROTO - 1) == 0 &&
	       end[PROTO - 1] != ' ' && p[0] != ' ' && end[-1] != ' ';
}

int record_usual_base(const struct field *f)
{
	if (f->kind == FIELD_NAMED && f->n == BASE_URL)
		return BASE_REQUEST;
	return f->slot >= 0 && f->slot < BASES ? f->slot : -1;
}

void record_derive_usual(const struct field *f, struct span *values, size_t n)
{
	if (f->slot >= 0)
		return;
	for (size_t i = 0; i < n; i++)
		if (values[i].at && !usual_url(values[i], &values[i]))
			values[i].at = NULL;
}

static bool request_of(const struct record *rec, struct request *r)
{
	struct span text;

	return base_value(rec, BASE_REQUEST, &text) && read_request(text, r);
}

/* Make a URL of the path and the query: "PATH?QUERY". */
static enum field_result join_url(const struct record *r, struct span *url)
{
	struct span path, query;

	if (!base_value(r, BASE_PATH, &path))
		return FIELD_NONE;
	*url = path;
	if (!base_value(r, BASE_QUERY, &query) || !query.len || span_equal(query, none))
		return FIELD_VALUE;
	size_t mark = query.at[0] != '?';
	char *at = arena_take(r->arena, path.len + mark + query.len);
	if (!at)
		return FIELD_FAILED;
	*url = span_of(at, path.len + mark + query.len);
	memcpy(at, path.at, path.len);
	at[path.len] = '?';
	memcpy(at + path.len + mark, query.at, query.len);
	return FIELD_VALUE;
}

static enum field_result url_of(const struct record *r, struct span *url)
{
	struct request request;

	if (base_value(r, BASE_URL, url))
		return FIELD_VALUE;
	if (!r->slots[BASE_REQUEST].at)
		return join_url(r, url);
	if (usual_url(r->slots[BASE_REQUEST], url))
		return FIELD_VALUE;
	if (!read_request(r->slots[BASE_REQUEST], &request))
		return FIELD_NONE;
	*url = request.url;
	return FIELD_VALUE;
}

static enum field_result path_of(const struct record *r, struct span *path)
{
	if (base_value(r, BASE_PATH, path))
		return FIELD_VALUE;
	enum field_result found = url_of(r, path);
	const char *mark =
		found == FIELD_VALUE && path->len ? memchr(path->at, '?', path->len) : NULL;
	if (mark)
		path->len = (size_t)(mark - path->at);
	return found;
}

static enum field_result query_of(const struct record *r, struct span *query)
{
	struct span url;
	enum field_result found = FIELD_VALUE;

	if (base_value(r, BASE_QUERY, query)) {
		if (query->len && query->at[0] == '?')
			*query = span_of(query->at + 1, query->len - 1);
	} else {
		found = url_of(r, &url);
		const char *mark =
			found == FIELD_VALUE && url.len ? memchr(url.at, '?', url.len) : NULL;
		*query = mark ? span_between(mark + 1, url.at + url.len) : none;
	}
	if (!query->len)
		*query = none;
	return found;
}

static enum field_result part_of_request(const struct record *r, enum base b, struct span *value)
{
	struct request request;

	if (base_value(r, b, value))
		return FIELD_VALUE;
	if (!request_of(r, &request))
		return FIELD_NONE;
	*value = b == BASE_METHOD ? request.method : request.proto;
	return FIELD_VALUE;
}

static enum field_result class_of(const struct record *r, struct span *value)
{
	static const char classes[][4] = {
		"0xx", "1xx", "2xx", "3xx", "4xx", "5xx", "6xx", "7xx", "8xx", "9xx"};

	if (!base_value(r, BASE_STATUS, value))
		return FIELD_NONE;
	bool is_status = value->len == 3 && decimal_is_digits(*value);
	*value = is_status ? span_of(classes[value->at[0] - '0'], 3) : none;
	return FIELD_VALUE;
}

/* Get the time as it is written in the line.  If the line has separate fields for date and time,
 * join them with a "T". */
static enum field_result whole_time(const struct record *r, struct span *text)
{
	struct span date;

	if (!base_value(r, BASE_TIME, text))
		return FIELD_NONE;
	if (!base_value(r, BASE_DATE, &date))
		return FIELD_VALUE;
	char *at = arena_take(r->arena, date.len + 1 + text->len);
	if (!at)
		return FIELD_FAILED;
	memcpy(at, date.at, date.len);
	at[date.len] = 'T';
	memcpy(at + date.len + 1, text->at, text->len);
	*text = span_of(at, date.len + 1 + text->len);
	return FIELD_VALUE;
}

/* Get the first `len` bytes of the line's time in wf's notation, "2007-06-17T12:00:01". */
static enum field_result time_of(struct record *r, size_t len, struct span *value)
{
	struct span text;
	enum field_result found = whole_time(r, &text);

	if (found != FIELD_VALUE)
		return found;
	if (!r->timestamp || !span_equal(text, r->time_text)) {
		char *at = arena_take(r->arena, TIMESTAMP_SECOND);
		if (!at)
			return FIELD_FAILED;
		if (!timestamp_read(text, at))
			return FIELD_NONE;
		r->timestamp = at;
		r->time_text = text;
	}
	*value = span_of(r->timestamp, len);
	return FIELD_VALUE;
}

/* Get the file name extension in the path: "html" for "/a/b.html".  A dot at the start of the file
 * name, as in "/.htaccess", does not begin an extension. */
static enum field_result ext_of(const struct record *r, struct span *value)
{
	enum field_result found = path_of(r, value);

	if (found != FIELD_VALUE)
		return found;
	const char *end = value->at + value->len, *slash = span_last(*value, '/');
	struct span name = span_between(slash ? slash + 1 : value->at, end);
	const char *dot = span_last(name, '.');
	*value = dot && dot > name.at && dot + 1 < end ? span_between(dot + 1, end) : none;
	return FIELD_VALUE;
}

/* Return the end of the "scheme://" at the start of `s`; NULL if it begins with anything else. */
static const char *skip_scheme(struct span s)
{
	size_t i = 0;

	if (s.len > 7 && memcmp(s.at, "http://", 7) == 0)
		return s.at + 7;
	while (i < s.len &&
		(isalpha((unsigned char)s.at[i]) ||
			(i && (decimal_is_digit(s.at[i]) || memchr("+-.", s.at[i], 3)))))
		i++;
	if (!i || s.len - i < 3 || memcmp(s.at + i, "://", 3) != 0)
		return NULL;
	return s.at + i + 3;
}

/* Return the end of the authority (user, host and port) that begins at `p`. */
static const char *authority_end(const char *p, const char *end)
{
	static const bool ends[256] = {['/'] = true, ['?'] = true, ['#'] = true, ['\\'] = true};

	while (p < end && !ends[(unsigned char)*p])
		p++;
	return p;
}

static struct span without_port(struct span host)
{
	size_t n = host.len;

	while (n && decimal_is_digit(host.at[n - 1]))
		n--;
	return n > 1 && n < host.len && host.at[n - 1] == ':' ? span_of(host.at, n - 1) : host;
}

/* Get the host in the referrer.  RFC 3986, 3.2: authority = [ userinfo "@" ] host [ ":" port ] */
static enum field_result site_of(const struct record *r, struct span *value)
{
	struct span referrer;

	if (!base_value(r, BASE_REFERRER, &referrer))
		return FIELD_NONE;
	*value = none;
	const char *p = skip_scheme(referrer);
	if (!p)
		return FIELD_VALUE;
	const char *to = authority_end(p, referrer.at + referrer.len);
	struct span host = span_between(p, to);
	const char *at = swar_find(p, to, '@') ? span_last(host, '@') : NULL;
	if (at)
		host = span_between(at + 1, to);
	host = without_port(host);
	if (host.len)
		*value = host;
	return FIELD_VALUE;
}

static enum field_result named_value(size_t n, struct record *r, struct span *value)
{
	switch (n) {
	case BASE_URL:
		return url_of(r, value);
	case BASE_PATH:
		return path_of(r, value);
	case BASE_QUERY:
		return query_of(r, value);
	case BASE_METHOD:
	case BASE_PROTO:
		return part_of_request(r, (enum base)n, value);
	case BASE_TIME:
		return time_of(r, TIMESTAMP_SECOND, value);
	case DERIVED_DAY:
		return time_of(r, TIMESTAMP_DAY, value);
	case DERIVED_HOUR:
		return time_of(r, TIMESTAMP_HOUR, value);
	case DERIVED_MINUTE:
		return time_of(r, TIMESTAMP_MINUTE, value);
	case DERIVED_CLASS:
		return class_of(r, value);
	case DERIVED_EXT:
		return ext_of(r, value);
	case DERIVED_SITE:
		return site_of(r, value);
	case DERIVED_HOST:
		*value = span_text(r->fields->host);
		return FIELD_VALUE;
	default:
		return base_value(r, (enum base)n, value) ? FIELD_VALUE : FIELD_NONE;
	}
}

void record_reset(struct record *r)
{
	arena_reset(r->arena);
	r->timestamp = NULL;
}

enum field_result record_find_once(const struct field *f, struct record *r, struct span *value)
{
	switch (f->kind) {
	case FIELD_LINE:
		*value = r->line;
		return FIELD_VALUE;
	case FIELD_COLUMN:
		return columns_nth(r->line, f->n, r->delimiter, value) ? FIELD_VALUE : FIELD_NONE;
	case FIELD_OWN:
		*value = r->slots[BASES + f->n];
		return value->at ? FIELD_VALUE : FIELD_NONE;
	case FIELD_NAMED:
		break;
	}
	return named_value(f->n, r, value);
}
