/* test_convention.c -- lines that fit the Combined Log Format, but mean something else by it. */
#include "unit.h"

#include <stdio.h>

#include "formats/convention.h"

#define TIME "[17/Jun/2007:12:00:01 -0700]"

enum { LINES = 60 };

/* A log of `n` lines, each like the first text but for every `nth` line, which is like the second. */
static char *make(const char *usual, const char *other, size_t nth, size_t n)
{
	size_t room = n * (strlen(usual) + strlen(other ? other : "") + 2) + 1;
	char *log = malloc(room), *to = log;

	assert_non_null(log);
	for (size_t i = 0; i < n; i++)
		to += sprintf(to, "%s\n", other && i % nth == nth - 1 ? other : usual);
	return log;
}

static enum convention check(
	const char *format, const char *usual, const char *other, size_t nth, size_t n)
{
	char *log = make(usual, other, nth, n);
	enum convention got = convention_check(format, span_text(log));

	free(log);
	return got;
}

#define COMMON(user)   "192.0.2.1 - " user " " TIME " \"GET / HTTP/1.1\" 200 512"
#define COMBINED(user) COMMON(user) " \"http://e.org/\" \"curl/8\""

static const struct {
	const char *format, *line;
	enum convention expected;
} cases[] = {
	{"combined", COMBINED("-"), CONVENTION_KEPT},
	{"combined", COMBINED("frank"), CONVENTION_KEPT},
	{"combined", COMBINED("frank@example.org"), CONVENTION_KEPT},
	{"combined", COMBINED("www.example.org"), CONVENTION_BROKEN},
	{"combined", COMBINED("10.0.0.1"), CONVENTION_BROKEN},
	{"combined", COMBINED("HIT"), CONVENTION_BROKEN},
	{"combined", COMBINED("w.smith"), CONVENTION_KEPT},
	{"combined", COMBINED("example.org"), CONVENTION_BROKEN},
	{"combined", COMBINED("a b"), CONVENTION_BROKEN},
	{"combined", "www.example.org - - " TIME " \"GET / HTTP/1.1\" 200 512 \"-\" \"x\"",
		CONVENTION_KEPT},
	{"combined", "192.0.2.1:80 - - " TIME " \"GET / HTTP/1.1\" 200 512 \"-\" \"x\"",
		CONVENTION_BROKEN},
	{"combined", "192.0.2.1 www.example.org - " TIME " \"GET / HTTP/1.1\" 200 5 \"-\" \"x\"",
		CONVENTION_BROKEN},
	{"combined", "192.0.2.1 10.0.0.1 - " TIME " \"GET / HTTP/1.1\" 200 5 \"-\" \"x\"",
		CONVENTION_BROKEN},
	{"combined", COMMON("-") " \"curl/8\" \"http://e.org/\"", CONVENTION_BROKEN},
	{"combined", COMMON("-") " \"192.0.2.7\" \"curl/8\"", CONVENTION_BROKEN},
	{"combined", COMMON("-") " \"www.example.org\" \"curl/8\"", CONVENTION_BROKEN},
	{"combined", COMMON("-") " \"-\" \"-\" \"curl/8\"", CONVENTION_BROKEN},
	{"combined", "192.0.2.1 - - " TIME " \"GET / HTTP/1.1\" 512 200 \"-\" \"x\"",
		CONVENTION_BROKEN},
	{"nginx_main", COMBINED("-") " \"-\"", CONVENTION_KEPT},
	{"nginx_main", COMBINED("-") " \"192.0.2.7, 10.0.0.1\"", CONVENTION_KEPT},
	{"nginx_main", COMBINED("-") " \"a=b\"", CONVENTION_SHORT},
	{"common", COMMON("-"), CONVENTION_KEPT},
	{"common", COMMON("-") " 1234", CONVENTION_BROKEN},
	{"common", COMMON("-") " 0.123", CONVENTION_KEPT},
	{"vhost_combined", "www.example.org:443 " COMBINED("-"), CONVENTION_KEPT},
	{"alb", "anything", CONVENTION_KEPT},
};

TEST(all_lines_alike)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		enum convention got = check(cases[i].format, cases[i].line, NULL, 0, LINES);
		if (got != cases[i].expected)
			fail_msg("%s: %d, not %d", cases[i].line, got, cases[i].expected);
	}
}

/* A client chooses its user, and the texts in quotes.  A few lines of one client do not make wf refuse
 * a log that it can read without them. */
TEST(a_few_lines_of_a_client)
{
	static const char *const others[] = {COMBINED("10.0.0.1"), COMBINED("HIT"), COMBINED("a b"),
		COMBINED("www.example.org"), COMMON("-") " \"192.0.2.7\" \"curl/8\"",
		COMMON("-") " \"www.example.org\" \"curl/8\"",
		COMMON("-") " \"curl/8\" \"http://e.org/\"", COMMON("-") " \"-\" \"192.0.2.7\""};

	for (size_t i = 0; i < COUNT(others); i++)
		assert_int_equal(check("combined", COMBINED("-"), others[i], LINES / 3, LINES),
			CONVENTION_KEPT);
	assert_int_equal(
		check("nginx_main", COMBINED("-") " \"-\"", COMBINED("-") " \"x\"", 30, LINES),
		CONVENTION_KEPT);
	/* Many lines show another format. */
	assert_int_equal(check("combined", COMBINED("-"), COMBINED("10.0.0.1"), 3, LINES),
		CONVENTION_BROKEN);
	assert_int_equal(
		check("combined", COMBINED("-"), COMBINED("10.0.0.1"), 5, 5), CONVENTION_BROKEN);
}

TEST(no_lines)
{
	assert_int_equal(convention_check("combined", span_text("")), CONVENTION_KEPT);
	assert_int_equal(convention_check("combined", span_text("\n\nx\n")), CONVENTION_KEPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_lines_alike),
		cmocka_unit_test(a_few_lines_of_a_client),
		cmocka_unit_test(no_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
