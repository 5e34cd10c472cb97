/* test_json.c -- which lines are JSON, and which values they have. */
#include "cuts.h"

#define OWN "x a.b a.0 a.b.0 x.y nobody"

static const struct {
	struct span line;
	const char *expected; /* see cuts_expect */
} lines[] = {
	{BYTES("{}"), "x|client|url|time"},
	{BYTES(" \t{ \"x\" : 1 } \t"), "x=1"},
	/* Values as text. */
	{BYTES("{\"x\":\"\"}"), "x="},
	{BYTES("{\"x\":\"a b\"}"), "x=a b"},
	{BYTES("{\"x\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}"), "x=\"\\/\b\f\n\r\t"},
	{BYTES("{\"x\":\"\\u0041\\u00e4\\u20ac\\ud83d\\ude00\"}"),
		"x=A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"},
	{BYTES("{\"x\":\"\xc3\xa4\xff\"}"), "x=\xc3\xa4\xff"},
	{BYTES("{\"x\":0}"), "x=0"},
	{BYTES("{\"x\":-12}"), "x=-12"},
	{BYTES("{\"x\":12.50}"), "x=12.50"},
	{BYTES("{\"x\":1e5}"), "x=1e5"},
	{BYTES("{\"x\":1.5E+2}"), "x=1.5E+2"},
	{BYTES("{\"x\":1182106801.123}"), "x=1182106801.123"},
	{BYTES("{\"x\":9223372036854775807}"), "x=9223372036854775807"},
	{BYTES("{\"x\":18446744073709551614}"), "x=18446744073709551614"},
	{BYTES("{\"x\":true}"), "x=true"},
	{BYTES("{\"x\":false}"), "x=false"},
	{BYTES("{\"x\":null}"), "x"},
	{BYTES("{\"y\":1}"), "x"},
	{BYTES("{\"X\":1}"), "x"},
	{BYTES("{\"x\":[\"a\"]}"), "x=a"},
	{BYTES("{\"x\":[7]}"), "x=7"},
	{BYTES("{\"x\":[]}"), "x=[]"},
	{BYTES("{\"x\":[1,2]}"), "x=[1,2]"},
	{BYTES("{\"x\":{\"y\":1}}"), "x={\"y\":1}|x.y=1"},
	{BYTES("{\"x\":[{\"y\":\"a/b\"}]}"), "x=[{\"y\":\"a/b\"}]"},
	/* Paths: a member with the whole name comes first, then member by member. */
	{BYTES("{\"a\":{\"b\":\"c\"}}"), "a.b=c|a.0"},
	{BYTES("{\"a.b\":\"d\",\"a\":{\"b\":\"c\"}}"), "a.b=d"},
	{BYTES("{\"a\":[\"e\",\"f\"]}"), "a.0=e|a.b"},
	{BYTES("{\"a\":{\"0\":\"g\"}}"), "a.0=g"},
	{BYTES("{\"a\":{\"b\":[\"h\",1]}}"), "a.b.0=h|a.b=[\"h\",1]"},
	{BYTES("{\"a\":{\"b.0\":\"i\"}}"), "a.b.0"},
	{BYTES("{\"a\":\"b\"}"), "a.b|a.0"},
	{BYTES("{\"a\":[]}"), "a.0"},
	/* A base is the first of its names that has a value. */
	{BYTES("{\"remote_addr\":\"1\",\"ip\":\"2\"}"), "client=1"},
	{BYTES("{\"ip\":\"2\",\"client\":\"3\"}"), "client=3"},
	{BYTES("{\"request\":{\"client_ip\":\"4\",\"remote_ip\":\"5\"},\"ip\":\"2\"}"), "client=4"},
	{BYTES("{\"remote_addr\":null,\"ip\":\"2\"}"), "client=2"},
	{BYTES("{\"remote_addr\":\"\",\"ip\":\"2\"}"), "client="},
	{BYTES("{\"sourceIPs\":[\"6\",\"7\"]}"), "client=6"},
	{BYTES("{\"user\":{\"username\":\"u\"}}"), "user=u"},
	{BYTES("{\"user\":\"v\",\"user_id\":\"w\"}"), "user=v"},
	{BYTES("{\"request\":\"GET / HTTP/1.1\"}"), "request=GET / HTTP/1.1|method|url"},
	{BYTES("{\"request\":{\"method\":\"GET\",\"uri\":\"/a\",\"proto\":\"H\",\"host\":\"w\","
	       "\"headers\":{\"Referer\":[\"r\"],\"User-Agent\":[\"a\"]}}}"),
		"request|method=GET|url=/a|proto=H|host=w|referrer=r|agent=a"},
	{BYTES("{\"request\":7}"), "request"},
	{BYTES("{\"status\":200,\"bytes\":12.5,\"args\":\"q\",\"path\":\"/p\",\"port\":80}"),
		"status=200|bytes=12.5|query=q|path=/p|port=80"},
	{BYTES("{\"responseStatus\":{\"code\":404},\"RequestPath\":\"/t\",\"ts\":1.5}"),
		"status=404|url=/t|time=1.5"},
	{BYTES("{\"time_iso8601\":\"a\",\"msec\":\"b\"}"), "time=a"},
	{BYTES("{\"ident\":\"i\",\"server_name\":\"n\",\"http_referer\":\"r\",\"userAgent\":"
	       "\"ua\"}"),
		"ident=i|host=n|referrer=r|agent=ua"},
	{BYTES("{\"status\":\"any text\"}"), "status=any text"},
	/* Not objects. */
	{BYTES(""), NULL},
	{BYTES("{"), NULL},
	{BYTES("}"), NULL},
	{BYTES("{} {}"), NULL},
	{BYTES("{}x"), NULL},
	{BYTES("x{}"), NULL},
	{BYTES("[]"), NULL},
	{BYTES("[{}]"), NULL},
	{BYTES("1"), NULL},
	{BYTES("\"a\""), NULL},
	{BYTES("null"), NULL},
	{BYTES("{x:1}"), NULL},
	{BYTES("{'x':1}"), NULL},
	{BYTES("{\"x\":1,}"), NULL},
	{BYTES("{\"x\":}"), NULL},
	{BYTES("{\"x\"}"), NULL},
	{BYTES("{\"x\":a}"), NULL},
	{BYTES("{\"x\":True}"), NULL},
	{BYTES("{\"x\":\"a}"), NULL},
	{BYTES("{\"x\":\"\\x41\"}"), NULL},
	{BYTES("{\"x\":[1,2}"), NULL},
	{BYTES("{\"x\":1}}"), NULL},
	{BYTES("{\"x\":1 /* y */}"), NULL},
	{BYTES("{\"x\":1}\0}"), NULL},
	{BYTES("{\"x\0}"), NULL},
};

TEST(a_table_of_lines)
{
	struct cuts c;

	cuts_open(&c, "json", OWN);
	for (size_t i = 0; i < COUNT(lines); i++)
		cuts_expect(&c, lines[i].line, lines[i].expected);
	cuts_close(&c);
}

TEST(a_nul_in_a_value)
{
	struct cuts c;

	cuts_open(&c, "json", "x");
	assert_int_equal(cuts_cut(&c, span_text("{\"x\":\"a\\u0000b\"}")), CUT_FITS);
	assert_span_equal(cuts_value(&c, "x"), span_of("a\0b", 3));
	cuts_close(&c);
}

/* A line that does not fit has no effect on the next one. */
TEST(a_broken_line_does_not_affect_the_next)
{
	struct cuts c;

	cuts_open(&c, "json", "x");
	for (size_t i = 0; i < COUNT(lines); i++) {
		if (lines[i].expected)
			continue;
		cuts_cut(&c, lines[i].line);
		cuts_expect(&c, span_text("{\"x\":1,\"status\":200}"), "x=1|status=200|url");
	}
	cuts_close(&c);
}

/* A line with too many levels does not fit. */
TEST(objects_in_objects)
{
	struct cuts c;
	char text[600];

	cuts_open(&c, "json", "x");
	for (size_t depth = 1; depth <= 100; depth++) {
		size_t len = 0;
		for (size_t i = 0; i < depth; i++)
			len += (size_t)sprintf(text + len, "{\"\":");
		text[len++] = '1';
		memset(text + len, '}', depth);
		enum cut_result got = cuts_cut(&c, span_of(text, len + depth));
		if (depth < 60)
			assert_int_equal(got, CUT_FITS);
		if (depth > 70)
			assert_int_equal(got, CUT_NOT);
	}
	cuts_close(&c);
}

/* Any string is read back as it was before it was escaped. */
TEST(random_strings)
{
	struct cuts c;
	uint64_t seed = 1;

	cuts_open(&c, "json", "x");
	for (int round = 0; round < 5000; round++) {
		char value[40], text[400];
		size_t n = random_below(&seed, sizeof value),
		       len = (size_t)sprintf(text, "{\"x\":\"");
		random_bytes(&seed, value, n, span_of("ab\"\\/\n\x01\x7f \0", 10));
		for (size_t i = 0; i < n; i++) {
			unsigned char b = (unsigned char)value[i];
			if (b == '"' || b == '\\')
				len += (size_t)sprintf(text + len, "\\%c", b);
			else if (b < 0x20 || random_below(&seed, 8) == 0)
				len += (size_t)sprintf(text + len, "\\u%04x", b);
			else
				text[len++] = value[i];
		}
		len += (size_t)sprintf(text + len, "\"}");
		assert_int_equal(cuts_cut(&c, span_of(text, len)), CUT_FITS);
		assert_span_equal(cuts_value(&c, "x"), span_of(value, n));
		/* If it is cut off anywhere, it does not fit. */
		if (round % 50 == 0)
			for (size_t cut = 0; cut < len; cut++)
				assert_int_equal(cuts_cut(&c, span_of(text, cut)), CUT_NOT);
	}
	cuts_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_of_lines),
		cmocka_unit_test(a_nul_in_a_value),
		cmocka_unit_test(a_broken_line_does_not_affect_the_next),
		cmocka_unit_test(objects_in_objects),
		cmocka_unit_test(random_strings),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
