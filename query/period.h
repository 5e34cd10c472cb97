/* period.h -- the period of --since and --until, and the lines whose times are in it.
 *
 * A line outside the period is not a line of the query, and no account counts it.  The same is true
 * of a line whose time cannot be read.  So the result is the same whether such lines are read or
 * skipped (count/search.h).
 *
 * Successive lines usually have times in the same minute.  So the text of the last time is
 * remembered, and whether its whole minute is in the period.  If the next time differs only in its
 * second, it need not be converted.
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
	/* True if the limit is given by its distance from the newest time in the inputs, which is
	 * not known yet; and this distance, in seconds before the newest time. */
	bool since_end, until_end;
	int64_t since_back, until_back;
};

/* Read the period of a query, whose moments do not depend on the current time or on a zone
 * (moment_write()).  False, with a complaint, if a moment cannot be read, or if the period is
 * empty. */
bool period_read(const struct query_spec *, struct period *, struct complaint *);

/* Memory for the texts of moments in a spec. */
struct period_room {
	char since[MOMENT_TEXT], until[MOMENT_TEXT];
};

/* Set the limits that are given by their distance from the newest time in the inputs.  Also replace
 * their moments in the spec, which is otherwise constant; the new texts are in *room.  False, with
 * a complaint, if the period is empty. */
bool period_settle(struct period *, const struct query_spec *, int64_t newest,
	struct period_room *room, struct complaint *);

/* True if the instant is in the period. */
static inline bool period_has(const struct period *p, int64_t seconds)
{
	return p->since <= seconds && seconds < p->until;
}

/* --- Successive times --------------------------------------------------------------- */

enum period_place {
	PERIOD_MIXED, /* only of a minute: some of its times are in the period, and others not */
	PERIOD_INSIDE,
	PERIOD_OUTSIDE,
	PERIOD_NONE, /* the text is not a time */
};

enum { PERIOD_TEXT = 64 };

/* The last time that was read.  It is {0} at first.  Set it to {0} again when the same text may
 * mean another time. */
struct period_memo {
	char text[PERIOD_TEXT];
	size_t len;              /* 0 if the last time is not remembered */
	size_t second;           /* where its two digits for the second are in .text */
	enum period_place place; /* of the whole minute */
	int64_t seconds;         /* the time itself, in seconds since 1970 */
};

/* Read a time, and remember it.  Returns PERIOD_INSIDE, PERIOD_OUTSIDE or PERIOD_NONE. */
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

/* True if the time is in the same minute as the last one: only the second and its fraction differ.
 * Then m->place is the place of the time, too, unless it is PERIOD_MIXED. */
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

/* True if the time is in the same minute as the last one, and the whole minute is in the period. */
static inline bool period_is_inside(const struct period_memo *m, struct span text)
{
	return m->place == PERIOD_INSIDE && period_is_same_minute(m, text);
}

/* Do the same as period_find(), but read the time only if necessary. */
static inline enum period_place period_place(
	const struct period *p, struct period_memo *m, struct span text, struct local_time *times)
{
	if (m->place != PERIOD_MIXED && period_is_same_minute(m, text))
		return m->place;
	return period_find(p, m, text, times);
}

#endif
