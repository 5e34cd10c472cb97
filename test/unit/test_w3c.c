/* test_w3c.c -- columns that are named by a heading. */
#include "cuts.h"

#define OWN "cs-uri-stem x(Y) c-ip nobody"

/* A sequence of lines: how each is cut depends on the headings before it. */
struct step {
	const char *line, *expected; /* see cuts_expect */
	bool comment;
};

static const struct step steps[] = {
	/* Before the first heading no line fits. */
	{"a", NULL, false},
	{"", NULL, false},
	{"#Version: 1.0", NULL, true},
	{"#", NULL, true},
	{"a", NULL, false},
	{"#Fields: date time c-ip cs-method cs-uri-stem sc-status sc-bytes x(Y)", NULL, true},
	{"2007-06-17 12:00:01 1.2.3.4 GET /a 200 12 y",
		"date=2007-06-17|time=12:00:01|client=1.2.3.4|method=GET|path=/"
		"a|status=200|bytes=12|"
		"x(Y)=y|c-ip=1.2.3.4|cs-uri-stem=/a|nobody|url|query",
		false},
	{"  d\tt  c m  p - - \"a b\"  ", "date=d|time=t|path=p|status=-|bytes=-|x(Y)=a b", false},
	{"d t c m p 200 12", NULL, false},
	{"d t c m p 200 12 y z", NULL, false},
	{"d t c m p 20 12 y", NULL, false},
	{"d t c m p 2000 12 y", NULL, false},
	{"d t c m p 2x0 12 y", NULL, false},
	{"d t c m p 200 x y", NULL, false},
	{"d t c m p 200 -1 y", NULL, false},
	{"d t c m p \"\" 12 y", NULL, false},
	{"d t c m p 200 \"\" y", NULL, false},
	{"\"\" t c m p 200 1 y", "date=|x(Y)=y", false},
	{"", NULL, false},
	{" ", NULL, false},
	/* A value in quotes ends at the first quote that a blank follows.  A backslash has no
	   meaning. */
	{"d t c m \"/a \"b\" 200 1 y", "path=/a \"b", false},
	{"d t c m \"/a\\\" 200 1 y", "path=/a\\", false},
	{"d t c m \"/a 200 1 y", "path=\"/a", false},
	{"d t c m /a\" 200 1 y", "path=/a\"", false},
	{"d t [c m] /a 200 1 y", "client=[c|method=m]|path=/a", false},
	/* A comment is not a heading. */
	{"#fields: c-ip", NULL, true},
	{" #Fields: c-ip", NULL, false},
	{"#Remark: #Fields: c-ip", NULL, true},
	{"d t c m p 200 1 y", "x(Y)=y", false},
	/* If a heading has a name twice, it is the first column's. */
	{"#Fields: c-ip c-ip cs-host cs(Host) x(Y) x(Y) cs-uri", NULL, true},
	{"1 2 h i y z u", "client=1|c-ip=1|host=h|x(Y)=y|url=u|path|cs-uri-stem", false},
	{"#Fields:c-ip", NULL, true},
	{"1", "client=1|c-ip=1|host", false},
	{"#Fields: cs-username cs-version cs(Referer) cs(User-Agent) s-port cs-uri-query", NULL,
		true},
	{"u v r a 80 q", "user=u|proto=v|referrer=r|agent=a|port=80|query=q", false},
	{"#Fields: cs(Referrer) cs-protocol-version s-computername", NULL, true},
	{"r v w", "referrer=r|proto=v|host", false},
	{"#Fields: C-IP", NULL, true},
	{"1", "client|c-ip", false},
	/* Two quotes in quotes are one. */
	{"#Fields: c-ip cs(User-Agent) x(Y)", NULL, true},
	{"1 \"say \"\"hi\"\" now\" y", "client=1|agent=say \"hi\" now|x(Y)=y", false},
	{"1 \"end\"\"\" \"\"\"\"", "agent=end\"|x(Y)=\"", false},
	{"1 \"\" \"\"", "agent=|x(Y)=", false},
	{"1 \"a\"\" b\" y", "agent=a\" b|x(Y)=y", false},
	/* Tabs separate columns if there is one fewer than columns and none is in quotes. */
	{"1\ta, b\ty z", "client=1|agent=a, b|x(Y)=y z", false},
	{" 1 \t\t", "client=1|agent=|x(Y)=", false},
	{"1\t\"a \"\"b\"\"\"\ty\"z", "agent=a \"b\"|x(Y)=y\"z", false},
	{"1 \"a\tb\" \"c\td\"", "agent=a\tb|x(Y)=c\td", false},
	{"1\ta", NULL, false},
	{"1\ta b\ty\t", NULL, false},
	/* Names of wf are names of columns, too. */
	{"#Fields: client status bytes", NULL, true},
	{"1 200 5", "client=1|status=200|bytes=5", false},
	{"1 2000 5", NULL, false},
	/* A heading without names. */
	{"#Fields:", NULL, true},
	{"1", NULL, false},
	{"", NULL, false},
};

/* Before the first heading, "iis" knows the columns that IIS writes by default. */
TEST(iis)
{
	static const char usual[] = "2025-06-17 08:09:10 192.0.2.1 GET /a q=1 80 - 2001:db8::1 M/5 "
				    "http://x/ 200 0 0 123";
	static const char *const others[] = {
		"2025-6-17 08:09:10 192.0.2.1 GET /a q=1 80 - 192.0.2.2 M/5 - 200 0 0 123",
		"2025-06-17 080910 192.0.2.1 GET /a q=1 80 - 192.0.2.2 M/5 - 200 0 0 123",
		"2025-06-17 08:09:10 server GET /a q=1 80 - 192.0.2.2 M/5 - 200 0 0 123",
		"2025-06-17 08:09:10 192.0.2.1 GET a q=1 80 - 192.0.2.2 M/5 - 200 0 0 123",
		"2025-06-17 08:09:10 192.0.2.1 GET /a q=1 x - 192.0.2.2 M/5 - 200 0 0 123",
		"2025-06-17 08:09:10 192.0.2.1 GET /a q=1 80 - - M/5 - 200 0 0 123",
		"2025-06-17 08:09:10 192.0.2.1 GET /a q=1 80 - 192.0.2.2 M/5 - 2000 0 0 123",
		"2025-06-17 08:09:10 192.0.2.1 GET /a q=1 80 - 192.0.2.2 M/5 - 200 0 0 -",
		"2025-06-17 08:09:10 192.0.2.1 GET /a q=1 80 - 192.0.2.2 M/5 - 200 0 0",
		"2025-06-17 08:09:10 192.0.2.1 GET /a q=1 80 - 192.0.2.2 M/5 - 200 0 0 1 2", ""};
	struct cuts c;

	cuts_open(&c, "iis", "time-taken");
	for (int round = 0; round < 2; round++) {
		cuts_expect(&c, span_text(usual),
			"date=2025-06-17|time=08:09:10|method=GET|path=/a|query=q=1|port=80|user=-|"
			"client=2001:db8::1|agent=M/5|referrer=http://x/"
			"|status=200|time-taken=123");
		for (size_t i = 0; i < COUNT(others); i++)
			cuts_expect(&c, span_text(others[i]), NULL);
		assert_int_equal(cuts_cut(&c, span_text("#Fields: c-ip")), CUT_COMMENT);
		cuts_expect(&c, span_text("1"), "client=1|path");
		cuts_expect(&c, span_text(usual), NULL);
		assert_true(logformat_restart(c.format, span_of("", 0)));
	}
	cuts_close(&c);
}

TEST(lines_one_after_the_other)
{
	struct cuts c;

	cuts_open(&c, "w3c", OWN);
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < COUNT(steps); i++) {
			struct span line = span_text(steps[i].line);
			if (steps[i].comment)
				assert_int_equal(cuts_cut(&c, line), CUT_COMMENT);
			else
				cuts_expect(&c, line, steps[i].expected);
		}
		logformat_restart(c.format, span_of("", 0));
	}
	cuts_close(&c);
}

TEST(headings_that_are_set)
{
	struct cuts c;
	static const char heading[] = "#Fields: c-ip x(Y)";

	cuts_open(&c, "w3c", OWN);
	assert_span_equal(logformat_heading(c.format), span_text("#Fields:"));
	assert_int_equal(logformat_bases(c.format), 0);
	assert_false(logformat_has(c.format, "x(Y)"));
	for (int round = 0; round < 2; round++) {
		char copy[sizeof heading];
		strcpy(copy, heading);
		logformat_restart(c.format, span_text(copy));
		memset(copy, 'x', sizeof copy); /* the format keeps its own copy */
		cuts_expect(&c, span_text("1 2"), "client=1|x(Y)=2");
		assert_int_equal(logformat_bases(c.format), base_bit(BASE_CLIENT));
		assert_true(logformat_has(c.format, "x(Y)"));
		assert_true(logformat_has(c.format, "c-ip"));
		assert_false(logformat_has(c.format, "x"));
		assert_false(logformat_has(c.format, ""));
		logformat_restart(c.format, span_text("no heading"));
		cuts_expect(&c, span_text("1 2"), NULL);
		assert_false(logformat_has(c.format, "x(Y)"));
		logformat_restart(c.format, span_text(heading));
		logformat_restart(c.format, span_of(NULL, 0));
		cuts_expect(&c, span_text("1 2"), NULL);
		assert_int_equal(logformat_bases(c.format), 0);
	}
	cuts_close(&c);
}

/* More columns than there is room for at first. */
TEST(many_columns)
{
	enum { COLUMNS = 700 };
	char heading[COLUMNS * 2 + 20] = "#Fields:", line[COLUMNS * 2 + 20] = "";
	struct wanted wanted = {.bases = UINT32_MAX};
	struct span slots[BASES];
	struct arena arena = {0};
	struct cut cut = {.arena = &arena, .slots = slots};
	struct complaint why;
	struct logformat *f = logformat_compile("w3c", &wanted, &why);

	for (size_t n = 1; n <= COLUMNS; n++) {
		strcat(heading, n % 7 ? " x" : " -");
		strcat(line, "1 ");
		if (n % 13 != 0)
			continue;
		struct span whole = span_text(line);
		assert_int_equal(logformat_cut(f, span_text(heading), &cut), CUT_COMMENT);
		assert_int_equal(logformat_cut(f, whole, &cut), CUT_FITS);
		whole.len -= 2;
		assert_int_equal(logformat_cut(f, whole, &cut), CUT_NOT);
	}
	logformat_free(f);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(iis),
		cmocka_unit_test(lines_one_after_the_other),
		cmocka_unit_test(headings_that_are_set),
		cmocka_unit_test(many_columns),
	};

	return cmocka_run_group_tests_name("w3c", tests, NULL, NULL);
}
