/* report_table.c -- for people, on a terminal. */
#include <ctype.h>

#include "report_parts.h"

enum { BAR = 16, WIDEST = 40 };

/* A bar in eighths of a column, as long as the row's weight is to the largest. */
static void put_bar(const struct paper *p, double length)
{
	static const char *const eighths[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
	int filled = (int)(length * BAR * 8 + 0.5);

	for (int i = 0; i < BAR; i++, filled -= 8) {
		int here = filled < 0 ? 0 : filled > 8 ? 8 : filled;
		if (p->utf8)
			fputs(eighths[here], p->out);
		else
			putc(here > 3 ? '#' : ' ', p->out);
	}
}

/* One ranking, and how wide its columns are. */
struct sheet {
	const struct ranking *ranking;
	const struct question *question;
	int count, sum; /* widths */
	size_t columns;
	size_t *widths; /* of the key's columns; the last is not padded */
	double largest; /* weight of a row */
};

static int wider(int width, const char *text)
{
	int len = (int)strlen(text);

	return len > width ? len : width;
}

static void measure(const struct paper *p, struct sheet *s, struct arena *arena)
{
	struct span values[s->columns];
	char number[GROUPED], sum[SUM_TEXT];

	s->count = s->sum = 7;
	s->largest = report_largest(s->ranking);
	for (size_t i = 0; i < s->columns; i++)
		s->widths[i] = strlen(report_column_name(s->question, i));
	for (size_t k = 0; k < s->ranking->n; k++) {
		const struct row *row = &s->ranking->rows[k];
		s->count = wider(s->count, grouped_number(row->count, number));
		if (s->ranking->sums)
			s->sum = wider(s->sum, grouped(sum_print(row->sum, sum), number));
		arena_reset(arena);
		report_values(s->question, row, arena, values);
		for (size_t i = 0; i < s->columns; i++) {
			size_t width = paper_width(p, values[i]);
			if (width > s->widths[i])
				s->widths[i] = width < WIDEST ? width : WIDEST;
		}
	}
}

static void put_padding(const struct paper *p, size_t n)
{
	while (n--)
		putc(' ', p->out);
}

/* Up to the next column; two blanks at least, also behind what is wider than WIDEST. */
static size_t gap(size_t column, size_t used)
{
	return used < column ? column - used + 2 : 2;
}

static void print_row(
	const struct paper *p, const struct sheet *s, const struct row *row, struct arena *arena)
{
	struct span values[s->columns];
	char number[GROUPED], sum[SUM_TEXT];
	double weight = report_weight(s->ranking, row);

	arena_reset(arena);
	report_values(s->question, row, arena, values);
	if (s->ranking->sums)
		fprintf(p->out, "%*s ", s->sum, grouped(sum_print(row->sum, sum), number));
	fprintf(p->out, "%*s ", s->count, grouped_number(row->count, number));
	fprintf(p->out, "%6.2f%%  ", 100 * report_share(weight, report_whole(s->ranking)));
	paper_color(p, "36");
	put_bar(p, report_share(weight, s->largest));
	paper_color(p, "0");
	fputs("  ", p->out);
	for (size_t i = 0; i < s->columns; i++) {
		paper_put_key(p, values[i]);
		if (i + 1 < s->columns)
			put_padding(p, gap(s->widths[i], paper_width(p, values[i])));
	}
	putc('\n', p->out);
}

static void print_header(const struct paper *p, const struct sheet *s)
{
	paper_color(p, "1");
	if (s->ranking->sums)
		fprintf(p->out, "%*s ", s->sum, "SUM");
	fprintf(p->out, "%*s   SHARE  %*s  ", s->count, "COUNT", BAR, "");
	for (size_t i = 0; i < s->columns; i++) {
		const char *name = report_column_name(s->question, i);
		for (const char *c = name; *c; c++)
			putc(s->question->n_fields && !isalpha((unsigned char)*name)
					? *c
					: toupper((unsigned char)*c),
				p->out);
		if (i + 1 < s->columns)
			put_padding(p, gap(s->widths[i], strlen(name)));
	}
	paper_color(p, "0");
	putc('\n', p->out);
}

static void print_sheet(const struct paper *p, const struct report *r, size_t which)
{
	const struct question *q = &r->questions[which];
	size_t widths[report_columns(q)];
	struct sheet s = {.ranking = &r->rankings[which],
		.question = q,
		.columns = report_columns(q),
		.widths = widths};
	struct arena arena = {0};

	if (!s.ranking->n)
		return;
	measure(p, &s, &arena);
	print_header(p, &s);
	for (size_t i = 0; i < s.ranking->n; i++)
		print_row(p, &s, &s.ranking->rows[i], &arena);
	arena_free(&arena);
}

static void print_totals(const struct paper *p, const struct report *r)
{
	struct total totals[TOTALS];
	char number[GROUPED];

	report_totals(r, totals);
	for (int i = 0; i < TOTALS; i++) {
		const struct total *t = &totals[i];
		if (*t->value)
			fprintf(p->out, "%-10s %s\n", t->name,
				t->number ? grouped(t->value, number) : t->value);
	}
	putc('\n', p->out);
}

/* "URLs: 10 of 1,234" */
static void print_title(const struct paper *p, const struct report *r, size_t which)
{
	const struct ranking *ranking = &r->rankings[which];
	char shown[GROUPED], all[GROUPED];

	if (which)
		putc('\n', p->out);
	paper_color(p, "1;4");
	paper_put_key(p, span_text(report_name(&r->questions[which])));
	paper_color(p, "0");
	if (ranking->n < ranking->keys)
		fprintf(p->out, ": %s%s of %s\n", ranking->order == ORDER_LAST ? "the last " : "",
			grouped_number(ranking->n, shown), grouped_number(ranking->keys, all));
	else
		fputs(ranking->n ? "\n" : ": none\n", p->out);
}

void report_table(const struct paper *paper, const struct report *r)
{
	struct paper safe = *paper, *p = &safe;

	/* A table is for eyes, and will get onto a terminal. */
	safe.terminal = true;
	if (r->query->totals)
		print_totals(p, r);
	for (size_t i = 0; i < r->n; i++) {
		if (r->spec->set)
			print_title(p, r, i);
		print_sheet(p, r, i);
	}
}
