/* test_interval.c -- the intervals of time that times belong to. */
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>

#include "formats/interval.h"

static struct interval width(const char *text)
{
	struct interval i;

	assert_true(interval_read(span_text(text), &i));
	return i;
}

TEST(widths)
{
	static const char *const bad[] = {"", "5", "m", "0m", "00s", "5x", "5 m", "5ms", "-5m",
		"1.5h", "5mm", "1234567890s", "5M5", "5\xff"};
	struct interval i;

	for (size_t k = 0; k < COUNT(bad); k++)
		if (interval_read(span_text(bad[k]), &i) || i.n)
			fail_msg("'%s' is a width", bad[k]);
	i = width("15s");
	assert_true(i.n == 15 && i.unit == INTERVAL_SECOND);
	i = width("999999999M");
	assert_true(i.n == 999999999 && i.unit == INTERVAL_MONTH);
}

/* DuckDB's time_bucket() gives the same for all of these but the leap second, those of the year 0,
 * and where it can't: it has no width of 999999999 months. */
static const struct {
	const char *width, *time, *expected;
} table[] = {
	{"1s", "2006-10-04T06:34:56", "2006-10-04T06:34:56"},
	{"15s", "2006-10-04T06:34:56", "2006-10-04T06:34:45"},
	{"60s", "2006-10-04T06:34:56", "2006-10-04T06:34:00"},
	{"1m", "2006-10-04T06:34:56", "2006-10-04T06:34"},
	{"5m", "2006-10-04T06:34:56", "2006-10-04T06:30"},
	{"5m", "2006-10-04T06:30:00", "2006-10-04T06:30"},
	{"5m", "2006-10-04T06:29:59", "2006-10-04T06:25"},
	{"7m", "2006-10-04T06:34:56", "2006-10-04T06:29"},
	{"90m", "2006-10-04T06:34:56", "2006-10-04T06:00"},
	{"1h", "2006-10-04T06:34:56", "2006-10-04T06"},
	{"6h", "2006-10-04T06:34:56", "2006-10-04T06"},
	{"24h", "2006-10-04T06:34:56", "2006-10-04T00"},
	{"1d", "2006-10-04T06:34:56", "2006-10-04"},
	{"2d", "2006-10-04T06:34:56", "2006-10-04"},
	{"2d", "2006-10-05T06:34:56", "2006-10-04"},
	{"1w", "2006-10-01T23:59:59", "2006-09-25"},
	{"1w", "2006-10-02T00:00:00", "2006-10-02"},
	{"2w", "2006-10-04T06:34:56", "2006-10-02"},
	{"1w", "1969-12-31T00:00:00", "1969-12-29"},
	{"1M", "2006-10-04T06:34:56", "2006-10"},
	{"3M", "2006-12-31T23:59:59", "2006-10"},
	{"5M", "1999-12-31T23:59:59", "1999-08"},
	{"12M", "2006-10-04T06:34:56", "2006-01"},
	{"15s", "2016-12-31T23:59:60", "2016-12-31T23:59:45"},
	{"1s", "2016-12-31T23:59:60", "2016-12-31T23:59:59"},
	{"1m", "2016-12-31T23:59:60", "2016-12-31T23:59"},
	{"1d", "0000-01-01T00:00:00", "0000-01-01"},
	{"1w", "0000-01-01T00:00:00", "0000-01-01"},
	{"7M", "0000-01-01T00:00:00", "0000-01"},
	{"999999999M", "1999-01-01T00:00:00", "0000-01"},
	{"999999999d", "9999-12-31T23:59:59", "2000-01-03"},
	{"999999999w", "1999-12-31T23:59:59", "0000-01-01"},
	{"999999999h", "9999-12-31T23:59:59", "2000-01-03T00"},
};

TEST(times_in_intervals)
{
	char out[TIMESTAMP_SECOND];

	for (size_t k = 0; k < COUNT(table); k++) {
		struct interval i = width(table[k].width);
		size_t len = interval_of(&i, table[k].time, out);
		if (len != strlen(table[k].expected) || memcmp(out, table[k].expected, len) != 0)
			fail_msg("%s of %s: %.*s", table[k].width, table[k].time, (int)len, out);
	}
}

static const struct {
	const char *width, *name, *next; /* .next is NULL if there is none */
} successors[] = {
	{"15s", "2006-12-31T23:59:45", "2007-01-01T00:00:00"},
	{"5m", "2006-10-04T06:55", "2006-10-04T07:00"},
	{"7m", "2006-10-04T06:29", "2006-10-04T06:36"},
	{"1h", "2004-02-28T23", "2004-02-29T00"},
	{"1d", "2006-02-28", "2006-03-01"},
	{"1w", "2006-09-25", "2006-10-02"},
	{"1w", "0000-01-01", "0000-01-03"},
	{"1M", "2006-12", "2007-01"},
	{"5M", "1999-08", "2000-01"},
	{"7M", "0000-01", "0000-05"},
	{"1M", "9999-12", NULL},
	{"1d", "9999-12-31", NULL},
	{"1s", "9999-12-31T23:59:59", NULL},
	{"1s", "9999-12-31T23:59:58", "9999-12-31T23:59:59"},
	/* These are no names of intervals. */
	{"5m", "2006-10-04T06:33", NULL},
	{"5m", "2006-10-04T06", NULL},
	{"5m", "-", NULL},
	{"5m", "", NULL},
	{"1w", "2006-09-26", NULL},
	{"1d", "2006-02-29", NULL},
	{"1h", "2006-02-28 23", NULL},
	{"1M", "2006-13", NULL},
	{"1s", "2016-12-31T23:59:60", NULL},
};

TEST(the_next_interval)
{
	for (size_t k = 0; k < COUNT(successors); k++) {
		struct interval i = width(successors[k].width);
		const char *next = successors[k].next ? successors[k].next : "";
		char text[TIMESTAMP_SECOND];
		size_t len = interval_next(&i, span_text(successors[k].name), text);
		if (len != strlen(next) || memcmp(text, next, len) != 0)
			fail_msg("%s after %s: %.*s", successors[k].width, successors[k].name,
				(int)len, text);
	}
}

/* Each second of random times belongs to the interval between its start and the start of the
 * next. */
TEST(intervals_follow_each_other)
{
	uint64_t seed = 1;
	static const char *const widths[] = {"1s", "7s", "15s", "3600s", "1m", "5m", "7m", "90m",
		"1h", "5h", "6h", "1d", "2d", "31d", "1w", "5w", "1M", "3M", "7M", "12M"};

	for (int round = 0; round < 200000; round++) {
		struct interval i = width(widths[random_below(&seed, COUNT(widths))]);
		int64_t t = (int64_t)random_below(&seed, 4000000000) - 1000000000, from, to;
		char time[TIMESTAMP_SECOND], name[TIMESTAMP_SECOND], next[TIMESTAMP_SECOND];
		assert_true(timestamp_write(t, time));
		size_t len = interval_of(&i, time, name);
		assert_true(interval_start(&i, span_of(name, len), &from));
		assert_int_equal(interval_next(&i, span_of(name, len), next), len);
		assert_true(interval_start(&i, span_of(next, len), &to));
		if (t < from || t >= to)
			fail_msg("%.19s in %.*s", time, (int)len, name);
		size_t determined = interval_determined_by(&i);
		memcpy(next, "0000-01-01T00:00:00", sizeof next);
		memcpy(next, time, determined);
		assert_int_equal(interval_of(&i, next, time), len);
		assert_memory_equal(time, name, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(widths),
		cmocka_unit_test(times_in_intervals),
		cmocka_unit_test(the_next_interval),
		cmocka_unit_test(intervals_follow_each_other),
	};

	return cmocka_run_group_tests_name("interval", tests, NULL, NULL);
}
