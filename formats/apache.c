/* apache.c -- compiles Apache's LogFormat strings.  A directive in them looks like this:
 *
 *	%[!200,304][<|>][{parameter}]letter
 *
 * https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats
 */
#include <strings.h>

#include "formats/layout.h"
#include "formats/timestamp.h"

struct directive {
	char letter;
	int base; /* an enum base; -1 if the field is not a base field */
	enum shape shape;
};

/* Directives without a parameter. */
static const struct directive plain[] = {
	{'a', BASE_CLIENT, SHAPE_WORD},
	{'A', -1, SHAPE_WORD},
	{'b', BASE_BYTES, SHAPE_NUMBER},
	{'B', BASE_BYTES, SHAPE_NUMBER},
	{'D', -1, SHAPE_WORD},
	{'f', -1, SHAPE_TEXT},
	{'h', BASE_CLIENT, SHAPE_WORD},
	{'H', BASE_PROTO, SHAPE_TOKEN},
	{'I', -1, SHAPE_NUMBER},
	{'k', -1, SHAPE_WORD},
	{'l', BASE_IDENT, SHAPE_WORD},
	{'L', -1, SHAPE_WORD},
	{'m', BASE_METHOD, SHAPE_WORD},
	{'O', BASE_BYTES, SHAPE_NUMBER},
	{'p', BASE_PORT, SHAPE_NUMBER},
	{'P', -1, SHAPE_WORD},
	{'q', BASE_QUERY, SHAPE_MAYBE},
	{'r', BASE_REQUEST, SHAPE_TEXT},
	{'R', -1, SHAPE_WORD},
	{'s', BASE_STATUS, SHAPE_STATUS},
	{'S', -1, SHAPE_NUMBER},
	{'t', BASE_TIME, SHAPE_CLF},
	{'T', -1, SHAPE_WORD},
	{'u', BASE_USER, SHAPE_USER},
	{'U', BASE_PATH, SHAPE_DECODED},
	{'v', BASE_HOST, SHAPE_WORD},
	{'V', BASE_HOST, SHAPE_WORD},
	{'X', -1, SHAPE_WORD},
};

/* Directives with a parameter: "%{User-Agent}i". */
static const struct directive with_parameter[] = {
	{'a', BASE_CLIENT, SHAPE_WORD}, {'C', -1, SHAPE_TEXT}, {'e', -1, SHAPE_TEXT},
	{'h', BASE_CLIENT, SHAPE_WORD}, {'i', -1, SHAPE_TEXT}, {'L', -1, SHAPE_WORD},
	{'n', -1, SHAPE_TEXT}, {'o', -1, SHAPE_TEXT}, {'p', BASE_PORT, SHAPE_NUMBER},
	{'P', -1, SHAPE_WORD}, {'t', BASE_TIME, SHAPE_TEXT}, {'T', -1, SHAPE_WORD},
	{'x', -1, SHAPE_TEXT}, /* from mod_ssl */
};

/* mod_logio's "%^FB": the time until the first byte was sent. */
static const struct directive first_byte = {'B', -1, SHAPE_WORD};

static const struct {
	const char *name;
	enum base base;
} headers[] = {
	{"Referer", BASE_REFERRER},
	{"User-Agent", BASE_AGENT},
	{"Host", BASE_HOST},
};

/* The value of this header may contain blanks even if it is not in quotes: each blank follows a
 * comma, so it can't be taken for the end of the value. */
static const char list_header[] = "X-Forwarded-For";

static const struct directive *find(const struct directive *table, size_t n, char letter)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].letter == letter)
			return &table[i];
	return NULL;
}

/* Find the directive at *p, and move *p to its last letter.  `parameter` is true if a "{...}"
 * precedes the directive.  NULL if there is no such directive. */
static const struct directive *directive_at(const char **p, bool parameter)
{
	if (!parameter && strncmp(*p, "^FB", 3) == 0) {
		*p += 2;
		return &first_byte;
	}
	/* Skip "^t", because a trailer ("^ti", "^to") is treated like a header ("i", "o"). */
	if (strncmp(*p, "^ti", 3) == 0 || strncmp(*p, "^to", 3) == 0)
		*p += 2;
	return parameter ? find(with_parameter, sizeof with_parameter / sizeof *with_parameter, **p)
			 : find(plain, sizeof plain / sizeof *plain, **p);
}

static int header_base(struct span name)
{
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		if (name.len == strlen(headers[i].name) &&
			strncasecmp(name.at, headers[i].name, name.len) == 0)
			return (int)headers[i].base;
	return -1;
}

/* Skip the modifiers that precede a directive.  "!200,304" lists the statuses for which Apache logs
 * the field; "<" and ">" select the request before or after an internal redirection. */
static const char *skip_modifiers(const char *p)
{
	return p + strspn(p, "!0123456789,<>");
}

static bool span_contains(struct span s, const char *text)
{
	return s.len && memmem(s.at, s.len, text, strlen(text));
}

/* Set the base and the shape of "%{parameter}t".
 * https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats: "The format can be prefixed with
 * begin: or end:".  The conversions that wf does not know make it text. */
static void set_time(struct placeholder *placeholder, struct span parameter)
{
	static const char known[] = "%YymbhdeHMSszaAZTRFDxcX";
	struct span format = parameter;

	if (format.len > 6 && memcmp(format.at, "begin:", 6) == 0)
		format = span_from(format, 6);
	else if (format.len > 4 && memcmp(format.at, "end:", 4) == 0)
		format = span_from(format, 4);
	bool is_epoch = span_equal(format, span_text("sec")) ||
			span_equal(format, span_text("msec")) ||
			span_equal(format, span_text("usec"));
	bool is_fraction = span_equal(format, span_text("msec_frac")) ||
			   span_equal(format, span_text("usec_frac"));
	placeholder->base = is_fraction ? -1 : BASE_TIME;
	placeholder->shape = is_epoch || is_fraction ? SHAPE_NUMBER : SHAPE_TEXT;
	if (is_epoch || is_fraction || !memchr(format.at, '%', format.len))
		return;
	bool date, clock;
	timestamp_strftime_parts(format, &date, &clock);
	placeholder->base = clock ? BASE_TIME : date ? BASE_DATE : -1;
	placeholder->shape = SHAPE_STRFTIME;
	for (size_t i = 0; i + 1 < format.len; i++)
		if (format.at[i] == '%' && !strchr(known, format.at[++i]))
			placeholder->shape = SHAPE_TEXT;
}

/* Read the directive that begins with the '%' at p[-1] into *placeholder.  Returns the end of the
 * directive; NULL, with a complaint, on error. */
static const char *read_directive(
	const char *text, const char *p, struct placeholder *placeholder, struct complaint *c)
{
	const char *start = p - 1;
	struct span parameter = span_of(NULL, 0);

	p = skip_modifiers(p);
	if (*p == '{') {
		parameter = span_of(p + 1, strcspn(p + 1, "}"));
		p += 1 + parameter.len;
		if (!*p) {
			complain_at(c, (size_t)(start - text), "'%%{' without a '}'");
			return NULL;
		}
		p = skip_modifiers(p + 1);
	}
	const struct directive *d = directive_at(&p, parameter.at);
	if (!d || !*p) {
		complain_at(c, (size_t)(start - text), "'%.*s' is not a LogFormat directive",
			(int)(p - start) + (*p ? 1 : 0), start);
		return NULL;
	}
	*placeholder = (struct placeholder){
		start, (size_t)(p + 1 - start), d->base, d->shape, (size_t)(start - text)};
	if (parameter.at && *p == 'i') {
		placeholder->base = header_base(parameter);
		if (parameter.len == sizeof list_header - 1 &&
			strncasecmp(parameter.at, list_header, parameter.len) == 0)
			placeholder->shape = SHAPE_LIST;
	}
	/* The variables of mod_ssl are words, but the names in a certificate may contain blanks. */
	if (parameter.at && *p == 'x' && !span_contains(parameter, "_DN"))
		placeholder->shape = SHAPE_WORD;
	if (parameter.at && *p == 't')
		set_time(placeholder, parameter);
	/* "%U%q", the path and the query string, is one field: the URL. */
	if (*p == 'U' && strncmp(p + 1, "%q", 2) == 0) {
		placeholder->name_len += 2;
		placeholder->base = BASE_URL;
		p += 2;
	}
	return p + 1;
}

static char unescape(char c)
{
	return c == 't' ? '\t' : c == 'n' ? '\n' : c;
}

static void *apache_compile(const char *text, const struct wanted *wanted, struct complaint *c)
{
	size_t len = strlen(text);
	struct layout *l = layout_new(len, len, wanted);

	if (!l)
		return NULL;
	for (const char *p = text; *p;) {
		if (p[0] == '\\' && p[1]) {
			if (p[1] != '\n') /* a line that goes on after its end */
				layout_literal(l, unescape(p[1]));
			p += 2;
		} else if (p[0] != '%') {
			layout_literal(l, *p++);
		} else if (p[1] == '%') {
			layout_literal(l, '%');
			p += 2;
		} else if (p[1] == 't') {
			struct placeholder time = {p, 2, BASE_TIME, SHAPE_CLF, (size_t)(p - text)};
			layout_literal(l, '[');
			layout_field(l, &time);
			layout_literal(l, ']');
			p += 2;
		} else {
			struct placeholder placeholder;
			p = read_directive(text, p + 1, &placeholder, c);
			if (!p)
				goto free;
			layout_field(l, &placeholder);
		}
	}
	if (layout_finish(l, c))
		return l;
free:
	layout_free(l);
	return NULL;
}

const struct cutter apache_cutter = {
	.cut_usual = layout_cut_usual,
	.compile = apache_compile,
	.cut = layout_cut,
	.stop = layout_stop,
	.free = layout_free,
	.bases = layout_bases,
	.has = layout_has,
	.own_name = layout_own_name,
};
