/* print_table.c -- prints rankings as tables for people to read on a terminal.
 *
 *	     SUM   COUNT   SHARE                    URL          BYTES
 *	   1,234     234  11.71%  ████████████████  /a/lo…name   512
 *
 * If a row is wider than the terminal, the bar is shortened first.  Then the bar, SHARE, and a
 * COUNT beside a SUM are left out, in this order, until there is some room for the keys.  Keys that
 * are still too long are cut in the middle, and so are headings.  Numbers are never cut.  If the
 * terminal's width is unknown, nothing is cut.
 *
 *	AVG   P99  CLASS
 *	  1.23  45.6  2xx
 *
 * If there are other statistics than a sum, these are the columns before the key.  If they do not all fit,
 * and no heading has a blank, one blank separates them instead of two, and the key gets less room.  If they
 * still do not fit, the last are left out, and named after the heading of the key.
 */
#include <ctype.h>

#include "lib/human.h"
#include "report/heat_map.h"

enum {
	BAR = 16,
	WIDEST = 40,    /* the greatest width of a column of the key if nothing is cut; longer
			 * values stick out */
	KEY_LEAST = 24, /* number of columns on the terminal that a key should get */
	KEY_MORE = 12,  /* number of columns that a key should get for each further field */
	KEY_SHORT = 18, /* the same if another statistic has room then */
	KEY_TINY = 4,   /* number of columns that a key always gets, even if lines then wrap */
	HEADING = 24,   /* the greatest width of the heading of a statistic, if something is cut */
};

/* Draw a bar, exact to an eighth of a column.  `length` is from 0 to 1; 1 fills all columns. */
static void put_bar(const struct output *p, int columns, double length)
{
	static const char *const eighths[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
	int filled = (int)(length * columns * 8 + 0.5);

	for (int i = 0; i < columns; i++, filled -= 8) {
		int here = filled < 0 ? 0 : filled > 8 ? 8 : filled;
		if (p->utf8)
			fputs(eighths[here], p->out);
		else
			putc(here > 3 ? '#' : ' ', p->out);
	}
}

/* A ranking, and the layout of its table. */
struct sheet {
	const struct report *report;
	const struct ranking *ranking;
	const struct grouping *grouping;
	int count, sum, bar; /* widths of these columns on the terminal; 0 if a column is left
			      * out */
	bool share;          /* true if SHARE is shown */
	int values[STATISTICS_MAX]; /* widths of the columns of statistics */
	size_t n_values;            /* how many of these columns are shown */
	size_t gap;                 /* the number of blanks after each of them */
	bool may_be_dense;          /* true if one blank is enough, because no heading has a blank */
	size_t columns;      /* number of columns of the key */
	size_t *widths;      /* widths of the columns of the key; the last one is not padded */
	bool cut;            /* true if values that are wider than their column are cut */
	double largest;      /* the largest weight of a row */
};

static int wider(int width, const char *text)
{
	int len = (int)strlen(text);

	return len > width ? len : width;
}

/* The heading of a statistic: its function in upper case, and the name of its field as it is.  In a
 * comparison, all is in upper case. */
static struct span heading_of(const struct sheet *s, size_t i, char out[REPORT_HEADING])
{
	const struct statistics *all = s->ranking->statistics;

	report_heading(all, i, out);
	for (size_t k = 0; (all->at[i].side || k < all->at[i].title_len) && out[k]; k++)
		out[k] = (char)toupper((unsigned char)out[k]);
	return span_text(out);
}

/* Return how many columns a heading takes.  A condition may be long. */
static size_t heading_width(const struct output *p, struct span heading)
{
	size_t width = output_width(p, heading);

	return p->columns && width > HEADING ? HEADING : width;
}

/* Write the value of a statistic: "×7.8", too, as characters that the terminal has. */
static const char *value_text(const struct output *p, const struct sheet *s, size_t i,
	const struct row *row, char out[HUMAN_TEXT])
{
	if (s->ranking->statistics->at[i].side == SIDE_CHANGE)
		return report_change_text(s->ranking, row, i, p->utf8, out);
	return report_value_for_people(s->ranking, row, i, out);
}

/* The width of a value of statistic i.  A change is moved by one column from its heading. */
static int value_width(const struct output *p, const struct sheet *s, size_t i, const char *text)
{
	bool change = s->ranking->statistics->at[i].side == SIDE_CHANGE;

	return (int)output_width(p, span_text(text)) + change;
}

/* The width of the column of statistic i, which must have room for this row's value. */
static int wider_value(
	const struct output *p, const struct sheet *s, size_t i, const struct row *row)
{
	char text[HUMAN_TEXT];
	int width = value_width(p, s, i, value_text(p, s, i, row, text));

	return width > s->values[i] ? width : s->values[i];
}

/* Measure the columns of statistics, which replace those of sum, count and share. */
static void measure_statistics(const struct output *p, struct sheet *s)
{
	char heading[REPORT_HEADING];

	s->n_values = s->ranking->statistics->n;
	s->sum = s->count = 0;
	s->may_be_dense = true;
	for (size_t i = 0; i < s->n_values; i++) {
		size_t width = heading_width(p, heading_of(s, i, heading));
		s->may_be_dense &= !strchr(heading, ' ');
		s->values[i] = width > 3 ? (int)width : 3;
		for (size_t k = 0; k < s->ranking->n; k++)
			s->values[i] = wider_value(p, s, i, &s->ranking->rows[k]);
	}
}

static void measure(const struct output *p, struct sheet *s)
{
	char number[HUMAN_TEXT], sum[SUM_TEXT];

	s->count = 7;
	s->sum = ranking_has_only_sum(s->ranking) ? 7 : 0;
	s->largest = report_largest(s->ranking);
	for (size_t i = 0; i < s->columns; i++)
		s->widths[i] = strlen(report_column_name(s->grouping, i));
	for (size_t k = 0; k < s->ranking->n; k++) {
		const struct row *row = &s->ranking->rows[k];
		s->count = wider(s->count, human_count(row->count, number));
		if (s->sum)
			s->sum = wider(
				s->sum, human_group(sum_print(row->values[0], sum), number));
		const struct span *values = report_values(s->report, s->grouping, row);
		for (size_t i = 0; i < s->columns; i++) {
			size_t width = output_width(p, values[i]);
			if (width > s->widths[i])
				s->widths[i] = width;
		}
	}
}

/* Return the number of columns on the terminal that precede the key. */
static size_t before_key(const struct sheet *s)
{
	size_t sum = (size_t)s->sum, count = (size_t)s->count, bar = (size_t)s->bar;

	size_t values = 0;

	for (size_t i = 0; i < s->n_values; i++)
		values += (size_t)s->values[i] + s->gap;
	return values + sum + (sum > 0) + count + (count > 0) + (s->share ? 8 : 0) +
	       (s->n_values ? 0 : 1) + (bar ? bar + 2 : 0);
}

static size_t key_width(const struct sheet *s, size_t widest)
{
	size_t width = 2 * (s->columns - 1);

	for (size_t i = 0; i < s->columns; i++)
		width += s->widths[i] < widest ? s->widths[i] : widest;
	return width;
}

/* Shorten the bar, or leave out the least important column.  False if no column can be left out. */
static bool drop_one(struct sheet *s)
{
	if (s->bar)
		s->bar = s->bar > BAR / 2 ? BAR / 2 : 0;
	else if (s->share)
		s->share = false;
	else if (s->sum && s->count)
		s->count = 0;
	else if (s->n_values > 1)
		s->n_values--;
	else
		return false;
	return true;
}

/* Make no column of the key wider than `widest`. */
static void narrow(struct sheet *s, size_t widest)
{
	for (size_t i = 0; i < s->columns; i++)
		if (s->widths[i] > widest)
			s->widths[i] = widest;
}

/* Return how many columns the heading of the key takes if it names a statistic that is left out. */
static size_t room_for_left_out(const struct sheet *s)
{
	return strlen(report_column_name(s->grouping, 0)) + strlen("  +") + KEY_TINY;
}

/* Choose the columns to show on a terminal that is `columns` wide, and the width of each one. */
static void fit(struct sheet *s, size_t columns)
{
	size_t wanted = key_width(s, SIZE_MAX), least = KEY_LEAST + KEY_MORE * (s->columns - 1);

	if (wanted < least)
		least = wanted;
	if (before_key(s) + wanted > columns && s->bar)
		s->bar = BAR / 2;
	if (before_key(s) + least > columns && s->n_values > 1 && s->may_be_dense) {
		s->gap = 1;
		if (before_key(s) + least > columns && least > KEY_SHORT && s->columns == 1)
			least = KEY_SHORT;
	}
	while (before_key(s) + least > columns && drop_one(s))
		if (s->n_values && s->columns == 1 && least < room_for_left_out(s))
			least = room_for_left_out(s);
	size_t used = before_key(s), room = columns > used ? columns - used : 0;
	if (room < KEY_TINY)
		room = KEY_TINY;
	size_t widest = room;
	while (widest > 1 && key_width(s, widest) > room)
		widest--;
	s->cut = true;
	narrow(s, widest);
}

static void lay_out(const struct output *p, struct sheet *s)
{
	if (ranking_has_statistics(s->ranking)) {
		measure_statistics(p, s);
	} else {
		s->bar = BAR;
		s->share = true;
	}
	if (p->columns)
		fit(s, p->columns);
	else
		narrow(s, WIDEST);
}

static void put_padding(const struct output *p, size_t n)
{
	while (n--)
		putc(' ', p->out);
}

/* Print a column of the key, and at least two blanks if another column follows. */
static void put_column(const struct output *p, const struct sheet *s, size_t i, struct span value)
{
	size_t used = output_put_cut(p, value, s->cut ? s->widths[i] : SIZE_MAX);

	if (i + 1 < s->columns)
		put_padding(p, (used < s->widths[i] ? s->widths[i] - used : 0) + 2);
}

/* Print the value of a statistic, right-aligned; but a change is left-aligned. */
static void put_statistic(
	const struct output *p, const struct sheet *s, size_t i, const struct row *row)
{
	bool change = s->ranking->statistics->at[i].side == SIDE_CHANGE;
	char text[HUMAN_TEXT];
	int width = value_width(p, s, i, value_text(p, s, i, row, text));
	size_t padding = (size_t)(s->values[i] - width);

	put_padding(p, change ? 1 : padding);
	fputs(text, p->out);
	put_padding(p, change ? padding + s->gap : s->gap);
}

static void print_row(const struct output *p, const struct sheet *s, const struct row *row)
{
	const struct span *values = report_values(s->report, s->grouping, row);
	char number[HUMAN_TEXT], sum[SUM_TEXT];
	double weight = report_weight(s->ranking, row);

	for (size_t i = 0; i < s->n_values; i++)
		put_statistic(p, s, i, row);
	if (s->sum)
		fprintf(p->out, "%*s ", s->sum, human_group(sum_print(row->values[0], sum), number));
	if (s->count)
		fprintf(p->out, "%*s ", s->count, human_count(row->count, number));
	if (s->share)
		fprintf(p->out, "%6.2f%% ", 100 * report_share(weight, report_whole(s->ranking)));
	if (!s->n_values)
		putc(' ', p->out);
	if (s->bar) {
		output_color(p, "36");
		put_bar(p, s->bar, report_share(weight, s->largest));
		output_color(p, "0");
		fputs("  ", p->out);
	}
	for (size_t i = 0; i < s->columns; i++)
		put_column(p, s, i, values[i]);
	putc('\n', p->out);
}

static void put_name(const struct output *p, const struct sheet *s, size_t i)
{
	const char *name = report_column_name(s->grouping, i);
	size_t len = strlen(name);
	char *upper = s->report->room.other;

	for (size_t k = 0; k < len; k++)
		upper[k] = (char)toupper((unsigned char)name[k]);
	bool as_is = s->grouping->n_fields && !isalpha((unsigned char)*name);
	put_column(p, s, i, span_of(as_is ? name : upper, len));
}

static void put_heading(const struct output *p, const struct sheet *s, size_t i)
{
	char heading[REPORT_HEADING];
	size_t width = heading_width(p, heading_of(s, i, heading));

	put_padding(p, (size_t)s->values[i] - width);
	output_put_cut(p, span_text(heading), width);
	put_padding(p, s->gap);
}

/* Print, after the heading of the key, which statistics have no room, as far as there is room for
 * that. */
static void put_left_out(const struct output *p, const struct sheet *s)
{
	size_t used = before_key(s) + strlen(report_column_name(s->grouping, s->columns - 1)) + 2;
	char heading[REPORT_HEADING];

	for (size_t i = 0; i + 1 < s->columns; i++)
		used += s->widths[i] + 2;
	for (size_t i = s->n_values; i && i < s->ranking->statistics->n; i++) {
		struct span text = heading_of(s, i, heading);
		size_t width = heading_width(p, text);
		if (used + 1 + (width < KEY_TINY ? width : KEY_TINY) > p->columns)
			return;
		if (width > p->columns - used - 1)
			width = p->columns - used - 1;
		fputs(i == s->n_values ? "  +" : " ", p->out);
		used += 1 + output_put_cut(p, text, width);
	}
}

static void print_header(const struct output *p, const struct sheet *s)
{
	output_color(p, "1");
	for (size_t i = 0; i < s->n_values; i++)
		put_heading(p, s, i);
	if (s->sum)
		fprintf(p->out, "%*s ", s->sum, "SUM");
	if (s->count)
		fprintf(p->out, "%*s ", s->count, "COUNT");
	if (s->share)
		fputs("  SHARE ", p->out);
	if (!s->n_values)
		putc(' ', p->out);
	if (s->bar)
		put_padding(p, (size_t)s->bar + 2);
	for (size_t i = 0; i < s->columns; i++)
		put_name(p, s, i);
	if (s->n_values)
		put_left_out(p, s);
	output_color(p, "0");
	putc('\n', p->out);
}

static void print_sheet(const struct output *p, const struct report *r, size_t which)
{
	const struct grouping *q = &r->groupings[which];
	struct sheet s = {.report = r,
		.ranking = &r->rankings[which],
		.grouping = q,
		.columns = report_columns(q),
		.gap = 2,
		.widths = r->room.widths};

	if (!s.ranking->n)
		return;
	measure(p, &s);
	lay_out(p, &s);
	print_header(p, &s);
	for (size_t i = 0; i < s.ranking->n; i++)
		print_row(p, &s, &s.ranking->rows[i]);
}

static void print_totals(const struct output *p, const struct report *r)
{
	struct total totals[TOTALS];
	char number[HUMAN_TEXT];

	report_totals(r, totals);
	for (int i = 0; i < TOTALS; i++) {
		const struct total *t = &totals[i];
		if (!*t->value)
			continue;
		fprintf(p->out, "%-10s ", t->name);
		output_put_key(p, span_text(t->number ? human_group(t->value, number) : t->value));
		putc('\n', p->out);
	}
	putc('\n', p->out);
}

/* Print the title of a ranking: "URLs: 10 of 1,234". */
static void print_title(const struct output *p, const struct report *r, size_t which)
{
	const struct ranking *ranking = &r->rankings[which];
	char shown[HUMAN_TEXT], all[HUMAN_TEXT];

	if (which)
		putc('\n', p->out);
	output_color(p, "1;4");
	output_put_cut(p, span_text(report_name(&r->groupings[which])),
		p->columns ? p->columns : SIZE_MAX);
	output_color(p, "0");
	if (ranking->n < ranking->keys)
		fprintf(p->out, ": %s%s of %s\n", ranking->order == ORDER_LAST ? "the last " : "",
			human_count(ranking->n, shown), human_count(ranking->keys, all));
	else
		fputs(ranking->n ? "\n" : ": none\n", p->out);
}

void print_table(const struct output *out, const struct report *r)
{
	struct output safe = *out, *p = &safe;

	/* Escape keys even if stdout is a file: people will look at a table on a terminal later. */
	safe.terminal = true;
	if (r->query->totals && !r->sides)
		print_totals(p, r);
	for (size_t i = 0; i < r->n; i++) {
		if (r->query->set)
			print_title(p, r, i);
		if (r->groupings[i].is_over_time)
			print_over_table(p, r, i);
		else
			print_sheet(p, r, i);
		print_heat_map(p, r, i);
	}
}
