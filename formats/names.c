/* The names come from these servers and services:
 *
 *	nginx	the variables of https://nginx.org/en/docs/varindex.html
 *	Caddy	https://caddyserver.com/docs/logging
 *	Traefik	https://doc.traefik.io/traefik/observability/access-logs/
 *	Envoy	https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log
 *	Tomcat	JsonAccessLogValve
 *	ECS	https://www.elastic.co/guide/en/ecs/current/
 *	LTSV	http://ltsv.org
 *	k8s	https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
 *	AWS	API Gateway
 *	Google	https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#HttpRequest
 *	Azure	Application Gateway
 *	GCS	https://cloud.google.com/storage/docs/access-logs; as in W3C, c_ is the client's, cs_ from the client
 *	Cloudflare	Logpush, "HTTP requests"
 *	Heroku, pino, morgan, Rails' lograge, Grafana, Docker's registry and journald
 */
#include "formats/names.h"

#include <stdlib.h>

#include "formats/port.h"
#include "formats/timestamp.h"
#include "lib/decimal.h"

/* The names of each base field, separated by blanks.  '=' before a name: compare it exactly, because
 * it means something else if it is spelled in another way.  '+': only in LTSV; '!': not in LTSV; '~': only in logfmt.
 * The names of proxies' lists of clients come last, because anyone can write anything there. */
static const char *const names_of[BASES] = {
	[BASE_CLIENT] = "remote_addr client_ip remote_ip client_addr client request.client_ip "
			"request.remote_ip request.remote_addr ClientHost sourceIPs.0 ip address "
			"realip remote_host source.ip client.ip httpRequest.remoteIp "
			"downstream_remote_address properties.clientIP remoteAddress "
			"req.remoteAddress network.client.ip "
			"http.request.remoteaddr +host c_ip x_forwarded_for fwd",
	[BASE_IDENT] = "ident",
	[BASE_USER] = "remote_user user user_id user.username ClientUsername user.name",
	[BASE_TIME] = "time_iso8601 time_local @timestamp timestamp time ts StartUTC "
		      "requestReceivedTimestamp msec date start_time =requestTime "
		      "EdgeStartTimestamp started_at __REALTIME_TIMESTAMP time_micros ~t",
	[BASE_REQUEST] = "request req",
	[BASE_METHOD] = "request_method method request.method verb http.request.method http.method "
			"httpRequest.requestMethod req.method httpMethod properties.httpMethod "
			"ClientRequestMethod cs_method",
	[BASE_URL] = "request_uri url uri request.uri request_path requested_uri ClientRequestURI "
		     "url.original httpRequest.requestUrl properties.requestUri req.url http.url "
		     "x-envoy-original-path x-envoy-origin-path http.request.uri cs_uri",
	[BASE_PATH] = "path url.path resourcePath",
	[BASE_QUERY] = "args query_string query request_query url.query properties.requestQuery",
	[BASE_PROTO] = "server_protocol proto protocol request.proto request_protocol "
		       "request_proto httpRequest.protocol ClientRequestProtocol",
	[BASE_STATUS] = "status status_code response_status DownstreamStatus responseStatus.code "
			"code response response_code http.response.status_code EdgeResponseStatus "
			"httpRequest.status res.statusCode response.status properties.httpStatus "
			"http.status_code http_status http.response.status sc_status",
	[BASE_BYTES] = "body_bytes_sent bytes_sent bytes size DownstreamContentSize response_size "
		       "resp_body_size body_bytes EdgeResponseBytes httpRequest.responseSize "
		       "response.size response_length content_length http.response.body.bytes "
		       "properties.sentBytes response_body_size http.response.written sc_bytes",
	[BASE_REFERRER] = "http_referer http_referrer referer referrer request.headers.Referer "
			  "request_Referer http.request.referrer httpRequest.referer "
			  "req.headers.referer requestHeaders.Referer ClientRequestReferer "
			  "http.request.referer cs_referer",
	[BASE_AGENT] = "http_user_agent user_agent agent request.headers.User-Agent "
		       "request_User-Agent ua ClientRequestUserAgent user_agent.original "
		       "httpRequest.userAgent req.headers.user-agent requestHeaders.User-Agent "
		       "http.request.useragent cs_user_agent",
	[BASE_HOST] = "http_host !host server_name vhost request.host RequestHost domain authority "
		      ":authority ClientRequestHost url.domain properties.host "
		      "request.headers.host req.headers.host http.request.host cs_host",
	[BASE_PORT] = "server_port port",
};

/* --- Folding ---------------------------------------------------------------------- */

enum { HASH_START = 5381 };

/* Append a byte to a folded text, and to its hash. */
static inline void fold(char c, char *to, size_t *n, size_t room, uint32_t *hash)
{
	if (c == '_' || c == '-')
		return;
	if (c >= 'A' && c <= 'Z')
		c |= 0x20;
	if (*n < room)
		to[*n] = c;
	++*n;
	*hash = *hash * 33 + (unsigned char)c;
}

bool names_path_new(const struct names *names, struct name_path *path)
{
	*path = (struct name_path){.hash = HASH_START, .folded = malloc(2 * names->longest + 2)};
	if (!path->folded)
		return false;
	path->exact = path->folded + names->longest + 1;
	return true;
}

static void add_exact(const struct names *names, struct name_path *path, struct span s)
{
	if (path->n_exact + s.len <= names->longest)
		memcpy(path->exact + path->n_exact, s.at, s.len);
	path->n_exact += s.len;
}

void names_path_add(const struct names *names, struct name_path *path, struct span name)
{
	if (path->depth++) {
		fold('.', path->folded, &path->n_folded, names->longest, &path->hash);
		add_exact(names, path, span_of(".", 1));
	}
	if (!name.len)
		return;
	for (size_t i = 0; i < name.len && path->n_folded <= names->longest; i++)
		fold(name.at[i], path->folded, &path->n_folded, names->longest, &path->hash);
	add_exact(names, path, name);
}

/* --- The table -------------------------------------------------------------------- */

static struct name_entry *place(const struct names *names, uint32_t hash, struct span folded)
{
	size_t i = hash & names->mask;

	while (names->table[i].folded.at &&
		(names->table[i].hash != hash || !span_equal(names->table[i].folded, folded)))
		i = (i + 1) & names->mask;
	return &names->table[i];
}

const struct name_entry *names_look_up(const struct names *names, const struct name_path *path)
{
	if (path->n_folded > names->longest)
		return NULL;
	const struct name_entry *e =
		place(names, path->hash, span_of(path->folded, path->n_folded));
	return e->folded.at ? e : NULL;
}

/* Return the entry of a folded name, which becomes an entry if it is none yet.  *end is the end of
 * the folded names. */
static struct name_entry *enter(struct names *names, struct span name, char **end)
{
	uint32_t hash = HASH_START;
	size_t n = 0;

	for (size_t i = 0; i < name.len; i++)
		fold(name.at[i], *end, &n, name.len, &hash);
	struct span folded = span_of(*end, n);
	struct name_entry *e = place(names, hash, folded);
	if (!e->folded.at) {
		*e = (struct name_entry){.hash = hash, .folded = folded, .first_use = -1};
		*end += n;
	}
	return e;
}

static void add_name(struct names *names, struct span name, const struct name_use *use, char **end)
{
	int *last = &enter(names, name, end)->first_use;

	while (*last >= 0)
		last = &names->uses[*last].next;
	*last = (int)names->n_uses;
	names->uses[names->n_uses] = *use;
	names->uses[names->n_uses++].next = -1;
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] == '.')
			enter(names, span_of(name.at, i), end)->is_prefix = true;
	if (name.len > names->longest)
		names->longest = name.len;
}

/* Get the next word of a list.  False if there is none. */
static bool next_word(const char **list, struct span *word)
{
	*list += strspn(*list, " ");
	*word = span_of(*list, strcspn(*list, " "));
	*list += word->len;
	return word->len > 0;
}

/* True if a name with this mark before it belongs to the dialect. */
static bool is_in(char mark, enum names_dialect dialect)
{
	switch (mark) {
	case '+':
		return dialect == NAMES_LTSV;
	case '!':
		return dialect != NAMES_LTSV;
	case '~':
		return dialect == NAMES_LOGFMT;
	default:
		return true;
	}
}

static void add_base(
	struct names *names, enum base base, enum names_dialect dialect, char **end, char **exact)
{
	const char *list = names_of[base] ? names_of[base] : "";
	struct name_use use = {.slot = (int)base};

	for (struct span word; next_word(&list, &word); use.rank++) {
		char kind = word.at[0];
		if (!is_in(kind, dialect))
			continue;
		if (strchr("+!~=", kind))
			word = span_from(word, 1);
		use.exact = NULL;
		if (kind == '=') {
			use.exact = memcpy(*exact, word.at, word.len);
			*exact += word.len;
			*(*exact)++ = '\0';
		}
		add_name(names, word, &use, end);
	}
}

/* What a table may need. */
struct needs {
	size_t names; /* names and their prefixes: one for each name and each '.' */
	size_t text;  /* bytes of the folded names and prefixes */
	size_t exact; /* bytes of the names, each with a NUL */
};

static struct needs measure(const struct wanted *wanted)
{
	struct needs all = {1, 1, 1};

	for (size_t i = 0; i < BASES + wanted->names.n; i++) {
		const char *list = i >= BASES ? wanted->names.at[i - BASES] : names_of[i];
		if (!list || (i < BASES && !(wanted->bases & base_bit((enum base)i))))
			continue;
		size_t len = strlen(list) + 1, dots = 0, blanks = 0;
		for (; *list; list++) {
			dots += *list == '.';
			blanks += *list == ' ';
		}
		all.names += 1 + dots + blanks;
		all.text += len * (1 + dots);
		all.exact += len;
	}
	return all;
}

struct names *names_compile(const struct wanted *wanted, enum names_dialect dialect)
{
	struct names *names = calloc(1, sizeof *names);
	struct needs needs = measure(wanted);
	size_t room = 2;

	if (!names)
		return NULL;
	while (room < 2 * needs.names)
		room *= 2;
	names->mask = room - 1;
	names->table = calloc(room, sizeof *names->table);
	names->uses = calloc(needs.names, sizeof *names->uses);
	names->text = malloc(needs.text);
	names->exact = malloc(needs.exact);
	if (!names->table || !names->uses || !names->text || !names->exact) {
		names_free(names);
		return NULL;
	}
	char *end = names->text, *exact = names->exact;
	for (size_t i = 0; i < wanted->names.n; i++) {
		const char *name = wanted->names.at[i];
		struct name_use use = {.slot = BASES + (int)i, .exact = name};
		add_name(names, span_text(name), &use, &end);
	}
	for (int b = 0; b < BASES; b++)
		if (wanted->bases & base_bit((enum base)b))
			add_base(names, (enum base)b, dialect, &end, &exact);
	return names;
}

void names_free(struct names *names)
{
	if (!names)
		return;
	free(names->table);
	free(names->uses);
	free(names->text);
	free(names->exact);
	free(names);
}

/* --- Testing names ----------------------------------------------------------------- */

bool name_test_new(struct name_test *t, enum names_dialect dialect)
{
	const struct wanted bases = {.bases = UINT32_MAX};

	t->names = names_compile(&bases, dialect);
	if (t->names && names_path_new(t->names, &t->empty))
		return true;
	names_free(t->names);
	return false;
}

bool name_test_is_base(const struct name_test *t, struct span name)
{
	struct name_path path = t->empty;

	names_path_add(t->names, &path, name);
	const struct name_entry *e = names_look_up(t->names, &path);
	return names_next_use(t->names, e, &path, NULL) != NULL;
}

void name_test_free(struct name_test *t)
{
	free(t->empty.folded);
	names_free(t->names);
}

/* --- Values ----------------------------------------------------------------------- */

/* Remove the brackets in which LTSV and Tomcat write a time. */
static struct span without_brackets(struct span s)
{
	if (s.len >= 2 && s.at[0] == '[' && s.at[s.len - 1] == ']')
		return span_of(s.at + 1, s.len - 2);
	return s;
}

/* Return the first address of a list, without its port.  An address that contains colons has a port
 * only if it is in brackets. */
static struct span client_of(struct span s)
{
	const char *comma = span_first(s, ',');

	if (comma)
		s = span_between(s.at, comma);
	const char *close = s.len && s.at[0] == '[' ? span_first(s, ']') : NULL;
	if (close)
		return span_between(s.at + 1, close);
	struct span host = port_host(s);
	return host.len && !span_first(host, ':') ? host : s;
}

struct span names_plain_value(size_t slot, struct span value)
{
	if (slot == BASE_CLIENT)
		return client_of(value);
	return slot == BASE_TIME ? without_brackets(value) : value;
}

bool names_suits(size_t slot, struct span value)
{
	enum { STATUS_DIGITS = 3 };
	char time[TIMESTAMP_SECOND];

	switch (slot) {
	case BASE_STATUS:
		return value.len <= STATUS_DIGITS && decimal_is_digits(value);
	case BASE_BYTES:
	case BASE_PORT:
		return decimal_is_digits(value);
	case BASE_TIME:
		return timestamp_read(value, time);
	default:
		return true;
	}
}
