/* test_moment.c -- the moments of --since and --until. */
#include "unit.h"

#include "query/moment.h"

/* Monday, 2026-11-30 17:10:29 UTC. */
enum { NOW = 1796058629, MIDNIGHT = 1795996800 };

static const struct {
	const char *text;
	int64_t seconds;
} moments[] = {
	{"2026-11-30", MIDNIGHT},
	{" 2026-11-30 ", MIDNIGHT},
	{"2026-11-30T14:05", MIDNIGHT + 14 * 3600 + 300},
	{"2026-11-30 14:05", MIDNIGHT + 14 * 3600 + 300},
	{"2026-11-30T14", MIDNIGHT + 14 * 3600},
	{"2026-11-30T14:05:09", MIDNIGHT + 14 * 3600 + 309},
	{"2026-11-30T14:05:09.000", MIDNIGHT + 14 * 3600 + 309},
	{"2026-11-30T14:05+01:00", MIDNIGHT + 13 * 3600 + 300},
	{"2026-11-30T14:05-0330", MIDNIGHT + 17 * 3600 + 2100},
	{"2026-11-30T14:05 +02", MIDNIGHT + 12 * 3600 + 300},
	{"2026-11-30T14:05Z", MIDNIGHT + 14 * 3600 + 300},
	{"2026-11-30Z", MIDNIGHT},
	{"2026-11-30+01:00", MIDNIGHT - 3600},
	{"30/Nov/2026:14:05:00 +0100", MIDNIGHT + 13 * 3600 + 300},
	{"1796058629", NOW},
	{"1796058629.0", NOW},
	{"1796058629000", NOW},
	{"Mon, 30 Nov 2026 17:10:29 GMT", NOW},
	{"20261130T171029Z", NOW},
	{"14:05", MIDNIGHT + 14 * 3600 + 300},
	{"14:05:09", MIDNIGHT + 14 * 3600 + 309},
	{"00:00", MIDNIGHT},
	{"23:59:60", MIDNIGHT + 86400},
	{"now", NOW},
	{"now-90s", NOW - 90},
	{"today", MIDNIGHT},
	{"yesterday", MIDNIGHT - 86400},
	{"0s", NOW},
	{"90s", NOW - 90},
	{"90m", NOW - 5400},
	{"2h", NOW - 7200},
	{"3d", NOW - 3 * 86400},
	{"1w", NOW - 7 * 86400},
	{"1h30m", NOW - 5400},
};

static const char *const no_moments[] = {"", " ", "x", "1", "1x", "h", "1h30", "-1h", "1h-",
	"24:00", "14:60", "14:5", "1:05", "14:05:", "14:05:61", "2026", "2026-11", "2026-02-29",
	"2026-13-01", "2026-11-30T", "2026-11-30T24:00", "2026-11-30T14:05:", "2026-11-30T14:05x",
	"2026-11-30T14:05:09x", "Today", "tomorrow", "nowadays", "now-", "now+1h", "now-1",
	"99999999999999999999h", "999999999w", "30/Nov/2026", "Nov 30 14:05:00",
	"2026-11-30T14:05:09.5", "2026-11-30T14:05:09,001Z", "14:05:09.5", "1796058629.5",
	"1796058629500", "1796058629000001", "1796058629000000001",
	"30/Nov/2026:14:05:00.5 +0100", "20261130T171029.5Z",
	"14:05:000000000000000000000000000000000000000000000000000000000000000000000000000000000"};

TEST(each_form)
{
	for (size_t i = 0; i < COUNT(moments); i++) {
		struct complaint why;
		struct moment m;
		if (!moment_read((struct arg){moments[i].text, "--since"}, NOW, NULL, &m, &why))
			fail_msg("%s: %s", moments[i].text, why.text);
		if (m.seconds != moments[i].seconds)
			fail_msg("%s: %lld, not %lld", moments[i].text, (long long)m.seconds,
				(long long)moments[i].seconds);
		assert_false(m.from_end);
	}
}

TEST(everything_else_is_refused)
{
	for (size_t i = 0; i < COUNT(no_moments); i++) {
		struct complaint why;
		struct moment m;
		if (moment_read((struct arg){no_moments[i], "--since"}, NOW, NULL, &m, &why))
			fail_msg("'%s' is read as %lld", no_moments[i], (long long)m.seconds);
		assert_non_null(strstr(why.text, "--since: '"));
		assert_non_null(strstr(why.text, "write 2026-11-20, "));
	}
}

TEST(what_is_written_is_read_again)
{
	const int64_t all[] = {0, NOW, -1, INT64_C(-62167219200), INT64_C(253402300799)};
	char text[MOMENT_TEXT];

	for (size_t i = 0; i < COUNT(all); i++) {
		struct complaint why;
		struct moment m = {.seconds = all[i]}, again;
		moment_write(m, text);
		/* The year 0 is that of times without a year. */
		bool ok = moment_read((struct arg){text, "x"}, 0, NULL, &again, &why);
		assert_int_equal(ok, all[i] != INT64_C(-62167219200));
		if (ok)
			assert_int_equal(again.seconds, all[i]);
	}
	assert_string_equal(
		moment_write((struct moment){.seconds = NOW}, text), "2026-11-30T17:10:29Z");
}

/* In Berlin, clocks were put back from 03:00 to 02:00 on 2026-10-25, and forward on 2026-03-29. */
TEST(days_of_the_zone)
{
	const struct {
		const char *text;
		int64_t now, seconds;
	} there[] = {
		{"2026-11-30T14:05", NOW, MIDNIGHT + 13 * 3600 + 300},
		{"14:05", NOW, MIDNIGHT + 13 * 3600 + 300},
		{"today", NOW, MIDNIGHT - 3600},
		{"today", 1792922400, 1792879200},     /* 2026-10-25T10:00Z */
		{"yesterday", 1793016000, 1792879200}, /* 2026-10-26T12:00Z; a day of 25 hours */
		{"2026-10-25T03:30", NOW, 1792895400},
		{"2026-03-29T03:30", NOW, 1774747800},
		{"2026-07-01", NOW, 1782856800},
	};
	struct complaint why;
	struct moment m;

	struct zone *zone = zone_open("Europe/Berlin", &why);
	assert_non_null(zone);
	for (size_t i = 0; i < COUNT(there); i++) {
		assert_true(moment_read(
			(struct arg){there[i].text, "--since"}, there[i].now, zone, &m, &why));
		if (m.seconds != there[i].seconds)
			fail_msg("%zu: %lld", i, (long long)m.seconds);
	}
	zone_free(zone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form),
		cmocka_unit_test(everything_else_is_refused),
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(days_of_the_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
