/* test_logformat.c -- the formats that have names, and the URL of an access log's line, whatever
 * its request looks like. */
#include "compiling.h"
#include "lookup.h"

#include <stdio.h>

/* %{any}t: the time may be any text. */
#define FORMAT "%h %l %u [%{any}t] \"%r\" %>s"

#define BEFORE "127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "

static const struct {
	struct span line;
	const char *url; /* NULL: the line has none, or does not fit */
} lines[] = {
	/* Common, combined, with other bytes before and after. */
	{BYTES(BEFORE "\"GET /a.gif HTTP/1.0\" 200 2326"), "/a.gif"},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" 200 23 \"http://x/y\" \"Mozilla (x)\""), "/a"},
	{BYTES("example.com:80 " BEFORE "\"GET /a HTTP/1.1\" 200 1"), NULL},
	{BYTES("  " BEFORE "\"GET /a HTTP/1.1\" 200 1"), "/a"},
	{BYTES("] \"GET /a HTTP/1.1\" 200"), NULL},
	/* Methods. */
	{BYTES(BEFORE "\"A /a HTTP/1.1\" 200 1"), "/a"},
	{BYTES(BEFORE "\"VERSION-CONTROL /a HTTP/1.1\" 200 1"), "/a"},
	{BYTES(BEFORE "\"M_SEARCH * HTTP/1.1\" 200 1"), "*"},
	{BYTES(BEFORE "\"-_ /a HTTP/1.1\" 200 1"), "/a"},
	{BYTES(BEFORE "\"get /a HTTP/1.1\" 200 1"), NULL},
	{BYTES(BEFORE "\"GET2 /a HTTP/1.1\" 200 1"), NULL},
	{BYTES(BEFORE "\"GET\t/a HTTP/1.1\" 200 1"), NULL},
	{BYTES(BEFORE "\" /a HTTP/1.1\" 200 1"), NULL},
	{BYTES(BEFORE "\"/a HTTP/1.1\" 200 1"), NULL},
	/* Targets: all bytes between the blanks. */
	{BYTES(BEFORE "\"GET http://x/?a=b&c=%20#d HTTP/1.1\" 200 1"), "http://x/?a=b&c=%20#d"},
	{BYTES(BEFORE "\"GET /a b  c HTTP/1.1\" 200 1"), "/a b  c"},
	{BYTES(BEFORE "\"GET /a HTTP/1.1 HTTP/1.1\" 200 1"), "/a HTTP/1.1"},
	{BYTES(BEFORE "\"GET \xff\x01\x80 HTTP/1.1\" 200 1"), "\xff\x01\x80"},
	{BYTES(BEFORE "\"CONNECT x:443 HTTP/1.1\" 200 1"), "x:443"},
	{BYTES(BEFORE "\"GET  HTTP/1.1\" 200 1"), NULL},
	{BYTES(BEFORE "\"GET  /a HTTP/1.1\" 200 1"), NULL},
	{BYTES(BEFORE "\"GET /a  HTTP/1.1\" 200 1"), NULL},
	{BYTES(BEFORE "\"GET   HTTP/1.1\" 200 1"), NULL},
	/* Protocols: HTTP/ and anything; a request without one is HTTP/0.9. */
	{BYTES(BEFORE "\"GET /a HTTP/\" 200 1"), "/a"},
	{BYTES(BEFORE "\"GET /a HTTP/3x\" 200 1"), "/a"},
	{BYTES(BEFORE "\"GET /a\" 200 1"), "/a"},
	{BYTES(BEFORE "\"GET HTTP/1.1\" 200 1"), "HTTP/1.1"},
	{BYTES(BEFORE "\"GET /a b\" 200 1"), NULL},
	{BYTES(BEFORE "\"GET /a HTTP\" 200 1"), NULL},
	{BYTES(BEFORE "\"GET /a http/1.1\" 200 1"), NULL},
	{BYTES(BEFORE "\"GET /a HTTP/1.1 \" 200 1"), NULL},
	{BYTES(BEFORE "\"GET /a RTSP/1.0\" 200 1"), NULL},
	{BYTES(BEFORE "\"GET \" 200 1"), NULL},
	{BYTES(BEFORE "\"GET\" 200 1"), NULL},
	{BYTES(BEFORE "\"GET /a \" 200 1"), NULL},
	/* Not a request: time-outs, TLS, garbage. */
	{BYTES(BEFORE "\"-\" 408 0"), NULL},
	{BYTES(BEFORE "\"\" 400 0"), NULL},
	{BYTES(BEFORE "\"\\x16\\x03\\x01\" 400 226"), NULL},
	{BYTES(BEFORE "\"\\n\" 400 226"), NULL},
	/* The status: three digits or one -, then a blank or the end. */
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" 200"), "/a"},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" 200 "), "/a"},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" -"), "/a"},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" - -"), "/a"},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" 000 -"), "/a"},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\""), NULL},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" "), NULL},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\"200 1"), NULL},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\"  200 1"), NULL},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" 20"), NULL},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" 20 1"), NULL},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" 2000 1"), NULL},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" 2x0 1"), NULL},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" -- 1"), NULL},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" 200\t1"), "/a"},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" 200\r"), NULL},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" 200\0"), NULL},
	/* Quotes before the request have no meaning. */
	{BYTES("1 - a\\\"b [t] \"GET /a HTTP/1.1\" 200 1"), "/a"},
	{BYTES("1 - a\"b [t] \"GET /a HTTP/1.1\" 200 1"), "/a"},
	{BYTES("1 - \" [t \" x] \"GET /a HTTP/1.1\" 200 1"), "/a"},
	{BYTES("1 - - [t]\"GET /a HTTP/1.1\" 200 1"), NULL},
	{BYTES("1 - - [t]  \"GET /a HTTP/1.1\" 200 1"), NULL},
	{BYTES("1 - - [t \"GET /a HTTP/1.1\" 200 1"), NULL},
	{BYTES("\"GET /a HTTP/1.1\" 200 1"), NULL},
	{BYTES(" \"GET /a HTTP/1.1\" 200 1"), NULL},
	{BYTES("1 - - [t] \\\"GET /a HTTP/1.1\" 200 1"), NULL},
	/* In the request, a backslash escapes the next byte. */
	{BYTES(BEFORE "\"GET /a\\\"b HTTP/1.1\" 200 1"), "/a\\\"b"},
	{BYTES(BEFORE "\"GET /a\\\" 200 1 HTTP/1.1\" 404 1"), "/a\\\" 200 1"},
	{BYTES(BEFORE "\"GET /a\\\\\" 200 1"), "/a\\\\"},
	{BYTES(BEFORE "\"GET /a\\\\\\\" HTTP/1.1\" 200 1"), "/a\\\\\\\""},
	{BYTES(BEFORE "\"GET /\\x22 HTTP/1.1\" 200 1"), "/\\x22"},
	{BYTES(BEFORE "\"GET /a\"b HTTP/1.1\" 200 1"), NULL},
	{BYTES(BEFORE "\"GET /a\\\" 200 1"), NULL},
	{BYTES(BEFORE "\"GET /a\\"), NULL},
	{BYTES(BEFORE "\"GET /a\\\""), NULL},
	{BYTES(BEFORE "\"GET /a HTTP/1.1 200 1"), NULL},
	{BYTES(BEFORE "\""), NULL},
	{BYTES(BEFORE), NULL},
	{BYTES("] \""), NULL},
	{BYTES("\""), NULL},
	{BYTES("\\\""), NULL},
	{BYTES("] "), NULL},
	{BYTES(""), NULL},
	{BYTES("no log at all"), NULL},
};

/* The lines end right before a page that can't be read, or begin right after one. */
TEST(urls_of_a_table_of_lines)
{
	struct guarded g = guarded_new(1);
	struct lookup a;

	lookup_open(&a, FORMAT, "url");
	for (size_t i = 0; i < COUNT(lines); i++)
		for (int end = 0; end <= 1; end++) {
			struct span line = guarded_copy(&g, lines[i].line), url = {NULL, 0};
			if (!end)
				line.at = memmove(g.at, line.at, line.len);
			bool found = lookup_cut(&a, line) == CUT_FITS && lookup_value(&a, 0, &url);
			if (found != (lines[i].url != NULL))
				fail_msg("%.*s: %s", (int)line.len, line.at,
					found ? "found" : "none");
			if (!found)
				continue;
			if (!span_equal(url, span_text(lines[i].url)))
				fail_msg("%.*s: '%.*s'", (int)line.len, line.at, (int)url.len,
					url.at);
			assert_true(url.at >= line.at && url.at + url.len <= line.at + line.len);
		}
	lookup_close(&a);
	guarded_free(&g);
}

TEST(a_url_may_hold_nuls)
{
	static const struct span line = BYTES(BEFORE "\"GET /a\0\0b HTTP/1.1\" 200 1");
	struct lookup a;
	struct span url;

	lookup_open(&a, FORMAT, "url");
	assert_int_equal(lookup_cut(&a, line), CUT_FITS);
	assert_true(lookup_value(&a, 0, &url));
	assert_span_equal(url, span_of("/a\0\0b", 5));
	lookup_close(&a);
}

/* --- The same rules, applied byte by byte ---------------------------------------- */

static bool naive_escaped(struct span s, size_t i, size_t from)
{
	bool escaped = false;

	for (size_t j = from; j < i; j++)
		escaped = s.at[j] == '\\' && !escaped;
	return escaped;
}

/* The end of the first occurrence of text that begins after byte i; 0: there is none. */
static size_t behind(struct span s, size_t i, const char *text)
{
	size_t n = strlen(text), at = i;

	while (at + n <= s.len && memcmp(s.at + at, text, n) != 0)
		at++;
	return at > i && at + n <= s.len ? at + n : 0;
}

/* A "-" among several words: not a user. */
static bool is_columns(struct span user)
{
	char text[300];
	size_t words = 0, dashes = 0;

	memcpy(text, user.at, user.len);
	text[user.len] = '\0';
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) {
		words++;
		dashes += strcmp(word, "-") == 0;
	}
	return words > 1 && dashes;
}

/* Where the request begins; 0 if the bytes before it do not fit. */
static size_t naive_open(struct span s)
{
	size_t i = 0;

	while (i < s.len && s.at[i] == ' ')
		i++;
	/* NOLINTNEXTLINE(misc-redundant-expression): i is another the second time */
	if (!(i = behind(s, i, " ")) || !(i = behind(s, i, " ")))
		return 0;
	size_t user = i;
	if (!(i = behind(s, i, " [")))
		return 0;
	if (is_columns(span_of(s.at + user, i - 2 - user)))
		return 0;
	return behind(s, i, "] \"");
}

static bool naive_url(struct span s, struct span *url)
{
	size_t from = naive_open(s), close = from;

	if (!from)
		return false;
	while (close < s.len && (s.at[close] != '"' || naive_escaped(s, close, from)))
		close++;
	if (close == s.len)
		return false;

	char status[6] = "";
	for (size_t i = close + 1; i < s.len && i < close + 6; i++)
		status[i - close - 1] = s.at[i] ? s.at[i] : 'x';
	char *digits = status + 1, *rest = digits + (digits[0] == '-' ? 1 : 3);
	if (status[0] != ' ' || (digits[0] != '-' && strspn(digits, "0123456789") < 3))
		return false;
	if (*rest && *rest != ' ')
		return false;

	size_t method = from;
	while (method < close && memchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ-_", s.at[method], 28))
		method++;
	if (method == from || method == close || s.at[method] != ' ')
		return false;
	size_t target = method + 1, end = close, last = close - 1;
	while (s.at[last] != ' ')
		last--;
	if (last > method) {
		if (close - last < 6 || memcmp(s.at + last, " HTTP/", 6) != 0)
			return false;
		end = last;
	}
	*url = span_of(s.at + target, end - target);
	return url->len && url->at[0] != ' ' && url->at[url->len - 1] != ' ';
}

/* Random lines of the bytes that matter. */
TEST(random_lines_against_the_rules)
{
	static const char *const tokens[] = {"\"", "\"", "\\", " ", " ", "GET", "-", "/", " HTTP/",
		"HTTP/1.1", "200", "[t] ", "] \"GET ", "] \"", "\" 200", "\" 404 ", "\" - ", "a",
		"\xff", "]", "a - - [t] \"GET ", "a - - [t] \"", "- b [t", " ["};
	struct guarded g = guarded_new(1);
	struct lookup a;
	size_t found = 0;
	uint64_t seed = 1;

	lookup_open(&a, FORMAT, "url");
	for (int round = 0; round < 400000; round++) {
		char text[200];
		size_t len = 0;
		if (random_below(&seed, 2))
			len = (size_t)sprintf(text, "a - - [t] \"GET /");
		for (size_t n = random_below(&seed, 10); n > 0; n--) {
			const char *token = tokens[random_below(&seed, COUNT(tokens))];
			memcpy(text + len, token, strlen(token));
			len += strlen(token);
		}
		struct span line = guarded_copy(&g, span_of(text, len)), url = {0}, expected = {0};
		bool should = naive_url(line, &expected);
		bool is = lookup_cut(&a, line) == CUT_FITS && lookup_value(&a, 0, &url);
		if (is != should || (is && (url.at != expected.at || url.len != expected.len)))
			fail_msg("'%.*s': '%.*s', not '%.*s'", (int)len, text, (int)url.len, url.at,
				(int)expected.len, expected.at);
		found += is;
	}
	assert_true(found > 2000);
	lookup_close(&a);
	guarded_free(&g);
}

/* --- Formats ---------------------------------------------------------------------- */

TEST(what_formats_have)
{
	static const struct {
		const char *format, *bases, *own;
		const char *has[4], *has_not[4];
	} cases[] = {
		{"common", "client ident user time request status bytes", "",
			{"%h", "%>s", "%r", "%t"}, {"%s", "%D", "h", "%{Referer}i"}},
		{"combined", "client ident user time request status bytes referrer agent", "",
			{"%{Referer}i", "%{referer}i", "%{USER-AGENT}i"},
			{"%{Refere}i", "%{Referer}o", "{Referer}i", ""}},
		{"vhost_combined",
			"client ident user time request status bytes referrer agent host port", "",
			{"%v", "%p", "%O"}, {"%V", "%b"}},
		{"nginx_main", "client user time request status bytes referrer agent",
			"$http_x_forwarded_for", {"remote_addr", "http_x_forwarded_for", "status"},
			{"remote", "request_time", "http_x"}},
		{"\"%U%q\" %D \"%{X}i\"", "url", "%D %{X}i", {"%U%q", "%D"}, {"%U", "%q", "%d"}},
		{"\"$uri$is_args$args\" ${request_time}s", "url", "request_time", {"request_time"},
			{"uri", "{request_time}"}},
		{"w3c", "", "", {0}, {"c-ip", "anything"}},
		{"widefinder", "client url status bytes referrer", "", {0}, {"anything"}},
		{"json", NULL, "", {"anything", "a.b"}, {0}},
		{"ltsv", NULL, "", {"anything"}, {0}},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct wanted none = {0};
		struct logformat *f = compile_format(cases[i].format, &none);
		char own[300] = "";
		assert_string_equal(logformat_name(f), cases[i].format);
		for (size_t n = 0; n < 4 && cases[i].has[n]; n++)
			if (!logformat_has(f, cases[i].has[n]))
				fail_msg("%s: has no %s", cases[i].format, cases[i].has[n]);
		for (size_t n = 0; n < 4 && cases[i].has_not[n]; n++)
			if (logformat_has(f, cases[i].has_not[n]))
				fail_msg("%s: has %s", cases[i].format, cases[i].has_not[n]);
		for (size_t b = 0; b < BASES; b++) {
			const char *bases = cases[i].bases;
			const char *at = bases ? strstr(bases, base_names[b]) : "";
			bool has = at && (!bases || at == bases || at[-1] == ' ');
			assert_int_equal((logformat_bases(f) & base_bit((enum base)b)) != 0, has);
		}
		for (size_t n = 0; logformat_own_name(f, n).len; n++) {
			struct span name = logformat_own_name(f, n);
			sprintf(own + strlen(own), "%s%.*s", n ? " " : "", (int)name.len, name.at);
		}
		if (cases[i].own)
			assert_string_equal(own, cases[i].own);
		logformat_free(f);
	}
}

TEST(names_of_known_formats)
{
	static const char *const names[] = {"nginx_main", "vhost_combined", "combined", "common",
		"json", "ltsv", "logfmt", "w3c", "iis", "csv"};
	struct wanted wanted = {.bases = 1};

	assert_true(strlist_add(&wanted.names, "a"));
	assert_true(strlist_add(&wanted.names, "b"));
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_string_equal(logformat_known[i], names[i]);
		struct logformat *f = compile_format(names[i], &wanted);
		assert_int_equal(logformat_slots(f), BASES + 2);
		assert_int_equal(logformat_uses_marks(f), i < 5);
		assert_int_equal(logformat_heading(f).len != 0,
			strcmp(names[i], "w3c") == 0 || strcmp(names[i], "iis") == 0);
		logformat_free(f);
	}
	assert_null(logformat_known[COUNT(names)]);
	strlist_free(&wanted.names);
	logformat_free(NULL);
}

/* Whether a line fits does not depend on the fields that are needed. */
TEST(slots_that_are_not_needed_stay)
{
	static const char line[] =
		"h - - [17/Jun/2007:12:00:01 -0700] \"GET / HTTP/1.1\" 200 12 \"a\" \"b\"";
	struct wanted wanted = {.bases = base_bit(BASE_STATUS)};
	struct logformat *f = compile_format("combined", &wanted);
	struct span slots[BASES] = {0};
	struct arena arena = {0};
	struct cut cut = {.arena = &arena, .slots = slots};

	assert_int_equal(logformat_cut(f, span_text(line), &cut), CUT_FITS);
	for (size_t i = 0; i < BASES; i++)
		assert_int_equal(slots[i].at != NULL, i == BASE_STATUS);
	assert_span_equal(slots[BASE_STATUS], span_text("200"));
	assert_int_equal(logformat_cut(f, span_of(line, sizeof line - 5), &cut), CUT_NOT);
	logformat_free(f);
	arena_free(&arena);
}

/* Wide Finder's columns end at white space, and nowhere else. */
TEST(lines_of_wide_finder)
{
	static const struct {
		struct span line;
		const char *values; /* client, url, status, bytes, referrer */
	} cases[] = {
		{BYTES("h - - [t -0700] \"GET /a HTTP/1.1\" 200 12 \"r\" \"a\""), "h /a 200 12 r"},
		{BYTES(" h\t- - [t z]  \"GET /a H 200 12 \"r s\""), "h /a 200 12 r"},
		{BYTES("h - - [t z] \"GET /a H\" 304 12 \"r\""), "h /a 304 0 r"},
		{BYTES("h - - [t z] \"GET /a H\" 200 - -"), "h /a 200 0 -"},
		{BYTES("h - - [t z] \"GET /a H\" 200 1x -"), "h /a 200 0 -"},
		{BYTES("h - - [t z] \"GET /a H\" 200 12"), "h /a 200 12 -"},
		{BYTES("h - - [t z] \"GET /a H\" 404"), "h /a 404 0 -"},
		{BYTES("h - - [t z] \"GET /a H\""), NULL},
		{BYTES("h - - [t z] \"POST /a H\" 200 12 \"r\""), NULL},
		{BYTES("h - - [t z] GET /a H 200 12 \"r\""), NULL},
		{BYTES(""), NULL},
	};
	struct guarded g = guarded_new(1);
	struct lookup a;

	lookup_open(&a, "widefinder", "client url status bytes referrer");
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span line = guarded_copy(&g, cases[i].line), value;
		char got[100] = "";
		assert_int_equal(lookup_cut(&a, line) == CUT_FITS, cases[i].values != NULL);
		for (size_t v = 0; cases[i].values && v < 5; v++) {
			assert_true(lookup_value(&a, v, &value));
			if (v)
				strcat(got, " ");
			strncat(got, value.at, value.len);
		}
		if (cases[i].values)
			assert_string_equal(got, cases[i].values);
	}
	lookup_close(&a);
	guarded_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls_of_a_table_of_lines),
		cmocka_unit_test(a_url_may_hold_nuls),
		cmocka_unit_test(random_lines_against_the_rules),
		cmocka_unit_test(what_formats_have),
		cmocka_unit_test(names_of_known_formats),
		cmocka_unit_test(slots_that_are_not_needed_stay),
		cmocka_unit_test(lines_of_wide_finder),
	};

	return cmocka_run_group_tests_name("logformat", tests, NULL, NULL);
}
