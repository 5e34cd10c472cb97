/* test_progress_line.c -- the progress line. */
#include "unit.h"

#include <stdio.h>

#include "progress/progress_line.h"

static const struct progress half = {.done = 500,
	.total = 1000,
	.bytes = 1234567890,
	.lines = 6000000,
	.spilled = 77700000,
	.workers = 2,
	.done_rate = 10,
	.bytes_rate = 99949999,
	.lines_rate = 9994};

static void says(struct progress s, const char *expected)
{
	char out[PROGRESS_LINE_SIZE];

	progress_line_text(&s, 0, out);
	assert_string_equal(out, expected);
}

TEST(all_of_it)
{
	says(half, "1.23 GB  50%  99.9 MB/s  9.99k lines/s  ETA 0:50  77.7 MB spilled  2 workers");
}

TEST(what_is_not_known_is_left_out)
{
	says((struct progress){0}, "0 B  0 B/s");
	says((struct progress){.bytes = 999, .workers = 1}, "999 B  0 B/s  1 worker");
	says((struct progress){.total = 10, .done = 5}, "0 B  50%  0 B/s");
	says((struct progress){.ranking = true, .workers = 3}, "ranking  3 workers");
	says((struct progress){.ranking = true, .total = 1024, .done = 512, .done_rate = 512},
		"ranking  50%  ETA 0:01");
}

TEST(shares)
{
	static const struct {
		uint64_t done, total;
		const char *text;
	} cases[] = {{0, 1, "0.0%"}, {999, 10000, "9.9%"}, {1, 10, "10%"}, {999999, 1000000, "99%"},
		{1000000, 1000000, "100%"}, {1000001, 1000000, "100%"},
		{UINT64_MAX, UINT64_MAX, "100%"}, {1, UINT64_MAX, "0.0%"}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		char expected[64];
		snprintf(expected, sizeof expected, "0 B  %s  0 B/s", cases[i].text);
		says((struct progress){.done = cases[i].done, .total = cases[i].total}, expected);
	}
}

TEST(numbers_have_three_digits)
{
	static const struct {
		uint64_t n;
		const char *text;
	} cases[] = {{1, "1 B"}, {999, "999 B"}, {1000, "1.00 kB"}, {9994, "9.99 kB"},
		{9996, "10.0 kB"}, {99960, "100 kB"}, {999499, "999 kB"}, {999500, "1.00 MB"},
		{1000000000000, "1.00 TB"}, {UINT64_MAX, "18.4 EB"}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		char expected[64];
		snprintf(expected, sizeof expected, "%s  0 B/s", cases[i].text);
		says((struct progress){.bytes = cases[i].n}, expected);
	}
}

TEST(times_to_wait)
{
	static const struct {
		uint64_t left;
		const char *text;
	} cases[] = {{1, "  ETA 0:01"}, {59, "  ETA 0:59"}, {60, "  ETA 1:00"},
		{3599, "  ETA 59:59"}, {3600, "  ETA 1:00:00"}, {359999, "  ETA 99:59:59"},
		{360000, ""}, {UINT64_MAX, ""}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		char expected[64];
		snprintf(expected, sizeof expected, "0 B  0.0%%  0 B/s%s", cases[i].text);
		says((struct progress){.total = cases[i].left, .done_rate = 1}, expected);
	}
	says((struct progress){.done = 5, .total = 5, .done_rate = 1},
		"0 B  100%  0 B/s  ETA 0:00");
	says((struct progress){.done = 5, .total = 50}, "0 B  10%  0 B/s");
}

/* At any width the line consists of whole pieces, in their order, as many as fit. */
TEST(narrow)
{
	static const char *const pieces[] = {"1.23 GB", "50%", "99.9 MB/s", "9.99k lines/s",
		"ETA 0:50", "77.7 MB spilled", "2 workers"};
	char whole[PROGRESS_LINE_SIZE], out[PROGRESS_LINE_SIZE], again[PROGRESS_LINE_SIZE];
	size_t before = 0;

	progress_line_text(&half, 0, whole);
	for (size_t columns = 1; columns <= strlen(whole); columns++) {
		progress_line_text(&half, columns, out);
		assert_true(strlen(out) <= columns);
		*again = '\0';
		for (size_t i = 0; i < COUNT(pieces); i++)
			if (strstr(out, pieces[i]))
				snprintf(again + strlen(again), sizeof again - strlen(again),
					"%s%s", *again ? "  " : "", pieces[i]);
		assert_string_equal(again, out);
		assert_true(strlen(out) >= before);
		before = strlen(out);
	}
	assert_string_equal(out, whole);
	progress_line_text(&half, 20, out);
	assert_string_equal(out, "50%  ETA 0:50");
	progress_line_text(&half, 22, out);
	assert_string_equal(out, "1.23 GB  50%  ETA 0:50");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it),
		cmocka_unit_test(what_is_not_known_is_left_out),
		cmocka_unit_test(shares),
		cmocka_unit_test(numbers_have_three_digits),
		cmocka_unit_test(times_to_wait),
		cmocka_unit_test(narrow),
	};

	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
