/* test_csv.c -- columns that are named by a header. */
#include "cuts.h"

#include "formats/csv.h"

TEST(lines)
{
	static const struct {
		const char *line, *expected; /* see cuts_expect */
	} cases[] = {
		{"2025-06-17T08:00:00Z,192.0.2.1,200,a b",
			"time=2025-06-17T08:00:00Z|client=192.0.2.1|status=200|My note=a b|url"},
		{"t,c,200,\"a, b\"", "time=t|client=c|My note=a, b"},
		{"t,c,200,\"say \"\"hi\"\"\"", "My note=say \"hi\""},
		{"\"t\",\"c\",\"200\",\"\"", "time=t|client=c|status=200|My note="},
		{",,,", "time|client|status|My note="},
		{"t,c,200,a\"b", "My note=a\"b"},
		{"t,c,200, \"a\"", "My note= \"a\""},
		{"t,[2001:db8::1]:80,-,", "client=2001:db8::1|status=-"},
		/* Lines that are no records. */
		{"", NULL},
		{"t,c,200", NULL},
		{"t,c,200,a,b", NULL},
		{"t,c,200,\"a", NULL},
		{"t,c,200,\"a\"b", NULL},
		{"t,c,200,\"a\"\"", NULL},
		{"t,\"c,200,a", NULL},
		{"t,c,ok,a", NULL},
		{"note,a,b,c", NULL},
		{"note,1,200,c", "time=note"},
		{"time,status,client,x", NULL},
	};
	struct cuts c;

	cuts_open(&c, "csv:time,Client IP,\"sc-status\",My note", "nobody");
	assert_int_equal(
		cuts_cut(&c, span_text("time,Client IP,\"sc-status\",My note")), CUT_COMMENT);
	cuts_close(&c);
	cuts_open(&c, "csv:time,Client IP,\"sc-status\",note", "note");
	for (size_t i = 0; i < COUNT(cases); i++) {
		char expected[300];
		const char *own = cases[i].expected ? strstr(cases[i].expected, "My note") : NULL;
		if (own)
			snprintf(expected, sizeof expected, "%.*s%s",
				(int)(own - cases[i].expected), cases[i].expected, own + 3);
		cuts_expect(&c, span_text(cases[i].line), own ? expected : cases[i].expected);
	}
	assert_int_equal(logformat_bases(c.format),
		base_bit(BASE_TIME) | base_bit(BASE_CLIENT) | base_bit(BASE_STATUS));
	assert_true(logformat_has(c.format, "Client IP"));
	assert_false(logformat_has(c.format, "client"));
	assert_span_equal(logformat_own_name(c.format, 2), span_text("sc-status"));
	assert_int_equal(logformat_own_name(c.format, 4).len, 0);
	cuts_close(&c);
}

/* Of two columns that may be the status, the one that has a number counts. */
TEST(values_that_a_field_cannot_have)
{
	struct cuts c;

	cuts_open(&c, "csv:status,status_code,url", NULL);
	cuts_expect(&c, span_text("ok,404,/a"), "status=404|url=/a");
	cuts_expect(&c, span_text("200,404,/a"), "status=200");
	cuts_expect(&c, span_text("ok,,/a"), "status=ok");
	cuts_close(&c);
	cuts_open(&c, "csv:status_code,status", NULL);
	cuts_expect(&c, span_text("404,ok"), "status=404");
	cuts_expect(&c, span_text("404,200"), "status=200");
	cuts_close(&c);
}

TEST(other_delimiters)
{
	static const char delimiters[] = ",;|\t";
	struct cuts c;

	for (size_t i = 0; i + 1 < sizeof delimiters; i++) {
		char header[] = "csv:date*time*url*uri", line[] = "2025-06-17*1:02:03**\"/a*\"";
		for (char *p = header; (p = strchr(p, '*'));)
			*p = delimiters[i];
		for (char *p = line; (p = strchr(p, '*'));)
			*p = delimiters[i];
		char expected[] = "date=2025-06-17|time=1:02:03|url=/a*";
		cuts_open(&c, header, NULL);
		if (delimiters[i] != '|') {
			*strchr(expected, '*') = delimiters[i];
			cuts_expect(&c, span_text(line), expected);
		}
		cuts_close(&c);
	}
}

TEST(headers)
{
	static const char *const headers[] = {
		"a,b", "Client IP\tStatus", "\"a\",\"b c\"", "_a;b|c"};
	static const char *const others[] = {"", "a", "a,", ",a", "a,1", "192.0.2.1,a", "a,\"b",
		"a=1,b=2", "a, b", "a,-", "a,\"b\"c"};

	for (size_t i = 0; i < COUNT(headers); i++)
		assert_true(csv_is_header(span_text(headers[i])));
	for (size_t i = 0; i < COUNT(others); i++)
		assert_false(csv_is_header(span_text(others[i])));
	assert_true(csv_is_open(span_text("a,b"), span_text("1,\"2")));
	assert_true(csv_is_open(span_text("a,b"), span_text("\"1,2")));
	assert_false(csv_is_open(span_text("a,b"), span_text("1,\"2\"")));
	assert_false(csv_is_open(span_text("a,b"), span_text("1\",2")));
	assert_false(csv_is_open(span_text("a,b"), span_text("\"1\"x,2")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(values_that_a_field_cannot_have),
		cmocka_unit_test(other_delimiters),
		cmocka_unit_test(headers),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
