#include "formats/timestamp.h"

#include <time.h>

#include "lib/swar.h"
#include "lib/ascii.h"
#include "lib/decimal.h"

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
	if (end - p < TIMESTAMP_CLF || !SWAR_MATCH(p, '0', '0', '/', '?', '?', '?', '/', '0') ||
		!SWAR_MATCH(p + 8, '0', '0', '0', ':', '0', '0', ':', '0') ||
		!SWAR_MATCH(p + 16, '0', ':', '0', '0', ' ', '?', '0', '0') ||
		!decimal_is_digit(p[24]) || !decimal_is_digit(p[25]))
		return NULL;
	if (p[21] != '-' && p[21] != '+')
		return NULL;
	return month_of(p + 3) && day_is_sane(p) && clock_is_sane(p + 12) ? p + TIMESTAMP_CLF
									  : NULL;
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

/* Read a number of seconds, milliseconds, microseconds or nanoseconds since 1970, perhaps with a
 * fraction.  The number of digits determines the unit: in seconds, times until 2001 have nine
 * digits, and times until 2286 have ten.  Returns the number's end. */
static const char *epoch_end(const char *p, const char *end, char *out)
{
	const char *to = swar_digits_end(p, end);
	size_t digits = (size_t)(to - p);
	int64_t seconds = 0;

	if (digits != 9 && digits != 10 && digits != 13 && digits != 16 && digits != 19)
		return NULL;
	for (size_t i = 0; i < digits && i < (digits == 9 ? 9 : 10); i++)
		seconds = 10 * seconds + (p[i] - '0');
	if (end - to > 1 && (*to == '.' || *to == ',') && decimal_is_digit(to[1]))
		to = swar_digits_end(to + 1, end);
	return timestamp_write(seconds, out) ? to : NULL;
}

/* The parts of a time while it is read.  .at is where the next part begins. */
struct parts {
	const char *at, *end;
	char *out; /* the time in wf's notation, as far as it was read */

	/* The first zone after the time that wf knows. */
	bool has_zone;
	int offset; /* in seconds, east of UTC */

	bool lacks_year; /* the year in .out is 0000 because the text has none */
};

/* Take a zone from the sign and the digits of "+0200", unless another zone precedes it.  An offset
 * of a day or more is not a zone. */
static void set_offset(struct parts *t, char sign, const char digits[4])
{
	int minutes = 60 * two_digits(digits) + two_digits(digits + 2);

	if (t->has_zone || two_digits(digits) > 23 || two_digits(digits + 2) > 59)
		return;
	t->has_zone = true;
	t->offset = (sign == '-' ? -60 : 60) * minutes;
}

/* Take a zone from its abbreviation, if that has only one meaning. */
static void set_zone_name(struct parts *t, struct span name)
{
	/* UT, GMT and the American ones are defined by RFC 5322, and the others are in wide use.
	 * RFC 5322 also defines CST, but other countries use it for their own zones. */
	static const struct {
		const char *name, *offset;
	} zones[] = {
		{"UTC", "+0000"}, {"GMT", "+0000"}, {"UT", "+0000"}, {"Z", "+0000"},
		{"EST", "-0500"}, {"EDT", "-0400"}, {"CDT", "-0500"}, {"MST", "-0700"},
		{"MDT", "-0600"}, {"PST", "-0800"}, {"PDT", "-0700"}, {"WET", "+0000"},
		{"WEST", "+0100"}, {"CET", "+0100"}, {"CEST", "+0200"}, {"EET", "+0200"},
		{"EEST", "+0300"}, {"MSK", "+0300"}, {"JST", "+0900"},
	};

	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
		if (span_equal(name, span_text(zones[i].name)))
			set_offset(t, zones[i].offset[0], zones[i].offset + 1);
}

static bool has_digits(const struct parts *t, size_t n)
{
	if ((size_t)(t->end - t->at) < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!decimal_is_digit(t->at[i]))
			return false;
	return true;
}

/* Copy `n` digits to t->out + to.  False if there are fewer digits. */
static bool take_digits(struct parts *t, size_t n, size_t to)
{
	if (!has_digits(t, n))
		return false;
	memcpy(t->out + to, t->at, n);
	t->at += n;
	return true;
}

/* Skip one byte if it is in `set`. */
static bool take_byte(struct parts *t, const char *set)
{
	if (t->at == t->end || !*t->at || !strchr(set, *t->at))
		return false;
	t->at++;
	return true;
}

/* The offsets of the parts in wf's notation. */
enum { AT_MONTH = 5, AT_DAY = 8, AT_HOUR = 11, AT_MINUTE = 14, AT_SECOND = 17 };

static bool take_month_name(struct parts *t)
{
	int month = t->end - t->at >= 3 ? month_of(t->at) : 0;

	if (!month)
		return false;
	put_two_digits(t->out + AT_MONTH, month);
	t->at += 3;
	return true;
}

/* Read a day of two digits, of which the first may be a blank. */
static bool take_padded_day(struct parts *t)
{
	if (t->end - t->at >= 2 && t->at[0] == ' ' && decimal_is_digit(t->at[1])) {
		t->out[AT_DAY] = '0';
		t->out[AT_DAY + 1] = t->at[1];
		t->at += 2;
		return true;
	}
	return take_digits(t, 2, AT_DAY);
}

/* Skip the name of a day: "Sun ", "Sun, ". */
static void skip_weekday(struct parts *t)
{
	static const char names[] = "SunMonTueWedThuFriSat";

	if (t->end - t->at < 5)
		return;
	for (const char *name = names; *name; name += 3)
		if (memcmp(t->at, name, 3) == 0 && (t->at[3] == ' ' || t->at[3] == ',')) {
			t->at += t->at[3] == ',' ? 5 : 4;
			return;
		}
}

/* Read "12:00:01" or "120001", and a fraction. */
static bool take_clock(struct parts *t)
{
	bool basic = has_digits(t, 6);

	if (!take_digits(t, 2, AT_HOUR) || !(basic || take_byte(t, ":")) ||
		!take_digits(t, 2, AT_MINUTE) || !(basic || take_byte(t, ":")) ||
		!take_digits(t, 2, AT_SECOND))
		return false;
	if (t->end - t->at > 1 && (*t->at == '.' || *t->at == ',') && decimal_is_digit(t->at[1]))
		t->at = swar_digits_end(t->at + 1, t->end);
	return true;
}

/* Read a zone, if there is one: "Z", " UTC", " GMT", "+02:00" or " +0200". */
static void take_zone(struct parts *t)
{
	static const char utc[] = "0000";
	struct parts zone = *t;
	char digits[4];

	zone.out = digits;
	take_byte(&zone, " ");
	size_t rest = (size_t)(zone.end - zone.at);
	const char *sign = zone.at;
	if (zone.at == t->at && take_byte(&zone, "Z")) {
		set_offset(t, '+', utc);
		t->at = zone.at;
	} else if (rest >= 3 && (!memcmp(zone.at, "UTC", 3) || !memcmp(zone.at, "GMT", 3))) {
		set_offset(t, '+', utc);
		t->at = zone.at + 3;
	} else if (take_byte(&zone, "+-") && take_digits(&zone, 2, 0)) {
		take_byte(&zone, ":");
		if (!take_digits(&zone, 2, 2))
			return;
		set_offset(t, *sign, digits);
		t->at = zone.at;
	}
}

/* Read a date whose parts are numbers, with the year first, and the separator after the date. */
static bool take_numeric_date(struct parts *t)
{
	if (has_digits(t, 8))
		return take_digits(t, 4, 0) && take_digits(t, 2, AT_MONTH) &&
		       take_digits(t, 2, AT_DAY) && take_byte(t, "T ");
	if (!take_digits(t, 4, 0) || !take_byte(t, "-/") || !take_digits(t, 2, AT_MONTH) ||
		!take_byte(t, "-/") || !take_digits(t, 2, AT_DAY))
		return false;
	if (t->end - t->at > 3 && memcmp(t->at, " - ", 3) == 0) {
		t->at += 3;
		return true;
	}
	return take_byte(t, "T ");
}

/* Read "17/Jun/2007:", and also with other separators. */
static bool take_named_date(struct parts *t)
{
	return take_digits(t, 2, AT_DAY) && take_byte(t, "/ -") && take_month_name(t) &&
	       take_byte(t, "/ -") && take_digits(t, 4, 0) && take_byte(t, ": T");
}

/* Read "Jun 17 12:00:01.123 2007", in which the year may be absent. */
static bool take_month_first(struct parts *t)
{
	if (!take_month_name(t) || !take_byte(t, " ") || !take_padded_day(t) ||
		!take_byte(t, " ") || !take_clock(t))
		return false;
	struct parts year = *t;
	char digits[4];
	year.out = digits;
	if (take_byte(&year, " ") && take_digits(&year, 4, 0) && !has_digits(&year, 1)) {
		memcpy(t->out, digits, sizeof digits);
		t->at = year.at;
	} else {
		t->lacks_year = true;
	}
	return true;
}

static bool is_sane(const char *out)
{
	int month = two_digits(out + AT_MONTH);

	return month >= 1 && month <= 12 && day_is_sane(out + AT_DAY) &&
	       clock_is_sane(out + AT_HOUR);
}

/* Read a time in any notation, and its zone.  False if no time begins at t->at. */
static bool take_any(struct parts *t)
{
	const char *start = t->at;

	memcpy(t->out, least, TIMESTAMP_SECOND);
	skip_weekday(t);
	bool ok, clock_is_next = true;
	if (t->at < t->end && !decimal_is_digit(*t->at)) {
		ok = take_month_first(t);
		clock_is_next = false;
	} else if (t->end - t->at > 2 && !decimal_is_digit(t->at[2])) {
		ok = take_named_date(t);
	} else {
		ok = take_numeric_date(t);
	}
	if (!ok || (clock_is_next && !take_clock(t)) || !is_sane(t->out)) {
		t->at = epoch_end(start, t->end, t->out);
		t->has_zone = true;
		t->offset = 0;
		return t->at != NULL;
	}
	take_zone(t);
	return t->at == t->end || !decimal_is_digit(*t->at);
}

const char *timestamp_any_end(const char *p, const char *end, char out[TIMESTAMP_SECOND])
{
	struct parts t = {.at = p, .end = end, .out = out};

	return take_any(&t) ? t.at : NULL;
}

/* Conversions of strftime() that stand for several others. */
static const char *expansion(char letter)
{
	switch (letter) {
	case 'T':
		return "%H:%M:%S";
	case 'R':
		return "%H:%M";
	case 'F':
		return "%Y-%m-%d";
	case 'D':
	case 'x':
		return "%m/%d/%y";
	case 'c':
		return "%a %b %e %T %Y";
	case 'X':
		return "%T";
	default:
		return NULL;
	}
}

static bool take_name(struct parts *t)
{
	const char *start = t->at;

	while (t->at < t->end && ascii_is_letter(*t->at))
		t->at++;
	return t->at > start;
}

static bool take_zone_name(struct parts *t)
{
	const char *start = t->at;

	if (!take_name(t))
		return false;
	set_zone_name(t, span_between(start, t->at));
	return true;
}

static bool take_offset(struct parts *t)
{
	char digits[4] = {0};
	struct parts zone = {.at = t->at, .end = t->end, .out = digits};

	if (!take_byte(&zone, "+-") || !take_digits(&zone, 4, 0))
		return false;
	set_offset(t, *t->at, digits);
	t->at = zone.at;
	return true;
}

static bool take_short_year(struct parts *t)
{
	if (!take_digits(t, 2, 2))
		return false;
	memcpy(t->out, t->out[2] < '7' ? "20" : "19", 2);
	return true;
}

static bool take_seconds(struct parts *t)
{
	const char *end = swar_digits_end(t->at, t->end);

	if (end - t->at != 10 && end - t->at != 9)
		return false;
	t->at = epoch_end(t->at, end, t->out);
	t->has_zone = true;
	t->offset = 0;
	return t->at != NULL;
}

/* Read what a conversion of strftime() has written. */
static bool take_conversion(struct parts *t, char letter)
{
	switch (letter) {
	case 'Y':
		return take_digits(t, 4, 0);
	case 'y':
		return take_short_year(t);
	case 'm':
		return take_digits(t, 2, AT_MONTH);
	case 'b':
	case 'h':
		return take_month_name(t);
	case 'd':
		return take_digits(t, 2, AT_DAY);
	case 'e':
		return take_padded_day(t);
	case 'H':
		return take_digits(t, 2, AT_HOUR);
	case 'M':
		return take_digits(t, 2, AT_MINUTE);
	case 'S':
		return take_digits(t, 2, AT_SECOND);
	case 's':
		return take_seconds(t);
	case 'z':
		return take_offset(t);
	case 'a':
	case 'A':
		return take_name(t);
	case 'Z':
		return take_zone_name(t);
	default: /* "%%" */
		return take_byte(t, (char[]){letter, '\0'});
	}
}

/* Read what strftime() has written by a format. */
static bool take_strftime(struct parts *t, struct span format)
{
	for (const char *f = format.at, *end = span_end(format); f < end; f++) {
		if (*f != '%' || f + 1 == end) {
			if (t->at == t->end || *t->at++ != *f)
				return false;
			continue;
		}
		const char *longer = expansion(*++f);
		if (longer ? !take_strftime(t, span_text(longer)) : !take_conversion(t, *f))
			return false;
	}
	return true;
}

const char *timestamp_strftime_end(struct span format, struct span text, char out[TIMESTAMP_SECOND])
{
	struct parts t = {.at = text.at, .end = span_end(text), .out = out};

	memcpy(out, least, TIMESTAMP_SECOND);
	memcpy(out + AT_MONTH, "01-01", 5);
	return take_strftime(&t, format) && is_sane(out) ? t.at : NULL;
}

size_t timestamp_strftime_zone(struct span format, struct span text, char out[TIMESTAMP_ZONE])
{
	char time[TIMESTAMP_SECOND];
	struct parts t = {.at = text.at, .end = span_end(text), .out = time};

	if (!take_strftime(&t, format) || !t.has_zone)
		return 0;
	int minutes = (t.offset < 0 ? -t.offset : t.offset) / 60;
	out[0] = t.offset < 0 ? '-' : '+';
	put_two_digits(out + 1, minutes / 60);
	out[3] = ':';
	put_two_digits(out + 4, minutes % 60);
	return TIMESTAMP_ZONE;
}

/* True if the format has one of these conversions. */
static bool has_conversion(struct span format, const char *letters)
{
	for (size_t i = 0; i + 1 < format.len; i++)
		if (format.at[i] == '%' && strchr(letters, format.at[++i]))
			return true;
	return false;
}

void timestamp_strftime_parts(struct span format, bool *date, bool *clock)
{
	*date = has_conversion(format, "scdDFex");
	*clock = has_conversion(format, "scHTRX");
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

/* True if the day exists in its month. */
static bool day_exists(const char *out)
{
	return two_digits(out + AT_DAY) <= days_of(year_of(out), two_digits(out + AT_MONTH));
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Read an abbreviation of a zone: "CEST", but not "AM" or "PM". */
static bool take_abbreviation(struct parts *t)
{
	const char *p = t->at;

	while (p < t->end && is_capital(*p))
		p++;
	if (p - t->at < 3 || p - t->at > 5)
		return false;
	set_zone_name(t, span_between(t->at, p));
	t->at = p;
	return true;
}

/* Skip "[Europe/Berlin]" (RFC 9557). */
static bool take_brackets(struct parts *t)
{
	const char *close = t->at < t->end && *t->at == '[' ? swar_find(t->at, t->end, ']') : NULL;

	t->at = close ? close + 1 : t->at;
	return close != NULL;
}

/* Read "+02", "+0200" or "+02:00". */
static bool take_short_offset(struct parts *t)
{
	char digits[4] = {'0', '0', '0', '0'};
	struct parts zone = {.at = t->at, .end = t->end, .out = digits};

	if (!take_byte(&zone, "+-") || !take_digits(&zone, 2, 0))
		return false;
	const char *end = zone.at;
	take_byte(&zone, ":");
	if (take_digits(&zone, 2, 2))
		end = zone.at;
	set_offset(t, *t->at, digits);
	t->at = end;
	return true;
}

/* Read a "Z", which stands for UTC. */
static bool take_z(struct parts *t)
{
	if (!take_byte(t, "Zz"))
		return false;
	set_offset(t, '+', "0000");
	return true;
}

/* Read the rest of an ISO 8601 time after its seconds: a fraction and zones.  False if there is
 * anything else. */
static bool take_iso_rest(struct parts *t)
{
	static const char go[] = "m=";

	if (t->end - t->at > 1 && (*t->at == '.' || *t->at == ',') && decimal_is_digit(t->at[1]))
		t->at = swar_digits_end(t->at + 1, t->end);
	while (t->at < t->end) {
		bool blank = take_byte(t, " ");
		if (blank && t->end - t->at > 2 && memcmp(t->at, go, sizeof go - 1) == 0)
			return true;
		if (!take_abbreviation(t) && !take_short_offset(t) && !take_brackets(t) &&
			!take_z(t))
			return false;
	}
	return true;
}

/* Read a time in any notation, and its zone.  False if the whole text is not such a time. */
static bool take_whole(struct parts *t)
{
	struct span s = span_between(t->at, t->end);

	if (s.len == TIMESTAMP_CLF && timestamp_clf_end(s.at, t->end)) {
		from_clf(s.at, t->out);
		set_offset(t, s.at[TIMESTAMP_CLF - 5], s.at + TIMESTAMP_CLF - 4);
	} else if (s.len >= TIMESTAMP_SECOND && timestamp_iso_end(s.at, t->end)) {
		t->at += TIMESTAMP_SECOND;
		if (!take_iso_rest(t))
			return false;
		memcpy(t->out, s.at, TIMESTAMP_SECOND);
		t->out[TIMESTAMP_DAY] = 'T';
		t->lacks_year = memcmp(s.at, least, YEAR) == 0;
	} else if (!s.len || !take_any(t) || t->at != t->end) {
		return false;
	}
	return day_exists(t->out);
}

bool timestamp_read(struct span s, char out[TIMESTAMP_SECOND])
{
	struct parts t = {.at = s.at, .end = span_end(s), .out = out};

	return take_whole(&t);
}

bool timestamp_read_parts(
	struct span s, char out[TIMESTAMP_SECOND], struct timestamp_parts *parts)
{
	struct parts t = {.at = s.at, .end = span_end(s), .out = out};
	bool is_time = take_whole(&t);

	*parts = (struct timestamp_parts){
		.has_zone = t.has_zone, .has_year = !t.lacks_year, .offset = t.offset};
	return is_time;
}

/* Compute the days from 1970-01-01 to a day of the Gregorian calendar, which is also used for years
 * before 1582.  Years begin in March here, so that a leap day is the last day of a year, and 400
 * years are added, so that no number is negative. */
static int64_t days_to(int year, int month, int day)
{
	enum { DAYS_TO_1970 = 719468 + 146097 }; /* from the 1st of March of the year -400 */
	int y = year + 400 - (month < 3), m = (month + 9) % 12;

	return (int64_t)365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 -
	       DAYS_TO_1970;
}

/* Compute the seconds from 1970 to a time in wf's notation. */
static int64_t seconds_to(const char *text)
{
	int month = two_digits(text + AT_MONTH), day = two_digits(text + AT_DAY);
	int64_t days = days_to(year_of(text), month, day);
	int minutes = 60 * two_digits(text + AT_HOUR) + two_digits(text + AT_MINUTE);

	return 86400 * days + (int64_t)60 * minutes + two_digits(text + AT_SECOND);
}

bool timestamp_instant(struct span s, struct instant *instant)
{
	char out[TIMESTAMP_SECOND];
	struct parts t = {.at = s.at, .end = span_end(s), .out = out};

	if (!take_whole(&t))
		return false;
	*instant = (struct instant){.seconds = seconds_to(out) - t.offset,
		.offset = t.offset,
		.has_zone = t.has_zone,
		.has_year = !t.lacks_year,
		.is_leap = out[AT_SECOND] == '6'};
	return true;
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
	return timestamp_iso_end(text, text + TIMESTAMP_SECOND) && day_exists(text);
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
	*seconds = seconds_to(text);
	return true;
}
