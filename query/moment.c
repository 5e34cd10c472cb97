#include "query/moment.h"

#include <inttypes.h>
#include <stdio.h>

#include "lib/decimal.h"
#include "lib/human.h"

static const char forms[] = "write 2026-11-20, 2026-11-20T14:05, 2026-11-20T14:05+01:00, 14:05, "
			    "90m, 2h, 3d, 1w, now, today, yesterday, or end-1h";

/* --- Durations ---------------------------------------------------------------------- */

/* The longest duration: a thousand years. */
#define LONGEST (INT64_C(86400) * 365250)

/* Return the seconds of a unit; 0 if there is no such unit. */
static int64_t unit_of(char c)
{
	for (size_t i = 0; i < HUMAN_UNITS; i++)
		if (human_units[i].name[0] == c)
			return human_units[i].seconds;
	return 0;
}

bool moment_duration(struct span text, int64_t *seconds)
{
	const char *p = text.at, *end = span_end(text);

	*seconds = 0;
	while (p < end && decimal_is_digit(*p)) {
		int64_t n = 0;
		for (; p < end && decimal_is_digit(*p) && n <= LONGEST; p++)
			n = 10 * n + (*p - '0');
		int64_t unit = p < end ? unit_of(*p++) : 0;
		if (!unit || n > LONGEST / unit)
			return false;
		*seconds += n * unit;
		if (*seconds > LONGEST)
			return false;
	}
	return text.len && p == end;
}

/* --- Clocks ------------------------------------------------------------------------- */

/* Return the instant, in seconds since 1970, at which clocks in the zone show `clock`.  NULL is
 * UTC. */
static int64_t moment_of_clock(struct zone *zone, int64_t clock)
{
	return zone ? zone_instant(zone, clock) : clock;
}

/* Return what clocks in the zone show at an instant. */
static int64_t clock_at(struct zone *zone, int64_t seconds)
{
	return zone ? seconds + zone_offset(zone, seconds) : seconds;
}

enum { DAY = 86400 };

/* Return the start of the day `ago` days before now. */
static int64_t start_of_day(int64_t now, struct zone *zone, int ago)
{
	int64_t clock = clock_at(zone, now);
	int64_t rest = (clock % DAY + DAY) % DAY;

	return moment_of_clock(zone, clock - rest - (int64_t)ago * DAY);
}

/* --- Forms -------------------------------------------------------------------------- */

/* Return the rest of a text after a word; .at is NULL if the text does not begin with the word. */
static struct span after_word(struct span text, const char *word)
{
	return span_begins_with(text, word) ? span_from(text, strlen(word)) : span_of(NULL, 0);
}

/* Read the duration in "-1h", which may be absent. */
static bool read_back(struct span text, int64_t *seconds)
{
	*seconds = 0;
	return !text.len || (*text.at == '-' && moment_duration(span_from(text, 1), seconds));
}

/* Read "now", "today", "end-1h" and the like. */
static bool read_word(struct span text, int64_t now, struct zone *zone, struct moment *m)
{
	struct span rest;
	int64_t back;

	m->is_local =
		span_equal(text, span_text("today")) || span_equal(text, span_text("yesterday"));
	if (span_equal(text, span_text("today")))
		m->seconds = start_of_day(now, zone, 0);
	else if (span_equal(text, span_text("yesterday")))
		m->seconds = start_of_day(now, zone, 1);
	else if (((rest = after_word(text, "now")).at && read_back(rest, &back)) ||
		 moment_duration(text, &back))
		m->seconds = now - back;
	else if ((rest = after_word(text, "end")).at && read_back(rest, &back))
		*m = (struct moment){.from_end = true, .seconds = back};
	else
		return false;
	return true;
}

enum { FULL = 64 };

/* Add to a text what it lacks of a whole time, and return the result, which may be in `out`.
 * "14:05" becomes that time of the day that `today` is in.  A text that ends with a day, an hour or
 * a minute becomes the start of it. */
static struct span complete(struct span text, int64_t today, char out[FULL])
{
	static const char rest[] = "0000-01-01T00:00:00";
	size_t n = 0, len = 0;

	if (text.len >= FULL - sizeof rest)
		return text;
	if (text.len >= 5 && text.at[2] == ':' && decimal_is_digit(*text.at)) {
		timestamp_write(today, out);
		n = TIMESTAMP_DAY + 1;
	}
	memcpy(out + n, text.at, text.len);
	n += text.len;
	/* Find where the time ends; after it, there may be a zone. */
	static const size_t ends[] = {TIMESTAMP_MINUTE, TIMESTAMP_HOUR, TIMESTAMP_DAY};
	for (size_t i = 0; i < sizeof ends / sizeof *ends && !len; i++)
		if (n >= ends[i] && timestamp_is_part(span_of(out, ends[i])))
			len = ends[i];
	bool is_whole = len == TIMESTAMP_MINUTE && n > len && out[len] == ':';
	if (!len || is_whole)
		return span_of(out, n);
	size_t more = sizeof rest - 1 - len;
	memmove(out + len + more, out + len, n - len);
	memcpy(out + len, rest + len, more);
	return span_of(out, n + more);
}

static bool has_other_than_zeros(const char *p, const char *end)
{
	for (; p < end && decimal_is_digit(*p); p++)
		if (*p != '0')
			return true;
	return false;
}

/* True if a time is not a whole number of seconds since 1970: "14:05:09.5", "1796058629.5", or
 * 1796058629500 milliseconds. */
static bool has_fraction(struct span text)
{
	enum {
		SECONDS = 10
	}; /* the digits of a number of seconds, of which there are more in a
				* number of milliseconds */
	const char *p = text.at, *end = span_end(text);

	while (p < end && decimal_is_digit(*p))
		p++;
	if (p - text.at > SECONDS && has_other_than_zeros(text.at + SECONDS, end))
		return true;
	for (; p + 1 < end; p++)
		if ((*p == '.' || *p == ',') && has_other_than_zeros(p + 1, end))
			return true;
	return false;
}

bool moment_read(
	struct arg a, int64_t now, struct zone *zone, struct moment *m, struct complaint *c)
{
	struct span text = span_trim_end(span_trim_start(span_text(a.value), " "), " ");
	struct instant instant;
	char full[FULL];

	*m = (struct moment){0};
	if (read_word(text, now, zone, m))
		return true;
	if (!timestamp_instant(complete(text, clock_at(zone, now), full), &instant) ||
		!instant.has_year)
		return complain(c, "%s: '%.200s' is not a time that wf can read; %s", a.origin,
			a.value, forms);
	if (has_fraction(text))
		return complain(
			c, "%s: '%.200s' is not a whole second; %s", a.origin, a.value, forms);
	m->is_local = !instant.has_zone;
	m->seconds = instant.has_zone ? instant.seconds : moment_of_clock(zone, instant.seconds);
	return true;
}

const char *moment_write(struct moment m, char out[MOMENT_TEXT])
{
	if (m.from_end)
		snprintf(out, MOMENT_TEXT, "end-%" PRId64 "s", m.seconds);
	else if (timestamp_write(m.seconds, out))
		memcpy(out + TIMESTAMP_SECOND, "Z", sizeof "Z");
	else
		snprintf(out, MOMENT_TEXT, "%" PRId64, m.seconds);
	return out;
}
