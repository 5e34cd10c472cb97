/* json.c -- cuts lines of JSON, which nginx, Caddy, Traefik and Kubernetes write.
 *
 * json-c parses the lines.  Bytes that are not UTF-8 are accepted.  If two members have the same
 * name, the last one counts.  Each server has its own names for the same things, so the table below
 * lists all names of each base field.  If a line has several of them, the first one in the table
 * that has a value counts.
 *
 *	nginx	escape=json, usually with the names of its variables
 *	Caddy	https://caddyserver.com/docs/logging
 *	Traefik	https://doc.traefik.io/traefik/observability/access-logs/
 *	k8s	https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "formats/cutter.h"
#include "lib/decimal.h"
#include "lib/swar.h"

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

enum { DEPTH = 64, NAME_MAX_LEN = 256 };

struct json {
	const struct wanted *wanted;
	struct json_tokener *tokener; /* NULL at first: each process creates its own when it first
				       * needs one */
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

	if (j->tokener)
		json_tokener_free(j->tokener);
	free(j);
}

static struct json_object *element(struct json_object *array, struct span index)
{
	size_t n = 0;

	for (size_t i = 0; i < index.len; i++) {
		if (!decimal_is_digit(index.at[i]) || n > INT_MAX)
			return NULL;
		n = 10 * n + (size_t)(index.at[i] - '0');
	}
	return index.len ? json_object_array_get_idx(array, n) : NULL;
}

/* Find a member of an object by its name, or an element of an array by its index.  NULL if there is
 * none. */
static struct json_object *child(struct json_object *parent, struct span name)
{
	char text[NAME_MAX_LEN];
	struct json_object *found = NULL;

	if (json_object_is_type(parent, json_type_array))
		return element(parent, name);
	if (!json_object_is_type(parent, json_type_object) || name.len >= sizeof text)
		return NULL;
	memcpy(text, name.at, name.len);
	text[name.len] = '\0';
	json_object_object_get_ex(parent, text, &found);
	return found;
}

/* Find the value at a path such as "a.b.c": a member with exactly this name or, if there is none,
 * the member c of the member b of the member a. */
static struct json_object *follow(struct json_object *from, struct span path)
{
	struct json_object *found = child(from, path);

	while (!found && from) {
		const char *dot = memchr(path.at, '.', path.len);
		struct span name = span_of(path.at, dot ? (size_t)(dot - path.at) : path.len);
		from = child(from, name);
		if (!dot)
			return from;
		path = span_between(dot + 1, path.at + path.len);
	}
	return found;
}

/* If the value is an array with only one element, return this element.  Caddy writes each header as
 * an array, which usually has one element. */
static struct json_object *without_array(struct json_object *o)
{
	if (!json_object_is_type(o, json_type_array) || json_object_array_length(o) != 1)
		return o;
	struct json_object *only = json_object_array_get_idx(o, 0);
	return json_object_is_type(only, json_type_object) ||
			       json_object_is_type(only, json_type_array)
		       ? o
		       : only;
}

static bool copy(struct span bytes, struct arena *arena, struct span *value)
{
	char *at = arena_take(arena, bytes.len);

	if (!at)
		return false;
	memcpy(at, bytes.at, bytes.len);
	*value = span_of(at, bytes.len);
	return true;
}

/* --- What json-c accepts and JSON does not ------------------------------------------ */

/* True if the string that ends at `p` is the name of a member, which is followed by a ':'. */
static bool is_name(const char *p, const char *end)
{
	while (p < end && strchr(" \t\r", *p) && *p)
		p++;
	return p < end && *p == ':';
}

/* Find the end of the string that begins at `p`.  NULL if it has no end or contains a control byte.
 * Also NULL if it is a member's name that contains a NUL, because json-c would end the name
 * there. */
static const char *string_end(const char *p, const char *end)
{
	bool nul = false;

	for (p++; p < end && *p != '"'; p++) {
		if ((unsigned char)*p < 0x20)
			return NULL;
		if (*p != '\\')
			continue;
		nul |= end - p > 5 && memcmp(p, "\\u0000", 6) == 0;
		p++;
	}
	return p < end && !(nul && is_name(p + 1, end)) ? p + 1 : NULL;
}

/* True if an integer fits into 64 bits.  json-c changes a larger one to the nearest that fits. */
static bool fits(struct span digits, bool negative)
{
	struct span most = span_text(negative ? "9223372036854775808" : "18446744073709551615");

	return digits.len < most.len || (digits.len == most.len && span_compare(digits, most) <= 0);
}

/* Find the end of the number that begins at `p`.  NULL if RFC 8259 does not allow the number, or if
 * json-c would change its value. */
static const char *number_end(const char *p, const char *end)
{
	bool negative = *p == '-', whole = true;
	const char *first = p + negative, *to = swar_digits_end(first, end);
	struct span digits = span_between(first, to);

	if (!digits.len || (digits.len > 1 && *first == '0'))
		return NULL;
	if (to < end && *to == '.') {
		p = to + 1;
		to = swar_digits_end(p, end);
		whole = false;
		if (to == p)
			return NULL;
	}
	if (to < end && (*to == 'e' || *to == 'E')) {
		p = to + 1 + (to + 1 < end && (to[1] == '+' || to[1] == '-'));
		to = swar_digits_end(p, end);
		whole = false;
		if (to == p)
			return NULL;
	}
	return whole && !fits(digits, negative) ? NULL : to;
}

/* Find the end of the word that begins at `p`.  NULL if the word is not true, false or null. */
static const char *word_end(const char *p, const char *end)
{
	static const char *const words[] = {"true", "false", "null"};

	for (int i = 0; i < 3; i++) {
		size_t len = strlen(words[i]);
		if ((size_t)(end - p) >= len && memcmp(p, words[i], len) == 0)
			return p + len;
	}
	return NULL;
}

/* Check each string, number and word of the line, because even in strict mode json-c accepts NaN,
 * 'x', 007, "1." and control bytes.  json-c itself checks how they are combined. */
static bool is_strict(struct span line)
{
	const char *p = line.at, *end = span_end(line);

	while (p && p < end) {
		if (*p == '"')
			p = string_end(p, end);
		else if (*p == '-' || decimal_is_digit(*p))
			p = number_end(p, end);
		else if (strchr("{}[]:, \t\r", *p) && *p)
			p++;
		else
			p = word_end(p, end);
	}
	return p != NULL;
}

/* --- Values ----------------------------------------------------------------------- */

/* Store a JSON value as text in *value.  The text is allocated in the arena.  If the JSON value is
 * null, *value is unchanged.  False if out of memory. */
static bool write_value(struct json_object *o, struct arena *arena, struct span *value)
{
	o = without_array(o);
	if (!o)
		return true;
	struct span text = span_of(NULL, 0);
	if (json_object_is_type(o, json_type_string)) {
		text = span_of(json_object_get_string(o), (size_t)json_object_get_string_len(o));
	} else {
		const char *written = json_object_to_json_string_ext(
			o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
		if (written)
			text = span_text(written);
	}
	return text.at && copy(text, arena, value);
}

/* True if `o` can be the value of the base field.  Caddy's "request" and Kubernetes' "user" can't,
 * because they are objects that contain other fields. */
static bool may_be(enum base base, struct json_object *o)
{
	if (base == BASE_REQUEST)
		return json_object_is_type(o, json_type_string);
	return !json_object_is_type(o, json_type_object);
}

static bool find_base(struct json_object *line, enum base base, const struct cut *cut)
{
	for (const char *name = names_of[base]; name && *name;) {
		size_t len = strcspn(name, " ");
		struct json_object *o = follow(line, span_of(name, len));
		if (o && may_be(base, o))
			return write_value(o, cut->arena, &cut->slots[base]);
		name += len + (name[len] == ' ');
	}
	return true;
}

static bool find_all(const struct json *j, struct json_object *line, const struct cut *cut)
{
	for (int b = 0; b < BASES; b++)
		if (j->wanted->bases & base_bit((enum base)b) &&
			!find_base(line, (enum base)b, cut))
			return false;
	for (size_t i = 0; i < j->wanted->names.n; i++) {
		struct json_object *o = follow(line, span_text(j->wanted->names.at[i]));
		if (o && !write_value(o, cut->arena, &cut->slots[BASES + i]))
			return false;
	}
	return true;
}

static struct span trimmed(struct span line)
{
	return span_trim_end(span_trim_start(line, " \t"), " \t\r");
}

/* Parse a line as an object, which the caller must release with json_object_put().  NULL if the
 * line is not an object, or if out of memory.  *failed becomes true if out of memory. */
static struct json_object *parse(struct json *j, struct span line, bool *failed)
{
	*failed = false;
	line = trimmed(line);
	if (!line.len || line.at[0] != '{' || line.len > INT_MAX || !is_strict(line))
		return NULL;
	if (!j->tokener)
		j->tokener = json_tokener_new_ex(DEPTH);
	*failed = !j->tokener;
	if (!j->tokener)
		return NULL;
	json_tokener_set_flags(j->tokener, JSON_TOKENER_STRICT);
	json_tokener_reset(j->tokener);
	struct json_object *o = json_tokener_parse_ex(j->tokener, line.at, (int)line.len);
	if (o && json_tokener_get_parse_end(j->tokener) == line.len)
		return o;
	json_object_put(o);
	return NULL;
}

static enum cut_result json_cut(void *compiled, struct span line, const struct cut *cut)
{
	struct json *j = compiled;
	bool failed;

	memset(cut->slots, 0, (BASES + j->wanted->names.n) * sizeof *cut->slots);
	struct json_object *o = parse(j, line, &failed);
	if (!o)
		return failed ? CUT_FAILED : CUT_NOT;
	enum cut_result result = find_all(j, o, cut) ? CUT_FITS : CUT_FAILED;
	json_object_put(o);
	return result;
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

/* Pass all members of an object that are not base fields to the listener.  `path` is the path of
 * the object.  A member that is an object is replaced by its own members, with names such as "a.b";
 * an array is passed as one value. */
static void tell_members(
	struct json_object *object, struct span path, const struct listener *listener)
{
	char name[NAME_MAX_LEN];

	json_object_object_foreach(object, key, member)
	{
		int n = snprintf(name, sizeof name, "%.*s%s%s", (int)path.len, path.at,
			path.len ? "." : "", key);
		struct span whole = span_of(name, (size_t)n), value = span_of(NULL, 0);
		struct arena arena = {0};
		if (n < 0 || (size_t)n >= sizeof name)
			continue;
		if (json_object_is_type(member, json_type_object))
			tell_members(member, whole, listener);
		else if (!is_of_a_base(whole) && write_value(member, &arena, &value) && value.at)
			listener->tell(listener->ctx, whole, value);
		arena_free(&arena);
	}
}

static void json_tell_own(void *compiled, struct span line, const struct listener *listener)
{
	bool failed;
	struct json_object *o = parse(compiled, line, &failed);

	if (o)
		tell_members(o, span_of("", 0), listener);
	json_object_put(o);
}

const struct cutter json_cutter = {
	.compile = json_compile,
	.cut = json_cut,
	.tell_own = json_tell_own,
	.free = json_free,
};
