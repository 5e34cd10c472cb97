/* test_logformat.c -- the URL of an access log's line, and lines that have none. */
#include "unit.h"

#include "logformat.h"

#define BEFORE "127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "

static const struct {
	struct span line;
	const char *url; /* NULL: none */
} lines[] = {
	/* Common, combined, with something before and behind. */
	{BYTES(BEFORE "\"GET /a.gif HTTP/1.0\" 200 2326"), "/a.gif"},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" 200 23 \"http://x/y\" \"Mozilla (x)\""), "/a"},
	{BYTES("example.com:80 " BEFORE "\"GET /a HTTP/1.1\" 200 1"), "/a"},
	{BYTES("  " BEFORE "\"GET /a HTTP/1.1\" 200 1"), "/a"},
	{BYTES("] \"GET /a HTTP/1.1\" 200"), "/a"},
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
	/* Targets: all between the blanks, raw. */
	{BYTES(BEFORE "\"GET http://x/?a=b&c=%20#d HTTP/1.1\" 200 1"), "http://x/?a=b&c=%20#d"},
	{BYTES(BEFORE "\"GET /a b  c HTTP/1.1\" 200 1"), "/a b  c"},
	{BYTES(BEFORE "\"GET /a HTTP/1.1 HTTP/1.1\" 200 1"), "/a HTTP/1.1"},
	{BYTES(BEFORE "\"GET \xff\x01\x80 HTTP/1.1\" 200 1"), "\xff\x01\x80"},
	{BYTES(BEFORE "\"CONNECT x:443 HTTP/1.1\" 200 1"), "x:443"},
	{BYTES(BEFORE "\"GET  HTTP/1.1\" 200 1"), NULL},
	{BYTES(BEFORE "\"GET  /a HTTP/1.1\" 200 1"), NULL},
	{BYTES(BEFORE "\"GET /a  HTTP/1.1\" 200 1"), NULL},
	{BYTES(BEFORE "\"GET   HTTP/1.1\" 200 1"), NULL},
	/* Protocols: HTTP/ and anything; none is HTTP/0.9. */
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
	/* No request: time-outs, TLS, garbage. */
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
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" 200\t1"), NULL},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" 200\r"), NULL},
	{BYTES(BEFORE "\"GET /a HTTP/1.1\" 200\0"), NULL},
	/* Quotes: the first that no backslash escapes opens, behind "] ". */
	{BYTES("1 - a\\\"b [t] \"GET /a HTTP/1.1\" 200 1"), "/a"},
	{BYTES("1 - a\"b [t] \"GET /a HTTP/1.1\" 200 1"), NULL},
	{BYTES("1 - - [t]\"GET /a HTTP/1.1\" 200 1"), NULL},
	{BYTES("1 - - [t]  \"GET /a HTTP/1.1\" 200 1"), NULL},
	{BYTES("1 - - [t \"GET /a HTTP/1.1\" 200 1"), NULL},
	{BYTES("\"GET /a HTTP/1.1\" 200 1"), NULL},
	{BYTES(" \"GET /a HTTP/1.1\" 200 1"), NULL},
	{BYTES("1 - - [t] \\\"GET /a HTTP/1.1\" 200 1"), NULL},
	/* In the request a backslash escapes what is behind it. */
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

/* Right in front of a page that can't be read, and right behind one. */
TEST(urls_of_a_table_of_lines)
{
	struct guarded g = guarded_new(1);

	for (size_t i = 0; i < COUNT(lines); i++)
		for (int end = 0; end <= 1; end++) {
			struct span line = guarded_copy(&g, lines[i].line), url = {NULL, 0};
			if (!end)
				line.at = memmove(g.at, line.at, line.len);
			bool found = logformat_url(line, &url);
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
	guarded_free(&g);
}

TEST(a_url_may_hold_nuls)
{
	static const struct span line = BYTES(BEFORE "\"GET /a\0\0b HTTP/1.1\" 200 1");
	struct span url;

	assert_true(logformat_url(line, &url));
	assert_span_equal(url, span_of("/a\0\0b", 5));
}

static bool naive_escaped(struct span s, size_t i, size_t from)
{
	bool escaped = false;

	for (size_t j = from; j < i; j++)
		escaped = s.at[j] == '\\' && !escaped;
	return escaped;
}

/* The rules once more, as they are written down, byte by byte. */
static bool naive_url(struct span s, struct span *url)
{
	size_t open = 0;

	while (open < s.len && (s.at[open] != '"' || (open && s.at[open - 1] == '\\')))
		open++;
	if (open == s.len || open < 2 || s.at[open - 1] != ' ' || s.at[open - 2] != ']')
		return false;
	size_t from = open + 1, close = from;
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

/* Lines put together at random from what matters. */
TEST(random_lines_against_the_rules)
{
	static const char *const tokens[] = {"\"", "\"", "\\", " ", " ", "GET", "-", "/", " HTTP/",
		"HTTP/1.1", "200", "[t] ", "] \"GET ", "] \"", "\" 200", "\" 404 ", "\" - ", "a",
		"\xff", "]"};
	struct guarded g = guarded_new(1);
	size_t found = 0;
	uint64_t seed = 1;

	for (int round = 0; round < 400000; round++) {
		char text[200];
		size_t len = 0;
		for (size_t n = random_below(&seed, 10); n > 0; n--) {
			const char *token = tokens[random_below(&seed, COUNT(tokens))];
			memcpy(text + len, token, strlen(token));
			len += strlen(token);
		}
		struct span line = guarded_copy(&g, span_of(text, len)), url = {0}, expected = {0};
		bool is = logformat_url(line, &url), should = naive_url(line, &expected);
		if (is != should || (is && (url.at != expected.at || url.len != expected.len)))
			fail_msg("'%.*s': '%.*s', not '%.*s'", (int)len, text, (int)url.len, url.at,
				(int)expected.len, expected.at);
		found += is;
	}
	assert_true(found > 2000);
	guarded_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls_of_a_table_of_lines),
		cmocka_unit_test(a_url_may_hold_nuls),
		cmocka_unit_test(random_lines_against_the_rules),
	};

	return cmocka_run_group_tests_name("logformat", tests, NULL, NULL);
}
