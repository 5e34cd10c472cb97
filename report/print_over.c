/* print_over.c -- prints a table over time for people to read on a terminal.
 *
 *	TIME              2xx  3xx  rest
 *	2006-10-01T06:30  312   59    23  ████████▌
 *	2006-10-01T06:35    0    0     0
 *
 * If the cells of a row can be added up, the bar shows their sum, and each cell is a part of the
 * bar in the colour of its column's heading.  If there is only one column, the bar shows its value.
 *
 * If a row is wider than the terminal, headings are cut first.  If it is still too wide, the bar is
 * left out, and then the last columns; the header says how many columns are left out.
 */
#include <ctype.h>

#include "report/over_rows.h"

enum {
	BAR_MOST = 40,     /* the greatest width of a bar */
	BAR_LEAST = 8,     /* a narrower bar is left out */
	HEADING_MOST = 40, /* the greatest width of a heading, */
	HEADING_LEAST = 6, /* and the width to which it can be cut */
	GAP = 2,           /* blanks before each column */
	MORE = 8,          /* room for how many columns are left out */
};

/* The colours of columns; the rest has the last one. */
static const char *const colors[] = {"36", "33", "35", "32", "34", "31", "96", "93", "95", "90"};

enum { COLORS = sizeof colors / sizeof *colors };

struct sheet {
	const struct over_rows *rows;
	size_t columns;   /* how many columns there are */
	size_t shown;     /* how many of them are printed: the first ones */
	size_t *numbers;  /* for each column, the width of its widest number */
	size_t *widths;   /* the width of its heading; after fit(), that of the column */
	size_t time, bar; /* the widths of the time and of the bar; .bar is 0 if there is none */
	double largest;   /* what the longest bar shows */
};

/* True if the cells of a row can be added up. */
static bool adds_up(const struct sheet *s)
{
	const struct statistics *all = s->rows->ranking.statistics;
	enum statistic_kind kind = all ? all->at[0].kind : STATISTIC_COUNT;

	return grouping_values(s->rows->grouping) > 1 &&
	       (kind == STATISTIC_COUNT || kind == STATISTIC_SHARE || kind == STATISTIC_RATE ||
		       kind == STATISTIC_SUM || kind == STATISTIC_MEETING);
}

static bool has_bar(const struct sheet *s)
{
	const struct statistics *all = s->rows->ranking.statistics;

	return adds_up(s) || (s->columns == 1 && !(all && statistic_is_time(&all->at[0])));
}

/* Return what a column adds to the bar.  Negative values are not drawn. */
static double height_of(const struct over_rows *rows, size_t column)
{
	double value = over_rows_number(rows, column);

	return value > 0 ? value : 0;
}

/* Return the heading of a column: a key as it is, or the name of a statistic in upper case. */
static struct span heading_of(const struct sheet *s, size_t i, char out[REPORT_HEADING])
{
	const struct over_rows *rows = s->rows;
	const struct statistics *all = rows->ranking.statistics;

	if (grouping_values(rows->grouping) > 1)
		return over_rows_heading(rows, i, ' ');
	if (!all || all->only_sum)
		return span_text(all ? "SUM" : "COUNT");
	report_heading(all, i, out);
	for (size_t k = 0; k < all->at[i].title_len && out[k]; k++)
		out[k] = (char)toupper((unsigned char)out[k]);
	return span_text(out);
}

/* Find the widths of all columns, and the largest sum of a row. */
static void measure(const struct output *p, struct sheet *s, const struct report *r, size_t which)
{
	char text[HUMAN_TEXT], heading[REPORT_HEADING];
	struct over_rows rows = over_rows_begin(r, which);

	for (size_t i = 0; i < s->columns; i++) {
		s->widths[i] = output_width(p, heading_of(s, i, heading));
		s->numbers[i] = 1;
	}
	while (over_rows_next(&rows)) {
		double whole = 0;
		for (size_t i = 0; i < s->columns; i++) {
			size_t width = strlen(over_rows_for_people(&rows, i, text));
			if (width > s->numbers[i])
				s->numbers[i] = width;
			whole += height_of(&rows, i);
		}
		if (whole > s->largest)
			s->largest = whole;
		s->time = strlen(rows.time);
	}
}

/* Return the width of a column if its heading is cut to `most`. */
static size_t column_width(const struct sheet *s, size_t i, size_t most)
{
	size_t heading = s->widths[i] < most ? s->widths[i] : most;

	return heading > s->numbers[i] ? heading : s->numbers[i];
}

/* Return the width of the time and the first n columns if headings are cut to `most`. */
static size_t width_of(const struct sheet *s, size_t n, size_t most)
{
	size_t width = s->time;

	for (size_t i = 0; i < n; i++)
		width += GAP + column_width(s, i, most);
	return width;
}

/* Choose the columns to show on a terminal that is `room` wide, and the width of each one. */
static void fit(struct sheet *s, size_t room)
{
	size_t most = HEADING_MOST;

	s->shown = s->columns;
	while (most > HEADING_LEAST && width_of(s, s->columns, most) + GAP + BAR_LEAST > room)
		most--;
	if (width_of(s, s->columns, most) > room)
		while (s->shown > 1 && width_of(s, s->shown, most) + MORE > room)
			s->shown--;
	size_t used = width_of(s, s->shown, most) + GAP;
	size_t bar = s->shown == s->columns && used < room ? room - used : 0;
	s->bar = bar < BAR_LEAST ? 0 : bar < BAR_MOST ? bar : BAR_MOST;
	for (size_t i = 0; i < s->columns; i++)
		s->widths[i] = column_width(s, i, most);
}

static const char *color_of(const struct sheet *s, size_t column)
{
	bool is_rest = s->rows->over->table.has_rest && column + 1 == s->columns;

	return colors[is_rest ? COLORS - 1 : column % (COLORS - 1)];
}

static void put_padding(const struct output *p, size_t n)
{
	fprintf(p->out, "%*s", (int)n, "");
}

static void print_header(const struct output *p, const struct sheet *s)
{
	char text[REPORT_HEADING];

	output_color(p, "1");
	fprintf(p->out, "%-*s", (int)s->time, "TIME");
	output_color(p, "0");
	for (size_t i = 0; i < s->shown; i++) {
		struct span heading = heading_of(s, i, text);
		size_t width = output_width(p, heading);
		put_padding(p, GAP + (width < s->widths[i] ? s->widths[i] - width : 0));
		output_color(p, "1");
		if (s->bar && adds_up(s))
			output_color(p, color_of(s, i));
		output_put_cut(p, heading, s->widths[i]);
		output_color(p, "0");
	}
	if (s->shown < s->columns)
		fprintf(p->out, "  +%zu", s->columns - s->shown);
	putc('\n', p->out);
}

/* Print one character of the bar, of which so many eighths are filled. */
static void put_block(const struct output *p, int eighths)
{
	static const char *const blocks[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};

	if (p->utf8)
		fputs(blocks[eighths], p->out);
	else if (eighths > 3)
		putc('#', p->out);
}

/* Draw the bar of a row.  The end of the bar is exact to an eighth of a character, the ends of
 * other parts to half a character. */
static void put_bar(const struct output *p, const struct sheet *s, const struct over_rows *rows)
{
	double done = 0, scale = s->largest > 0 ? (double)s->bar * 8 / s->largest : 0;
	double whole = 0;
	int at = 0;

	for (size_t i = 0; i < s->columns; i++)
		whole += height_of(rows, i);
	int end = (int)(whole * scale + 0.5);
	if (end)
		put_padding(p, GAP);
	for (size_t i = 0; i < s->columns; i++) {
		done += height_of(rows, i);
		int to = done >= whole ? end : (int)(done * scale + 4) / 8 * 8;
		if (to <= at)
			continue;
		output_color(p, color_of(s, i));
		for (; at < to && at < end; at += 8)
			put_block(p, end - at < 8 ? end - at : 8);
		output_color(p, "0");
	}
}

static void print_row(const struct output *p, const struct sheet *s, const struct over_rows *rows)
{
	char text[HUMAN_TEXT];

	fputs(rows->time, p->out);
	for (size_t i = 0; i < s->shown; i++) {
		const char *number = over_rows_for_people(rows, i, text);
		bool is_empty = strcmp(number, "0") == 0 || strcmp(number, "-") == 0;
		put_padding(p, GAP + s->widths[i] - strlen(number));
		if (is_empty)
			output_color(p, "2");
		fputs(number, p->out);
		if (is_empty)
			output_color(p, "0");
	}
	if (s->bar)
		put_bar(p, s, rows);
	putc('\n', p->out);
}

void print_over_table(const struct output *p, const struct report *r, size_t which)
{
	struct over_rows rows = over_rows_begin(r, which);
	struct sheet s = {.rows = &rows,
		.columns = over_rows_columns(&rows),
		.numbers = r->room.numbers,
		.widths = r->room.widths};

	measure(p, &s, r, which);
	if (!s.time)
		return;
	fit(&s, p->columns ? p->columns : SIZE_MAX);
	if (!has_bar(&s))
		s.bar = 0;
	print_header(p, &s);
	while (over_rows_next(&rows))
		print_row(p, &s, &rows);
}
