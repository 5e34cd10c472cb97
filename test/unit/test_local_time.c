/* test_local_time.c -- times that are converted to a zone, and years that are added.
 *
 * A process can have only one zone of the database, which the C library keeps: opening another one
 * replaces it.  Here each zone is used before the next one is opened.
 */
#include "unit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "formats/local_time.h"

static bool have_database(void)
{
	return access("/usr/share/zoneinfo/Europe/Berlin", R_OK) == 0;
}

static struct zone *opened(const char *name)
{
	struct complaint c;
	struct zone *z = zone_open(name, &c);

	if (!z)
		fail_msg("%s", c.text);
	return z;
}

/* --- Names --------------------------------------------------------------------------- */

TEST(names_of_zones)
{
	static const char *const names[][2] = {{"utc", "UTC"}, {"UTC", "UTC"}, {"Z", "UTC"},
		{"+05:45", "+05:45"}, {"+0545", "+05:45"}, {"-03", "-03:00"}, {"-00:00", "UTC"},
		{"+14:00", "+14:00"}, {"-12:00", "-12:00"}, {"+23:59", "+23:59"}};
	static const char *const bad[] = {"", "+", "+5", "+24:00", "+05:60", "+05:4", "+05:", "+0545x",
		"+5:45", "++05:45", "/etc/passwd", "../../../etc/localtime", "Europe/", "Europe",
		"Nowhere/Atlantis", "right/Europe/Berlin", "zone.tab", "Europe/Berlin\n"};

	for (size_t i = 0; i < COUNT(names); i++) {
		struct zone *z = opened(names[i][0]);
		assert_string_equal(zone_name(z), names[i][1]);
		zone_free(z);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct complaint c;
		if (zone_open(bad[i], &c))
			fail_msg("'%s' is a zone", bad[i]);
	}
}

static void assert_suggests(const char *name, const char *suggestion)
{
	struct complaint c;

	assert_null(zone_open(name, &c));
	if (!strstr(c.text, suggestion))
		fail_msg("%s", c.text);
}

TEST(suggestions)
{
	if (!have_database())
		skip();
	assert_suggests("Europe/Berln", "'Europe/Berlin'");
	assert_suggests("europe/berlin", "'Europe/Berlin'");
	assert_suggests("Berlin", "'Europe/Berlin'");
	assert_suggests("new_york", "'America/New_York'");
	assert_suggests("Zzzzzzzzz", "'Zzzzzzzzz'; write a name");
	setenv("TZDIR", "/nonexistent", true);
	assert_suggests("Europe/Berlin", "no database");
	unsetenv("TZDIR");
}

TEST(the_zone_of_the_machine)
{
	if (!have_database())
		skip();
	setenv("TZ", ":Asia/Kathmandu", true);
	struct zone *z = opened("local");
	assert_string_equal(zone_name(z), "Asia/Kathmandu");
	assert_int_equal(zone_offset(z, 1700000000), 20700);
	zone_free(z);
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", true);
	z = opened("local");
	assert_string_equal(zone_name(z), "CET-1CEST,M3.5.0,M10.5.0/3");
	assert_int_equal(zone_offset(z, 1700000000), 3600);
	assert_int_equal(zone_offset(z, 1690000000), 7200);
	zone_free(z);
	setenv("TZ", "/usr/share/zoneinfo/Europe/Berlin", true);
	z = opened("local");
	assert_string_equal(zone_name(z), "CET-1CEST,M3.5.0,M10.5.0/3");
	zone_free(z);
	setenv("TZ", "", true);
	z = opened("local");
	assert_string_equal(zone_name(z), "UTC");
	zone_free(z);
	struct complaint c;
	setenv("TZ", "Nowhere", true);
	assert_null(zone_open("local", &c));
	unsetenv("TZ");
	z = opened("local"); /* whatever it is */
	zone_free(z);
}

/* --- Times --------------------------------------------------------------------------- */

static const struct {
	const char *zone, *text, *expected;
} conversions[] = {
	{"utc", "17/Jun/2007:12:00:01 -0700", "2007-06-17T19:00:01"},
	{"+05:45", "2007-06-17T12:00:01Z", "2007-06-17T17:45:01"},
	{"+14:00", "31/Dec/2007:12:00:01 -1200", "2008-01-01T14:00:01"},
	{"-12:00", "2008-01-01T01:59:59+14:00", "2007-12-30T23:59:59"},
	{"-12:00", "31/Dec/2016:23:59:60 +0000", "2016-12-31T11:59:60"},
	{"utc", "1182106801.9", "2007-06-17T19:00:01"},
	{"utc", "2007-06-17T12:00:01", "2007-06-17T12:00:01"},
	{"utc", "2007-06-17T12:00:01 IST", "2007-06-17T12:00:01"},
	{"utc", "31/Feb/2007:12:00:01 -0700", NULL},
	{"+01:00", "9999-12-31T23:30:00Z", NULL},
	{"-01:00", "9999-12-31T23:30:00Z", "9999-12-31T22:30:00"},
	{"Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59"},
	{"Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00"},
	{"Europe/Berlin", "2026-10-25T00:59:59Z", "2026-10-25T02:59:59"},
	{"Europe/Berlin", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00"},
	{"Europe/Berlin", "2026-10-25T02:00:00Z", "2026-10-25T03:00:00"},
	{"America/St_Johns", "2026-03-08T05:29:59Z", "2026-03-08T01:59:59"},
	{"America/St_Johns", "2026-03-08T05:30:00Z", "2026-03-08T03:00:00"},
	{"Australia/Lord_Howe", "2026-04-04T15:00:00Z", "2026-04-05T01:30:00"},
	{"Australia/Lord_Howe", "2026-04-04T14:59:59Z", "2026-04-05T01:59:59"},
	{"Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29T23:59:59"},
	{"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T00:00:00"},
	/* An offset of 0:53:28, and a change in the middle of a minute. */
	{"Europe/Berlin", "1893-03-31T23:06:31Z", "1893-03-31T23:59:59"},
	{"Europe/Berlin", "1893-03-31T23:06:32Z", "1893-04-01T00:06:32"},
	{"Europe/Berlin", "2200-07-01T00:00:00Z", "2200-07-01T02:00:00"},
};

static void assert_reads(struct local_time *t, const char *text, const char *expected)
{
	char out[TIMESTAMP_SECOND];
	bool is = local_time_read(t, span_text(text), out);

	if (is != (expected != NULL))
		fail_msg("'%s': %d", text, is);
	if (is && memcmp(out, expected, sizeof out) != 0)
		fail_msg("'%s': %.19s, not %s", text, out, expected);
}

TEST(times_in_a_zone)
{
	for (size_t i = 0; i < COUNT(conversions); i++) {
		bool is_named = strchr(conversions[i].zone, '/');
		if (is_named && !have_database())
			continue;
		struct local_time t = {.zone = opened(conversions[i].zone)};
		assert_reads(&t, conversions[i].text, conversions[i].expected);
		assert_reads(&t, conversions[i].text, conversions[i].expected);
		zone_free(t.zone);
	}
}

/* A time is read in the same way after any other one. */
TEST(times_in_any_order)
{
	if (!have_database())
		skip();
	struct zone *z = opened("Europe/Berlin");
	uint64_t seed = 1;

	struct local_time used = {.zone = z};
	for (int i = 0; i < 300000; i++) {
		char text[TIMESTAMP_SECOND + 1] = "", expected[TIMESTAMP_SECOND];
		int64_t t = (i % 2 ? 1792890000 : -2422054000) + (int64_t)random_below(&seed, 9000);
		assert_true(timestamp_write(t, text));
		text[TIMESTAMP_SECOND] = 'Z';
		assert_true(timestamp_write(t + zone_offset(z, t), expected));
		char out[TIMESTAMP_SECOND];
		assert_true(local_time_read(&used, span_of(text, sizeof text), out));
		assert_memory_equal(out, expected, sizeof out);
	}
	zone_free(z);
}

TEST(times_without_a_year)
{
	int64_t end;

	assert_true(timestamp_seconds(span_text("2007-06-17T12:00:00"), &end));
	struct local_time t = {.end = end};
	assert_reads(&t, "Jun 17 12:00:00", "2007-06-17T12:00:00");
	assert_reads(&t, "Jun 18 12:00:00", "2007-06-18T12:00:00");
	assert_reads(&t, "Jun 18 12:00:01", "2006-06-18T12:00:01");
	assert_reads(&t, "Dec 31 23:59:59", "2006-12-31T23:59:59");
	assert_reads(&t, "Feb 29 00:00:00", "2004-02-29T00:00:00");
	assert_reads(&t, "Feb 30 00:00:00", NULL);
	assert_reads(&t, "Sun Jun 17 12:00:00 2001", "2001-06-17T12:00:00");
	/* A year 0000 that is written is a year, except in the notation into which wf converts a
	 * time that strftime() wrote without a year. */
	assert_reads(&t, "17/Jun/0000:12:00:00 +0000", "0000-06-17T12:00:00");
	assert_reads(&t, "0000/06/17 12:00:00", "0000-06-17T12:00:00");
	assert_reads(&t, "Sun Jun 17 12:00:00 0000", "0000-06-17T12:00:00");
	assert_reads(&t, "0000-06-17T12:00:00", "2007-06-17T12:00:00");
	t.zone = opened("+02:00");
	assert_reads(&t, "Jun 17 12:00:00 UTC", "2007-06-17T14:00:00");
	zone_free(t.zone);
	t = (struct local_time){.end = -1};
	assert_reads(&t, "Jan 01 23:59:59", "1970-01-01T23:59:59");
	assert_reads(&t, "Jan 02 00:00:00", "1969-01-02T00:00:00");
	t.end = INT64_MAX / 2;
	assert_reads(&t, "Jan 02 00:00:00", "0000-01-02T00:00:00");
}

TEST(instants)
{
	int64_t instant;

	if (!have_database())
		skip();
	struct local_time t = {.assumed = opened("Europe/Berlin")};
	static const struct {
		const char *text;
		int64_t instant;
	} all[] = {
		{"2007-06-17T12:00:01", 1182074401},
		{"2007-06-17T12:00:01Z", 1182081601},
		{"2026-03-29T01:59:59", 1774745999},
		{"2026-03-29T02:30:00", 1774747800}, /* 03:30 */
		{"2026-03-29T03:00:00", 1774746000},
		{"2026-10-25T02:30:00", 1792888200}, /* the first one */
		{"2026-10-25T03:00:00", 1792893600},
		{"2016-12-31T23:59:60Z", 1483228800},
	};
	for (size_t i = 0; i < COUNT(all); i++) {
		assert_true(local_time_instant(&t, span_text(all[i].text), &instant));
		if (instant != all[i].instant)
			fail_msg("%s: %" PRId64, all[i].text, instant);
	}
	assert_false(local_time_instant(&t, span_text("-"), &instant));
	zone_free(t.assumed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_zones),
		cmocka_unit_test(suggestions),
		cmocka_unit_test(the_zone_of_the_machine),
		cmocka_unit_test(times_in_a_zone),
		cmocka_unit_test(times_in_any_order),
		cmocka_unit_test(times_without_a_year),
		cmocka_unit_test(instants),
	};

	return cmocka_run_group_tests_name("local_time", tests, NULL, NULL);
}
