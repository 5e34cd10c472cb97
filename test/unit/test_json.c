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
	{BYTES("{\"a\":{\"b.0\":\"i\"}}"), "a.b.0=i"},
	{BYTES("{\"a\":{\"b.0\":\"i\",\"b\":[\"j\"]}}"), "a.b.0=i"},
	{BYTES("{\"a\":{\"B.0\":\"i\"},\"A\":{\"b\":[1]}}"), "a.b.0|a.b"},
	{BYTES("{\"a\\u002eb\":{\"0\":\"i\"}}"), "a.b.0=i"},
	/* Of equal names, only the last member counts, with all that is in it. */
	{BYTES("{\"x\":1,\"x\":2}"), "x=2"},
	{BYTES("{\"x\":1,\"\\u0078\":2}"), "x=2"},
	{BYTES("{\"x\":1,\"x\":null}"), "x"},
	{BYTES("{\"a\":{\"b\":1,\"0\":2},\"a\":{\"b\":3}}"), "a.b=3|a.0"},
	{BYTES("{\"a\":{\"b\":1},\"a\":7}"), "a.b"},
	{BYTES("{\"ip\":\"1\",\"ip\":\"\"}"), "client"},
	{BYTES("{\"request\":{\"host\":\"v\"},\"request\":{\"host\":\"w\",\"host\":\"u\"}}"),
		"host=u"},
	{BYTES("{\"a\":\"b\"}"), "a.b|a.0"},
	{BYTES("{\"a\":[]}"), "a.0"},
	/* A base is the first of its names that has a value. */
	{BYTES("{\"remote_addr\":\"1\",\"ip\":\"2\"}"), "client=1"},
	{BYTES("{\"ip\":\"2\",\"client\":\"3\"}"), "client=3"},
	{BYTES("{\"request\":{\"client_ip\":\"4\",\"remote_ip\":\"5\"},\"ip\":\"2\"}"), "client=4"},
	{BYTES("{\"remote_addr\":null,\"ip\":\"2\"}"), "client=2"},
	{BYTES("{\"remote_addr\":\"\",\"ip\":\"2\"}"), "client=2"},
	{BYTES("{\"remote_addr\":[\"\"],\"ip\":[null],\"fwd\":\"2\"}"), "client=2"},
	{BYTES("{\"remote_addr\":\"\",\"ip\":\"\"}"), "client"},
	{BYTES("{\"remote_addr\":{\"ip\":\"1\"},\"ip\":\"2\"}"), "client=2"},
	/* A value that the field cannot have counts only if there is no other. */
	{BYTES("{\"status\":\"ok\",\"status_code\":404}"), "status=404"},
	{BYTES("{\"status_code\":404,\"status\":\"ok\"}"), "status=404"},
	{BYTES("{\"status\":\"ok\",\"status_code\":\"bad\"}"), "status=ok"},
	{BYTES("{\"status\":\"ok\"}"), "status=ok"},
	{BYTES("{\"status\":\"ok\",\"code\":-1,\"response\":\"200\"}"), "status=200"},
	{BYTES("{\"status\":2000,\"code\":12}"), "status=12"},
	{BYTES("{\"http.status_code\":\"ok\",\"http\":{\"status_code\":500}}"), "status=500"},
	{BYTES("{\"bytes\":\"1 KB\",\"size\":1024}"), "bytes=1024"},
	{BYTES("{\"time\":0.25,\"ts\":\"2007-06-17T12:00:01Z\"}"), "time=2007-06-17T12:00:01Z"},
	{BYTES("{\"time\":0.25,\"ts\":1}"), "time=0.25"},
	/* Nothing is left of these clients. */
	{BYTES("{\"remote_addr\":\",1\",\"ip\":\"2\"}"), "client=2"},
	{BYTES("{\"remote_addr\":\"[]\",\"ip\":\"2\"}"), "client=2"},
	{BYTES("{\"time\":\"[]\",\"ts\":\"x\"}"), "time=x"},
	/* Base fields have their names in any case, with any '_' and '-', and with dots or levels. */
	{BYTES("{\"RemoteAddr\":\"1\"}"), "client=1"},
	{BYTES("{\"remote-addr\":\"1\"}"), "client=1"},
	{BYTES("{\"_remote_ADDR_\":\"1\"}"), "client=1"},
	{BYTES("{\"remote.addr\":\"1\"}"), "client"},
	{BYTES("{\"remoteaddress2\":\"1\"}"), "client"},
	{BYTES("{\"source.ip\":\"1\"}"), "client=1"},
	{BYTES("{\"source\":{\"ip\":\"1\"}}"), "client=1"},
	{BYTES("{\"Source\":{\"IP\":\"1\"}}"), "client=1"},
	{BYTES("{\"http\":{\"response.status-code\":200,\"request\":{\"method\":\"GET\"}}}"),
		"status=200|method=GET"},
	{BYTES("{\"http.request\":{\"method\":\"PUT\"},\"http\":{\"method\":\"GET\"}}"),
		"method=PUT"},
	{BYTES("{\"requestTime\":\"t\"}"), "time=t"},
	{BYTES("{\"request_time\":\"0.005\"}"), "time"},
	/* The port of a client, and further clients; the brackets of a time. */
	{BYTES("{\"client\":\"192.0.2.1:80\"}"), "client=192.0.2.1"},
	{BYTES("{\"client\":\"[2001:db8::1]:80\"}"), "client=2001:db8::1"},
	{BYTES("{\"client\":\"[2001:db8::1]\"}"), "client=2001:db8::1"},
	{BYTES("{\"client\":\"2001:db8::1\"}"), "client=2001:db8::1"},
	{BYTES("{\"client\":\"::1\"}"), "client=::1"},
	{BYTES("{\"client\":\"web:80\"}"), "client=web"},
	{BYTES("{\"client\":\"unix:\"}"), "client=unix:"},
	{BYTES("{\"client\":\":80\"}"), "client=:80"},
	{BYTES("{\"client\":\"[1\"}"), "client=[1"},
	{BYTES("{\"client\":\"[]:80\"}"), "client"},
	{BYTES("{\"x-forwarded-for\":\"192.0.2.1:80, 192.0.2.2\"}"), "client=192.0.2.1"},
	{BYTES("{\"host\":\"web:80\"}"), "host=web:80"},
	{BYTES("{\"time\":\"[t u]\"}"), "time=t u"},
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

/* --- Verdicts ----------------------------------------------------------------------- */

/* Values that RFC 8259 allows or forbids.  Those on which it leaves a choice are allowed, except
 * integers that do not fit in 64 bits, and names that contain a NUL. */
static const struct {
	const char *value;
	bool is_valid;
} values[] = {
	{"[]", true},
	{"[[]]", true},
	{"[ ]", true},
	{"[\"\"]", true},
	{"[\"a\"]", true},
	{"[false]", true},
	{"[null, 1, \"1\", {}]", true},
	{"[null]", true},
	{"[1]", true},
	{"[1 ]", true},
	{"[ 1]", true},
	{"[1,null,null,null,2]", true},
	{"[2] ", true},
	{"{}", true},
	{"{\"\":0}", true},
	{"{\"a\":\"b\",\"a\":\"c\"}", true},
	{"{\"a\":[]}", true},
	{"{\"\\u0021\":1}", true},
	{"{ \"min\": -1.0e+28, \"max\": 1.0e+28 }", true},
	{"{\"a\":{\"b\":{\"c\":[{}]}}}", true},
	{"{\"a\" :1 }", true},
	{"\"\\u0060\\u012a\\u12AB\"", true},
	{"\"\\uD801\\udc37\"", true},
	{"\"\\ud83d\\ude39\\ud83d\\udc8d\"", true},
	{"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", true},
	{"\"\\\\u0000\"", true},
	{"\"\\\"\"", true},
	{"\"a/*b*/c/*d//e\"", true},
	{"\"\\\\a\"", true},
	{"\"\\\\n\"", true},
	{"\"\\u0012\"", true},
	{"\"\\uFFFF\"", true},
	{"\"\\uDBFF\\uDFFE\"", true},
	{"\"new\\u000Aline\"", true},
	{"\"\\u0000\"", true},
	{"\"\\u002c\"", true},
	{"\"\\u2028\\u2029\"", true},
	{"\" \"", true},
	{"\"\\u005C\"", true},
	{"\"\\u0022\"", true},
	{"\"\\uFDD0\"", true},
	{"\"\\u200B\"", true},
	{"\"\\u0061\\u30AF\"", true},
	{"\"asd \"", true},
	{"\"\"", true},
	{"\"\\/\"", true},
	{"\"[{]}:,\"", true},
	{"0", true},
	{"-0", true},
	{"1", true},
	{"-1", true},
	{"-123", true},
	{"123", true},
	{"0.1", true},
	{"-0.1", true},
	{"123.456789", true},
	{"0e1", true},
	{"0e+1", true},
	{"0E-1", true},
	{"1E22", true},
	{"1E-2", true},
	{"1E+2", true},
	{"20e1", true},
	{"123e45", true},
	{"123e65", true},
	{"123.456e78", true},
	{"1.0e-2", true},
	{"0.4e006", true},
	{"-0.000000000000000000000000000000000000000000000000000000000000000000000000000001", true},
	{"1e1000", true},
	{"0.0", true},
	{"18446744073709551615", true},
	{"-9223372036854775808", true},
	{"true", true},
	{"false", true},
	{"null", true},
	{"true ", true},
	{"1e-00", true},
	{"-1.5E+07", true},
	{"\"\\uDADA\"", true},
	{"\"\\uD888\\u1234\"", true},
	{"\"\\uD800\\n\"", true},
	{"\"\\uDd1ea\"", true},
	{"\"\\uD800\\uD800\\n\"", true},
	{"\"\\ud800\"", true},
	{"\"\\ud800abc\"", true},
	{"\"\\uDd1e\\uD834\"", true},
	{"\"\\uDFAA\"", true},
	{"1.5e+9999", true},
	{"-1e+9999", true},
	{"123123e100000", true},
	{"0."
	 "4e006699999999999999999999999999999999999999999999999999999999999999999999999999999999999"
	 "99999969999999006",
		true},
	{"-1e-99999", true},
	{"[1 true]", false},
	{"[\"\": 1]", false},
	{"[\"\",]", false},
	{"[,1]", false},
	{"[1,,2]", false},
	{"[\"x\",,]", false},
	{"[\"x\"]]", false},
	{"[\"\",", false},
	{"[\"x\"", false},
	{"[x", false},
	{"[3[4]]", false},
	{"[1:2]", false},
	{"[,]", false},
	{"[-]", false},
	{"[ , \"\"]", false},
	{"[1,]", false},
	{"[1,", false},
	{"[*]", false},
	{"[\"a\"", false},
	{"[1", false},
	{"[{}", false},
	{"[", false},
	{"]", false},
	{"[]]", false},
	{"[nul]", false},
	{"[fals]", false},
	{"[tru]", false},
	{"nul", false},
	{"tru", false},
	{"fals", false},
	{"nulll", false},
	{"truee", false},
	{"True", false},
	{"NULL", false},
	{"undefined", false},
	{"[undefined]", false},
	{"None", false},
	{"NaN", false},
	{"-NaN", false},
	{"Infinity", false},
	{"-Infinity", false},
	{"Inf", false},
	{"+Inf", false},
	{"++1234", false},
	{"+1", false},
	{"-01", false},
	{"-1.0.", false},
	{"-2.", false},
	{".-1", false},
	{".2e-3", false},
	{"0.1.2", false},
	{"0.3e+", false},
	{"0.3e", false},
	{"0.e1", false},
	{"0E", false},
	{"0E+", false},
	{"0e", false},
	{"0e+", false},
	{"1.0e+", false},
	{"1.0e-", false},
	{"1.0e", false},
	{"1 000.0", false},
	{"1eE2", false},
	{"2.e+3", false},
	{"2.e-3", false},
	{"2.e3", false},
	{"9.e+", false},
	{"1+2", false},
	{"0x1", false},
	{"0x42", false},
	{"- 1", false},
	{"-012", false},
	{"-.123", false},
	{"-1x", false},
	{"1ea", false},
	{"1.", false},
	{".123", false},
	{"1.2a-3", false},
	{"1.8011670033376514H-308", false},
	{"012", false},
	{"-a", false},
	{"1 2", false},
	{"00", false},
	{"01", false},
	{"-", false},
	{"--1", false},
	{"1-", false},
	{"1.5.", false},
	{"1e1.5", false},
	{"1e--1", false},
	{"1e+-1", false},
	{"{\"a\":1", false},
	{"{\"a\"", false},
	{"{\"a\":", false},
	{"{\"a\" b}", false},
	{"{:\"b\"}", false},
	{"{\"a\" \"b\"}", false},
	{"{\"a\":\"a\" 123}", false},
	{"{key: 'value'}", false},
	{"{9999E9999:1}", false},
	{"{null:null}", false},
	{"{\"id\":0,,,,,}", false},
	{"{'a':0}", false},
	{"{\"id\":0,}", false},
	{"{\"a\":\"b\"}/**/", false},
	{"{\"a\":\"b\"}//", false},
	{"{\"a\":\"b\",,\"c\":\"d\"}", false},
	{"{a: \"b\"}", false},
	{"{\"a\":\"a", false},
	{"{ \"f\" : \"b\", \"a\" }", false},
	{"{\"a\":\"b\"}#", false},
	{"{[: \"x\"}", false},
	{"{1:1}", false},
	{"{\"a\":}", false},
	{"{\"b\":1 \"c\":2}", false},
	{"{,}", false},
	{"{\"a\":1,\"b\"}", false},
	{"{\"a\",1}", false},
	{"{\"\\u0000\":1}", false},
	{"{\"a\\u0000b\":1}", false},
	{"{true:1}", false},
	{"{}}", false},
	{"{\"a\"::1}", false},
	{"{\"a\":1:2}", false},
	{"{\"a\" : : 1}", false},
	{"\"", false},
	{"'a'", false},
	{"\"\\u00A\"", false},
	{"\"\\", false},
	{"\"\\x00\"", false},
	{"\"\\\\\\\"", false},
	{"\"\\a\"", false},
	{"\"\\u\"", false},
	{"\"\\uD834\\u\"", false},
	{"\"\\uD8", false},
	{"\"\\uqqqq\"", false},
	{"\"\\'\"", false},
	{"\"\\0\"", false},
	{"\"\\ ", false},
	{"\"a\"b", false},
	{"\"a\" \"b\"", false},
	{"\"\\U00000041\"", false},
	{"\"\\u 041\"", false},
	{"\"\\u00g0\"", false},
	{"\"\\uD800\\\"", false},
	{"\"\\uD800\\u\"", false},
	{"\"\\uD800\\u1\"", false},
	{"a\"b\"", false},
	{"\"a", false},
	{"\"\\v\"", false},
	{"abc", false},
	{"[abc]", false},
	{"*", false},
	{"<.>", false},
	{"[<null>]", false},
	{"{\"asd\":\"asd\"", false},
	{"[1]x", false},
	{"[1}", false},
	{"{\"a\":1]", false},
	{"\\u000A\"\"", false},
	{"[\\u000A\"\"]", false},
	{",1", false},
	{":", false},
	{"1,", false},
	{"18446744073709551616", false},
	{"-9223372036854775809", false},
	{"123456789012345678901234567890", false},
	{"-123123123123123123123123123123", false},
	{"/**/1", false},
	{"1//", false},
	{"\"\"#", false},
	{"\"a\tb\"", false},
	{"\"a\x1f\"", false},
	{"\"\x01\"", false},
	{"\"a\x7f\"", true},
	{"\"\xff\xc3\x28\xed\xa0\x80\"", true},
	{"[\"\x80\"]", true},
	{"[1\t]", true},
	{"\t1\t", true},
	{"\r[\r1\r,\r2\r]\r", true},
	{"\f1", false},
	{"[\f]", false},
	{"1\v", false},
	{"\xef\xbb\xbf"
	 "1",
		false},
	{"\xe2\x81\xa0"
	 "1",
		false},
	{"\xc2\xa0"
	 "1",
		false},
	{"[\xff]", false},
	{"1\xe5", false},
	{"{\"\xb9\":0,}", false},
};

/* Each value is judged alone, and after a line with the same names, whose shape it may have. */
TEST(valid_and_invalid_values)
{
	static const char *const before[] = {
		"{\"x\":\"\"}", "{\"x\":[],\"y\":0}", "{\"y\":0,\"x\":1}"};
	static const char *const formats[] = {
		"{\"x\":%s}", "{\"x\":%s,\"y\":0}", "{\"y\":0,\"x\":%s}"};
	char text[500];

	for (size_t i = 0; i < COUNT(values); i++)
		for (size_t f = 0; f < 2 * COUNT(formats); f++) {
			struct cuts c;
			cuts_open(&c, "json", "x");
			sprintf(text, formats[f / 2], values[i].value);
			if (f % 2)
				cuts_cut(&c, span_text(before[f / 2]));
			bool fits = cuts_cut(&c, span_text(text)) == CUT_FITS;
			if (fits != values[i].is_valid)
				fail_msg("%s %s", text, fits ? "fits" : "does not fit");
			cuts_close(&c);
		}
}

/* A control character is not valid anywhere in a string. */
TEST(control_characters)
{
	struct cuts c;
	char text[80];

	cuts_open(&c, "json", "x");
	for (size_t len = 0; len <= 40; len++) {
		size_t n = (size_t)sprintf(text, "{\"x\":\"%0*d\",\"y\":1}", (int)len + 1, 0);
		assert_int_equal(cuts_cut(&c, span_of(text, n)), CUT_FITS);
		for (size_t at = 0; at <= len; at++) {
			text[6 + at] = (char)((at + len) % 0x20);
			if (text[6 + at] == '\n')
				text[6 + at] = '\0';
			assert_int_equal(cuts_cut(&c, span_of(text, n)), CUT_NOT);
			text[6 + at] = '0';
		}
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
		cmocka_unit_test(valid_and_invalid_values),
		cmocka_unit_test(control_characters),
		cmocka_unit_test(objects_in_objects),
		cmocka_unit_test(random_strings),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
