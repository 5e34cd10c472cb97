/* html_chart.c -- draws a ranking of times as bars over an axis of time.
 *
 *	 8k |      _                    struct bars: bar I begins at
 *	    |  _  | |  _                (.first + I) * .step seconds since 1970
 *	  0 |_|_|_|_|_|_|_
 *	     12:00   18:00
 *
 * The chart is an SVG without a viewBox, and its coordinates are percentages.  So it fits any
 * width, while its text keeps its size.  The page's style sheet sets the chart's height and
 * colours.
 */
#include <stdlib.h>

#include "formats/timestamp.h"
#include "lib/human.h"
#include "report/html_axis.h"
#include "report/report_common.h"

#define MINUTE INT64_C(60)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

enum { BARS_MAX = 240 };

struct bars {
	struct row at[BARS_MAX]; /* the totals of the rows in each bar; .key is unused */
	struct sum sums[BARS_MAX]; /* of the rows in each bar, if they have a sum */
	size_t n;
	int64_t first, step;
	size_t time_len; /* how many bytes of a time are printed, such as 10 for a day */
};

/* --- Rows to bars ---------------------------------------------------------------- */

/* Return the number of seconds that a row stands for: 3600 if the key is an hour, 0 if the key is
 * not a time.  *time_len becomes the length of a key. */
static int64_t unit_of(const struct grouping *q, size_t *time_len)
{
	static const struct {
		const char *field;
		int64_t seconds;
		size_t len;
	} units[] = {{"day", DAY, TIMESTAMP_DAY}, {"hour", HOUR, TIMESTAMP_HOUR},
		{"minute", MINUTE, TIMESTAMP_MINUTE}, {"time", 1, TIMESTAMP_SECOND}};

	if (q->n_fields != 1)
		return 0;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (strcmp(q->names.at[0], units[i].field) == 0) {
			*time_len = units[i].len;
			return units[i].seconds;
		}
	}
	return 0;
}

/* Find the first and the last time of the rows.  False if there are no rows, or if a row can't be
 * drawn because its key is not a time or its sum is negative. */
static bool find_span(const struct ranking *r, int64_t *from, int64_t *to)
{
	for (size_t i = 0; i < r->n; i++) {
		int64_t seconds;
		if (!timestamp_seconds(r->rows[i].key, &seconds) ||
			report_weight(r, &r->rows[i]) < 0)
			return false;
		if (!i || seconds < *from)
			*from = seconds;
		if (!i || seconds > *to)
			*to = seconds;
	}
	return r->n > 0;
}

/* Add up the rows that fall into each bar.  False if the ranking can't be drawn.  If `bars` is
 * NULL, only check whether the ranking can be drawn. */
static bool fill(struct bars *bars, const struct grouping *q, const struct ranking *r)
{
	int64_t from, to, seconds;
	size_t time_len;
	int64_t unit = unit_of(q, &time_len);

	if (!unit || ranking_has_statistics(r) || (r->order == ORDER_WEIGHT && r->n < r->keys) || !find_span(r, &from, &to) ||
		report_largest(r) <= 0)
		return false;
	if (!bars)
		return true;
	int64_t step = html_fitting_step(unit, from, to, BARS_MAX);
	*bars = (struct bars){.step = step, .first = html_divide(from, step), .time_len = time_len};
	bars->n = (size_t)(html_divide(to, step) - bars->first + 1);
	for (size_t i = 0; i < bars->n; i++)
		bars->at[i].values = &bars->sums[i];
	for (size_t i = 0; i < r->n; i++) {
		const struct row *row = &r->rows[i];
		timestamp_seconds(row->key, &seconds);
		struct row *bar = &bars->at[html_divide(seconds, step) - bars->first];
		bar->count += row->count;
		if (ranking_has_only_sum(r))
			sum_add(bar->values, row->values[0]); /* can't overflow, because the sum of all rows fits */
	}
	return true;
}

/* --- Texts ----------------------------------------------------------------------- */

static void put_time(const struct output *p, const struct bars *b, size_t bar)
{
	char time[TIMESTAMP_SECOND];

	if (timestamp_write((b->first + (int64_t)bar) * b->step, time))
		fprintf(p->out, "%.*s", (int)b->time_len, time);
}

static void put_weight(const struct output *p, const struct ranking *r, const struct row *bar)
{
	char sum[SUM_TEXT], number[HUMAN_TEXT];

	fputs(ranking_has_only_sum(r) ? human_group(sum_print(bar->values[0], sum), number)
		      : human_count(bar->count, number),
		p->out);
}

/* Print a number of seconds in the largest unit of which it is a multiple: "3 hours". */
static void put_duration(const struct output *p, int64_t seconds)
{
	int i = HUMAN_WEEK;

	while (seconds % human_units[i].seconds)
		i--;
	int64_t n = seconds / human_units[i].seconds;
	fprintf(p->out, "%" PRId64 " %s%s", n, human_units[i].name, human_plural((uint64_t)n));
}

static size_t largest_bar(const struct bars *b, const struct ranking *r)
{
	size_t largest = 0;

	for (size_t i = 1; i < b->n; i++)
		if (report_weight(r, &b->at[i]) > report_weight(r, &b->at[largest]))
			largest = i;
	return largest;
}

static void put_summary(
	const struct output *p, const struct bars *b, const struct ranking *r, size_t largest)
{
	char shown[HUMAN_TEXT], all[HUMAN_TEXT];

	if (r->n < r->keys)
		fprintf(p->out, "The %s %s of %s, from ", r->order == ORDER_LAST ? "last" : "first",
			human_count(r->n, shown), human_count(r->keys, all));
	else
		fputs("From ", p->out);
	put_time(p, b, 0);
	fputs(" to ", p->out);
	put_time(p, b, b->n - 1);
	fputs(", each bar is ", p->out);
	put_duration(p, b->step);
	fputs(". Maximum: ", p->out);
	put_weight(p, r, &b->at[largest]);
	fputs(" at ", p->out);
	put_time(p, b, largest);
}

/* --- Drawing --------------------------------------------------------------------- */

static void put_bar(const struct output *p, const struct bars *b, const struct ranking *r, size_t i,
	double highest)
{
	double width = 100 / (double)b->n, gap = b->n > 60 ? 0.1 : 0.2;
	double height = 100 * report_share(report_weight(r, &b->at[i]), highest);

	fprintf(p->out, "<g><rect class=\"hit\" x=\"%.4f%%\" width=\"%.4f%%\" height=\"100%%\"/>",
		width * (double)i, width);
	fprintf(p->out, "<rect x=\"%.4f%%\" y=\"%.3f%%\" width=\"%.4f%%\" height=\"%.3f%%\"/>",
		width * ((double)i + gap / 2), 100 - height, width * (1 - gap), height);
	fputs("<title>", p->out);
	put_time(p, b, i);
	fputs(": ", p->out);
	put_weight(p, r, &b->at[i]);
	fputs("</title></g>\n", p->out);
}

static void put_chart(const struct output *p, const struct bars *b, const struct ranking *r)
{
	size_t largest = largest_bar(b, r);
	struct html_scale scale =
		html_scale(report_weight(r, &b->at[largest]), ranking_has_only_sum(r));
	int64_t from = b->first * b->step, to = from + (int64_t)b->n * b->step;

	fputs("<figure class=\"chart\">\n", p->out);
	html_put_scale(p, &scale);
	fputs("<svg class=\"bars\" role=\"img\" aria-label=\"Bars over time. ", p->out);
	put_summary(p, b, r, largest);
	fputs("\">\n", p->out);
	html_put_lines(p, &scale);
	for (size_t i = 0; i < b->n; i++)
		put_bar(p, b, r, i, scale.n * scale.distance);
	fputs("</svg>\n", p->out);
	html_put_axis(p, from, to, b->step);
	fputs("<figcaption>", p->out);
	put_summary(p, b, r, largest);
	fputs("</figcaption>\n</figure>\n", p->out);
}

/* --- All ------------------------------------------------------------------------- */

bool html_has_chart(const struct grouping *q, const struct ranking *r)
{
	return fill(NULL, q, r);
}

void html_chart(const struct output *p, const struct grouping *q, const struct ranking *r)
{
	struct bars bars;

	if (fill(&bars, q, r))
		put_chart(p, &bars, r);
}
