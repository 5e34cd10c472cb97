#include "report/html_axis.h"

#include "formats/timestamp.h"
#include "lib/human.h"

#define MINUTE INT64_C(60)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

enum { LABELS_MAX = 6, LINES_MAX = 4 };

/* The possible distances between two labels, or lengths of a bar, in seconds.  With bars of the greatest
 * length, even the years 0 to 9999 need at most 240 bars. */
static const int64_t steps[] = {1, 5, 10, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE,
	15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY,
	7 * DAY, 14 * DAY, 28 * DAY, 56 * DAY, 182 * DAY, 364 * DAY, 1820 * DAY, 3640 * DAY,
	18200 * DAY};

enum { STEPS = sizeof steps / sizeof *steps };

int64_t html_divide(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t html_fitting_step(int64_t unit, int64_t from, int64_t to, int64_t most)
{
	size_t i = 0;

	while (i + 1 < STEPS &&
		(steps[i] % unit != 0 ||
			html_divide(to, steps[i]) - html_divide(from, steps[i]) >= most))
		i++;
	return steps[i];
}

/* Return the distance between two lines of the scale.  The distance is 1, 2 or 5 times a power of
 * ten, and LINES_MAX times the distance is at least `largest`.  If `fractions` is false, as for
 * counts, the distance is at least 1. */
static double distance_of(double largest, bool fractions)
{
	double power = fractions ? 1e-9 : 1;

	while (5 * LINES_MAX * power < largest)
		power *= 10;
	if (LINES_MAX * power >= largest)
		return power;
	return 2 * LINES_MAX * power >= largest ? 2 * power : 5 * power;
}

struct html_scale html_scale(double largest, bool fractions)
{
	struct html_scale s = {.distance = distance_of(largest, fractions), .n = 1};

	while (s.n < LINES_MAX && s.n * s.distance < largest)
		s.n++;
	return s;
}

/* Print a number with at most three digits and a prefix: "1.5M". */
static void put_short(const struct output *p, double number)
{
	struct human_scaled s = human_scale(number);

	fprintf(p->out, "%.3g%s", s.number, s.prefix);
}

void html_put_scale(const struct output *p, const struct html_scale *s)
{
	fputs("<div class=\"scale\" aria-hidden=\"true\">", p->out);
	for (int i = s->n; i >= 0; i--) {
		fputs("<span>", p->out);
		put_short(p, i * s->distance);
		fputs("</span>", p->out);
	}
	fputs("</div>\n", p->out);
}

void html_put_lines(const struct output *p, const struct html_scale *s)
{
	for (int i = 0; i <= s->n; i++)
		fprintf(p->out, "<line x2=\"100%%\" y1=\"%.3f%%\" y2=\"%.3f%%\"/>",
			100.0 * i / s->n, 100.0 * i / s->n);
	putc('\n', p->out);
}

/* Print the label of a time.  `step` is the distance between labels.  The label of a day is
 * "10-03", or "2006-10" if `step` is at least half a year; the label of an hour is "06:00". */
static void put_label(const struct output *p, int64_t seconds, int64_t step)
{
	char time[TIMESTAMP_SECOND];

	if (!timestamp_write(seconds, time))
		return;
	if (seconds % DAY)
		fprintf(p->out, "%.*s", step % MINUTE ? 8 : 5, time + TIMESTAMP_DAY + 1);
	else
		fprintf(p->out, "%.*s", step >= 182 * DAY ? 7 : 5,
			step >= 182 * DAY ? time : time + 5);
}

void html_put_axis(const struct output *p, int64_t from, int64_t to, int64_t unit)
{
	int64_t step = html_fitting_step(unit, from, to, LABELS_MAX);

	fputs("<svg class=\"axis\" aria-hidden=\"true\">", p->out);
	for (int64_t at = (html_divide(from - 1, step) + 1) * step; at < to; at += step) {
		double x = 100 * (double)(at - from) / (double)(to - from);
		fprintf(p->out, "<line x1=\"%.4f%%\" x2=\"%.4f%%\" y2=\"5\"/>", x, x);
		if (x > 97)
			continue;
		fprintf(p->out, "<text x=\"%.4f%%\" y=\"18\">", x);
		put_label(p, at, step);
		fputs("</text>", p->out);
	}
	fputs("</svg>\n", p->out);
}
