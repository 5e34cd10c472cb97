#include "query/field.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "formats/columns.h"
#include "formats/cutter.h"
#include "formats/timestamp.h"
#include "lib/array.h"
#include "lib/hostname.h"
#include "lib/swar.h"
#include "formats/aliases.h"

static const struct {
	const char *name;
	size_t n;
} other_names[] = {
	{"class", DERIVED_CLASS},
	{"day", DERIVED_DAY},
	{"hour", DERIVED_HOUR},
	{"minute", DERIVED_MINUTE},
	{"ext", DERIVED_EXT},
	{"site", DERIVED_SITE},
	{"@host", DERIVED_HOST},
	{"referer", BASE_REFERRER},
};

/* Which bases each may be made from. */
static uint32_t sources_of(size_t n)
{
	const uint32_t request = base_bit(BASE_REQUEST), path = base_bit(BASE_PATH);
	const uint32_t url = base_bit(BASE_URL) | request;

	switch (n) {
	case BASE_METHOD:
		return base_bit(BASE_METHOD) | request;
	case BASE_PROTO:
		return base_bit(BASE_PROTO) | request;
	case BASE_URL:
		return url | path | base_bit(BASE_QUERY);
	case BASE_PATH:
	case DERIVED_EXT:
		return url | path;
	case BASE_QUERY:
		return url | path | base_bit(BASE_QUERY);
	case DERIVED_CLASS:
		return base_bit(BASE_STATUS);
	case BASE_TIME:
	case DERIVED_DAY:
	case DERIVED_HOUR:
	case DERIVED_MINUTE:
		return base_bit(BASE_TIME) | base_bit(BASE_DATE);
	case DERIVED_SITE:
		return base_bit(BASE_REFERRER);
	case DERIVED_HOST:
		return 0;
	default:
		return base_bit((enum base)n);
	}
}

/* --- Names ----------------------------------------------------------------------- */

const char *fields_known(size_t i)
{
	enum { OTHERS = sizeof other_names / sizeof *other_names };

	if (i >= BASE_DATE)
		i++; /* is a part of the time */
	if (i < BASES)
		return base_names[i];
	if (i - BASES >= OTHERS || other_names[i - BASES].n < BASES)
		return NULL; /* the last one is another spelling */
	return other_names[i - BASES].name;
}

static bool is_number(const char *name)
{
	return *name && strspn(name, "0123456789") == strlen(name);
}

const char *fields_slip(const char *name, char guess[SUGGEST_PHRASE])
{
	*guess = '\0';
	if (*name == '$' && is_number(name + 1))
		snprintf(guess, SUGGEST_PHRASE, " (did you mean '%.20s'?)", name + 1);
	else if (strchr(name, ' '))
		snprintf(guess, SUGGEST_PHRASE, " (separate fields with commas)");
	return guess;
}

const char *fields_guess(const char *name, char guess[SUGGEST_PHRASE])
{
	const char *ours = aliases_of_field(span_text(name));
	struct suggestion nearest = suggest_for(span_text(name));

	if (*fields_slip(name, guess))
		return guess;
	for (size_t i = 0; !ours && fields_known(i); i++)
		suggest_offer(&nearest, span_text(fields_known(i)));
	if (ours)
		nearest.best = span_text(ours);
	return suggest_phrase(&nearest, "", guess);
}

static int find_name(const char *name)
{
	for (int i = 0; i < BASES; i++)
		if (i != BASE_DATE && strcmp(base_names[i], name) == 0)
			return i;
	for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++)
		if (strcmp(other_names[i].name, name) == 0)
			return (int)other_names[i].n;
	return -1;
}

bool field_is_shared(const char *name)
{
	return find_name(name) >= 0 || is_number(name);
}

static bool add_own_name(struct wanted *w, const char *name, size_t *index)
{
	for (*index = 0; *index < w->names.n; ++*index)
		if (strcmp(w->names.at[*index], name) == 0)
			return true;
	return strlist_add(&w->names, name);
}

/* A dot says that the name is the format's own, a dollar that it is nginx's. */
static const char *own_name(const char *name)
{
	return name + (name[0] == '.' || name[0] == '$');
}

enum { COLUMN_DIGITS = 9 };

static bool parse(const char *name, struct field *f, struct wanted *wanted, struct complaint *c)
{
	*f = (struct field){.name = name, .kind = FIELD_NAMED};
	if (!*name || !*own_name(name))
		return complain(c, "a field name is empty; write -f url, or -f status,url");
	if (is_number(name)) {
		if (strlen(name) > COLUMN_DIGITS)
			return complain(c, "'%s' is too large for a column", name);
		f->n = strtoul(name, NULL, 10);
		f->kind = f->n ? FIELD_COLUMN : FIELD_LINE;
		return true;
	}
	int known = find_name(name);
	if (known >= 0) {
		f->n = (size_t)known;
		wanted->bases |= sources_of(f->n);
		return true;
	}
	f->kind = FIELD_OWN;
	return add_own_name(wanted, own_name(name), &f->n) || complain(c, "out of memory");
}

static int find_slot(const struct field *f)
{
	if (f->kind == FIELD_OWN)
		return BASES + (int)f->n;
	if (f->kind != FIELD_NAMED || f->n >= BASES)
		return -1;
	return sources_of(f->n) == base_bit((enum base)f->n) ? (int)f->n : -1;
}

static bool is_host(const struct field *f)
{
	return f->kind == FIELD_NAMED && f->n == DERIVED_HOST;
}

static bool append(struct fields *all, struct field *f, struct complaint *c)
{
	if (!ARRAY_GROW(all->at, all->n, &all->room))
		return complain(c, "out of memory");
	if (is_host(f) && !hostname_get(all->host))
		return complain(c, "%s: this machine has no name", f->name);
	f->slot = find_slot(f);
	all->need_format |= (f->kind == FIELD_NAMED && !is_host(f)) || f->kind == FIELD_OWN;
	all->have_columns |= f->kind == FIELD_COLUMN;
	all->at[all->n++] = *f;
	return true;
}

bool fields_add(struct fields *all, struct arg name, size_t *index, struct complaint *c)
{
	struct field f;

	if (!parse(name.value, &f, &all->wanted, c))
		return complaint_about(c, name);
	for (*index = 0; *index < all->n; ++*index)
		if (all->at[*index].kind == f.kind && all->at[*index].n == f.n)
			break;
	if (*index == all->n && !append(all, &f, c))
		return complaint_about(c, name);
	all->at[*index].needed |= !all->missing_fields_ok;
	return true;
}

void fields_free(struct fields *all)
{
	free(all->at);
	strlist_free(&all->wanted.names);
}

/* Neither time nor URL is made of its second source alone. */
static bool can_have(uint32_t bases, size_t n)
{
	uint32_t sources = sources_of(n);

	if (sources & base_bit(BASE_DATE))
		sources &= ~base_bit(BASE_DATE);
	if (n == BASE_URL)
		sources &= ~base_bit(BASE_QUERY);
	return n == DERIVED_HOST || (bases & sources);
}

bool field_is_in(const struct field *f, const struct logformat *format)
{
	if (f->kind == FIELD_NAMED)
		return can_have(logformat_bases(format), f->n);
	return f->kind != FIELD_OWN || logformat_has(format, own_name(f->name));
}

static void append_name(struct span name, char *out, size_t room)
{
	size_t len = strlen(out);

	if (name.len < room && len < room - name.len - 1)
		snprintf(out + len, room - len, "%s%.*s", len ? " " : "", (int)name.len, name.at);
}

void fields_list(const struct logformat *format, char *out, size_t room)
{
	struct span own;

	*out = '\0';
	for (int b = 0; b < BASES; b++)
		if (b != BASE_DATE && can_have(logformat_bases(format), (size_t)b))
			append_name(span_text(base_names[b]), out, room);
	for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++)
		if (other_names[i].n >= BASES && other_names[i].n != DERIVED_HOST &&
			can_have(logformat_bases(format), other_names[i].n))
			append_name(span_text(other_names[i].name), out, room);
	for (size_t i = 0; (own = logformat_own_name(format, i)).len; i++)
		append_name(own, out, room);
}

enum field_kind field_values(const struct field *f)
{
	if (f->kind != FIELD_NAMED)
		return FIELD_ANY;
	switch (f->n) {
	case BASE_STATUS:
	case BASE_BYTES:
	case BASE_PORT:
		return FIELD_NUMBER;
	case BASE_TIME:
	case DERIVED_DAY:
	case DERIVED_HOUR:
	case DERIVED_MINUTE:
		return FIELD_TIME;
	default:
		return FIELD_ANY;
	}
}

/* --- Values ---------------------------------------------------------------------- */

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

/* "METHOD URL HTTP/1.1", or "METHOD URL" as HTTP/0.9 has it.  A URL with blanks in it
 * is told from the rest only if a protocol ends the request. */
struct request {
	struct span method, url, proto;
};

/* The last blank, which is nearly always that of " HTTP/1.1". */
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
		p += 3; /* as most do */
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

/* The URL of "GET URL HTTP/1.x", as nearly all requests are, with what read_request asks of it. */
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

int field_usual_base(const struct field *f)
{
	if (f->kind == FIELD_NAMED && f->n == BASE_URL)
		return BASE_REQUEST;
	return f->slot >= 0 && f->slot < BASES ? f->slot : -1;
}

void field_of_usual(const struct field *f, struct span *values, size_t n)
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

/* Path and query put together. */
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
	enum field_result got = url_of(r, path);
	const char *mark =
		got == FIELD_VALUE && path->len ? memchr(path->at, '?', path->len) : NULL;
	if (mark)
		path->len = (size_t)(mark - path->at);
	return got;
}

static enum field_result query_of(const struct record *r, struct span *query)
{
	struct span url;
	enum field_result got = FIELD_VALUE;

	if (base_value(r, BASE_QUERY, query)) {
		if (query->len && query->at[0] == '?')
			*query = span_of(query->at + 1, query->len - 1);
	} else {
		got = url_of(r, &url);
		const char *mark =
			got == FIELD_VALUE && url.len ? memchr(url.at, '?', url.len) : NULL;
		*query = mark ? span_between(mark + 1, url.at + url.len) : none;
	}
	if (!query->len)
		*query = none;
	return got;
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
	bool digits = value->len == 3;
	for (size_t i = 0; digits && i < 3; i++)
		digits = isdigit((unsigned char)value->at[i]);
	*value = digits ? span_of(classes[value->at[0] - '0'], 3) : none;
	return FIELD_VALUE;
}

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

/* The first len bytes of the time, in the one notation. */
static enum field_result time_of(struct record *r, size_t len, struct span *value)
{
	struct span text;
	enum field_result got = whole_time(r, &text);

	if (got != FIELD_VALUE)
		return got;
	if (!r->last_when || !span_equal(text, r->last_time)) {
		char *at = arena_take(r->arena, TIMESTAMP_SECOND);
		if (!at)
			return FIELD_FAILED;
		if (!timestamp_read(text, at))
			return FIELD_NONE;
		r->last_when = at;
		r->last_time = text;
	}
	*value = span_of(r->last_when, len);
	return FIELD_VALUE;
}

/* Of the last part of a path what is behind its last dot, which does not begin it. */
static enum field_result ext_of(const struct record *r, struct span *value)
{
	enum field_result got = path_of(r, value);

	if (got != FIELD_VALUE)
		return got;
	const char *end = value->at + value->len, *slash = span_last(*value, '/');
	struct span name = span_between(slash ? slash + 1 : value->at, end);
	const char *dot = span_last(name, '.');
	*value = dot && dot > name.at && dot + 1 < end ? span_between(dot + 1, end) : none;
	return FIELD_VALUE;
}

/* Behind "scheme://", NULL if the text does not begin so. */
static const char *behind_scheme(struct span s)
{
	size_t i = 0;

	if (s.len > 7 && memcmp(s.at, "http://", 7) == 0)
		return s.at + 7;
	while (i < s.len &&
		(isalpha((unsigned char)s.at[i]) ||
			(i && (isdigit((unsigned char)s.at[i]) || memchr("+-.", s.at[i], 3)))))
		i++;
	if (!i || s.len - i < 3 || memcmp(s.at + i, "://", 3) != 0)
		return NULL;
	return s.at + i + 3;
}

/* Where a URL's host, with what belongs to it, ends. */
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

	while (n && isdigit((unsigned char)host.at[n - 1]))
		n--;
	return n > 1 && n < host.len && host.at[n - 1] == ':' ? span_of(host.at, n - 1) : host;
}

/* RFC 3986, 3.2: authority = [ userinfo "@" ] host [ ":" port ] */
static enum field_result site_of(const struct record *r, struct span *value)
{
	struct span referrer;

	if (!base_value(r, BASE_REFERRER, &referrer))
		return FIELD_NONE;
	*value = none;
	const char *p = behind_scheme(referrer);
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
