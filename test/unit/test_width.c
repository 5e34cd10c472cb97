/* test_width.c -- tests the widths of tables over time. */
#include "unit.h"

#include "query/width.h"

static struct width width(const char *text)
{
	struct width w;
	struct complaint c = {0};

	assert_true(width_read((struct arg){text, "-t"}, &w, &c));
	return w;
}

static int64_t start(const struct width *w, const char *time)
{
	int64_t seconds = -1;

	assert_true(width_start(w, span_text(time), &seconds));
	return seconds;
}

static void expect(const char *text, const char *time, const char *first, const char *second)
{
	struct width w = width(text);
	int64_t at = start(&w, time), next;
	char out[WIDTH_TIME];

	assert_string_equal(width_print(&w, at, out), first);
	assert_true(width_next(&w, at, &next));
	assert_string_equal(width_print(&w, next, out), second);
	assert_int_equal(start(&w, out), next);
}

TEST(rows_follow_each_other)
{
	expect("10s", "2006-10-01T06:33:45", "2006-10-01T06:33:40", "2006-10-01T06:33:50");
	expect("5m", "2006-10-01T06:33:45", "2006-10-01T06:30", "2006-10-01T06:35");
	expect("5m", "2006-10-01T06:33", "2006-10-01T06:30", "2006-10-01T06:35");
	expect("6h", "2006-12-31T23", "2006-12-31T18", "2007-01-01T00");
	expect("1d", "2004-02-28", "2004-02-28", "2004-02-29");
	expect("1w", "2006-10-01T06:33:45", "2006-09-25", "2006-10-02");
	expect("1M", "2006-12-31T23:59:60", "2006-12", "2007-01");
	expect("1s", "2006-12-31T23:59:60", "2006-12-31T23:59:59", "2007-01-01T00:00:00");
	expect("1m", "0000-01-01T00:00:00", "0000-01-01T00:00", "0000-01-01T00:01");
}

TEST(the_last_row)
{
	struct width w = width("1d");
	int64_t next;

	assert_false(width_next(&w, start(&w, "9999-12-31"), &next));
	w = width("1M");
	assert_false(width_next(&w, start(&w, "9999-12-31"), &next));
}

static void expect_auto(int64_t period, uint32_t n, enum interval_unit unit)
{
	struct width w = width_for(-5, period - 5);

	assert_false(w.is_auto);
	assert_int_equal(w.interval.n, n);
	assert_int_equal(w.interval.unit, unit);
}

TEST(width_of_auto)
{
	const int64_t day = 86400;

	assert_true(width("auto").is_auto);
	assert_int_equal(width("auto").interval.n, 10);
	expect_auto(0, 10, INTERVAL_SECOND);
	/* The last row of 10 s is part of the period. */
	expect_auto(890, 10, INTERVAL_SECOND);
	expect_auto(900, 1, INTERVAL_MINUTE);
	expect_auto(3590, 1, INTERVAL_MINUTE);
	expect_auto(3600, 5, INTERVAL_MINUTE);
	expect_auto(14390, 5, INTERVAL_MINUTE);
	expect_auto(14400, 30, INTERVAL_MINUTE);
	expect_auto(day - 10, 30, INTERVAL_MINUTE);
	expect_auto(day, 1, INTERVAL_HOUR);
	expect_auto(7 * day, 1, INTERVAL_DAY);
	expect_auto(365 * day, 1, INTERVAL_WEEK);
	expect_auto(9999 * 366 * day, 1, INTERVAL_MONTH);
}

TEST(number_of_rows)
{
	struct width w = width("1M");
	int64_t first = start(&w, "2006-01"), last = start(&w, "2007-12");
	assert_int_equal(width_rows(&w, first, last, 100), 24);
	assert_int_equal(width_rows(&w, first, first, 100), 1);
	assert_int_equal(width_rows(&w, first, last, 24), 24);
	assert_true(width_rows(&w, first, last, 23) > 23);
	w = width("1s");
	assert_true(width_rows(&w, start(&w, "0000-01-01"), start(&w, "9999-12-31"), 1000000) >
		    1000000);
}

TEST(what_is_no_width)
{
	static const char *const texts[] = {
		"", "5", "m", "0m", "-5m", "5x", "5 m", "5m ", "automatic", "1000000000s", "5mm"};
	struct width w;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct complaint c = {0};
		assert_false(width_read((struct arg){texts[i], "-t"}, &w, &c));
		assert_non_null(strstr(c.text, "is not a width of time"));
	}
	int64_t at;
	w = width("5m");
	assert_false(width_start(&w, span_text("noon"), &at));
	assert_false(width_start(&w, span_text(""), &at));
	assert_false(width_start(&w, span_text("2006-13-01T00:00:00"), &at));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_follow_each_other),
		cmocka_unit_test(the_last_row),
		cmocka_unit_test(width_of_auto),
		cmocka_unit_test(number_of_rows),
		cmocka_unit_test(what_is_no_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
