#include "formats/timestamp.h"

#include <time.h>

#include "lib/swar.h"
#include "lib/decimal.h"

enum { CLF_LEN = 26 };

static int two_digits(const char *p)
{
	return (p[0] - '0') * 10 + (p[1] - '0');
}

static void put_two_digits(char *to, int n)
{
	to[0] = (char)('0' + n / 10);
	to[1] = (char)('0' + n % 10);
}

#define NAME(a, b, c) ((unsigned)(a) << 16 | (unsigned)(b) << 8 | (unsigned)(c))

/* Return the month, from 1 to 12, whose three-letter name is at `p`.  0 if there is none. */
static int month_of(const char *p)
{
	switch (NAME((unsigned char)p[0], (unsigned char)p[1], (unsigned char)p[2])) {
	case NAME('J', 'a', 'n'):
		return 1;
	case NAME('F', 'e', 'b'):
		return 2;
	case NAME('M', 'a', 'r'):
		return 3;
	case NAME('A', 'p', 'r'):
		return 4;
	case NAME('M', 'a', 'y'):
		return 5;
	case NAME('J', 'u', 'n'):
		return 6;
	case NAME('J', 'u', 'l'):
		return 7;
	case NAME('A', 'u', 'g'):
		return 8;
	case NAME('S', 'e', 'p'):
		return 9;
	case NAME('O', 'c', 't'):
		return 10;
	case NAME('N', 'o', 'v'):
		return 11;
	case NAME('D', 'e', 'c'):
		return 12;
	default:
		return 0;
	}
}

static bool clock_is_sane(const char *p) /* `p` points to a time such as "12:00:01" */
{
	return two_digits(p) < 24 && two_digits(p + 3) < 60 && two_digits(p + 6) <= 60;
}

static bool day_is_sane(const char *p)
{
	int day = two_digits(p);

	return day >= 1 && day <= 31;
}

const char *timestamp_clf_end(const char *p, const char *end)
{
	if (end - p < CLF_LEN || !SWAR_MATCH(p, '0', '0', '/', '?', '?', '?', '/', '0') ||
		!SWAR_MATCH(p + 8, '0', '0', '0', ':', '0', '0', ':', '0') ||
		!SWAR_MATCH(p + 16, '0', ':', '0', '0', ' ', '?', '0', '0') ||
		!decimal_is_digit(p[24]) || !decimal_is_digit(p[25]))
		return NULL;
	if (p[21] != '-' && p[21] != '+')
		return NULL;
	return month_of(p + 3) && day_is_sane(p) && clock_is_sane(p + 12) ? p + CLF_LEN : NULL;
}

const char *timestamp_iso_end(const char *p, const char *end)
{
	if (end - p < TIMESTAMP_SECOND || !SWAR_MATCH(p, '0', '0', '0', '0', '-', '0', '0', '-') ||
		!SWAR_MATCH(p + 8, '0', '0', '?', '0', '0', ':', '0', '0') || p[16] != ':' ||
		!decimal_is_digit(p[17]) || !decimal_is_digit(p[18]))
		return NULL;
	int month = two_digits(p + 5);
	if ((p[10] != 'T' && p[10] != ' ') || month < 1 || month > 12)
		return NULL;
	return day_is_sane(p + 8) && clock_is_sane(p + 11) ? p + TIMESTAMP_SECOND : NULL;
}

static void from_clf(const char *p, char *out)
{
	memcpy(out, p + 7, 4);
	out[4] = '-';
	put_two_digits(out + 5, month_of(p + 3));
	out[7] = '-';
	memcpy(out + 8, p, 2);
	out[10] = 'T';
	memcpy(out + 11, p + 12, 8);
}

/* The earliest time in wf's notation.  If only the first part of a time is given, the rest is
 * copied from here. */
static const char least[] = "0000-01-01T00:00:00";

bool timestamp_write(int64_t seconds, char out[TIMESTAMP_SECOND])
{
	enum { SINCE = 1900 };
	time_t t = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || tm.tm_year < -SINCE || tm.tm_year > 9999 - SINCE)
		return false;
	memcpy(out, least, TIMESTAMP_SECOND);
	put_two_digits(out, (tm.tm_year + SINCE) / 100);
	put_two_digits(out + 2, (tm.tm_year + SINCE) % 100);
	put_two_digits(out + 5, tm.tm_mon + 1);
	put_two_digits(out + 8, tm.tm_mday);
	put_two_digits(out + 11, tm.tm_hour);
	put_two_digits(out + 14, tm.tm_min);
	put_two_digits(out + 17, tm.tm_sec);
	return true;
}

/* Convert a number of seconds, milliseconds, microseconds or nanoseconds since 1970, perhaps with a
 * fraction.  The number of digits determines the unit: in seconds, times until 2001 have nine
 * digits, and times until 2286 have ten. */
static bool from_epoch(struct span s, char *out)
{
	size_t digits = 0, i;
	int64_t seconds = 0;

	while (digits < s.len && decimal_is_digit(s.at[digits]))
		digits++;
	i = digits;
	if (i + 1 < s.len && s.at[i] == '.')
		for (i++; i < s.len && decimal_is_digit(s.at[i]);)
			i++;
	if (i < s.len)
		return false;
	if (digits != 9 && digits != 10 && digits != 13 && digits != 16 && digits != 19)
		return false;
	for (i = 0; i < digits && i < (digits == 9 ? 9 : 10); i++)
		seconds = 10 * seconds + (s.at[i] - '0');
	return timestamp_write(seconds, out);
}

bool timestamp_read(struct span s, char out[TIMESTAMP_SECOND])
{
	const char *end = span_end(s);

	if (s.len == CLF_LEN && timestamp_clf_end(s.at, end)) {
		from_clf(s.at, out);
		return true;
	}
	if (s.len >= TIMESTAMP_SECOND && timestamp_iso_end(s.at, end)) {
		memcpy(out, s.at, TIMESTAMP_SECOND);
		out[TIMESTAMP_DAY] = 'T';
		return true;
	}
	return s.len && from_epoch(s, out);
}

enum { YEAR = 4, MONTH = 7 };

static int year_of(const char *p)
{
	return 100 * two_digits(p) + two_digits(p + 2);
}

static int days_of(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static bool is_day_or_finer(size_t len)
{
	return len == TIMESTAMP_DAY || len == TIMESTAMP_HOUR || len == TIMESTAMP_MINUTE ||
	       len == TIMESTAMP_SECOND;
}

bool timestamp_is_part(struct span s)
{
	char text[sizeof least];

	if (s.len != YEAR && s.len != MONTH && !is_day_or_finer(s.len))
		return false;
	memcpy(text, least, sizeof text);
	memcpy(text, s.at, s.len);
	return timestamp_iso_end(text, text + TIMESTAMP_SECOND) &&
	       two_digits(text + 8) <= days_of(year_of(text), two_digits(text + 5));
}

bool timestamp_seconds(struct span s, int64_t *seconds)
{
	char text[sizeof least];

	if (!is_day_or_finer(s.len))
		return false;
	memcpy(text, least, sizeof text);
	memcpy(text, s.at, s.len);
	if (text[TIMESTAMP_DAY] != 'T' || !timestamp_iso_end(text, text + TIMESTAMP_SECOND))
		return false;
	struct tm tm = {.tm_year = year_of(text) - 1900,
		.tm_mon = two_digits(text + 5) - 1,
		.tm_mday = two_digits(text + 8),
		.tm_hour = two_digits(text + 11),
		.tm_min = two_digits(text + 14),
		.tm_sec = two_digits(text + 17)};
	*seconds = timegm(&tm);
	return true;
}
