/* test_part.c -- FIELD/WHAT: the part of a field's value that the user wants. */
#include "lookup.h"

#include <stdio.h>

#include "lib/casefold.h"
#include "query/bucket.h"
#include "query/fold_cache.h"

/* An LTSV line, and the value of a field in it.  NULL: the line has none. */
static const struct {
	const char *line, *field, *expected;
} parts[] = {
	/* URLs. */
	{"uri:/a/b.html?x=1", "url/path", "/a/b.html"},
	{"uri:/a/b.html?x=1", "url/query", "x=1"},
	{"uri:/a/b.html?", "url/query", "-"},
	{"uri:/a/b.html", "url/query", "-"},
	{"uri:/a/b.html?x=/c.png", "url/ext", "html"},
	{"uri:/a/.htaccess", "url/ext", "-"},
	{"x:https://u:p@example.org:8443/a/b?c#d", "x/host", "example.org"},
	{"x:https://u:p@example.org:8443/a/b?c#d", "x/scheme", "https"},
	{"x:https://u:p@example.org:8443/a/b?c#d", "x/path", "/a/b"},
	{"x:https://example.org", "x/path", "/"},
	{"x:/a", "x/host", "-"},
	{"x:/a", "x/scheme", "-"},
	{"x:-", "x/host", "-"},
	{"referer:http://www.example.org/in?q=1", "referrer/host", "www.example.org"},
	{"y:1", "x/host", NULL},
	/* Parameters. */
	{"uri:/a?tag=x&n=1", "url/?tag", "x"},
	{"uri:/a?tag=x&n=1", "url/?n", "1"},
	{"uri:/a?tag=x&n=1", "url/?ta", "-"},
	{"uri:/a?tag=x&n=1", "url/?x", "-"},
	{"uri:/a?tag=&n", "url/?tag", "-"},
	{"uri:/a?tag=&n", "url/?n", "-"},
	{"uri:/a?tag=1&tag=2", "url/?tag", "1"},
	{"uri:/a?b?tag=1", "url/?tag", "-"},
	{"uri:/a?q=b#c", "url/?q", "b"},
	{"uri:/a#?q=b", "url/?q", "b"},
	{"uri:/a", "url/?q", "-"},
	{"uri:/a?x=y=z", "url/?x", "y=z"},
	{"uri:/a?x=%41+b", "url/?x/decode", "A+b"},
	{"uri:/a?x=1/path", "url/?x", "1/path"},
	/* Decoding. */
	{"uri:/%7Euser/Caf%C3%A9", "url/decode", "/~user/Caf\xc3\xa9"},
	{"uri:/%", "url/decode", "/%"},
	{"uri:/%4", "url/decode", "/%4"},
	{"uri:/%4g%g4%%41", "url/decode", "/%4g%g4%A"},
	{"uri:/a", "url/decode", "/a"},
	/* Segments of a path. */
	{"uri:/a/b/c.html?x=/d", "path/1", "/a"},
	{"uri:/a/b/c.html?x=/d", "path/2", "/a/b"},
	{"uri:/a/b/c.html?x=/d", "path/3", "/a/b/c.html"},
	{"uri:/a/b/c.html?x=/d", "path/9", "/a/b/c.html"},
	{"uri:/a/b/c.html?x=/d", "url/1", "/a"},
	{"uri:/", "path/1", "/"},
	{"uri:/a/", "path/1", "/a"},
	{"uri:/a/", "path/2", "/a"},
	{"uri://a", "path/1", "/"},
	{"x:a/b", "x/1", "a"},
	{"x:http://h/a/b", "x/1", "/a"},
	{"x:word", "x/1", "word"},
	{"x:", "x/1", ""},
	/* Networks. */
	{"host:192.0.2.17", "client/24", "192.0.2.0/24"},
	{"host:192.0.2.17", "client/16", "192.0.0.0/16"},
	{"host:192.0.2.177", "client/25", "192.0.2.128/25"},
	{"host:192.0.2.17", "client/1", "128.0.0.0/1"},
	{"host:192.0.2.17", "client/32", "192.0.2.17"},
	{"host:2001:db8:1:2:3::4", "client/24", "2001:db8:1:2::/64"},
	{"host:2001:db8:1:2:3::4", "client/24/56", "2001:db8:1::/56"},
	{"host:2001:db8:1:2:3::4", "client/24/128", "2001:db8:1:2:3::4"},
	{"host:192.0.2.17", "client/24/56", "192.0.2.0/24"},
	{"host:www.example.org", "client/24", "www.example.org"},
	{"host:192.0.2.017", "client/24", "192.0.2.017"},
	{"host:192.0.2.256", "client/24", "192.0.2.256"},
	{"host:192.0.2", "client/24", "192.0.2"},
	/* Lists. */
	{"x:192.0.2.1, 198.51.100.7", "x/first", "192.0.2.1"},
	{"x:192.0.2.1, 198.51.100.7", "x/last", "198.51.100.7"},
	{"x:192.0.2.1, 198.51.100.7", "x/first/24", "192.0.2.0/24"},
	{"x: a ", "x/first", "a"},
	{"x:a", "x/last", "a"},
	{"x:,", "x/last", ""},
	/* Lower case. */
	{"host:WWW.Example.ORG", "client/lower", "www.example.org"},
	{"referer:HTTP://Example.ORG/", "referrer/lower/host", "example.org"},
	/* What a bare number means, depending on the field or on the value. */
	{"status:404", "status/100", "4xx"},
	{"status:404", "status/100/lower", "4xx"},
	{"status:404", "status/50", "400..450"},
	{"size:1234", "bytes/100", "1200..1300"},
	{"size:-", "bytes/100", "-"},
	{"size:1234", "bytes/1K", "1K..2K"},
	{"size:1234", "bytes/log", "1000..2000"},
	{"size:1234", "bytes/1000", "1000..2000"},
	{"host:1234", "client/24", "1234"},
	{"uri:1234", "url/2", "1234"},
	{"user:1234", "user/100", "1200..1300"},
	{"x:1234", "x/100", "1200..1300"},
	{"x:1234", "x/1", "1234..1235"},
	{"x:12.5", "x/1", "12..13"},
	{"x:192.0.2.1", "x/16", "192.0.0.0/16"},
	{"x:192.0.2.1", "x/1000", "192.0.2.1"},
	{"x:/a/b", "x/1000", "/a/b"},
	{"x:1/2", "x/1", "1"},
	{"x:17", "x/24/56", "17"},
	{"x:word", "x/1K", "-"},
	{"x:12ms", "x/50ms", "0..50ms"},
	{"x:0.073", "x/50ms", "50ms..100ms"},
	{"x:0.073", "x/log", "0.05..0.1"},
	{"x:12ms", "x/1K", "-"},
	{"x:", "x/log", "-"},
	{"uri:/a?n=250&t=1", "url/?n/100", "200..300"},
	{"uri:/a/b/c?n=250", "url/path/2", "/a/b"},
	{"uri:/a/17/c", "path/fold/2", "/a/{n}"},
	{"x:192.0.2.1, 198.51.100.7", "x/last/24", "198.51.100.0/24"},
	/* Times. */
	{"time:[17/Jun/2007:12:34:56 -0700]", "time/15s", "2007-06-17T12:34:45"},
	{"time:[17/Jun/2007:12:34:56 -0700]", "time/5m", "2007-06-17T12:30"},
	{"time:[17/Jun/2007:12:34:56 -0700]", "time/6h", "2007-06-17T12"},
	{"time:[17/Jun/2007:12:34:56 -0700]", "time/1d", "2007-06-17"},
	{"time:[17/Jun/2007:12:34:56 -0700]", "time/1w", "2007-06-11"},
	{"time:[17/Jun/2007:12:34:56 -0700]", "time/1M", "2007-06"},
	{"time:[17/Jun/2007:12:34:56 -0700]", "time/12M", "2007-01"},
	{"time:[17/Jun/2007:12:34:56 -0700]", "time/day", "2007-06-17"},
	{"time:[17/Jun/2007:12:34:56 -0700]", "time/hour", "2007-06-17T12"},
	{"time:[17/Jun/2007:12:34:56 -0700]", "time/minute", "2007-06-17T12:34"},
	{"time:[17/Jun/2007:12:34:56 -0700]", "time/hod", "12"},
	{"time:[17/Jun/2007:12:34:56 -0700]", "time/dow", "7-Sun"},
	{"time:[18/Jun/2007:12:34:56 -0700]", "time/dow", "1-Mon"},
	{"time:[29/Feb/0000:12:34:56 -0700]", "time/year", "0000"},
	{"time:Feb 29 12:34:56", "time/year", "1968"}, /* the latest one before 1970 */
	{"time:[17/Jun/2007:12:34:56 -0700]", "time/dom", "17"},
	{"time:[17/Jun/2007:12:34:56 -0700]", "time/month", "06-Jun"},
	{"time:[17/Jun/2007:12:34:56 -0700]", "time/1d/dow", "7-Sun"},
	{"time:[17/Jun/2007:12:34:56 -0700]", "hour/dow", "7-Sun"},
	{"time:[17/Jun/2007:12:34:56 -0700]", "day/1M", "2007-06"},
	{"time:[17/Jun/2007:12:34:56 -0700]", "minute/hod", "12"},
	{"time:[31/Dec/2016:23:59:60 +0000]", "time/5m", "2016-12-31T23:55"},
	{"time:[31/Dec/2016:23:59:60 +0000]", "time/1d", "2016-12-31"},
	{"time:[31/Dec/9999:23:59:59 +0000]", "time/1w", "9999-12-27"},
	{"time:[31/Dec/9999:23:59:59 +0000]", "time/dow", "5-Fri"},
	{"time:[31/Feb/2007:12:34:56 -0700]", "time/1d", NULL},
	{"time:-", "time/1d", NULL},
	{"x:2007-06-17T12:34:56+02:00", "x/5m", "2007-06-17T12:30"},
	{"x:2007-06-17T12:34:56+02:00", "x/1M", "2007-06"},
	{"x:2007-06-17T12:34:56+02:00", "x/day", "2007-06-17"},
	{"x:2007-06-17T12:34:56+02:00", "x/day/dow", "7-Sun"},
	{"x:2007-06-17 12:34", "x/hod", "12"},
	{"x:2007-06-17", "x/dow", "7-Sun"},
	{"x:2007-06-17", "x/hour", "2007-06-17T00"},
	{"x:2007-06", "x/dow", "5-Fri"},
	{"x:2007", "x/year", "-"},
	{"x:1182106801", "x/day", "2007-06-17"},
	{"x:1182106801", "x/1M", "1127M..1128M"},
	{"x:12m", "x/5m", "10m..15m"},
	{"x:word", "x/5m", "-"},
	{"x:word", "x/day", "-"},
	{"x:", "x/day", "-"},
	/* Names that contain a slash. */
	{"a.b/name:1", "a.b/name", NULL},
};

static void check(const char *text, const char *field, const char *expected)
{
	struct lookup a;
	struct span value;

	lookup_open(&a, "ltsv", field);
	struct span line = span_text(text);
	if (lookup_cut(&a, line) != CUT_FITS) {
		assert_null(expected);
	} else {
		bool found = lookup_value(&a, 0, &value);
		if (found != (expected != NULL) ||
			(found && !span_equal(value, span_text(expected))))
			fail_msg("%s of %s is %.*s", field, text, found ? (int)value.len : 4,
				found ? value.at : "none");
	}
	lookup_close(&a);
}

TEST(parts_of_values)
{
	for (size_t i = 0; i < COUNT(parts); i++)
		check(parts[i].line, parts[i].field, parts[i].expected);
}

/* A field that has the whole name is meant before the part of another one. */
TEST(a_field_whose_name_has_a_slash)
{
	static const struct {
		const char *line, *field, *expected;
	} cases[] = {
		{"{\"app/name\":\"a\"}", "app/name", "a"},
		{"{\"app/host\":\"a\",\"app\":\"http://h/\"}", "app/host", "a"},
		{"{\"app\":\"http://h/\"}", "app/host", "h"},
		{"{\"app/host\":\"a\"}", ".app/host", "a"},
		{"{\"/path\":\"a\"}", "/path", "a"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lookup a;
		struct span value;
		lookup_open(&a, "json", cases[i].field);
		assert_int_equal(lookup_cut(&a, span_text(cases[i].line)), CUT_FITS);
		assert_true(lookup_value(&a, 0, &value));
		assert_span_equal(value, span_text(cases[i].expected));
		lookup_close(&a);
	}
}

TEST(columns_and_the_line_have_parts)
{
	struct lookup a;
	struct span value;

	lookup_open(&a, NULL, "2/host 0/fold 1/1");
	lookup_cut(&a, span_text("/a/b http://h/ 17"));
	assert_true(lookup_value(&a, 0, &value));
	assert_span_equal(value, span_text("h"));
	assert_true(lookup_value(&a, 1, &value));
	assert_span_equal(value, span_text("/a/b http://h/ {n}"));
	assert_true(lookup_value(&a, 2, &value));
	assert_span_equal(value, span_text("/a"));
	lookup_close(&a);
}

TEST(parts_that_are_none)
{
	static const struct {
		const char *name, *says;
	} cases[] = {
		{"url/pth", "'url/pth': there is no 'pth' of url (did you mean 'path'?)"},
		{"url/pth/2", "'url/pth/2': there is no 'pth' of url"},
		{"client/nonsense", "after the slash, write one of decode N N/M"},
		{"2/x", "there is no 'x' of 2; after the slash, write one of path query ext"},
		{"url/0", "there is no '0' of url"},
		{"url/?", "there is no '?' of url; after the slash, write one of path query ext host scheme "
			  "?NAME decode N first last fold lower (NAME is a parameter, as in url/?tag)"},
		{"path/?tag", "'path/?tag': the path has no query; write url/?tag"},
		{"query/?tag", "first last fold lower (parameters are those of url/?NAME)"},
		{"client/33", "there is no '33' of client; after the slash, write one of decode N N/M country "
			      "city asn org first last fold lower (N is at most 32 bits of IPv4, M at most 128 "
			      "bits of IPv6)"},
		{"client/64", "there is no '64' of client"},
		{"client/24/129", "there is no '24/129' of client"},
		{"client/48/64", "there is no '48/64' of client"},
		{"url/1000", "there is no '1000' of url"},
		{"url/24/56", "there is no '24/56' of url"},
		{"url/1K", "there is no '1K' of url"},
		{"url/0.5", "there is no '0.5' of url"},
		{"url/", "there is no '' of url"},
		{"bytes/host",
			"there is no 'host' of bytes; after the slash, write one of N 1K log"},
		{"bytes/50ms", "there is no '50ms' of bytes"},
		{"status/1K", "there is no '1K' of status; after the slash, write one of N log"},
		{"status/24/56", "there is no '24/56' of status"},
		{"time/5ms", "there is no '5ms' of time; after the slash, write one of 15s 5m 1h 1d 1w 1M"
			     " day hour minute hod dow dom month year first"},
		{"time/1K", "there is no '1K' of time"},
		{"status/5m", "there is no '5m' of status"},
		{"status/hod", "there is no 'hod' of status"},
		{"time/hos", "(did you mean 'hod'?)"},
		{"agent/log", "there is no 'log' of agent"},
		{"url/ext/host", "there is no 'host' of url/ext"},
		{"url/lower/log", "there is no 'log' of url/lower"},
		{"1/0", "there is no '0' of 1"},
		{"1/0.0000000001", "there is no '0.0000000001' of 1"},
		{"1/-5", "there is no '-5' of 1"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fields all = {0};
		struct complaint why = {0};
		size_t index;
		assert_false(fields_add(&all, (struct arg){cases[i].name, "-f"}, &index, &why));
		if (!strstr(why.text, cases[i].says))
			fail_msg("'%s': %s", cases[i].name, why.text);
		fields_free(&all);
	}
}

TEST(equal_parts_are_one_field)
{
	static const char *names[] = {"path/1", "path/2", "path", "path/1"};
	static const size_t expected[] = {0, 1, 2, 0};
	struct fields all = {0};
	struct complaint why;

	for (size_t i = 0; i < COUNT(names); i++) {
		size_t index;
		assert_true(fields_add(&all, (struct arg){names[i], "-f"}, &index, &why));
		assert_int_equal(index, expected[i]);
	}
	fields_free(&all);
}

/* --- Ranges ------------------------------------------------------------------------ */

static const struct {
	const char *width, *value, *expected;
} ranges[] = {
	{"100", "0", "0..100"},
	{"100", "99.999999999", "0..100"},
	{"100", "100", "100..200"},
	{"100", "-1", "-100..0"},
	{"100", "-100", "-100..0"},
	{"100", "-100.000000001", "-200..-100"},
	{"100", "-0", "0..100"},
	{"100", "1e3", "1000..1100"},
	{"100", "1,024", "1000..1100"},
	{"100", "12ms", "0..100"},
	{"100", "3.2KB", "3200..3300"},
	{"0.5", "1.25", "1..1.5"},
	{"0.1", "0.3", "0.3..0.4"},
	{"0.000000001", "0.0000000019", "0.000000001..0.000000002"},
	{"1e2", "150", "100..200"},
	{"1K", "1023.999999999", "0..1K"},
	{"1K", "1024", "1K..2K"},
	{"1K", "5M", "5120K..5121K"},
	{"1K", "5ms", "-"},
	{"1.5K", "1600", "1.5K..3K"},
	{"1KB", "1024", "1KB..2KB"},
	{"50ms", "0.05", "50ms..100ms"},
	{"50ms", "3KB", "-"},
	{"1m", "59.9", "0..1m"},
	{"1m", "1h", "60m..61m"},
	{"2us", "0.000003", "2us..4us"},
	{"2\xc2\xb5s", "0.000003", "2\xc2\xb5s..4\xc2\xb5s"},
	{"7", "18446744073709551615", "18446744073709551614..18446744073709551621"},
	{"7", "-18446744073709551615", "-18446744073709551621..-18446744073709551614"},
	{"1ns", "18446744073709551615",
		"18446744073709551615000000000ns..18446744073709551615000000001ns"},
	{"18446744073709551615", "18446744073709551614", "0..18446744073709551615"},
	{"1", "18446744073709551616", "-"},
	{"1", "20000000000000000T", "-"},
	{"1", "", "-"},
	{"1", "-", "-"},
	{"1", "word", "-"},
	{"1", "1x", "-"},
	{"1", "1..2", "-"},
	{"log", "0", "0..0"},
	{"log", "-0.0", "0..0"},
	{"log", "1", "1..2"},
	{"log", "1.999999999", "1..2"},
	{"log", "2", "2..5"},
	{"log", "5", "5..10"},
	{"log", "9.5", "5..10"},
	{"log", "10", "10..20"},
	{"log", "0.000000001", "0.000000001..0.000000002"},
	{"log", "0.0123", "0.01..0.02"},
	{"log", "18446744073709551615", "10000000000000000000..20000000000000000000"},
	{"log", "-1", "-1..-0.5"},
	{"log", "-1.5", "-2..-1"},
	{"log", "-2", "-2..-1"},
	{"log", "-0.000000001", "-0.000000001..0"},
	{"log", "12ms", "0.01..0.02"},
	{"log", "4K", "2000..5000"},
	{"log", "x", "-"},
};

TEST(numbers_have_ranges)
{
	struct arena arena = {0};

	for (size_t i = 0; i < COUNT(ranges); i++) {
		struct bucket b;
		struct span value = span_text(ranges[i].value);
		assert_true(bucket_read(span_text(ranges[i].width), &b));
		assert_true(bucket_of(&b, &value, &arena));
		if (!span_equal(value, span_text(ranges[i].expected)))
			fail_msg("%s by %s is %.*s, not %s", ranges[i].value, ranges[i].width,
				(int)value.len, value.at, ranges[i].expected);
	}
	arena_free(&arena);
}

TEST(widths_that_are_none)
{
	static const char *const widths[] = {"", "0", "0K", "-1", "+1", "1,000", "1 K", "x", "K",
		"1x", "LOG", "logs", "0.0000000001", "1.0000000001", "0.1ns",
		"18446744073709551616", "20000000000T", "1..2"};
	struct bucket b;

	for (size_t i = 0; i < COUNT(widths); i++)
		if (bucket_read(span_text(widths[i]), &b))
			fail_msg("'%s' is a width", widths[i]);
}

/* --- Folding ----------------------------------------------------------------------- */

static const char *const folds[][2] = {
	{"/user/1234/orders", "/user/{n}/orders"},
	{"/api/v2/items", "/api/v2/items"},
	{"/201x/2014/04/14/a", "/201x/{date}/a"},
	{"/2014/13/14", "/{n}/{n}/{n}"},
	{"/2014/00/14", "/{n}/{n}/{n}"},
	{"2014-04-14T01:02:03Z a", "{date} a"},
	{"2014-04-14 01:02:03,123 a", "{date} a"},
	{"2014-04-14T01:02:03.5+02:00", "{date}"},
	{"2014-04-14T01:02:03-0700]", "{date}]"},
	{"2014-04-14T01:02", "{n}-{n}-14T01:{n}"},
	{"2014-04-14x", "{n}-{n}-14x"},
	{"2014-04-14 01:02", "{date} {n}:{n}"},
	{"IMG_4.png", "IMG_{n}.png"},
	{"Vancouver-2.png", "Vancouver-{n}.png"},
	{"550e8400-e29b-41d4-a716-446655440000", "{uuid}"},
	{"550E8400-E29B-41D4-A716-446655440000/x", "{uuid}/x"},
	{"550e8400-e29b-41d4-a716-44665544000g", "{hex}-e29b-41d4-a716-44665544000g"},
	{"deadbeef", "deadbeef"},
	{"deadbee1", "{hex}"},
	{"DEADBEE1", "{hex}"},
	{"dead1", "dead1"},
	{"0x1f", "{hex}"},
	{"0x", "0x"},
	{"0xfg", "0xfg"},
	{"12345678", "{n}"},
	{"from 192.0.2.1 port 22", "from {ip} port {n}"},
	{"192.0.2.1:8080", "{ip}:{n}"},
	{"192.0.2.1.", "{ip}."},
	{"1.2.3.4.5", "{n}.{n}.{n}.{n}.{n}"},
	{"192.0.2.256", "{n}.{n}.{n}.{n}"},
	{"[2001:db8::1]:80", "[{ip}]:{n}"},
	{"fe80:: is 1", "{ip} is {n}"},
	{"dead:: is 1", "dead:: is {n}"},
	{"fe80::1, ::1", "{ip}, {ip}"},
	{"12:30:01", "{n}:{n}:{n}"},
	{"std::fe::bad 1", "std::fe::bad {n}"},
	{"to anna.b+c@mail.example.org!", "to {mail}!"},
	{"anna@example.org.", "{mail}."},
	{"anna@localhost", "anna@localhost"},
	{"a@b.c1", "a@b.c1"},
	{"@a.de", "@a.de"},
	{"Caf%C3%A9_6", "Caf%C3%A9_{n}"},
	{"a%20b", "a%20b"},
	{"95% full", "{n}% full"},
	{"caf\xc3\xa9"
	 "1",
		"caf\xc3\xa9"
		"1"},
	{"3.14", "{n}.{n}"},
	{"", ""},
	{"no digit", "no digit"},
};

TEST(texts_are_folded)
{
	struct arena arena = {0};

	for (size_t i = 0; i < COUNT(folds); i++) {
		struct span text = span_text(folds[i][0]);
		assert_true(fold(&text, &arena));
		if (!span_equal(text, span_text(folds[i][1])))
			fail_msg("%s: %.*s", folds[i][0], (int)text.len, text.at);
	}
	arena_free(&arena);
}

/* Folding takes no more memory than it has taken, and no more time per byte for long texts. */
TEST(any_bytes_are_folded)
{
	static const char bytes[] = "0123456789abcdefxT:.@%-_/+ ,Z\xff";
	struct arena arena = {0};
	uint64_t seed = 3;
	char *text = malloc(200000);

	assert_non_null(text);
	for (int i = 0; i < 20000; i++) {
		size_t len = random_below(&seed, 80);
		random_bytes(&seed, text, len, span_of(bytes, sizeof bytes - 1));
		struct span s = span_of(text, len), again;
		arena_reset(&arena);
		assert_true(fold(&s, &arena));
		assert_true(s.len <= 3 * len);
		again = s;
		assert_true(fold(&again, &arena));
	}
	for (size_t i = 0; i < sizeof bytes - 1; i++) {
		memset(text, bytes[i], 200000);
		struct span s = span_of(text, 200000);
		arena_reset(&arena);
		assert_true(fold(&s, &arena));
	}
	free(text);
	arena_free(&arena);
}

/* Fold a text in both ways, and compare.  The text ends where the memory does.  True if it is usual. */
static bool is_folded_equally(struct fold_cache *cache, struct guarded *memory, struct span text)
{
	struct span usual = guarded_copy(memory, text), cached = usual, slow = text;
	struct arena arena = {0};
	char *out = malloc(FOLD_ROOM); /* so that the sanitizer knows its end */

	assert_non_null(out);
	bool is_usual = fold_usual(&usual, out);
	assert_true(fold(&slow, &arena));
	if (is_usual && !span_equal(usual, slow))
		fail_msg("%.*s: %.*s instead of %.*s", (int)text.len, text.at, (int)usual.len,
			usual.at, (int)slow.len, slow.at);
	assert_int_equal(fold_cache_fold(cache, &cached, out), is_usual);
	if (is_usual)
		assert_span_equal(cached, slow);
	free(out);
	arena_free(&arena);
	return is_usual;
}

TEST(usual_texts_are_folded_equally)
{
	static const char *const pieces[] = {"/", "-", ".", "..", "_", "%", "%4", "%41", "%2f", "1",
		"12", "123", "1234", "12345678", "123456789", "0x", "0x1f", "0xfg", "4chan", "a", "f",
		"img", "deadbeef", "deadbee1", "Vancouver", "20%20", "2014-04-14", "2014/04/14",
		"2014-04-14%20abcdef12", "2014/13/14", "1.2.3.4", "1.2.3.4..", "255.256.1.2",
		"deadbeef-abcd-abcd-abcd-abcdefabcdef", "12345678-abcd-1234-abcd-abcdefabcdef",
		"12345678-abcd-1234-abcd-abcdefabcdefa", "T01", "\xff", "caf\xc3\xa9", ":", "@", "{n}",
		"?x=", "&y="};
	struct guarded memory = guarded_new(1);
	struct fold_cache *cache = fold_cache_new();
	uint64_t seed = 7;
	char text[100];
	int usual = 0;

	for (size_t i = 0; i < COUNT(folds); i++)
		is_folded_equally(cache, &memory, span_text(folds[i][0]));
	for (int i = 0; i < 300000; i++) {
		size_t len = 0, wanted = random_below(&seed, 70);
		while (len < wanted) {
			struct span s = span_text(pieces[random_below(&seed, COUNT(pieces))]);
			size_t n = s.len < wanted - len ? s.len : wanted - len;
			memcpy(text + len, s.at, n);
			len += n;
		}
		usual += is_folded_equally(cache, &memory, span_of(text, len));
		if (random_below(&seed, 2)) /* is it remembered? */
			is_folded_equally(cache, &memory, span_of(text, len));
	}
#if defined(__SSE2__)
	enum { USUAL_LEAST = 100000 };
#else
	enum { USUAL_LEAST = 0 };
#endif
	assert_true(usual >= USUAL_LEAST);
	fold_cache_free(cache);
	guarded_free(&memory);
}

/* --- Case -------------------------------------------------------------------------- */

TEST(texts_are_put_into_lower_case)
{
	static const char *const cases[][2] = {
		{"ABC xyz [@`{", "abc xyz [@`{"},
		{"\xc3\x84\xc3\x96 \xc3\xa4", "\xc3\xa4\xc3\xb6 \xc3\xa4"}, /* umlauts */
		{"\xd0\x96\xce\xa3", "\xd0\xb6\xcf\x83"},                   /* Cyrillic and Greek */
		{"\xc8\xba", "\xe2\xb1\xa5"},             /* U+023A becomes longer */
		{"\xe1\xba\x9e", "\xc3\x9f"},             /* U+1E9E becomes shorter */
		{"\xf0\x90\x90\x80", "\xf0\x90\x90\xa8"}, /* Deseret */
		{"\xff\xc3 A\xc3", "\xff\xc3 a\xc3"},     /* not UTF-8 */
		{"", ""},
	};
	struct arena arena = {0};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span text = span_text(cases[i][0]);
		assert_true(casefold(&text, &arena));
		assert_span_equal(text, span_text(cases[i][1]));
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_of_values),
		cmocka_unit_test(a_field_whose_name_has_a_slash),
		cmocka_unit_test(columns_and_the_line_have_parts),
		cmocka_unit_test(parts_that_are_none),
		cmocka_unit_test(equal_parts_are_one_field),
		cmocka_unit_test(numbers_have_ranges),
		cmocka_unit_test(widths_that_are_none),
		cmocka_unit_test(texts_are_folded),
		cmocka_unit_test(any_bytes_are_folded),
		cmocka_unit_test(usual_texts_are_folded_equally),
		cmocka_unit_test(texts_are_put_into_lower_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
