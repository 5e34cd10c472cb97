/* html_over.c -- draws a table over time on an HTML page: as stacked bars if the cells of a row can
 * be added up, else as lines.
 *
 *	 8k |     b b
 *	    |  b  a a b        one chart for all keys; if there are no keys, one for each statistic
 *	  0 |__a__a_a_a__
 *
 * A chart has at most BINS_MAX bins: bars, or points of a line.  If the table has more rows,
 * several rows share a bin.  Then the bin has the sum of their values, the average if the values
 * are rates, or the greatest value if they cannot be added up.
 *
 * A chart has at most SERIES_MAX series, each with a colour of its own.  If there are more columns,
 * each of the first SERIES_MAX - 1 is a series.  The last series is the sum of all other columns
 * or, if they cannot be added up, only the last column.
 */
#include <math.h>
#include <stdlib.h>

#include "lib/html.h"
#include "report/html_axis.h"
#include "report/over_rows.h"

enum { BINS_MAX = 240, SERIES_MAX = 10, DAY = 24 * 60 * 60 };

/* One chart. */
struct chart {
	const struct report *report;
	size_t which;     /* the number of the ranking */
	size_t first, n;  /* the columns that it shows: n of them, from number .first on */
	bool is_line;     /* false if the cells of a row can be added up */
	bool is_mean;     /* a bin has the average of its rows */
	size_t series;    /* how many values a bin has */
	size_t rows_each; /* how many rows share a bin */

	struct bin {
		int64_t start, end;
		char time[WIDTH_TIME];
		size_t rows;
		double values[SERIES_MAX]; /* NAN if there is none */
	} * bins;
	size_t n_bins;
	double largest; /* the largest value; if values are added up, the largest sum of a bin */
	bool can_draw;
};

static bool is_over_keys(const struct report *r, size_t which)
{
	return grouping_values(&r->groupings[which]) > 1;
}

static const struct statistic *statistic_of(const struct chart *c)
{
	const struct statistics *all = c->report->over[c->which].table.cells.statistics;

	return all ? &all->at[is_over_keys(c->report, c->which) ? 0 : c->first] : NULL;
}

/* Decide what kind of chart it is. */
static void settle(struct chart *c)
{
	const struct statistic *s = statistic_of(c);
	enum statistic_kind kind = s ? s->kind : STATISTIC_COUNT;

	c->is_line = kind != STATISTIC_COUNT && kind != STATISTIC_SHARE && kind != STATISTIC_RATE &&
		     kind != STATISTIC_SUM && kind != STATISTIC_MEETING;
	c->is_mean = kind == STATISTIC_RATE;
	c->can_draw = c->n && !(s && statistic_is_time(s));
	c->series = c->n < SERIES_MAX ? c->n : SERIES_MAX;
}

/* --- Values -------------------------------------------------------------------------- */

/* Return the series of a column; SERIES_MAX if the column is not drawn. */
static size_t series_of(const struct chart *c, size_t column)
{
	if (column + 1 == c->n && c->n > SERIES_MAX)
		return SERIES_MAX - 1;
	if (column + 1 < SERIES_MAX || c->n <= SERIES_MAX)
		return column;
	return c->is_line ? SERIES_MAX : SERIES_MAX - 1;
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

static void take_value(const struct chart *c, struct bin *bin, size_t series, double value)
{
	double *at = &bin->values[series];

	if (isnan(value) || series == SERIES_MAX)
		return;
	if (isnan(*at))
		*at = value;
	else
		*at = c->is_line ? larger(*at, value) : *at + value;
}

static struct bin *bin_of(struct chart *c, const struct over_rows *rows)
{
	struct bin *bin = c->n_bins ? &c->bins[c->n_bins - 1] : NULL;

	if (!bin || bin->rows == c->rows_each) {
		bin = &c->bins[c->n_bins++];
		*bin = (struct bin){.start = rows->start};
		memcpy(bin->time, rows->time, sizeof bin->time);
		for (size_t i = 0; i < SERIES_MAX; i++)
			bin->values[i] = NAN;
	}
	bin->rows++;
	bin->end = rows->end;
	return bin;
}

static void finish_bin(struct chart *c, struct bin *bin)
{
	double whole = 0;

	for (size_t i = 0; i < c->series; i++) {
		double *value = &bin->values[i];
		if (c->is_mean)
			*value /= (double)bin->rows;
		if (isnan(*value))
			continue;
		c->can_draw &= *value >= 0;
		whole = c->is_line ? larger(whole, *value) : whole + *value;
	}
	c->largest = larger(c->largest, whole);
}

/* Compute all bins.  False if out of memory; then the page has the table without a chart. */
static bool fill(struct chart *c)
{
	struct over_rows rows = over_rows_begin(c->report, c->which);
	size_t n = 0;

	while (over_rows_next(&rows))
		n++;
	c->rows_each = n / BINS_MAX + (n % BINS_MAX != 0);
	c->bins = calloc(BINS_MAX + 1, sizeof *c->bins);
	if (!c->bins)
		return false;
	rows = over_rows_begin(c->report, c->which);
	while (over_rows_next(&rows)) {
		struct bin *bin = bin_of(c, &rows);
		for (size_t i = 0; i < c->n; i++)
			take_value(c, bin, series_of(c, i), over_rows_number(&rows, c->first + i));
	}
	for (size_t i = 0; i < c->n_bins; i++)
		finish_bin(c, &c->bins[i]);
	c->can_draw &= c->n_bins && c->largest > 0;
	return true;
}

/* --- Texts --------------------------------------------------------------------------- */

static void put_number(const struct output *p, double value)
{
	char digits[64], number[HUMAN_TEXT];

	if (isnan(value))
		snprintf(digits, sizeof digits, "-");
	else
		snprintf(digits, sizeof digits, "%.*f",
			value >= 1000 || value == (double)(int64_t)value ? 0 : 2, value);
	fputs(isnan(value) ? digits : human_group(digits, number), p->out);
}

/* Print the name of a series. */
static void put_name(const struct output *p, const struct chart *c, size_t series, bool in_title)
{
	struct over_rows rows = over_rows_begin(c->report, c->which);
	struct html h = {p->out, p->terminal && !p->utf8};
	bool is_more = series + 1 == SERIES_MAX && c->n > SERIES_MAX;
	size_t column = is_more ? c->n - 1 : series;
	struct span name = over_rows_heading(&rows, c->first + column, ' ');
	char more[40];

	if (is_more && !c->is_line) {
		snprintf(more, sizeof more, "%zu more", c->n - series);
		name = span_text(rows.over->table.has_rest ? "rest" : more);
	}
	if (in_title)
		html_put_value(&h, name);
	else
		html_put_text(&h, name);
}

static void put_title(const struct output *p, const struct chart *c, const struct bin *bin)
{
	fprintf(p->out, "<title>%s", bin->time);
	for (size_t i = 0; i < c->series; i++) {
		if (bin->values[i] == 0 && c->series > 1)
			continue;
		fputs(i ? "\n" : ": ", p->out);
		if (c->series > 1) {
			put_name(p, c, i, true);
			fputs(": ", p->out);
		}
		put_number(p, bin->values[i]);
	}
	fputs("</title>", p->out);
}

/* --- Drawing ------------------------------------------------------------------------- */

/* Return what percentage of the chart's width is to the left of a time. */
static double place_of(const struct chart *c, int64_t time)
{
	int64_t from = c->bins[0].start, to = c->bins[c->n_bins - 1].end;

	return 100 * (double)(time - from) / (double)(to - from);
}

/* Return the number of a series' colour: the rest has the same one on all charts. */
static size_t color_of(const struct chart *c, size_t series)
{
	bool is_rest = c->report->over[c->which].table.has_rest && series + 1 == c->series;

	return is_rest ? SERIES_MAX - 1 : series;
}

static void put_parts(
	const struct output *p, const struct chart *c, const struct bin *bin, double highest)
{
	double x = place_of(c, bin->start), width = place_of(c, bin->end) - x, y = 100;
	double gap = c->n_bins > 60 ? 0.1 : 0.2;

	for (size_t i = 0; !c->is_line && i < c->series; i++) {
		double height = 100 * bin->values[i] / highest;
		if (isnan(height) || height <= 0)
			continue;
		y -= height;
		fprintf(p->out,
			"<rect class=\"part s%zu\" x=\"%.4f%%\" y=\"%.3f%%\" width=\"%.4f%%\" "
			"height=\"%.3f%%\"/>",
			color_of(c, i), x + width * gap / 2, y, width * (1 - gap), height);
	}
}

static void put_bin(
	const struct output *p, const struct chart *c, const struct bin *bin, double highest)
{
	double x = place_of(c, bin->start);

	fprintf(p->out, "<g><rect class=\"hit\" x=\"%.4f%%\" width=\"%.4f%%\" height=\"100%%\"/>",
		x, place_of(c, bin->end) - x);
	put_parts(p, c, bin, highest);
	put_title(p, c, bin);
	fputs("</g>\n", p->out);
}

/* Draw a series as a line, with a gap where there is no value.  Coordinates are in thousandths of
 * the chart. */
static void put_line(const struct output *p, const struct chart *c, size_t series, double highest)
{
	bool drawn = false;

	fprintf(p->out, "<path class=\"s%zu\" d=\"", color_of(c, series));
	for (size_t i = 0; i < c->n_bins; i++) {
		const struct bin *bin = &c->bins[i];
		double value = bin->values[series];
		double x = 5 * (place_of(c, bin->start) + place_of(c, bin->end));
		if (!isnan(value))
			fprintf(p->out, "%c%.1f,%.1f%s", drawn ? 'L' : 'M', x,
				1000 - 1000 * value / highest, drawn ? "" : "h0");
		drawn = !isnan(value);
	}
	fputs("\"/>\n", p->out);
}

static void put_lines(const struct output *p, const struct chart *c, double highest)
{
	fputs("<svg class=\"lines\" viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\">\n",
		p->out);
	for (size_t i = c->series; i-- > 0;)
		put_line(p, c, i, highest);
	fputs("</svg>\n", p->out);
}

static void put_legend(const struct output *p, const struct chart *c)
{
	if (!is_over_keys(c->report, c->which))
		return;
	fputs("<ul class=\"legend\">", p->out);
	for (size_t i = 0; i < c->series; i++) {
		fprintf(p->out, "<li class=\"s%zu\">", color_of(c, i));
		put_name(p, c, i, false);
		fputs("</li>", p->out);
	}
	fputs("</ul>\n", p->out);
}

static void put_caption(const struct output *p, const struct chart *c)
{
	char rows[HUMAN_TEXT];

	if (!is_over_keys(c->report, c->which)) {
		put_name(p, c, 0, true);
		fputs(". ", p->out);
	}
	fprintf(p->out, "From %s to %s", c->bins[0].time, c->bins[c->n_bins - 1].time);
	if (c->rows_each > 1)
		fprintf(p->out, "; each %s is %s %s rows", c->is_line ? "point" : "bar",
			c->is_line   ? "the maximum of"
			: c->is_mean ? "the average of"
				     : "the sum of",
			human_count(c->rows_each, rows));
	if (c->is_line && c->n > SERIES_MAX)
		fprintf(p->out, "; the first %d keys of %zu columns", SERIES_MAX - 1, c->n);
}

static void put_chart(const struct output *p, const struct chart *c)
{
	const struct statistic *s = statistic_of(c);
	struct html_scale scale = html_scale(c->largest, s != NULL && s->kind != STATISTIC_COUNT);
	int64_t from = c->bins[0].start, to = c->bins[c->n_bins - 1].end;
	double highest = scale.n * scale.distance;

	fputs("<figure class=\"chart\">\n", p->out);
	html_put_scale(p, &scale);
	fprintf(p->out, "<svg class=\"bars\" role=\"img\" aria-label=\"%s over time. ",
		c->is_line ? "Lines" : "Bars");
	put_caption(p, c);
	fputs("\">\n", p->out);
	html_put_lines(p, &scale);
	for (size_t i = 0; i < c->n_bins; i++)
		put_bin(p, c, &c->bins[i], highest);
	if (c->is_line)
		put_lines(p, c, highest);
	fputs("</svg>\n", p->out);
	html_put_axis(p, from, to, c->bins[0].end - from < DAY ? 1 : DAY);
	put_legend(p, c);
	fputs("<figcaption>", p->out);
	put_caption(p, c);
	fputs("</figcaption>\n</figure>\n", p->out);
}

/* --- All ----------------------------------------------------------------------------- */

/* Draw chart `number`, counting from 0.  False if there is no such chart.  If `p` is NULL, only
 * find out whether the chart can be drawn. */
static bool draw(
	const struct output *p, const struct report *r, size_t which, size_t number, bool *can_draw)
{
	struct over_rows rows = over_rows_begin(r, which);
	size_t columns = over_rows_columns(&rows), n = is_over_keys(r, which) ? columns : 1;
	struct chart c = {.report = r, .which = which, .first = number * n, .n = n};

	*can_draw = false;
	if (!n || c.first >= columns)
		return false;
	settle(&c);
	*can_draw = c.can_draw && fill(&c) && c.can_draw;
	if (*can_draw && p)
		put_chart(p, &c);
	free(c.bins);
	return true;
}

bool html_over_has_chart(const struct report *r, size_t which)
{
	bool can_draw = false;

	for (size_t i = 0; !can_draw && draw(NULL, r, which, i, &can_draw); i++)
		;
	return can_draw;
}

void html_over_charts(const struct output *p, const struct report *r, size_t which)
{
	bool can_draw;

	for (size_t i = 0; draw(p, r, which, i, &can_draw); i++)
		;
}
