#include "query/record.h"

#include "formats/columns.h"
#include "formats/timestamp.h"
#include "lib/decimal.h"
#include "query/url.h"

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

static bool request_of(const struct record *rec, struct request *r)
{
	struct span text;

	return base_value(rec, BASE_REQUEST, &text) && read_request(text, r);
}

/* Get the path that the line has as such.  In some logs the query follows it: then *query_in is the
 * part after the '?'; otherwise, .at is NULL.  If the line also has the query as such, the path may
 * have been decoded, and a '?' in it may be a part of the path, unless just this query follows. */
static bool path_value(const struct record *r, struct span *path, struct span *query_in)
{
	struct span query;

	*query_in = span_of(NULL, 0);
	if (!base_value(r, BASE_PATH, path))
		return false;
	const char *mark = span_first(*path, '?');
	if (!mark)
		return true;
	struct span rest = span_between(mark + 1, span_end(*path));
	if (base_value(r, BASE_QUERY, &query) && !span_equal(query, rest) &&
		!span_equal(query, span_between(mark, span_end(*path))))
		return true;
	*query_in = rest;
	path->len = (size_t)(mark - path->at);
	return true;
}

/* Append "?" and the query to a URL or path, if the line has the query as such. */
static enum field_result add_query(const struct record *r, struct span *url)
{
	struct span query;

	if (!base_value(r, BASE_QUERY, &query) || !query.len || span_equal(query, none))
		return FIELD_VALUE;
	size_t mark = query.at[0] != '?', len = url->len + mark + query.len;
	char *at = arena_take(r->arena, len);
	if (!at)
		return FIELD_FAILED;
	memcpy(at, url->at, url->len);
	at[url->len] = '?';
	memcpy(at + url->len + mark, query.at, query.len);
	*url = span_of(at, len);
	return FIELD_VALUE;
}

/* Make a URL of the path and the query: "PATH?QUERY". */
static enum field_result join_url(const struct record *r, struct span *url)
{
	struct span query_in;

	if (!path_value(r, url, &query_in))
		return FIELD_NONE;
	if (!query_in.at)
		return add_query(r, url);
	*url = span_between(url->at, span_end(query_in));
	return FIELD_VALUE;
}

/* True if the URL lacks its query, which the line has as such.  A query has no blanks: a text with
 * blanks may be a query to a database. */
static bool lacks_query(const struct record *r, struct span url)
{
	struct span query;

	return base_value(r, BASE_QUERY, &query) && !span_first(query, ' ') &&
	       !span_first(url, '?');
}

static enum field_result url_of(const struct record *r, struct span *url)
{
	struct request request;

	if (base_value(r, BASE_URL, url))
		return lacks_query(r, *url) ? add_query(r, url) : FIELD_VALUE;
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
	struct span query_in;

	if (path_value(r, path, &query_in))
		return FIELD_VALUE;
	enum field_result found = url_of(r, path);
	if (found == FIELD_VALUE)
		*path = url_path(*path);
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
		*query = found == FIELD_VALUE ? url_query(url) : none;
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

static inline struct span class_of_status(struct span status)
{
	static const char classes[][4] = {
		"0xx", "1xx", "2xx", "3xx", "4xx", "5xx", "6xx", "7xx", "8xx", "9xx"};

	bool is_status = status.len == 3 && decimal_is_digits(status);
	return is_status ? span_of(classes[status.at[0] - '0'], 3) : none;
}

static enum field_result class_of(const struct record *r, struct span *value)
{
	if (!base_value(r, BASE_STATUS, value))
		return FIELD_NONE;
	*value = class_of_status(*value);
	return FIELD_VALUE;
}

enum field_result record_time_text(const struct record *r, struct span *text)
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

void record_note_bad_time(struct record *r, struct span text)
{
	struct bad_times *bad = &r->bad_times;

	if (!text.len || span_equal(text, none) || bad->last == r->line.at)
		return;
	bad->last = r->line.at;
	if (!bad->n++ || r->line.at < bad->first) {
		bad->first = r->line.at;
		size_t len = text.len < sizeof bad->text ? text.len : sizeof bad->text - 1;
		for (size_t i = 0; i < len; i++)
			bad->text[i] = (unsigned char)text.at[i] < ' ' ? '?' : text.at[i];
		bad->text[len] = '\0';
	}
}

/* Get the first `len` bytes of the line's time in wf's notation, "2007-06-17T12:00:01". */
static enum field_result time_of(struct record *r, size_t len, struct span *value)
{
	struct span text;
	enum field_result found = record_time_text(r, &text);

	if (found != FIELD_VALUE)
		return found;
	if (!r->timestamp || !span_equal(text, r->time_text)) {
		char *at = arena_take(r->arena, TIMESTAMP_SECOND);
		if (!at)
			return FIELD_FAILED;
		if (!local_time_read(&r->times, text, at)) {
			record_note_bad_time(r, text);
			return FIELD_NONE;
		}
		r->timestamp = at;
		r->time_text = text;
	}
	*value = span_of(r->timestamp, len);
	return FIELD_VALUE;
}

static enum field_result ext_of(const struct record *r, struct span *value)
{
	enum field_result found = path_of(r, value);

	if (found == FIELD_VALUE)
		*value = url_extension(*value);
	return found;
}

static enum field_result site_of(const struct record *r, struct span *value)
{
	struct span referrer;

	if (!base_value(r, BASE_REFERRER, &referrer))
		return FIELD_NONE;
	*value = url_host(referrer);
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

/* Replace the value of a field by the part of it that the user wants.  False if out of memory. */
static bool apply_parts(const struct field *f, struct record *r, struct span *value)
{
	for (size_t i = 0; i < f->n_parts; i++)
		if (!part_of(&f->parts[i], value, &r->times, r->arena))
			return false;
	return true;
}

/* --- Usual lines -------------------------------------------------------------------- */

static void derive_urls(const struct record_lines *lines, struct span *values)
{
	const struct span *requests = lines->slots[BASE_REQUEST];
	struct request r;

	for (size_t k = 0; k < lines->n; k++) {
		size_t i = lines->at[k];
		if (!usual_url(requests[i], &values[i]))
			values[i] = read_request(requests[i], &r) ? r.url : span_of(NULL, 0);
	}
}

static void derive_paths(const struct record_lines *lines, struct span *values)
{
	derive_urls(lines, values);
	for (size_t k = 0; k < lines->n; k++) {
		struct span *value = &values[lines->at[k]];
		if (value->at)
			*value = url_path(*value);
	}
}

/* Find the methods or protocols. */
static void derive_parts_of_requests(
	const struct record_lines *lines, enum base b, struct span *values)
{
	enum { GET = sizeof "GET" - 1, HTTP = sizeof "HTTP/1.1" - 1 };
	const struct span *requests = lines->slots[BASE_REQUEST];
	struct request r;
	struct span url;

	for (size_t k = 0; k < lines->n; k++) {
		size_t i = lines->at[k];
		const struct span request = requests[i];
		if (usual_url(request, &url))
			values[i] = b == BASE_METHOD ? span_of(request.at, GET)
						     : span_of(span_end(request) - HTTP, HTTP);
		else if (read_request(request, &r))
			values[i] = b == BASE_METHOD ? r.method : r.proto;
		else
			values[i] = span_of(NULL, 0);
	}
}

static void derive_classes(const struct record_lines *lines, struct span *values)
{
	const struct span *statuses = lines->slots[BASE_STATUS];

	for (size_t k = 0; k < lines->n; k++) {
		size_t i = lines->at[k];
		values[i] = statuses[i].at ? class_of_status(statuses[i]) : statuses[i];
	}
}

static void derive_extensions(const struct record_lines *lines, struct span *values)
{
	derive_paths(lines, values);
	for (size_t k = 0; k < lines->n; k++) {
		struct span *value = &values[lines->at[k]];
		if (value->at)
			*value = url_extension(*value);
	}
}

static void derive_sites(const struct record_lines *lines, struct span *values)
{
	const struct span *referrers = lines->slots[BASE_REFERRER];

	for (size_t k = 0; k < lines->n; k++) {
		size_t i = lines->at[k];
		values[i] = referrers[i].at ? url_host(referrers[i]) : referrers[i];
	}
}

/* True if the first `same` bytes of two times like 17/Jun/2007:12:00:01 -0700 are equal.  `same` is
 * at least 8 and at most 24. */
static inline bool begin_same(const char *a, const char *b, size_t same)
{
	size_t middle = same < 16 ? same - 8 : 8, last = same - 8;

	return !((word_load(a) ^ word_load(b)) | (word_load(a + middle) ^ word_load(b + middle)) |
		 (word_load(a + last) ^ word_load(b + last)));
}

/* True if the zones of two such times are equal. */
static inline bool zones_same(const char *a, const char *b)
{
	enum { ZONE_LEN = 5, ZONE = TIMESTAMP_CLF - ZONE_LEN };

	return memcmp(a + ZONE, b + ZONE, ZONE_LEN) == 0;
}

/* Write a time like 17/Jun/2007:12:00:01 -0700 in wf's notation to `out`.  `last` is the time that
 * was written to last_out before; NULL if there is none.  If both times are on the same day, and no
 * zone is converted, copy the day from last_out.  False if the text is not a time. */
static bool write_time(
	struct record *r, const char *text, char *out, const char *last, const char *last_out)
{
	enum { CLOCK = 12, CLOCK_LEN = 8 };

	if (!last || r->times.zone || !begin_same(text, last, CLOCK))
		return local_time_read(&r->times, span_of(text, TIMESTAMP_CLF), out);
	memcpy(out, last_out, TIMESTAMP_DAY + 1);
	memcpy(out + TIMESTAMP_DAY + 1, text + CLOCK, CLOCK_LEN);
	return true;
}

/* Get each line's value of a field that depends on the time.  Times of usual lines are valid.
 * `same` is how many bytes of "17/Jun/2007:12:00:01 -0700" determine the value, unless zones are
 * converted: then the zone matters, too.  `len` is how many bytes of wf's notation the field has,
 * before its parts are made. */
static inline __attribute__((always_inline)) bool derive_times(const struct field *f,
	struct record *r, const struct record_lines *lines, size_t same, size_t len,
	struct span *values)
{
	const struct span *times = lines->slots[BASE_TIME];
	const char *last = NULL, *last_out = NULL;
	bool ignores_zones = !r->times.zone;
	struct span value = span_of(NULL, 0);

	for (size_t k = 0; k < lines->n; k++) {
		const char *text = times[lines->at[k]].at;
		if (!last || !begin_same(text, last, same) ||
			!(ignores_zones || zones_same(text, last))) {
			char *at = arena_take(r->arena, TIMESTAMP_SECOND);
			if (!at || !write_time(r, text, at, last, last_out))
				return false;
			last = text;
			last_out = at;
			value = span_of(at, len);
			if (f->n_parts && !apply_parts(f, r, &value))
				return false;
		}
		values[lines->at[k]] = value;
	}
	return true;
}

/* Return how many bytes of the time in wf's notation determine a field's value. */
static size_t determined_by(const struct field *f, size_t len)
{
	size_t n = f->n_parts ? part_determined_by(&f->parts[0]) : 0;

	return n && n < len ? n : len;
}

/* Get each line's value of a field that depends on the first `len` bytes of the time. */
static bool derive_any_time(const struct field *f, struct record *r,
	const struct record_lines *lines, size_t len, struct span *values)
{
	/* How many bytes of "17/Jun/2007:12:00:01 -0700" determine the day, the hour, and so on. */
	enum { DAY = 11, HOUR = 14, MINUTE = 17, SECOND = 20 };
	size_t n = determined_by(f, len);

	/* In some zones, hours do not begin with the minute 00 of other zones. */
	if (r->times.zone && n < TIMESTAMP_MINUTE)
		n = TIMESTAMP_MINUTE;
	switch (n) {
	case TIMESTAMP_DAY:
		return derive_times(f, r, lines, DAY, len, values);
	case TIMESTAMP_HOUR:
		return derive_times(f, r, lines, HOUR, len, values);
	case TIMESTAMP_MINUTE:
		return derive_times(f, r, lines, MINUTE, len, values);
	default:
		return derive_times(f, r, lines, SECOND, len, values);
	}
}

static bool derive_whole(const struct field *f, struct record *r, const struct record_lines *lines,
	struct span *values)
{
	if (f->kind != FIELD_NAMED)
		return false;
	switch (f->n) {
	case BASE_URL:
		derive_urls(lines, values);
		return true;
	case BASE_PATH:
		derive_paths(lines, values);
		return true;
	case BASE_METHOD:
	case BASE_PROTO:
		derive_parts_of_requests(lines, (enum base)f->n, values);
		return true;
	case DERIVED_CLASS:
		derive_classes(lines, values);
		return true;
	case DERIVED_EXT:
		derive_extensions(lines, values);
		return true;
	case DERIVED_SITE:
		derive_sites(lines, values);
		return true;
	case DERIVED_DAY:
		return derive_any_time(f, r, lines, TIMESTAMP_DAY, values);
	case DERIVED_HOUR:
		return derive_any_time(f, r, lines, TIMESTAMP_HOUR, values);
	case DERIVED_MINUTE:
		return derive_any_time(f, r, lines, TIMESTAMP_MINUTE, values);
	case BASE_TIME:
		return derive_any_time(f, r, lines, TIMESTAMP_SECOND, values);
	default:
		return false;
	}
}

/* Find the parts of a field's values. */
static bool derive_parts(const struct field *f, struct record *r, const struct record_lines *lines,
	struct span *values)
{
	bool is_slot = f->kind == FIELD_NAMED && f->n < BASES &&
		       field_sources(f) == base_bit((enum base)f->n);
	struct part_values all = {values, lines->at, lines->n};

	if (!is_slot && !derive_whole(f, r, lines, values))
		return false;
	if (f->kind == FIELD_NAMED && field_sources(f) & base_bit(BASE_TIME))
		return true; /* derive_times() has made the parts */
	for (size_t k = 0; is_slot && k < lines->n; k++)
		values[lines->at[k]] = lines->slots[f->n][lines->at[k]];
	for (size_t i = 0; i < f->n_parts; i++)
		if (!part_of_column(&f->parts[i], &all, &r->times, r->arena))
			return false;
	return true;
}

bool record_derive_usual(const struct field *f, struct record *r, const struct record_lines *lines,
	struct span *values)
{
	return f->n_parts ? derive_parts(f, r, lines, values) : derive_whole(f, r, lines, values);
}

/* --- Any line ----------------------------------------------------------------------- */

void record_reset(struct record *r)
{
	arena_reset(r->arena);
	r->timestamp = NULL;
	r->bad_times = (struct bad_times){0};
}

static enum field_result group_value(const struct field *f, struct record *r, struct span *value)
{
	switch (key_patterns_match_line(f->patterns, r->line, r, r->number)) {
	case PATTERN_YES:
		return key_patterns_value(f->patterns, f->group, value) ? FIELD_VALUE : FIELD_NONE;
	case PATTERN_GAVE_UP:
		return FIELD_GAVE_UP;
	default:
		return FIELD_NONE;
	}
}

static enum field_result whole_value(const struct field *f, struct record *r, struct span *value)
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
	case FIELD_GROUP:
		return group_value(f, r, value);
	case FIELD_NAMED:
		break;
	}
	return named_value(f->n, r, value);
}

enum field_result record_find_once(const struct field *f, struct record *r, struct span *value)
{
	if (!f->n_parts)
		return whole_value(f, r, value);
	if (f->whole >= 0 && r->slots[f->whole].at) {
		*value = r->slots[f->whole];
		return FIELD_VALUE;
	}
	enum field_result found = whole_value(f, r, value);
	return found != FIELD_VALUE || apply_parts(f, r, value) ? found : FIELD_FAILED;
}
