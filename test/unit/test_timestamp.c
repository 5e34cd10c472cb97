/* test_timestamp.c -- times of all notations, compared with a second, simpler way to read them. */
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "formats/clf.h"
#include "formats/timestamp.h"

static const struct {
	struct span text;
	const char *expected; /* NULL: it is not a time */
} times[] = {
	/* Apache's and nginx's. */
	{BYTES("17/Jun/2007:12:00:01 -0700"), "2007-06-17T12:00:01"},
	{BYTES("01/Jan/0000:00:00:00 +0000"), "0000-01-01T00:00:00"},
	{BYTES("31/Dec/9999:23:59:60 +9999"), "9999-12-31T23:59:60"},
	{BYTES("29/Feb/2007:12:00:01 -0700"), NULL},
	{BYTES("29/Feb/2008:12:00:01 -0700"), "2008-02-29T12:00:01"},
	{BYTES("31/Feb/2007:12:00:01 -0700"), NULL},
	{BYTES("31/Apr/2007:12:00:01 -0700"), NULL},
	{BYTES("00/Jun/2007:12:00:01 -0700"), NULL},
	{BYTES("32/Jun/2007:12:00:01 -0700"), NULL},
	{BYTES("17/jun/2007:12:00:01 -0700"), NULL},
	{BYTES("17/JUN/2007:12:00:01 -0700"), NULL},
	{BYTES("17/Jux/2007:12:00:01 -0700"), NULL},
	{BYTES("17/06/2007:12:00:01 -0700"), NULL},
	{BYTES("17/Jun/2007:24:00:01 -0700"), NULL},
	{BYTES("17/Jun/2007:12:60:01 -0700"), NULL},
	{BYTES("17/Jun/2007:12:00:61 -0700"), NULL},
	{BYTES("17/Jun/2007:12:00:01 0700"), NULL},
	{BYTES("17/Jun/2007:12:00:01 *0700"), NULL},
	{BYTES("17/Jun/2007:12:00:01 -070"), NULL},
	{BYTES("17/Jun/2007:12:00:01 -07000"), NULL},
	{BYTES("17/Jun/2007:12:00:01 -07:00"), "2007-06-17T12:00:01"},
	{BYTES("17/Jun/2007:12:00:01 UTC"), "2007-06-17T12:00:01"},
	{BYTES("17/Jun/2007:12:00:01"), "2007-06-17T12:00:01"},
	{BYTES("17/Jun/2007 12:00:01 -0700"), "2007-06-17T12:00:01"},
	{BYTES("7/Jun/2007:12:00:01 -0700"), NULL},
	{BYTES(" 7/Jun/2007:12:00:01 -0700"), NULL},
	{BYTES("[17/Jun/2007:12:00:01 -0700]"), NULL},
	/* ISO 8601. */
	{BYTES("2007-06-17T12:00:01"), "2007-06-17T12:00:01"},
	{BYTES("2007-06-17 12:00:01"), "2007-06-17T12:00:01"},
	{BYTES("2007-06-17T12:00:01Z"), "2007-06-17T12:00:01"},
	{BYTES("2007-06-17T12:00:01.123456+02:00"), "2007-06-17T12:00:01"},
	{BYTES("2007-06-17T12:00:01 anything"), NULL},
	{BYTES("2007-06-17T12:00:01x"), NULL},
	{BYTES("2007-06-17T12:00:01\0"), NULL},
	{BYTES("2007-06-17T12:00:01 "), NULL},
	{BYTES("2007-06-17T12:00:01."), NULL},
	{BYTES("2007-06-17T12:00:01.5"), "2007-06-17T12:00:01"},
	{BYTES("2007-06-17T12:00:01z"), "2007-06-17T12:00:01"},
	{BYTES("2007-06-17T12:00:01+02"), "2007-06-17T12:00:01"},
	{BYTES("2007-06-17T12:00:01+2"), NULL},
	{BYTES("2007-06-17T12:00:01+020"), NULL},
	{BYTES("2007-06-17T12:00:01+02:"), NULL},
	{BYTES("2007-06-17T12:00:01+02:0"), NULL},
	{BYTES("2007-06-17T12:00:01-0200"), "2007-06-17T12:00:01"},
	{BYTES("2007-06-17 12:00:01,123 CEST"), "2007-06-17T12:00:01"},
	{BYTES("2007-06-17 12:00:01 +0200 CEST"), "2007-06-17T12:00:01"},
	{BYTES("2007-06-17 12:00:01 PM"), NULL},
	{BYTES("2007-06-17 12:00:01 ABCDEF"), NULL},
	{BYTES("2007-06-17 12:00:01.5 +0000 UTC m=+0.01"), "2007-06-17T12:00:01"},
	{BYTES("2007-06-17 12:00:01 m="), NULL},
	{BYTES("2007-06-17T12:00:01Z[UTC]"), "2007-06-17T12:00:01"},
	{BYTES("2007-06-17T12:00:01+02:00[Europe/Berlin]"), "2007-06-17T12:00:01"},
	{BYTES("2007-06-17T12:00:01+02:00[Europe"), NULL},
	{BYTES("2007-02-29T12:00:01"), NULL},
	{BYTES("2000-02-29T12:00:01"), "2000-02-29T12:00:01"},
	{BYTES("1900-02-29T12:00:01"), NULL},
	{BYTES("2007-06-31T12:00:01Z"), NULL},
	{BYTES("2007-06-17t12:00:01"), NULL},
	{BYTES("2007-06-17_12:00:01"), NULL},
	{BYTES("2007-06-17T12:00:0"), NULL},
	{BYTES("2007-06-17T12:00"), NULL},
	{BYTES("2007-06-17"), NULL},
	{BYTES("2007-00-17T12:00:01"), NULL},
	{BYTES("2007-13-17T12:00:01"), NULL},
	{BYTES("2007-06-00T12:00:01"), NULL},
	{BYTES("2007-06-32T12:00:01"), NULL},
	{BYTES("2007-06-17T24:00:01"), NULL},
	{BYTES("2007-06-17T12:60:01"), NULL},
	{BYTES("2007-06-17T12:00:60"), "2007-06-17T12:00:60"},
	{BYTES("2007-06-17T12:00:61"), NULL},
	{BYTES("2007/06/17T12:00:01"), "2007-06-17T12:00:01"},
	{BYTES("07-06-17T12:00:01"), NULL},
	{BYTES(" 2007-06-17T12:00:01"), NULL},
	/* Seconds since 1970. */
	{BYTES("1182106801"), "2007-06-17T19:00:01"},
	{BYTES("1182106801.0"), "2007-06-17T19:00:01"},
	{BYTES("1182106801.999999"), "2007-06-17T19:00:01"},
	{BYTES("1182106801000"), "2007-06-17T19:00:01"},
	{BYTES("1182106801999"), "2007-06-17T19:00:01"},
	{BYTES("1182106801999999"), "2007-06-17T19:00:01"},
	{BYTES("1182106801999999999"), "2007-06-17T19:00:01"},
	{BYTES("999999999"), "2001-09-09T01:46:39"},
	{BYTES("100000000"), "1973-03-03T09:46:40"},
	{BYTES("1000000000"), "2001-09-09T01:46:40"},
	{BYTES("0000000000"), "1970-01-01T00:00:00"},
	{BYTES("9999999999"), "2286-11-20T17:46:39"},
	{BYTES("951782400"), "2000-02-29T00:00:00"},
	{BYTES("4107542400"), "2100-03-01T00:00:00"},
	{BYTES("99999999"), NULL},
	{BYTES("11821068010"), NULL},
	{BYTES("118210680100"), NULL},
	{BYTES("11821068010000"), NULL},
	{BYTES("11821068010000000000"), NULL},
	{BYTES("1182106801."), NULL},
	{BYTES("1182106801.x"), NULL},
	{BYTES("1182106801.1x"), NULL},
	{BYTES("1182106801.1.1"), NULL},
	{BYTES("1182106801x"), NULL},
	{BYTES("-1182106801"), NULL},
	{BYTES("+1182106801"), NULL},
	{BYTES(" 1182106801"), NULL},
	{BYTES("1182106801 "), NULL},
	{BYTES(".1182106801"), NULL},
	{BYTES("1.182106801e9"), NULL},
	{BYTES("1182106801,5"), "2007-06-17T19:00:01"},
	/* Other notations. */
	{BYTES("17/Jun/2007:12:00:01.726"), "2007-06-17T12:00:01"},
	{BYTES("17/Jun/2007:12:00:01,726 +0200"), "2007-06-17T12:00:01"},
	{BYTES("17 Jun 2007 12:00:01"), "2007-06-17T12:00:01"},
	{BYTES("17-Jun-2007 12:00:01"), "2007-06-17T12:00:01"},
	{BYTES("2007/06/17 12:00:01"), "2007-06-17T12:00:01"},
	{BYTES("2007/06/17 12:00:01.123"), "2007-06-17T12:00:01"},
	{BYTES("2007/06/17 - 12:00:01"), "2007-06-17T12:00:01"},
	{BYTES("2007-06-17T12:00:01,123+02:00"), "2007-06-17T12:00:01"},
	{BYTES("20070617T120001Z"), "2007-06-17T12:00:01"},
	{BYTES("Sun Jun 17 12:00:01 2007"), "2007-06-17T12:00:01"},
	{BYTES("Sun Jun 17 12:00:01.123456 2007"), "2007-06-17T12:00:01"},
	{BYTES("Sun, 17 Jun 2007 12:00:01 GMT"), "2007-06-17T12:00:01"},
	{BYTES("Jun 17 12:00:01"), "0000-06-17T12:00:01"},
	{BYTES("Jun  7 12:00:01"), "0000-06-07T12:00:01"},
	{BYTES("Jun 17 12:00:01 web1"), NULL},
	{BYTES("Jun 17 12:00:61"), NULL},
	{BYTES("Jun 00 12:00:01"), NULL},
	{BYTES("Jun 31 12:00:01"), NULL},
	{BYTES("Feb 29 12:00:01"), "0000-02-29T12:00:01"},
	{BYTES("20070631T120001Z"), NULL},
	{BYTES("Sun"), NULL},
	{BYTES("Sun, "), NULL},
	{BYTES("Jun 17 12:00:01."), NULL},
	{BYTES("2007/13/17 12:00:01"), NULL},
	{BYTES("2007/06/17 12:00"), NULL},
	{BYTES("20070617T1200"), NULL},
	{BYTES("17/Jun/2007:12:00:01 +02"), NULL},
	{BYTES("17/Jun/2007:12:00:01 UTCx"), NULL},
	/* Not times. */
	{BYTES(""), NULL},
	{BYTES("-"), NULL},
	{BYTES("12:00:01"), NULL},
	{BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), NULL},
};

/* The text ends where accessible memory ends, or begins where it begins. */
TEST(a_table_of_times)
{
	struct guarded g = guarded_new(1), room = guarded_new(1);
	char *out = room.at + room.size - TIMESTAMP_SECOND;

	for (size_t i = 0; i < COUNT(times); i++)
		for (int at_start = 0; at_start <= 1; at_start++) {
			struct span s = guarded_copy(&g, times[i].text);
			if (at_start)
				s.at = memmove(g.at, s.at, s.len);
			bool got = timestamp_read(s, out);
			if (got != (times[i].expected != NULL))
				fail_msg("'%s': %d", times[i].text.at, got);
			if (got && memcmp(out, times[i].expected, TIMESTAMP_SECOND) != 0)
				fail_msg("'%s': %.19s", times[i].text.at, out);
		}
	guarded_free(&g);
	guarded_free(&room);
}

/* --- Instants -------------------------------------------------------------------- */

static const struct {
	struct span text;
	struct instant expected;
} instants[] = {
#define AT(text, seconds, offset, zone, year, leap)                                                \
	{                                                                                          \
		BYTES(text),                                                                       \
		{                                                                                  \
			seconds, offset, zone, year, leap                                          \
		}                                                                                  \
	}
	AT("17/Jun/2007:12:00:01 -0700", 1182106801, -25200, true, true, false),
	AT("17/Jun/2007:12:00:01.123 +0545", 1182060901, 20700, true, true, false),
	AT("17/Jun/2007:12:00:01", 1182081601, 0, false, true, false),
	AT("2007-06-17T12:00:01", 1182081601, 0, false, true, false),
	AT("2007-06-17 12:00:01Z", 1182081601, 0, true, true, false),
	AT("2007-06-17T12:00:01,5+14:00", 1182031201, 50400, true, true, false),
	AT("2007-06-17T12:00:01-12", 1182124801, -43200, true, true, false),
	AT("2007-06-17T12:00:01 +0200 CEST", 1182074401, 7200, true, true, false),
	AT("2007-06-17T12:00:01 +0200 PST m=+0.01", 1182074401, 7200, true, true, false),
	AT("2007-06-17T12:00:01 CEST", 1182074401, 7200, true, true, false),
	AT("2007-06-17T12:00:01 IST", 1182081601, 0, false, true, false),
	AT("2007-06-17T12:00:01+01:00[Europe/London]", 1182078001, 3600, true, true, false),
	AT("2007-06-17T12:00:01[Europe/London]", 1182081601, 0, false, true, false),
	AT("20070617T120001Z", 1182081601, 0, true, true, false),
	AT("Sun, 17 Jun 2007 12:00:01 GMT", 1182081601, 0, true, true, false),
	AT("Sun Jun 17 12:00:01 2007", 1182081601, 0, false, true, false),
	AT("1182106801.123", 1182106801, 0, true, true, false),
	AT("1182106801123", 1182106801, 0, true, true, false),
	AT("Jun 17 12:00:01", -62152660799, 0, false, false, false),
	AT("17/Jun/0000:12:00:01 +0000", -62152660799, 0, true, true, false),
	AT("0000-06-17T12:00:01", -62152660799, 0, false, false, false),
	AT("Feb 29 00:00:00", -62162121600, 0, false, false, false),
	AT("31/Dec/2016:23:59:60 +0000", 1483228800, 0, true, true, true),
	AT("1969-12-31T23:59:59Z", -1, 0, true, true, false),
	/* No clock is a day or more ahead. */
	AT("31/Dec/9999:23:59:59 +2359", 253402214459, 86340, true, true, false),
	AT("31/Dec/9999:23:59:59 +2400", 253402300799, 0, false, true, false),
	AT("31/Dec/9999:23:59:59 +0060", 253402300799, 0, false, true, false),
};

TEST(instants_and_zones)
{
	for (size_t i = 0; i < COUNT(instants); i++) {
		const struct instant *e = &instants[i].expected;
		struct instant got = {0};
		if (!timestamp_instant(instants[i].text, &got))
			fail_msg("'%s' is no time", instants[i].text.at);
		if (got.seconds != e->seconds || got.offset != e->offset ||
			got.has_zone != e->has_zone || got.has_year != e->has_year ||
			got.is_leap != e->is_leap)
			fail_msg("'%s': %" PRId64 " %d", instants[i].text.at, got.seconds,
				got.offset);
	}
	for (size_t i = 0; i < COUNT(times); i++) {
		struct instant got;
		assert_int_equal(
			timestamp_instant(times[i].text, &got), times[i].expected != NULL);
	}
}

/* --- Seconds --------------------------------------------------------------------- */

static const struct {
	struct span text;
	int64_t seconds;
	bool is_time;
} parts[] = {
	{BYTES("1970-01-01T00:00:00"), 0, true},
	{BYTES("2007-06-17T19:00:01"), 1182106801, true},
	{BYTES("2007-06-17T19:00"), 1182106800, true},
	{BYTES("2007-06-17T19"), 1182106800, true},
	{BYTES("2007-06-17"), 1182038400, true},
	{BYTES("1969-12-31T23:59:59"), -1, true},
	{BYTES("2000-03-01"), 951868800, true},
	{BYTES("2100-03-01"), 4107542400, true},
	{BYTES("0000-01-01"), -62167219200, true},
	{BYTES("9999-12-31T23:59:59"), 253402300799, true},
	{BYTES(""), 0, false},
	{BYTES("-"), 0, false},
	{BYTES("2007"), 0, false},
	{BYTES("2007-06-17T"), 0, false},
	{BYTES("2007-06-17 19"), 0, false},
	{BYTES("2007-06-17T19:0"), 0, false},
	{BYTES("2007-13-17"), 0, false},
	{BYTES("2007-06-17T24"), 0, false},
	{BYTES("2007-06-17T19:00:01 "), 0, false},
	{BYTES("<script>a("), 0, false},
};

TEST(times_as_seconds)
{
	struct guarded g = guarded_new(1);

	for (size_t i = 0; i < COUNT(parts); i++) {
		int64_t seconds = 0;
		bool got = timestamp_seconds(guarded_copy(&g, parts[i].text), &seconds);
		if (got != parts[i].is_time || (got && seconds != parts[i].seconds))
			fail_msg("'%s': %d, %" PRId64, parts[i].text.at, got, seconds);
	}
	guarded_free(&g);
}

/* Each day of 12,000 years: those of years with four digits are written and read back. */
TEST(seconds_as_times)
{
	const int64_t first = -62167219200, last = 253402300799; /* of the years 0 to 9999 */
	char text[TIMESTAMP_SECOND];

	for (int64_t day = -800000; day < 3600000; day++) {
		int64_t seconds = day * 86400 + 12345, back;
		bool written = timestamp_write(seconds, text);
		if (written != (seconds >= first && seconds <= last))
			fail_msg("%" PRId64 ": %d", seconds, written);
		if (written &&
			(!timestamp_seconds(span_of(text, sizeof text), &back) || back != seconds))
			fail_msg("%" PRId64 ": %.19s", seconds, text);
	}
	assert_true(timestamp_write(first, text) && memcmp(text, "0000-01-01T00:00:00", 19) == 0);
	assert_true(timestamp_write(last, text) && memcmp(text, "9999-12-31T23:59:59", 19) == 0);
	assert_false(timestamp_write(first - 1, text));
	assert_false(timestamp_write(last + 1, text));
	assert_false(timestamp_write(INT64_MIN, text));
	assert_false(timestamp_write(INT64_MAX, text));
}

/* --- Parts ----------------------------------------------------------------------- */

static const struct {
	struct span text;
	bool is_part;
} beginnings[] = {
	{BYTES("2006"), true},
	{BYTES("2006-10"), true},
	{BYTES("2006-10-01"), true},
	{BYTES("2006-10-01T07"), true},
	{BYTES("2006-10-01T07:00"), true},
	{BYTES("2006-10-01T07:00:00"), true},
	{BYTES("2006-10-01 07"), true},
	{BYTES("2006-10-01 07:00"), true},
	{BYTES("2006-10-01 07:00:00"), true},
	{BYTES("0000"), true},
	{BYTES("9999-12-31T23:59:60"), true},
	{BYTES("2006-01-31T00:00:00"), true},
	{BYTES("2008-02-29"), true},
	{BYTES("2000-02-29T12"), true},
	{BYTES("2006-02-28"), true},
	{BYTES("2006-02-29"), false},
	{BYTES("1900-02-29"), false},
	{BYTES("2006-04-31"), false},
	{BYTES("2006-04-31T12:00"), false},
	{BYTES("2006-00"), false},
	{BYTES("2006-13"), false},
	{BYTES("2006-10-00"), false},
	{BYTES("2006-10-32"), false},
	{BYTES("2006-10-01T24"), false},
	{BYTES("2006-10-01T07:60"), false},
	{BYTES("2006-10-01T07:00:61"), false},
	{BYTES(""), false},
	{BYTES("-"), false},
	{BYTES("200"), false},
	{BYTES("20061"), false},
	{BYTES("2006-"), false},
	{BYTES("2006-1"), false},
	{BYTES("2006-10-"), false},
	{BYTES("2006-10-1"), false},
	{BYTES("2006-10-01T"), false},
	{BYTES("2006-10-01 "), false},
	{BYTES("2006-10-01T7"), false},
	{BYTES("2006-10-01T07:"), false},
	{BYTES("2006-10-01T07:0"), false},
	{BYTES("2006-10-01T07:00:"), false},
	{BYTES("2006-10-01T07:00:0"), false},
	{BYTES("2006-10-01T07:00:00Z"), false},
	{BYTES("2006-10-01t07"), false},
	{BYTES("2006-10-01_07"), false},
	{BYTES("2006/10"), false},
	{BYTES("2006-10-01T07.00"), false},
	{BYTES("x006"), false},
	{BYTES("200\0"), false},
	{BYTES("2006-1x"), false},
	{BYTES(" 2006-1"), false},
	{BYTES("01/Oct/2006:07:00:00 +0000"), false},
	{BYTES("1159686000"), false},
};

TEST(parts_of_times)
{
	struct guarded g = guarded_new(1);

	for (size_t i = 0; i < COUNT(beginnings); i++)
		if (timestamp_is_part(guarded_copy(&g, beginnings[i].text)) !=
			beginnings[i].is_part)
			fail_msg("'%s': %d", beginnings[i].text.at, !beginnings[i].is_part);
	guarded_free(&g);
}

/* A month has a day if the C library does not move it to the next month. */
TEST(the_days_of_all_months)
{
	for (int year = 1800; year < 2210; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 0; day <= 33; day++) {
				char text[40];
				struct tm tm = {.tm_year = year - 1900,
					.tm_mon = month - 1,
					.tm_mday = day};
				timegm(&tm);
				snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
				if (timestamp_is_part(span_text(text)) != (tm.tm_mon == month - 1))
					fail_msg("%s: %d", text, tm.tm_mon != month - 1);
			}
}

/* --- Piece by piece -------------------------------------------------------------- */

/* n digits at p, or -1. */
static int digits(const char *p, size_t n)
{
	int value = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		value = 10 * value + (p[i] - '0');
	}
	return value;
}

static bool is_clock(const char *p)
{
	int hour = digits(p, 2), minute = digits(p + 3, 2), second = digits(p + 6, 2);

	return p[2] == ':' && p[5] == ':' && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 &&
	       second >= 0 && second <= 60;
}

static bool is_clf(const char *p, size_t len)
{
	static const char months[] = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ";
	char month[5] = "";

	if (len < 26 || memchr(p, '\0', 26))
		return false;
	memcpy(month, p + 3, 3);
	month[3] = ' ';
	const char *at = strstr(months, month);
	int day = digits(p, 2);
	return at && (at - months) % 4 == 0 && day >= 1 && day <= 31 && p[2] == '/' &&
	       p[6] == '/' && digits(p + 7, 4) >= 0 && p[11] == ':' && is_clock(p + 12) &&
	       p[20] == ' ' && (p[21] == '+' || p[21] == '-') && digits(p + 22, 4) >= 0;
}

static bool is_iso(const char *p, size_t len)
{
	if (len < 19)
		return false;
	int month = digits(p + 5, 2), day = digits(p + 8, 2);
	return digits(p, 4) >= 0 && p[4] == '-' && month >= 1 && month <= 12 && p[7] == '-' &&
	       day >= 1 && day <= 31 && (p[10] == 'T' || p[10] == ' ') && is_clock(p + 11);
}

/* True if the month has the day.  The month is a name or a number. */
static bool day_exists(const char *year, const char *month, const char *day)
{
	static const char *const short_months[] = {"Feb", "Apr", "Jun", "Sep", "Nov"};
	static const int numbers[] = {2, 4, 6, 9, 11};
	int y = digits(year, 4), most = 31;

	for (size_t i = 0; i < COUNT(numbers); i++)
		if (memcmp(month, short_months[i], 3) == 0 || digits(month, 2) == numbers[i])
			most = i ? 30 : 28 + (y % 400 == 0 || (y % 4 == 0 && y % 100 != 0));
	return digits(day, 2) <= most;
}

/* Change one byte of a time, sometimes two. */
static size_t nearly(char *to, const char *time, uint64_t *seed)
{
	static const char bytes[] = "0123456789:/-+ TJunabFDec.\xff\xb0?;";
	size_t len = strlen(time);

	memcpy(to, time, len + 1);
	for (size_t n = random_below(seed, 3); n > 0; n--)
		to[random_below(seed, len)] = bytes[random_below(seed, sizeof bytes - 1)];
	if (random_below(seed, 3) == 0)
		len = random_below(seed, len + 1);
	return len;
}

static const char *any_time(char out[40], bool iso, uint64_t *seed)
{
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	size_t month = random_below(seed, 12), hour = random_below(seed, 26);
	unsigned day = (unsigned)random_below(seed, 34), year = (unsigned)random_below(seed, 10000);
	unsigned minute = (unsigned)random_below(seed, 62),
		 second = (unsigned)random_below(seed, 63);

	if (iso)
		snprintf(out, 40, "%04u-%02zu-%02uT%02zu:%02u:%02u", year, month + 1, day, hour,
			minute, second);
	else
		snprintf(out, 40, "%02u/%s/%04u:%02zu:%02u:%02u %c%04u", day, months[month], year,
			hour, minute, second, "+-"[year % 2], year);
	return out;
}

TEST(times_that_are_nearly_right)
{
	struct guarded g = guarded_new(1);
	uint64_t seed = 1;
	size_t right = 0;

	for (int round = 0; round < 600000; round++) {
		char whole[40], text[40], out[TIMESTAMP_SECOND];
		bool iso = round % 2;
		size_t len = nearly(text, any_time(whole, iso, &seed), &seed);
		struct span s = guarded_copy(&g, span_of(text, len));
		const char *end = s.at + len;
		bool clf_is = is_clf(text, len), iso_is = is_iso(text, len);
		if (timestamp_clf_end(s.at, end) != (clf_is ? s.at + 26 : NULL))
			fail_msg("'%.*s': clf", (int)len, text);
		if (timestamp_iso_end(s.at, end) != (iso_is ? s.at + 19 : NULL))
			fail_msg("'%.*s': iso", (int)len, text);
		bool seconds = len >= 9 && digits(text, 9) >= 0;
		bool is_read = timestamp_read(s, out);
		bool exists = clf_is ? day_exists(text + 7, text + 3, text)
				     : iso_is && day_exists(text, text + 5, text + 8);
		if (!seconds && is_read != exists &&
			((clf_is && len == 26) || (iso_is && len == 19)))
			fail_msg("'%.*s': read", (int)len, text);
		if (is_read && !(is_iso(out, sizeof out) && day_exists(out, out + 5, out + 8)))
			fail_msg("'%.*s': %.19s", (int)len, text, out);
		right += clf_is || iso_is;
	}
	assert_true(right > 100000);
	guarded_free(&g);
}

/* The bytes after a time do not change where it ends. */
TEST(a_time_with_bytes_after_it)
{
	static const char text[] = "17/Jun/2007:12:00:01 -0700] \"2007-06-17T12:00:01+02";

	assert_ptr_equal(timestamp_clf_end(text, text + sizeof text - 1), text + 26);
	assert_null(timestamp_clf_end(text, text + 25));
	assert_ptr_equal(timestamp_iso_end(text + 29, text + sizeof text - 1), text + 48);
	assert_null(timestamp_iso_end(text + 29, text + 47));
}

/* The memo of the last time does not change the result. */
TEST(the_memo_makes_no_difference)
{
	struct guarded g = guarded_new(1);
	struct clf_memo memo = {0};
	uint64_t seed = 2;
	size_t right = 0, again = 0;
	char minute[40] = "17/Jun/2007:12:00:01 -0700";

	for (int round = 0; round < 600000; round++) {
		char text[40];
		if (random_below(&seed, 8) == 0)
			any_time(minute, false, &seed);
		/* Other seconds, another zone, the next minute; or an error. */
		size_t at = 16 + random_below(&seed, 10);
		if (minute[at] >= '0' && minute[at] <= '9' && random_below(&seed, 2))
			minute[at] = (char)('0' + random_below(&seed, 10));
		size_t len = strlen(minute);
		memcpy(text, minute, len + 1);
		if (random_below(&seed, 3) == 0)
			len = nearly(text, minute, &seed);
		struct span s = guarded_copy(&g, span_of(text, len));
		struct clf_memo before = memo;
		const char *expected = timestamp_clf_end(s.at, s.at + len);
		if (clf_time_end(s.at, s.at + len, &memo) != expected)
			fail_msg("'%.*s'", (int)len, text);
		right += expected != NULL;
		again += expected && memcmp(&memo, &before, sizeof memo) == 0;
	}
	assert_true(right > 100000 && again > 50000);
	guarded_free(&g);
}

/* --- Since 1970 ------------------------------------------------------------------ */

/* Day by day, which is slow but simple. */
static void date_of(int64_t day, char out[16])
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = 1970, month = 0;

	for (;;) {
		bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
		int len = lengths[month] + (month == 1 && leap);
		if (day < len)
			break;
		day -= len;
		month = (month + 1) % 12;
		year += month == 0;
	}
	snprintf(out, 16, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month + 1,
		(unsigned)day % 100 + 1);
}

TEST(seconds_since_1970)
{
	uint64_t seed = 3;

	for (int round = 0; round < 20000; round++) {
		uint64_t t = random_next(&seed) % UINT64_C(10000000000);
		static const unsigned zeros[] = {0, 3, 6, 9};
		unsigned more = zeros[random_below(&seed, 4)];
		char text[40], date[16], expected[60], out[TIMESTAMP_SECOND];
		int len = snprintf(text, sizeof text, "%010llu", (unsigned long long)t);
		for (unsigned i = 0; i < more; i++)
			text[len++] = (char)('0' + random_below(&seed, 10));
		if (random_below(&seed, 2)) {
			text[len++] = '.';
			text[len++] = '7';
		}
		date_of((int64_t)(t / 86400), date);
		snprintf(expected, sizeof expected, "%sT%02d:%02d:%02d", date, (int)(t / 3600 % 24),
			(int)(t / 60 % 60), (int)(t % 60));
		assert_true(timestamp_read(span_of(text, (size_t)len), out));
		assert_memory_equal(out, expected, TIMESTAMP_SECOND);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_of_times),
		cmocka_unit_test(instants_and_zones),
		cmocka_unit_test(times_as_seconds),
		cmocka_unit_test(seconds_as_times),
		cmocka_unit_test(parts_of_times),
		cmocka_unit_test(the_days_of_all_months),
		cmocka_unit_test(times_that_are_nearly_right),
		cmocka_unit_test(a_time_with_bytes_after_it),
		cmocka_unit_test(the_memo_makes_no_difference),
		cmocka_unit_test(seconds_since_1970),
	};

	return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
