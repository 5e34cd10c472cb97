#include "query/width.h"

#include <stdio.h>
#include <string.h>

#define MINUTE INT64_C(60)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define YEAR   (365 * DAY)

/* -t auto counts intervals of this width, */
#define COUNTED "10s"
enum { COUNTED_SECONDS = 10 };

/* and makes rows of the first of these widths whose .period is not shorter than the time from the
 * first interval to the last.  Each row begins where a counted interval begins, and is a multiple
 * of it. */
static const struct {
	int64_t period;
	struct interval interval;
} widths[] = {
	{15 * MINUTE, {10, INTERVAL_SECOND}},
	{HOUR, {1, INTERVAL_MINUTE}},
	{4 * HOUR, {5, INTERVAL_MINUTE}},
	{DAY, {30, INTERVAL_MINUTE}},
	{3 * DAY, {1, INTERVAL_HOUR}},
	{100 * DAY, {1, INTERVAL_DAY}},
	{2 * YEAR, {1, INTERVAL_WEEK}},
	{INT64_MAX, {1, INTERVAL_MONTH}},
};

bool width_read(struct arg text, struct width *w, struct complaint *c)
{
	*w = (struct width){.is_auto = strcmp(text.value, "auto") == 0};
	const char *counted = w->is_auto ? COUNTED : text.value;
	if (!interval_read(span_text(counted), &w->interval))
		return complain(c,
			"%s: '%.100s' is not a width of time: write 10s, 5m, 1h, 1d, 1w, 1M or "
			"auto",
			text.origin, text.value);
	snprintf(w->field, sizeof w->field, "time/%s", counted);
	return true;
}

struct width width_for(int64_t first, int64_t last)
{
	size_t i = 0;

	/* The period ends when the last row ends that was counted. */
	while (last - first + COUNTED_SECONDS > widths[i].period)
		i++;
	return (struct width){.interval = widths[i].interval};
}

/* Write a time with all its parts.  Those that `time` lacks are the first possible ones.  False if
 * `time` is not a time. */
static bool complete(struct span time, char out[TIMESTAMP_SECOND])
{
	static const char first[] = "0000-01-01T00:00:00";

	if (!timestamp_is_part(time))
		return false;
	memcpy(out, first, TIMESTAMP_SECOND);
	memcpy(out, time.at, time.len);
	return true;
}

bool width_start(const struct width *w, struct span value, int64_t *start)
{
	char time[TIMESTAMP_SECOND], name[TIMESTAMP_SECOND];

	if (!complete(value, time))
		return false;
	size_t len = interval_of(&w->interval, time, name);
	return interval_start(&w->interval, span_of(name, len), start);
}

const char *width_print(const struct width *w, int64_t start, char out[WIDTH_TIME])
{
	char time[TIMESTAMP_SECOND];
	size_t len = timestamp_write(start, time) ? interval_of(&w->interval, time, out) : 0;

	out[len] = '\0';
	return out;
}

bool width_next(const struct width *w, int64_t start, int64_t *next)
{
	char name[WIDTH_TIME];
	struct span text = span_text(width_print(w, start, name));
	size_t len = interval_next(&w->interval, text, name);

	return len && interval_start(&w->interval, span_of(name, len), next);
}

/* Return the number of seconds in the shortest interval of a width. */
static int64_t least_seconds(const struct interval *i)
{
	static const int64_t seconds[] = {1, MINUTE, HOUR, DAY, 7 * DAY, 28 * DAY};

	return i->n * seconds[i->unit];
}

uint64_t width_rows(const struct width *w, int64_t first, int64_t last, uint64_t most)
{
	uint64_t rows = 1;

	if ((last - first) / least_seconds(&w->interval) / 2 > (int64_t)most)
		return most + 1;
	while (rows <= most && first < last && width_next(w, first, &first))
		rows++;
	return rows;
}
