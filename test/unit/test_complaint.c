/* test_complaint.c -- complaints say whom they are about, and stay one line that fits. */
#include "unit.h"

#include <stdio.h>

#include "lib/complaint.h"

TEST(complaints_about_names)
{
	struct complaint c;
	char name[3000];

	assert_false(complain_of(&c, "a.log", "line %d", 7));
	assert_string_equal(c.text, "a.log: line 7");
	assert_string_equal(c.source, "");
	assert_true(c.offset == SIZE_MAX);

	/* Whatever the length of the name: its two ends, and all of the reason. */
	for (size_t len = 700; len < sizeof name; len++) {
		memset(name, 'x', len);
		memcpy(name, "/begin", 6);
		memcpy(name + len - 4, "end", 4);
		complain_of(&c, name, "No such file or directory");
		size_t n = strlen(c.text);
		assert_int_equal(strncmp(c.text, "/begin", 6), 0);
		assert_string_equal(c.text + n - 30, "end: No such file or directory");
		assert_true(len > 801 ? strstr(c.text, "...") && n <= 827 : n == len + 26);
	}
	/* A reason that is too long is cut, and leaves the name its part. */
	complain_of(&c, name, "%s", name);
	assert_non_null(strstr(c.text, "end: /begin"));
	assert_true(strlen(c.text) >= sizeof c.text - 2);
}

static void collect(void *ctx, const struct complaint *c)
{
	strcat(ctx, c->text);
	strcat(ctx, ".");
}

TEST(warnings_are_handed_over_in_order)
{
	char all[100] = "";
	struct warner w = {collect, all};

	warner_warn(&w, "%s", "one");
	warner_warn_of(&w, "f", "two %d", 2);
	assert_string_equal(all, "one.f: two 2.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(complaints_about_names),
		cmocka_unit_test(warnings_are_handed_over_in_order),
	};

	return cmocka_run_group_tests_name("complaint", tests, NULL, NULL);
}
