#include "formats/interval.h"

#include "lib/decimal.h"

enum { MINUTE_SECONDS = 60, HOUR_SECONDS = 3600, DAY_SECONDS = 86400 };
enum { AT_MONTH = 5, MONTH = 7, MONTHS = 12, DIGITS_MAX = 9 };

/* Each unit: its letter, its seconds, and the length of a time in wf's notation that is cut after
 * it. */
static const struct {
	char letter;
	int seconds; /* 0 for a month */
	size_t len;
} units[] = {
	[INTERVAL_SECOND] = {'s', 1, TIMESTAMP_SECOND},
	[INTERVAL_MINUTE] = {'m', MINUTE_SECONDS, TIMESTAMP_MINUTE},
	[INTERVAL_HOUR] = {'h', HOUR_SECONDS, TIMESTAMP_HOUR},
	[INTERVAL_DAY] = {'d', DAY_SECONDS, TIMESTAMP_DAY},
	[INTERVAL_WEEK] = {'w', 7 * DAY_SECONDS, TIMESTAMP_DAY},
	[INTERVAL_MONTH] = {'M', 0, MONTH},
};

/* What intervals are counted from: 2000-01-03T00:00:00 in seconds since 1970, and for months,
 * January 2000 in months since January of the year 0000. */
static const int64_t origin = INT64_C(10959) * DAY_SECONDS;
enum { MONTH_ORIGIN = 2000 * MONTHS };

bool interval_read(struct span text, struct interval *p)
{
	struct span digits = span_of(text.at, text.len ? text.len - 1 : 0);

	*p = (struct interval){0};
	if (!digits.len || digits.len > DIGITS_MAX || !decimal_is_plain(digits))
		return false;
	for (size_t i = 0; i < digits.len; i++)
		p->n = 10 * p->n + (uint32_t)(digits.at[i] - '0');
	for (size_t i = 0; p->n && i < sizeof units / sizeof *units; i++) {
		p->unit = (enum interval_unit)i;
		if (units[i].letter == text.at[digits.len])
			return true;
	}
	p->n = 0;
	return false;
}

/* Return the greatest multiple of `width` that is not greater than n. */
static int64_t floor_to(int64_t n, int64_t width)
{
	int64_t rest = n % width;

	return n - rest - (rest < 0 ? width : 0);
}

/* Write the first `len` bytes of the earliest time. */
static size_t write_earliest(size_t len, char *out)
{
	memcpy(out, "0000-01-01T00:00:00", len);
	return len;
}

/* --- Months -------------------------------------------------------------------------- */

/* Return the months from January of the year 0000 to a month in wf's notation. */
static int month_number(const char *time)
{
	int year = 0;

	for (size_t i = 0; i < 4; i++)
		year = 10 * year + (time[i] - '0');
	return MONTHS * year + 10 * (time[AT_MONTH] - '0') + (time[AT_MONTH + 1] - '0') - 1;
}

static size_t write_month(int64_t month, char *out)
{
	int year = (int)(month / MONTHS), in_year = (int)(month % MONTHS) + 1;

	if (month < 0)
		return write_earliest(MONTH, out);
	for (int i = 3; i >= 0; i--, year /= 10)
		out[i] = (char)('0' + year % 10);
	out[4] = '-';
	out[AT_MONTH] = (char)('0' + in_year / 10);
	out[AT_MONTH + 1] = (char)('0' + in_year % 10);
	return MONTH;
}

static size_t month_interval(const struct interval *p, const char *time, char *out)
{
	int64_t month = month_number(time) - MONTH_ORIGIN;

	return write_month(floor_to(month, p->n) + MONTH_ORIGIN, out);
}

/* --- Seconds to weeks ---------------------------------------------------------------- */

static int64_t width_of(const struct interval *p)
{
	return (int64_t)p->n * units[p->unit].seconds;
}

/* Write the name of the interval that begins `seconds` after 1970-01-01T00:00:00. */
static size_t write_seconds(const struct interval *p, int64_t seconds, char *out)
{
	char time[TIMESTAMP_SECOND];
	size_t len = units[p->unit].len;

	if (!timestamp_write(seconds, time))
		return write_earliest(len, out);
	memcpy(out, time, len);
	return len;
}

/* Return the seconds from 1970 to a time; for a leap second, to the second before it. */
static int64_t seconds_to(const char *time)
{
	int64_t seconds = 0;
	bool is_leap = time[TIMESTAMP_SECOND - 2] == '6';

	timestamp_seconds(span_of(time, TIMESTAMP_SECOND), &seconds);
	return seconds - is_leap;
}

static int two_digits(const char *p)
{
	return 10 * (p[0] - '0') + (p[1] - '0');
}

static void put_two_digits(char *to, int n)
{
	to[0] = (char)('0' + n / 10);
	to[1] = (char)('0' + n % 10);
}

/* Write the name of the interval of a time if the width divides a day: only the time of day
 * changes. */
static size_t write_clock(const struct interval *p, int width, const char *time, char *out)
{
	enum { AT_HOUR = 11, AT_MINUTE = 14, AT_SECOND = 17 };
	int second = two_digits(time + AT_SECOND) - (time[AT_SECOND] == '6');
	int of_day = two_digits(time + AT_HOUR) * HOUR_SECONDS +
		     two_digits(time + AT_MINUTE) * MINUTE_SECONDS + second;

	of_day -= of_day % width;
	memcpy(out, time, TIMESTAMP_SECOND);
	put_two_digits(out + AT_HOUR, of_day / HOUR_SECONDS);
	put_two_digits(out + AT_MINUTE, of_day / MINUTE_SECONDS % 60);
	put_two_digits(out + AT_SECOND, of_day % MINUTE_SECONDS);
	return units[p->unit].len;
}

size_t interval_of(
	const struct interval *p, const char time[TIMESTAMP_SECOND], char out[TIMESTAMP_SECOND])
{
	if (p->unit == INTERVAL_MONTH)
		return month_interval(p, time, out);
	int64_t width = width_of(p);
	if (width <= DAY_SECONDS && DAY_SECONDS % width == 0)
		return write_clock(p, (int)width, time, out);
	return write_seconds(p, floor_to(seconds_to(time) - origin, width) + origin, out);
}

/* --- Names of intervals ------------------------------------------------------------------ */

bool interval_start(const struct interval *p, struct span name, int64_t *seconds)
{
	char text[TIMESTAMP_SECOND], own[TIMESTAMP_SECOND];

	if (name.len != units[p->unit].len || !timestamp_is_part(name))
		return false;
	write_earliest(sizeof text, text);
	memcpy(text, name.at, name.len);
	return interval_of(p, text, own) == name.len && memcmp(own, name.at, name.len) == 0 &&
	       timestamp_seconds(span_of(text, sizeof text), seconds);
}

size_t interval_next(const struct interval *p, struct span current, char out[TIMESTAMP_SECOND])
{
	const int month_limit = 10000 * MONTHS;
	char time[TIMESTAMP_SECOND];
	int64_t seconds;

	if (!interval_start(p, current, &seconds))
		return 0;
	if (p->unit == INTERVAL_MONTH) {
		int64_t month = floor_to(month_number(current.at) - MONTH_ORIGIN, p->n) + p->n;
		return month + MONTH_ORIGIN < month_limit ? write_month(month + MONTH_ORIGIN, out)
							  : 0;
	}
	seconds = floor_to(seconds - origin, width_of(p)) + width_of(p) + origin;
	return timestamp_write(seconds, time) ? write_seconds(p, seconds, out) : 0;
}

size_t interval_determined_by(const struct interval *p)
{
	return units[p->unit].len < TIMESTAMP_DAY ? TIMESTAMP_DAY : units[p->unit].len;
}
