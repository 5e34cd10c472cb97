/* period.h -- the period of --since and --until, and the lines whose times are in it.
 *
 * A line that is outside the period is not a line of the query: no account counts it.  Neither does
 * an account count a line without a time that can be read.  Therefore the result is the same
 * whether such lines are read or skipped (count/search.h).
 *
 * Successive lines usually have times of the same minute.  So the last time is remembered, and
 * whether its whole minute is in the period: another time of that minute only needs to be compared
 * with it.
 */
#ifndef QUERY_PERIOD_H
#define QUERY_PERIOD_H

#include "formats/local_time.h"
#include "lib/complaint.h"
#include "lib/decimal.h"
#include "query/moment.h"
#include "query/spec.h"

struct period {
	bool is_set;          /* true if there is --since or --until */
	int64_t since, until; /* seconds since 1970; INT64_MIN, INT64_MAX if there is no limit */
	/* True if a limit is not known yet, because it is counted back from the newest time in the
	 * inputs; and the seconds that it is before that time. */
	bool since_end, until_end;
	int64_t since_back, until_back;
};

/* Read the period of a query.  False, with a complaint, if it is wrong. */
bool period_read(const struct query_spec *, struct period *, struct complaint *);

/* Set the limits that are counted back from the newest time in the inputs, and their moments in
 * the spec, which otherwise is constant; *room holds their texts.  False, with a complaint, if
 * the period is empty. */
struct period_room {
	char since[MOMENT_TEXT], until[MOMENT_TEXT];
};
bool period_settle(struct period *, const struct query_spec *, int64_t newest,
	struct period_room *room, struct complaint *);

static inline bool period_has(const struct period *p, int64_t seconds)
{
	return p->since <= seconds && seconds < p->until;
}

/* --- Successive times --------------------------------------------------------------- */

enum period_place {
	PERIOD_MIXED, /* of a minute: some of its times are in the period */
	PERIOD_INSIDE,
	PERIOD_OUTSIDE,
	PERIOD_NONE, /* the text is not a time */
};

enum { PERIOD_TEXT = 64 };

/* The last time.  Initially {0}, and again when the same text may mean another time. */
struct period_memo {
	char text[PERIOD_TEXT];
	size_t len;              /* 0 if the last time is not remembered */
	size_t second;           /* where in the text its two digits for the second are */
	enum period_place place; /* of the whole minute */
	int64_t seconds;         /* the last time that was read */
};

/* Find the place of a time, and remember it. */
enum period_place period_find(
	const struct period *, struct period_memo *, struct span text, struct local_time *);

/* True if the first n bytes are the same. */
static inline bool period_same_bytes(const char *a, const char *b, size_t n)
{
	uint64_t difference = 0;

	if (n >= sizeof(uint64_t)) {
		for (size_t i = 0; i < n - sizeof(uint64_t); i += sizeof(uint64_t))
			difference |= word_load(a + i) ^ word_load(b + i);
		a += n - sizeof(uint64_t);
		b += n - sizeof(uint64_t);
		return !(difference | (word_load(a) ^ word_load(b)));
	}
	while (n && *a == *b)
		a++, b++, n--;
	return !n;
}

/* True if the time is in the minute of the last one, so that it has the same place, unless that is
 * PERIOD_MIXED.  Only the second and its fraction may differ. */
static inline bool period_is_same_minute(const struct period_memo *m, struct span text)
{
	const char *a = m->text + m->second, *b = text.at + m->second;

	if (!m->len || m->len != text.len || !period_same_bytes(m->text, text.at, m->second))
		return false;
	if (b[0] < '0' || b[0] > '5' || !decimal_is_digit(b[1]))
		return false;
	a += 2;
	b += 2;
	const char *end = m->text + m->len;
	if (a < end && (*a == '.' || *a == ',') && *a == *b)
		for (a++, b++; a < end && decimal_is_digit(*a) && decimal_is_digit(*b);)
			a++, b++;
	return period_same_bytes(a, b, (size_t)(end - a));
}

/* True if the time is in the minute of the last one, all of which is in the period. */
static inline bool period_is_inside(const struct period_memo *m, struct span text)
{
	return m->place == PERIOD_INSIDE && period_is_same_minute(m, text);
}

/* Find the place of a time: PERIOD_INSIDE, PERIOD_OUTSIDE or PERIOD_NONE. */
static inline enum period_place period_place(
	const struct period *p, struct period_memo *m, struct span text, struct local_time *times)
{
	if (m->place != PERIOD_MIXED && period_is_same_minute(m, text))
		return m->place;
	return period_find(p, m, text, times);
}

#endif
