/* json.c -- cuts lines of JSON, which nginx, Caddy, Traefik and Kubernetes write.
 *
 * Bytes that are not UTF-8 are accepted.  If two members have the same name, the last one counts.
 * Each server has its own names for the same things, so the table below lists all names of each
 * base field.  If a line has several of these names, the first one in the table that has a value
 * counts.
 *
 *	nginx	escape=json, usually with the names of its variables
 *	Caddy	https://caddyserver.com/docs/logging
 *	Traefik	https://doc.traefik.io/traefik/observability/access-logs/
 *	k8s	https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "formats/cutter.h"
#include "formats/json_reader.h"
#include "lib/array.h"
#include "lib/decimal.h"

/* The names of each base field, separated by blanks.  "a.b" is the member b of the member a. */
static const char *const names_of[BASES] = {
	[BASE_CLIENT] = "remote_addr client_ip clientip remote_ip client_addr client "
			"request.client_ip request.remote_ip request.remote_addr ClientHost "
			"sourceIPs.0 ip",
	[BASE_IDENT] = "ident",
	[BASE_USER] = "remote_user user user_id user.username ClientUsername",
	[BASE_TIME] = "time_iso8601 time_local @timestamp timestamp time ts StartUTC "
		      "requestReceivedTimestamp msec date",
	[BASE_REQUEST] = "request",
	[BASE_METHOD] = "request_method method request.method RequestMethod verb",
	[BASE_URL] = "request_uri url uri request.uri RequestPath requestURI",
	[BASE_PATH] = "path",
	[BASE_QUERY] = "args query_string query",
	[BASE_PROTO] = "server_protocol proto protocol request.proto RequestProtocol",
	[BASE_STATUS] = "status status_code response_status DownstreamStatus "
			"responseStatus.code code",
	[BASE_BYTES] = "body_bytes_sent bytes_sent bytes size DownstreamContentSize "
		       "response_size",
	[BASE_REFERRER] = "http_referer http_referrer referer referrer request.headers.Referer "
			  "request_Referer",
	[BASE_AGENT] = "http_user_agent user_agent agent request.headers.User-Agent "
		       "request_User-Agent userAgent",
	[BASE_HOST] = "http_host host server_name vhost request.host RequestHost",
	[BASE_PORT] = "server_port port",
};

enum { NAME_MAX_LEN = 256 };

/* The members of an object, in their order. */
struct members {
	struct json_member *at;
	size_t n, room;
};

struct json {
	const struct wanted *wanted;
	struct span line;       /* the current line, which is an object */
	struct members members; /* the members of this object */
};

static void *json_compile(const char *text, const struct wanted *wanted, struct complaint *c)
{
	struct json *j = calloc(1, sizeof *j);

	(void)text, (void)c;
	if (j)
		j->wanted = wanted;
	return j;
}

static void json_free(void *compiled)
{
	struct json *j = compiled;

	free(j->members.at);
	free(j);
}

/* --- Finding values ----------------------------------------------------------------- */

/* A value is the span of its text.  If there is no value, .at is NULL. */
static const struct span no_value;

static bool is(struct span value, char first)
{
	return value.at && *value.at == first;
}

static struct span element(struct span array, struct span index)
{
	struct json_walk w = json_reader_begin(array);
	struct json_member m = {0};
	size_t n = 0;

	for (size_t i = 0; i < index.len; i++) {
		if (!decimal_is_digit(index.at[i]) || n > INT_MAX)
			return no_value;
		n = 10 * n + (size_t)(index.at[i] - '0');
	}
	if (!index.len)
		return no_value;
	do
		if (!json_reader_next(&w, &m))
			return no_value;
	while (n--);
	return m.value;
}

/* Find a member of the line's object, whose members are in `all`. */
static struct span listed(const struct members *all, struct span name)
{
	for (size_t i = all->n; i; i--)
		if (json_reader_is(all->at[i - 1].name, name))
			return all->at[i - 1].value;
	return no_value;
}

static struct span member(struct span object, struct span name)
{
	struct json_walk w = json_reader_begin(object);
	struct json_member m;
	struct span found = no_value;

	while (json_reader_next(&w, &m))
		if (json_reader_is(m.name, name))
			found = m.value;
	return found;
}

/* Find a member of an object by its name, or an element of an array by its index.  Returns no_value
 * also if the member or element is null. */
static struct span child(const struct json *j, struct span parent, struct span name)
{
	struct span found = no_value;

	if (parent.at == j->line.at)
		found = listed(&j->members, name);
	else if (is(parent, '{'))
		found = member(parent, name);
	else if (is(parent, '['))
		found = element(parent, name);
	return is(found, 'n') ? no_value : found;
}

/* Find the value at a path such as "a.b.c": the member "a.b.c" or, if there is none, the member c
 * of the member b of the member a. */
static struct span follow(const struct json *j, struct span path)
{
	struct span from = j->line, found = child(j, from, path);

	while (!found.at && from.at) {
		const char *dot = span_first(path, '.');
		struct span name = dot ? span_between(path.at, dot) : path;
		from = child(j, from, name);
		if (!dot)
			return from;
		path = span_between(dot + 1, span_end(path));
	}
	return found;
}

/* If the value is an array whose only element is neither an object nor an array, return this
 * element; otherwise return the value.  Caddy writes each header as an array, which usually has one
 * element. */
static struct span without_array(struct span value)
{
	struct json_member only, more;

	if (!is(value, '['))
		return value;
	struct json_walk w = json_reader_begin(value);
	if (!json_reader_next(&w, &only) || json_reader_next(&w, &more))
		return value;
	return is(only.value, '{') || is(only.value, '[') ? value : only.value;
}

/* --- Values ----------------------------------------------------------------------- */

static struct span unquoted(struct span string)
{
	return span_of(string.at + 1, string.len - 2);
}

static int compare_names(const void *a, const void *b)
{
	const struct json_member *x = a, *y = b;
	int order = span_compare(x->name, y->name);

	return order ? order : (x->value.at > y->value.at) - (x->value.at < y->value.at);
}

static int compare_places(const void *a, const void *b)
{
	const struct json_member *x = a, *y = b;

	return (x->name.at > y->name.at) - (x->name.at < y->name.at);
}

static bool list(struct members *all, struct span object)
{
	struct json_walk w = json_reader_begin(object);
	struct json_member m;

	all->n = 0;
	while (json_reader_next(&w, &m)) {
		if (!ARRAY_GROW(all->at, all->n, &all->room))
			return false;
		all->at[all->n++] = m;
	}
	return true;
}

/* List the members of an object, with decoded names.  If several members have the same name, list
 * only one of them, at the place of the first and with the value of the last.  The caller frees
 * .at.  False if out of memory. */
static bool list_once(struct members *all, struct span object, struct arena *arena)
{
	char *to = arena_take(arena, object.len);
	size_t n = 0;

	*all = (struct members){0};
	if (!to || !list(all, object))
		return false;
	for (size_t i = 0; i < all->n; i++) {
		char *end = json_reader_decode(all->at[i].name, to);
		all->at[i].name = span_between(to, end);
		to = end + 1; /* so that no two names have the same address */
	}
	if (all->n)
		qsort(all->at, all->n, sizeof *all->at, compare_names);
	for (size_t i = 0; i < all->n; i++) {
		if (n && span_equal(all->at[n - 1].name, all->at[i].name))
			all->at[n - 1].value = all->at[i].value;
		else
			all->at[n++] = all->at[i];
	}
	all->n = n;
	if (n)
		qsort(all->at, n, sizeof *all->at, compare_places);
	return true;
}

static char *put_bytes(char *out, struct span bytes)
{
	memcpy(out, bytes.at, bytes.len);
	return out + bytes.len;
}

/* Write a string in quotes.  The result is at most as long as the text from which the string was
 * decoded. */
static char *put_string(char *out, struct span s)
{
	static const char special[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";

	*out++ = '"';
	for (size_t i = 0; i < s.len; i++) {
		const char *at = memchr(special, s.at[i], sizeof special - 1);
		if (at) {
			*out++ = '\\';
			*out++ = letters[at - special];
		} else if ((unsigned char)s.at[i] < 0x20) {
			out = put_bytes(out, span_text(s.at[i] < 0x10 ? "\\u000" : "\\u001"));
			*out++ = "0123456789abcdef"[s.at[i] & 15];
		} else {
			*out++ = s.at[i];
		}
	}
	*out++ = '"';
	return out;
}

static bool decode(struct span text, struct arena *arena, struct span *value)
{
	char *to = arena_take(arena, text.len);

	if (to)
		*value = span_between(to, json_reader_decode(text, to));
	return to != NULL;
}

static bool put_value(char **out, struct span value, struct arena *arena);

static bool put_object(char **out, struct span object, struct arena *arena)
{
	struct members all;
	bool ok = list_once(&all, object, arena);

	*(*out)++ = '{';
	for (size_t i = 0; ok && i < all.n; i++) {
		if (i)
			*(*out)++ = ',';
		*out = put_string(*out, all.at[i].name);
		*(*out)++ = ':';
		ok = put_value(out, all.at[i].value, arena);
	}
	*(*out)++ = '}';
	free(all.at);
	return ok;
}

static bool put_array(char **out, struct span array, struct arena *arena)
{
	struct json_walk w = json_reader_begin(array);
	struct json_member m;
	bool ok = true;

	*(*out)++ = '[';
	for (bool first = true; ok && json_reader_next(&w, &m); first = false) {
		if (!first)
			*(*out)++ = ',';
		ok = put_value(out, m.value, arena);
	}
	*(*out)++ = ']';
	return ok;
}

/* Return the text of a number or word, but "0" for -0, because both are the same integer. */
static struct span scalar(struct span text)
{
	return span_equal(text, span_text("-0")) ? span_text("0") : text;
}

/* Write a value without blanks between its parts.  False if out of memory. */
static bool put_value(char **out, struct span value, struct arena *arena)
{
	struct span s;

	if (is(value, '{'))
		return put_object(out, value, arena);
	if (is(value, '['))
		return put_array(out, value, arena);
	if (!is(value, '"')) {
		*out = put_bytes(*out, scalar(value));
		return true;
	}
	if (!decode(unquoted(value), arena, &s))
		return false;
	*out = put_string(*out, s);
	return true;
}

/* Store the text of a JSON value in *value.  If there is no JSON value, or it is null, leave *value
 * unchanged.  The text is in the line or in the arena.  False if out of memory. */
static bool read_value(struct span text, struct arena *arena, struct span *value)
{
	text = without_array(text);
	if (!text.at || is(text, 'n'))
		return true;
	if (is(text, '"') && memchr(text.at, '\\', text.len))
		return decode(unquoted(text), arena, value);
	if (!is(text, '{') && !is(text, '[')) {
		*value = is(text, '"') ? unquoted(text) : scalar(text);
		return true;
	}
	char *start = arena_take(arena, text.len), *to = start;
	bool ok = start && put_value(&to, text, arena);
	if (ok)
		*value = span_between(start, to);
	return ok;
}

/* True if `value` can be the value of the base field.  Caddy's "request" and Kubernetes' "user"
 * can't be values, because they are objects that contain other fields. */
static bool may_be(enum base base, struct span value)
{
	return base == BASE_REQUEST ? is(value, '"') : !is(value, '{');
}

static bool find_base(const struct json *j, enum base base, const struct cut *cut)
{
	for (const char *name = names_of[base]; name && *name;) {
		size_t len = strcspn(name, " ");
		struct span value = follow(j, span_of(name, len));
		if (value.at && may_be(base, value))
			return read_value(value, cut->arena, &cut->slots[base]);
		name += len + (name[len] == ' ');
	}
	return true;
}

static bool find_all(const struct json *j, const struct cut *cut)
{
	for (int b = 0; b < BASES; b++)
		if (j->wanted->bases & base_bit((enum base)b) && !find_base(j, (enum base)b, cut))
			return false;
	for (size_t i = 0; i < j->wanted->names.n; i++) {
		struct span value = follow(j, span_text(j->wanted->names.at[i]));
		if (!read_value(value, cut->arena, &cut->slots[BASES + i]))
			return false;
	}
	return true;
}

/* Check the line, and list its members.  CUT_NOT if the line is not an object. */
static enum cut_result parse(struct json *j, struct span line)
{
	line = span_trim_end(span_trim_start(line, " \t"), " \t\r");
	if (!line.len || *line.at != '{' || json_reader_end(line) != span_end(line))
		return CUT_NOT;
	j->line = line;
	return list(&j->members, line) ? CUT_FITS : CUT_FAILED;
}

static enum cut_result json_cut(void *compiled, struct span line, const struct cut *cut)
{
	struct json *j = compiled;

	memset(cut->slots, 0, (BASES + j->wanted->names.n) * sizeof *cut->slots);
	enum cut_result result = parse(j, line);
	return result == CUT_FITS && !find_all(j, cut) ? CUT_FAILED : result;
}

/* --- Fields that are not bases ---------------------------------------------------- */

static bool is_listed(const char *names, struct span name)
{
	while (names && *names) {
		size_t len = strcspn(names, " ");
		if (span_equal(span_of(names, len), name))
			return true;
		names += len + (names[len] == ' ');
	}
	return false;
}

static bool is_of_a_base(struct span name)
{
	for (int b = 0; b < BASES; b++)
		if (is_listed(names_of[b], name))
			return true;
	return false;
}

static bool tell_members(struct span object, struct span path, const struct listener *listener);

/* Do for one member what tell_members() does for all members. */
static bool tell(const struct json_member *m, struct span path, const struct listener *listener)
{
	char name[NAME_MAX_LEN];
	struct arena arena = {0};
	struct span value = no_value;
	int n = snprintf(name, sizeof name, "%.*s%s%.*s", (int)path.len, path.at,
		path.len ? "." : "", (int)m->name.len, m->name.at);

	if (n < 0 || (size_t)n >= sizeof name)
		return true;
	struct span whole = span_of(name, (size_t)n);
	if (is(m->value, '{'))
		return tell_members(m->value, whole, listener);
	if (is_of_a_base(whole))
		return true;
	bool ok = read_value(m->value, &arena, &value);
	if (ok && value.at)
		listener->tell(listener->ctx, whole, value);
	arena_free(&arena);
	return ok;
}

/* Pass all members of an object that are not base fields to the listener.  `path` is the path of
 * the object.  A member that is an object is replaced by its own members, with names such as "a.b";
 * an array is passed as one value.  False if out of memory. */
static bool tell_members(struct span object, struct span path, const struct listener *listener)
{
	struct arena arena = {0};
	struct members all;
	bool ok = list_once(&all, object, &arena);

	for (size_t i = 0; ok && i < all.n; i++)
		ok = tell(&all.at[i], path, listener);
	free(all.at);
	arena_free(&arena);
	return ok;
}

static bool json_tell_own(void *compiled, struct span line, const struct listener *listener)
{
	struct json *j = compiled;
	enum cut_result result = parse(j, line);

	return result == CUT_FITS ? tell_members(j->line, span_of("", 0), listener)
				  : result != CUT_FAILED;
}

const struct cutter json_cutter = {
	.compile = json_compile,
	.cut = json_cut,
	.tell_own = json_tell_own,
	.free = json_free,
};
