#include "query/period.h"

/* --- Reading ------------------------------------------------------------------------ */

/* Read a limit.  If it is given by its distance from the newest time, that becomes *back, and
 * *from_end becomes true. */
static bool read_limit(
	struct arg a, int64_t *limit, bool *from_end, int64_t *back, struct complaint *c)
{
	struct moment m;

	if (!a.value)
		return true;
	if (!moment_read(a, 0, NULL, &m, c))
		return false;
	*from_end = m.from_end;
	*(m.from_end ? back : limit) = m.seconds;
	return true;
}

/* Check that the period is not empty, as far as its limits are known.  False, with a complaint, if
 * it is. */
static bool check(const struct period *p, const struct query_spec *q, struct complaint *c)
{
	bool both_end = p->since_end && p->until_end;

	if (both_end ? p->since_back > p->until_back : p->since < p->until)
		return true;
	return complain(c, "%s: %s is not before %s, %s", q->since.origin, q->since.value,
		q->until.origin, q->until.value);
}

bool period_read(const struct query_spec *q, struct period *p, struct complaint *c)
{
	*p = (struct period){
		.is_set = q->since.value || q->until.value, .since = INT64_MIN, .until = INT64_MAX};
	return read_limit(q->since, &p->since, &p->since_end, &p->since_back, c) &&
	       read_limit(q->until, &p->until, &p->until_end, &p->until_back, c) && check(p, q, c);
}

/* Set a limit that is `back` seconds before the newest time. */
static void settle(const struct arg *a, int64_t newest, int64_t back, int64_t *limit,
	bool *from_end, char text[MOMENT_TEXT])
{
	struct arg *to = (struct arg *)(uintptr_t)a;

	if (!*from_end)
		return;
	*from_end = false;
	*limit = newest - back;
	to->value = moment_write((struct moment){.seconds = *limit}, text);
}

bool period_settle(struct period *p, const struct query_spec *q, int64_t newest,
	struct period_room *room, struct complaint *c)
{
	settle(&q->since, newest, p->since_back, &p->since, &p->since_end, room->since);
	settle(&q->until, newest, p->until_back, &p->until, &p->until_end, room->until);
	return check(p, q, c);
}

/* --- Times -------------------------------------------------------------------------- */

static bool are_two_digits(const char *p)
{
	return decimal_is_digit(p[0]) && decimal_is_digit(p[1]);
}

/* Find where the two digits for the second are: in the last "12:00:01" of a text, because the year
 * and a colon precede it in Apache's notation.  SIZE_MAX if there are no such digits. */
static size_t find_second(struct span text)
{
	enum { SECOND = 6, CLOCK = 8 };

	for (const char *p = text.len < CLOCK ? NULL : span_end(text) - CLOCK; p && p >= text.at;
		p--)
		if (are_two_digits(p) && p[2] == ':' && are_two_digits(p + 3) && p[5] == ':' &&
			are_two_digits(p + SECOND))
			return (size_t)(p - text.at) + SECOND;
	return SIZE_MAX;
}

/* Find the place of the minute that begins at `start`. */
static enum period_place place_of_minute(const struct period *p, int64_t start)
{
	enum { LAST = 59 };

	if (period_has(p, start) && period_has(p, start + LAST))
		return PERIOD_INSIDE;
	return start + LAST < p->since || start >= p->until ? PERIOD_OUTSIDE : PERIOD_MIXED;
}

enum period_place period_find(
	const struct period *p, struct period_memo *m, struct span text, struct local_time *times)
{
	m->len = 0;
	m->place = PERIOD_MIXED;
	if (!local_time_instant(times, text, &m->seconds))
		return PERIOD_NONE;
	size_t second = find_second(text);
	if (second != SIZE_MAX && text.len <= PERIOD_TEXT) {
		int seconds = (text.at[second] - '0') * 10 + (text.at[second + 1] - '0');
		memcpy(m->text, text.at, text.len);
		m->len = text.len;
		m->second = second;
		m->place = place_of_minute(p, m->seconds - seconds);
	}
	return period_has(p, m->seconds) ? PERIOD_INSIDE : PERIOD_OUTSIDE;
}
