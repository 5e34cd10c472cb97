/* test_record.c -- values of a line's fields: how they are derived, and that they are remembered
 * for this line only. */
#include "lookup.h"

#define TIME "17/Jun/2007:12:00:01 -0700"

/* --- Derived values --------------------------------------------------------------- */

/* LTSV lines, which can have any field: the value of a field that is derived from the others. */
static const struct {
	struct span line;
	const char *field, *expected; /* NULL: no value */
} derived[] = {
	/* The request's parts. */
	{BYTES("req:GET /a HTTP/1.1"), "method", "GET"},
	{BYTES("req:GET /a HTTP/1.1"), "url", "/a"},
	{BYTES("req:GET /a HTTP/1.1"), "proto", "HTTP/1.1"},
	{BYTES("req:GET /a HTTP/1.1"), "request", "GET /a HTTP/1.1"},
	{BYTES("req:GET /a b HTTP/1.1"), "url", "/a b"},
	{BYTES("req:GET /a HTTP/1.1 HTTP/2"), "url", "/a HTTP/1.1"},
	{BYTES("req:GET /a HTTP/1.1 HTTP/2"), "proto", "HTTP/2"},
	{BYTES("req:GET /a"), "url", "/a"},
	{BYTES("req:GET /a"), "proto", "-"},
	{BYTES("req:GET /a"), "method", "GET"},
	{BYTES("req:GET /a b"), "url", NULL},
	{BYTES("req:GET /a b"), "method", NULL},
	{BYTES("req:GET /a b"), "proto", NULL},
	{BYTES("req:GET /a b"), "path", NULL},
	{BYTES("req:GET /a b"), "query", NULL},
	{BYTES("req:GET /a b"), "ext", NULL},
	{BYTES("req:GET  /a HTTP/1.1"), "url", NULL},
	{BYTES("req:GET /a  HTTP/1.1"), "url", NULL},
	{BYTES("req:GET  HTTP/1.1"), "url", NULL},
	{BYTES("req:GET HTTP/1.1"), "url", "HTTP/1.1"},
	{BYTES("req:GET HTTP/1.1"), "proto", "-"},
	{BYTES("req:GET /a HTTP/"), "proto", "HTTP/"},
	{BYTES("req:GET /a http/1.1"), "proto", NULL},
	{BYTES("req:GET /a HTTP/1. "), "url", NULL},
	{BYTES("req:GET"), "method", NULL},
	{BYTES("req:GET "), "url", NULL},
	{BYTES("req:GETA /a"), "method", "GETA"},
	{BYTES("req:M-S_X /a"), "method", "M-S_X"},
	{BYTES("req:get /a"), "method", NULL},
	{BYTES("req: /a"), "method", NULL},
	{BYTES("req:"), "method", NULL},
	{BYTES("req:-"), "url", NULL},
	/* A field that the line has is not derived. */
	{BYTES("req:GET /a HTTP/1.1\tmethod:m\turi:u\tprotocol:p"), "method", "m"},
	{BYTES("req:GET /a HTTP/1.1\tmethod:m\turi:u\tprotocol:p"), "url", "u"},
	{BYTES("req:GET /a HTTP/1.1\tmethod:m\turi:u\tprotocol:p"), "proto", "p"},
	{BYTES("req:x\tmethod:m"), "method", "m"},
	/* Path and query. */
	{BYTES("uri:/a?b=c"), "path", "/a"},
	{BYTES("uri:/a?b=c"), "query", "b=c"},
	{BYTES("uri:/a?b?c"), "query", "b?c"},
	{BYTES("uri:/a"), "path", "/a"},
	{BYTES("uri:/a"), "query", "-"},
	{BYTES("uri:/a?"), "path", "/a"},
	{BYTES("uri:http://h:80/a?b"), "path", "/a"},
	{BYTES("uri:http://h?b"), "path", "/"},
	{BYTES("uri:/http://h/a"), "path", "/http://h/a"},
	{BYTES("uri:h:443"), "path", "h:443"},
	{BYTES("uri:/a?"), "query", "-"},
	{BYTES("uri:?"), "path", ""},
	{BYTES("uri:"), "path", NULL},
	{BYTES("uri:"), "query", NULL},
	{BYTES("req:GET /a?b HTTP/1.1"), "path", "/a"},
	{BYTES("req:GET /a?b HTTP/1.1"), "query", "b"},
	{BYTES("uri:/a?b\tpath:/p\tquery:q"), "path", "/p"},
	{BYTES("uri:/a?b\tpath:/p\tquery:q"), "query", "q"},
	{BYTES("uri:/a?b\tpath:/p\tquery:q"), "url", "/a?b"},
	{BYTES("query:?q"), "query", "q"},
	{BYTES("query:?"), "query", "-"},
	{BYTES("query:"), "query", NULL},
	{BYTES("path:/a\tquery:"), "query", "-"},
	{BYTES("query:-"), "query", "-"},
	{BYTES("host:h"), "query", NULL},
	{BYTES("host:h"), "path", NULL},
	/* The URL, composed of path and query. */
	{BYTES("path:/p\tquery:q=1"), "url", "/p?q=1"},
	{BYTES("path:/p\tquery:?q"), "url", "/p?q"},
	{BYTES("path:/p\tquery:-"), "url", "/p"},
	{BYTES("path:/p\tquery:"), "url", "/p"},
	{BYTES("path:/p"), "url", "/p"},
	{BYTES("query:q"), "url", NULL},
	{BYTES("host:h"), "url", NULL},
	{BYTES("req:x\tpath:/p"), "url", NULL},
	{BYTES("req:GET /a\tpath:/p"), "url", "/a"},
	/* A query after a path or apart from it. */
	{BYTES("path:/p?q=1"), "url", "/p?q=1"},
	{BYTES("path:/p?q=1"), "path", "/p"},
	{BYTES("path:/p?q=1"), "query", "q=1"},
	{BYTES("path:/a.b?c.d"), "ext", "b"},
	{BYTES("path:/p?q=1\tquery:q=1"), "url", "/p?q=1"},
	{BYTES("path:/p?q=1\tquery:q=1"), "path", "/p"},
	{BYTES("path:/p?q=1\tquery:?q=1"), "path", "/p"},
	{BYTES("path:/p?q\tquery:r"), "url", "/p?q?r"},
	{BYTES("path:/p?q\tquery:r"), "path", "/p?q"},
	{BYTES("path:/p?"), "url", "/p?"},
	{BYTES("path:/p?"), "path", "/p"},
	{BYTES("uri:/a\tquery:b=1"), "url", "/a?b=1"},
	{BYTES("uri:/a\tquery:b=1"), "path", "/a"},
	{BYTES("uri:/a\tquery:-"), "url", "/a"},
	{BYTES("uri:/a?c\tquery:b=1"), "url", "/a?c"},
	{BYTES("uri:/a\tquery:select 1"), "url", "/a"},
	/* Class. */
	{BYTES("status:404"), "class", "4xx"},
	{BYTES("status:000"), "class", "0xx"},
	{BYTES("status:999"), "class", "9xx"},
	{BYTES("status:-"), "class", "-"},
	{BYTES("status:40"), "class", "-"},
	{BYTES("status:4040"), "class", "-"},
	{BYTES("status:4x4"), "class", "-"},
	{BYTES("status:x04"), "class", "-"},
	{BYTES("status:"), "class", NULL},
	{BYTES("host:h"), "class", NULL},
	/* Time. */
	{BYTES("time:[" TIME "]"), "time", "2007-06-17T12:00:01"},
	{BYTES("time:" TIME), "day", "2007-06-17"},
	{BYTES("time:" TIME), "hour", "2007-06-17T12"},
	{BYTES("time:" TIME), "minute", "2007-06-17T12:00"},
	{BYTES("time:1182106801.5"), "minute", "2007-06-17T19:00"},
	{BYTES("time:yesterday"), "time", NULL},
	{BYTES("time:yesterday"), "day", NULL},
	{BYTES("time:"), "hour", NULL},
	{BYTES("host:h"), "time", NULL},
	/* Extension. */
	{BYTES("uri:/a/b.html"), "ext", "html"},
	{BYTES("uri:/a.b/c"), "ext", "-"},
	{BYTES("uri:/a.b.gz?c.d"), "ext", "gz"},
	{BYTES("uri:/.htaccess"), "ext", "-"},
	{BYTES("uri:/a/.x.y"), "ext", "y"},
	{BYTES("uri:/a."), "ext", "-"},
	{BYTES("uri:/a.b."), "ext", "-"},
	{BYTES("uri:/"), "ext", "-"},
	{BYTES("uri:"), "ext", NULL},
	{BYTES("uri:a.b"), "ext", "b"},
	{BYTES("uri:.b"), "ext", "-"},
	{BYTES("path:/a.css\turi:/b.js"), "ext", "css"},
	{BYTES("host:h"), "ext", NULL},
	/* Site. */
	{BYTES("referer:http://a.b/c"), "site", "a.b"},
	{BYTES("referer:https://a.b"), "site", "a.b"},
	{BYTES("referer:http://a"), "site", "a"},
	{BYTES("referer:http://"), "site", "-"},
	{BYTES("referer:http:///x"), "site", "-"},
	{BYTES("referer:http://a?b"), "site", "a"},
	{BYTES("referer:http://a#b"), "site", "a"},
	{BYTES("referer:http://a\\b"), "site", "a"},
	{BYTES("referer:http://a:80/"), "site", "a"},
	{BYTES("referer:http://a:/"), "site", "a:"},
	{BYTES("referer:http://a:8x/"), "site", "a:8x"},
	{BYTES("referer:http://:80/"), "site", ":80"},
	{BYTES("referer:http://80/"), "site", "80"},
	{BYTES("referer:http://a:b:80/"), "site", "a:b"},
	{BYTES("referer:http://[::1]:80/"), "site", "[::1]"},
	{BYTES("referer:http://u:p@a:80/"), "site", "a"},
	{BYTES("referer:http://u@v@a/x@y"), "site", "a"},
	{BYTES("referer:http://u@/"), "site", "-"},
	{BYTES("referer:http://a/u@b"), "site", "a"},
	{BYTES("referer:android-app://x.y/z"), "site", "x.y"},
	{BYTES("referer:a+.-1://b"), "site", "b"},
	{BYTES("referer:1a://b"), "site", "-"},
	{BYTES("referer:://b"), "site", "-"},
	{BYTES("referer:a_b://c"), "site", "-"},
	{BYTES("referer:http:/a"), "site", "-"},
	{BYTES("referer:http:a"), "site", "-"},
	{BYTES("referer:HTTP://A"), "site", "A"},
	{BYTES("referer:a.b/c"), "site", "-"},
	{BYTES("referer:-"), "site", "-"},
	{BYTES("referer:"), "site", NULL},
	{BYTES("host:h"), "site", NULL},
	/* Values as the line has them. */
	{BYTES("referer:r"), "referrer", "r"},
	{BYTES("referer:r"), "referer", "r"},
	{BYTES("host:h\tident:i\tuser:u\tsize:5\tua:a\tvhost:v\tport:80"), "client", "h"},
	{BYTES("host:h\tident:i\tuser:u\tsize:5\tua:a\tvhost:v\tport:80"), "ident", "i"},
	{BYTES("host:h\tident:i\tuser:u\tsize:5\tua:a\tvhost:v\tport:80"), "user", "u"},
	{BYTES("host:h\tident:i\tuser:u\tsize:5\tua:a\tvhost:v\tport:80"), "bytes", "5"},
	{BYTES("host:h\tident:i\tuser:u\tsize:5\tua:a\tvhost:v\tport:80"), "agent", "a"},
	{BYTES("host:h\tident:i\tuser:u\tsize:5\tua:a\tvhost:v\tport:80"), "host", "v"},
	{BYTES("host:h\tident:i\tuser:u\tsize:5\tua:a\tvhost:v\tport:80"), "port", "80"},
	{BYTES("host:h\tident:i\tuser:u\tsize:5\tua:a\tvhost:v\tport:80"), "status", NULL},
	/* The format's own fields, also those whose names all formats share. */
	{BYTES("host:h\tvhost:v\tstatus:7"), ".host", "h"},
	{BYTES("host:h\tvhost:v\tstatus:7"), ".status", "7"},
	{BYTES("host:h\tvhost:v\tstatus:7"), "vhost", "v"},
	{BYTES("time:[t]"), ".time", "[t]"},
	{BYTES("x.y:1\tDATE:2"), "x.y", "1"},
	{BYTES("x.y:1\tDATE:2"), "DATE", "2"},
	{BYTES("x.y:1"), "$x.y", "1"},
	{BYTES("date:3"), "date", "3"},
};

static void check(struct lookup *a, struct span line, const char *field, const char *expected)
{
	struct span value = {NULL, 0};
	bool got = lookup_value(a, 0, &value);

	if (got != (expected != NULL))
		fail_msg("'%.*s': %s: %s", (int)line.len, line.at, field,
			got ? "has a value" : "none");
	if (got && !span_equal(value, span_text(expected)))
		fail_msg("'%.*s': %s: '%.*s'", (int)line.len, line.at, field, (int)value.len,
			value.at);
}

TEST(a_table_of_values)
{
	struct guarded g = guarded_new(1);

	for (size_t i = 0; i < COUNT(derived); i++) {
		struct lookup a;
		lookup_open(&a, "ltsv", derived[i].field);
		for (int at_start = 0; at_start <= 1; at_start++) {
			struct span line = guarded_copy(&g, derived[i].line);
			if (at_start)
				line.at = memmove(g.at, line.at, line.len);
			assert_int_equal(lookup_cut(&a, line), CUT_FITS);
			check(&a, line, derived[i].field, derived[i].expected);
		}
		lookup_close(&a);
	}
	guarded_free(&g);
}

/* W3C has two fields for date and time. */
TEST(times_in_two_columns)
{
	struct lookup a;
	struct span value;

	lookup_open(&a, "w3c", "time hour .date .time");
	assert_int_equal(lookup_cut(&a, span_text("#Fields: time date")), CUT_COMMENT);
	assert_int_equal(lookup_cut(&a, span_text("12:00:01 2007-06-17")), CUT_FITS);
	assert_true(lookup_value(&a, 0, &value));
	assert_span_equal(value, span_text("2007-06-17T12:00:01"));
	assert_true(lookup_value(&a, 1, &value));
	assert_span_equal(value, span_text("2007-06-17T12"));
	assert_true(lookup_value(&a, 2, &value));
	assert_span_equal(value, span_text("2007-06-17"));
	assert_true(lookup_value(&a, 3, &value));
	assert_span_equal(value, span_text("12:00:01"));
	assert_int_equal(lookup_cut(&a, span_text("- 2007-06-17")), CUT_FITS);
	assert_false(lookup_value(&a, 0, &value));
	assert_int_equal(lookup_cut(&a, span_text("#Fields: time")), CUT_COMMENT);
	assert_int_equal(lookup_cut(&a, span_text("12:00:01")), CUT_FITS);
	assert_false(lookup_value(&a, 0, &value));
	lookup_close(&a);
}

TEST(lines_and_columns)
{
	static const struct span line = BYTES("a \"b c\" [d]");
	static const char *const expected[] = {"a \"b c\" [d]", "a", "b c", "d", NULL, "d"};
	struct lookup a;

	lookup_open(&a, NULL, "0 1 2 3 4 003");
	assert_int_equal(lookup_cut(&a, line), CUT_FITS);
	for (size_t i = 0; i < COUNT(expected); i++) {
		struct span value;
		assert_int_equal(lookup_value(&a, i, &value), expected[i] != NULL);
		if (expected[i])
			assert_span_equal(value, span_text(expected[i]));
	}
	a.record.delimiter = ' ';
	lookup_cut(&a, line);
	struct span value;
	assert_true(lookup_value(&a, 2, &value));
	assert_span_equal(value, span_text("\"b"));
	assert_false(a.fields.need_format);
	assert_true(a.fields.have_columns);
	lookup_close(&a);
}

/* --- Remembering ------------------------------------------------------------------ */

/* Many fields of line after line: a remembered value is never returned for another line or field,
 * and equal, nearly equal and absent times are not mixed up. */
TEST(values_of_many_lines)
{
	static const char names[] = "time hour url query path ext site class method .host 0 minute";
	struct lookup all;
	uint64_t seed = 1;

	lookup_open(&all, "ltsv", names);
	for (int round = 0; round < 20000; round++) {
		static const char *const times[] = {TIME, "17/Jun/2007:12:00:02 -0700", "", "x",
			"1182106801", "2007-06-17 12:00:01"};
		static const char *const requests[] = {"GET /a?b HTTP/1.1", "GET /c.d", "-", ""};
		/* As in a block, a line's bytes stay while its values are used. */
		static char texts[7][200];
		char *text = strcpy(texts[round % 7], "");
		static const char *const pieces[] = {"time:", "req:", "referer:http://",
			"status:40", "host:h", "path:/e.f", "query:g"};
		for (size_t n = 1 + random_below(&seed, 5); n > 0; n--) {
			size_t i = random_below(&seed, COUNT(pieces));
			strcat(text, pieces[i]);
			if (i == 0)
				strcat(text, times[random_below(&seed, COUNT(times))]);
			if (i == 1)
				strcat(text, requests[random_below(&seed, COUNT(requests))]);
			if (i > 1)
				strcat(text, random_below(&seed, 2) ? "1" : "");
			strcat(text, "\t");
		}
		/* The arena is emptied now and then, as it is between blocks. */
		if (round % 7 == 0) {
			record_reset(&all.record);
		}
		struct cut cut = {.arena = &all.arena, .slots = all.record.slots};
		all.record.line = span_text(text);
		all.record.number++;
		assert_int_equal(logformat_cut(all.format, all.record.line, &cut), CUT_FITS);
		char copy[sizeof names];
		strcpy(copy, names);
		size_t i = random_below(&seed, all.n), at = 0;
		for (char *name = strtok(copy, " "); name; name = strtok(NULL, " "), at++) {
			if (at != i && random_below(&seed, 3))
				continue;
			struct lookup one;
			struct span expected = {0}, value = {0};
			lookup_open(&one, "ltsv", name);
			lookup_cut(&one, all.record.line);
			bool is = lookup_value(&one, 0, &expected);
			if (lookup_value(&all, at, &value) != is ||
				(is && !span_equal(value, expected)))
				fail_msg("'%s': %s", text, name);
			lookup_close(&one);
		}
	}
	lookup_close(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_of_values),
		cmocka_unit_test(times_in_two_columns),
		cmocka_unit_test(lines_and_columns),
		cmocka_unit_test(values_of_many_lines),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
