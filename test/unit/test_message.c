/* test_message.c -- messages on stderr are one line, whatever is in them. */
#include "unit.h"

#include "cli/message.h"

static void warn_thrice(const void *unused)
{
	(void)unused;
	warn("a\033b\n: %s", "\xff\xc3\xa4");
	message_prefix("host");
	warn("%s: %d", "x", 7);
	message_prefix(NULL);
	warn("%s: %d", "x", 8);
}

TEST(control_bytes_and_prefixes)
{
	struct death d = death_of(warn_thrice, NULL);

	assert_string_equal(d.text, "wf: a\\x1bb\\x0a: \\xff\xc3\xa4\n"
				    "wf: host: x: 7\n"
				    "wf: x: 8\n");
	assert_int_equal(d.status, 0);
}

static void warn_at_length(const void *text)
{
	warn("%s: why", (const char *)text);
}

TEST(long_messages_are_whole)
{
	char text[10000];

	memset(text, 'x', sizeof text);
	text[1000] = '\0';
	struct death d = death_of(warn_at_length, text);
	assert_int_equal(strlen(d.text), 4 + 1000 + strlen(": why\n"));
}

static void warn_of_both(const void *unused)
{
	struct complaint c;

	(void)unused;
	complain_at(&c, 4, "missing closing parenthesis");
	complaint_about(&c, (struct arg){"GET (\n", "-e"});
	warn_of(&c);
	complain_memory(&c, "query");
	warn_on_stderr.warn(warn_on_stderr.ctx, &c);
}

static void die_of_one(const void *unused)
{
	struct complaint c;

	(void)unused;
	complain_memory(&c, "query");
	die_of(&c);
}

TEST(complaints_are_printed)
{
	struct death d = death_of(warn_of_both, NULL);

	assert_string_equal(d.text, "wf: -e: missing closing parenthesis\n"
				    "wf:   GET (\\x0a\n"
				    "wf:       ^\n"
				    "wf: query: out of memory\n");
	assert_int_equal(d.status, 0);
	assert_dies(die_of_one, NULL, "die_of", "wf: query: out of memory\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(control_bytes_and_prefixes),
		cmocka_unit_test(long_messages_are_whole),
		cmocka_unit_test(complaints_are_printed),
	};

	return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
