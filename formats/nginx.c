/* nginx.c -- compiles nginx's log_format strings, in which "$variable" or "${variable}" is a field.
 *
 * https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format,
 * https://nginx.org/en/docs/varindex.html
 */
#include <ctype.h>
#include <stdlib.h>

#include "formats/layout.h"

static const struct variable {
	const char *name;
	int base;
	enum shape shape;
} variables[] = {
	{"remote_addr", BASE_CLIENT, SHAPE_WORD},
	{"remote_user", BASE_USER, SHAPE_USER},
	{"time_local", BASE_TIME, SHAPE_CLF},
	{"time_iso8601", BASE_TIME, SHAPE_ISO},
	{"msec", BASE_TIME, SHAPE_WORD},
	{"request", BASE_REQUEST, SHAPE_TEXT},
	{"request_method", BASE_METHOD, SHAPE_WORD},
	{"request_uri", BASE_URL, SHAPE_PATH},
	{"uri", BASE_PATH, SHAPE_DECODED},
	{"document_uri", BASE_PATH, SHAPE_DECODED},
	{"args", BASE_QUERY, SHAPE_MAYBE},
	{"query_string", BASE_QUERY, SHAPE_MAYBE},
	{"server_protocol", BASE_PROTO, SHAPE_TOKEN},
	{"status", BASE_STATUS, SHAPE_STATUS},
	{"body_bytes_sent", BASE_BYTES, SHAPE_NUMBER},
	{"bytes_sent", BASE_BYTES, SHAPE_NUMBER},
	{"http_referer", BASE_REFERRER, SHAPE_TEXT},
	{"http_user_agent", BASE_AGENT, SHAPE_TEXT},
	{"host", BASE_HOST, SHAPE_WORD},
	{"http_host", BASE_HOST, SHAPE_WORD},
	{"server_name", BASE_HOST, SHAPE_WORD},
	{"server_port", BASE_PORT, SHAPE_NUMBER},
	/* These are wf's own. */
	{"any_time", BASE_TIME, SHAPE_TIME},
	{"ident", BASE_IDENT, SHAPE_WORD},
	{"url", BASE_URL, SHAPE_WORD},
	{"first_forwarded_for", BASE_CLIENT, SHAPE_FIRST},
	{"blanks", -1, SHAPE_BLANKS},
	{"line_end", -1, SHAPE_END},
	{"message", -1, SHAPE_TEXT},
	{"envelope.time", -1, SHAPE_TIME},
	{"other_time", -1, SHAPE_TIME},
	{"wf_tag", -1, SHAPE_TAG},
	{"wf_pid", -1, SHAPE_PID},
	{"wf_client", BASE_CLIENT, SHAPE_CLIENT},
	{"wf_client_port", BASE_CLIENT, SHAPE_CLIENT_PORT},
	{"wf_ssl_protocol", -1, SHAPE_TLS},
	{"wf_level", -1, SHAPE_LEVEL},
	{"wf_timers", -1, SHAPE_COUNTERS},
	{"wf_connections", -1, SHAPE_COUNTERS},
	{"wf_queues", -1, SHAPE_COUNTERS},
	{"wf_braces", -1, SHAPE_BRACES},
	{"wf_priority", -1, SHAPE_NUMBER},
	{"wf_data", -1, SHAPE_DATA},
	{"wf_node", BASE_HOST, SHAPE_NODE},
	{"wf_request", BASE_REQUEST, SHAPE_QUOTED},
	{"wf_referrer", BASE_REFERRER, SHAPE_QUOTED},
	{"wf_agent", BASE_AGENT, SHAPE_QUOTED},
	{"wf_user", BASE_USER, SHAPE_WORD},
	{"wf_path", BASE_PATH, SHAPE_WORD},
	{"wf_word_agent", BASE_AGENT, SHAPE_WORD},
	{"wf_word_referrer", BASE_REFERRER, SHAPE_WORD},
	{"envelope.data", -1, SHAPE_TEXT},
};

/* The shapes of all other variables, by the prefix of the variable's name.  The first prefix that
 * fits counts. */
static const struct variable families[] = {
	{"http_x_forwarded_for", -1, SHAPE_LIST},
	{"remote_port", -1, SHAPE_NUMBER},
	{"envelope.", -1, SHAPE_WORD},
	{"field_", -1, SHAPE_ITEM},
	{"text_", -1, SHAPE_TEXT},
	{"word_", -1, SHAPE_WORD},
	{"http_", -1, SHAPE_TEXT},
	{"sent_http_", -1, SHAPE_TEXT},
	{"cookie_", -1, SHAPE_TEXT},
	{"upstream_http_", -1, SHAPE_TEXT},
	{"upstream_cookie_", -1, SHAPE_TEXT},
	{"upstream_", -1, SHAPE_LIST},
	{"", -1, SHAPE_MAYBE},
};

static struct variable find(struct span name)
{
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		if (span_equal(name, span_text(variables[i].name)))
			return variables[i];
	const struct variable *f = families;
	while (name.len < strlen(f->name) || memcmp(name.at, f->name, strlen(f->name)) != 0)
		f++;
	return *f;
}

static bool is_name_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Read the variable that begins with the '$' at p[-1] into *placeholder.  Returns the end of the
 * variable; NULL, with a complaint, on error. */
static const char *read_variable(
	const char *text, const char *p, struct placeholder *placeholder, struct complaint *c)
{
	const char *start = p - 1;
	bool braces = *p == '{';
	struct span name = span_of(p + braces, 0);

	while (is_name_byte(name.at[name.len]) || (braces && name.at[name.len] == '.'))
		name.len++;
	p = name.at + name.len;
	if (!name.len || (braces && *p != '}')) {
		complain_at(c, (size_t)(start - text), "'$' without the name of a variable");
		return NULL;
	}
	struct variable v = find(name);
	/* The name in a placeholder includes the "$", unless there are braces. */
	*placeholder = (struct placeholder){braces ? name.at : start, name.len + !braces, v.base,
		v.shape, (size_t)(start - text)};
	/* Users need not know that these variables are wf's own. */
	if (strncmp(name.at, "wf_", 3) == 0) {
		placeholder->name_len -= (size_t)(name.at + 3 - placeholder->name);
		placeholder->name = name.at + 3;
	}
	p += braces;
	/* If these two variables follow a path, all three are one field: the URL. */
	static const char query[] = "$is_args$args";
	if (v.base == BASE_PATH && strncmp(p, query, sizeof query - 1) == 0) {
		p += sizeof query - 1;
		placeholder->base = BASE_URL;
		placeholder->name_len = (size_t)(p - placeholder->name);
	}
	return p;
}

/* Append the byte that the escape at `p` stands for, or else the backslash.  Returns the end of the
 * escape. */
static const char *read_escape(struct layout *l, const char *p)
{
	static const char letters[] = "\"'\\trn", bytes[] = "\"'\\\t\r\n";
	const char *letter = p[1] ? strchr(letters, p[1]) : NULL;
	char hex[3] = "";

	if (letter) {
		layout_literal(l, bytes[letter - letters]);
		return p + 2;
	}
	if (p[1] == 'x' && isxdigit((unsigned char)p[2]) && isxdigit((unsigned char)p[3])) {
		memcpy(hex, p + 2, 2);
		layout_literal(l, (char)strtoul(hex, NULL, 16));
		return p + 4;
	}
	layout_literal(l, *p);
	return p + 1;
}

static void *nginx_compile(const char *text, const struct wanted *wanted, struct complaint *c)
{
	size_t len = strlen(text);
	struct layout *l = layout_new(len, len, wanted);

	if (!l)
		return NULL;
	for (const char *p = text; *p;) {
		struct placeholder placeholder;
		if (p[0] == '\\') {
			p = read_escape(l, p);
			continue;
		}
		if (p[0] != '$') {
			layout_literal(l, *p++);
			continue;
		}
		p = read_variable(text, p + 1, &placeholder, c);
		if (!p)
			goto free;
		layout_field(l, &placeholder);
	}
	if (layout_finish(l, c))
		return l;
free:
	layout_free(l);
	return NULL;
}

const struct cutter nginx_cutter = {
	.cut_usual = layout_cut_usual,
	.compile = nginx_compile,
	.cut = layout_cut,
	.stop = layout_stop,
	.free = layout_free,
	.bases = layout_bases,
	.has = layout_has,
	.own_name = layout_own_name,
};
