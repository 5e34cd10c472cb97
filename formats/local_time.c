#include "formats/local_time.h"

enum { YEAR = 4, DAY = 86400, MINUTE_SECONDS = 60 };

/* --- Years --------------------------------------------------------------------------- */

static int year_of(const char *time)
{
	int year = 0;

	for (int i = 0; i < YEAR; i++)
		year = 10 * year + (time[i] - '0');
	return year;
}

static bool is_leap_year(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Put the year into a time that has none, and hence the year 0000. */
static void add_year(const struct local_time *t, char *time)
{
	char latest[TIMESTAMP_SECOND];
	bool is_leap_day = memcmp(time + YEAR, "-02-29", 6) == 0;

	if (!timestamp_write(t->end + DAY, latest))
		return;
	bool is_later = memcmp(time + YEAR, latest + YEAR, sizeof latest - YEAR) > 0;
	int year = year_of(latest) - is_later;
	while (is_leap_day && !is_leap_year(year))
		year--;
	for (int i = YEAR - 1; i >= 0 && year > 0; i--, year /= 10)
		time[i] = (char)('0' + year % 10);
}

/* Read a time, and add its year if the text has none. */
static bool read_whole(
	const struct local_time *t, struct span text, char *out, struct timestamp_parts *parts)
{
	if (!timestamp_read_parts(text, out, parts))
		return false;
	parts->has_zone |= t->are_utc;
	if (!parts->has_year)
		add_year(t, out);
	return true;
}

/* --- Zones --------------------------------------------------------------------------- */

/* Convert a time in a minute in which the zone's clocks are put forward or back, or in which the
 * zone's offset is not a whole number of minutes, as was usual before 1972.  `minute` is the
 * instant at which the minute begins. */
static bool convert_second(struct local_time *t, int64_t minute, char *time)
{
	int second = 10 * (time[TIMESTAMP_SECOND - 2] - '0') + (time[TIMESTAMP_SECOND - 1] - '0');
	int64_t instant = minute + second;

	return timestamp_write(instant + zone_offset(t->zone, instant), time);
}

/* Convert a time with this offset from UTC to the zone. */
static bool convert(struct local_time *t, int offset, char *time)
{
	char to[TIMESTAMP_SECOND];
	int64_t minute;

	if (t->is_known && t->offset == offset && !memcmp(time, t->from, sizeof t->from)) {
		memcpy(time, t->to, sizeof t->to);
		return true;
	}
	if (!timestamp_seconds(span_of(time, TIMESTAMP_MINUTE), &minute))
		return false;
	minute -= offset;
	int there = zone_offset(t->zone, minute);
	if (there % MINUTE_SECONDS || zone_offset(t->zone, minute + MINUTE_SECONDS - 1) != there)
		return convert_second(t, minute, time);
	if (!timestamp_write(minute + there, to))
		return false;
	memcpy(t->from, time, sizeof t->from);
	memcpy(t->to, to, sizeof t->to);
	t->offset = offset;
	t->is_known = true;
	memcpy(time, to, sizeof t->to);
	return true;
}

bool local_time_read(struct local_time *t, struct span text, char out[TIMESTAMP_SECOND])
{
	struct timestamp_parts parts;

	if (!read_whole(t, text, out, &parts))
		return false;
	t->met_no_zone |= t->zone && !parts.has_zone;
	return !t->zone || !parts.has_zone || convert(t, parts.offset, out);
}

bool local_time_instant(struct local_time *t, struct span text, int64_t *instant)
{
	char time[TIMESTAMP_SECOND];
	struct timestamp_parts parts;

	if (!read_whole(t, text, time, &parts) ||
		!timestamp_seconds(span_of(time, sizeof time), instant))
		return false;
	if (parts.has_zone) {
		*instant -= parts.offset;
		t->met_other_zone |= t->assumed && span_first(text, ':') &&
				     zone_offset(t->assumed, *instant) != parts.offset;
	} else if (t->assumed && !t->are_utc) {
		*instant = zone_instant(t->assumed, *instant);
		t->met_no_zone = true;
	}
	return true;
}
