/* print_plain.c -- prints rankings for pipes and files, as uniq -c prints its rows.
 */
#include "report/over_rows.h"

/* Print a value.  A row must be a single line, so newlines, which a value from a JSON log may
 * contain, are escaped. */
static void put_plain(const struct output *p, struct span key)
{
	for (const char *end; key.len && (end = memchr(key.at, '\n', key.len));) {
		struct span part = span_between(key.at, end);
		output_put_key(p, part);
		fputs("\\n", p->out);
		key = span_of(end + 1, key.len - part.len - 1);
	}
	output_put_key(p, key);
}

/* How many columns a terminal needs for the characters of a text, if all have the usual width. */
static size_t characters(struct span text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += (text.at[i] & 0xc0) != 0x80;
	return n;
}

/* Print the change of a comparison.  The text may begin with a character of two bytes. */
static void put_change(
	const struct output *p, const struct ranking *ranking, const struct row *row, size_t i)
{
	char text[HUMAN_TEXT];

	report_change_text(ranking, row, i, !p->terminal || p->utf8, text);
	fprintf(p->out, "%*s%s ", 7 - (int)characters(span_text(text)), "", text);
}

static void print_plain_row(
	const struct output *p, const struct report *r, size_t which, const struct row *row)
{
	const struct grouping *q = &r->groupings[which];
	const struct span *values = report_values(r, q, row);
	const struct ranking *ranking = &r->rankings[which];
	char text[SUM_TEXT];

	for (size_t i = 0; ranking->statistics && i < ranking->statistics->n; i++) {
		if (ranking->statistics->at[i].side == SIDE_CHANGE) {
			put_change(p, ranking, row, i);
			continue;
		}
		const char *value = report_value_text(ranking, row, i, text);
		fprintf(p->out, "%7s ", *value ? value : "-");
	}
	if (!ranking_has_statistics(ranking))
		fprintf(p->out, "%7" PRIu64 " ", row->count);
	for (size_t i = 0; i < report_columns(q); i++) {
		if (i)
			putc('\t', p->out);
		put_plain(p, values[i]);
	}
	putc('\n', p->out);
}

static void print_plain_totals(const struct output *p, const struct report *r)
{
	struct total totals[TOTALS];

	report_totals(r, totals);
	for (int i = 0; i < TOTALS; i++)
		if (*totals[i].value) {
			fprintf(p->out, "%-10s ", totals[i].name);
			output_put_key(p, span_text(totals[i].value));
			putc('\n', p->out);
		}
	putc('\n', p->out);
}

static void print_plain_name(const struct output *p, const char *name, bool first)
{
	fputs(first ? "" : "\n", p->out);
	output_put_key(p, span_text(name));
	putc('\n', p->out);
}

/* Print the headings of a table over time.  A value is right-aligned below its heading, and has at
 * least 7 columns, as counts have. */
static void print_over_header(const struct output *p, const struct over_rows *rows)
{
	fprintf(p->out, "%-*s", (int)strlen(rows->time), "TIME");
	for (size_t i = 0; i < over_rows_columns(rows); i++) {
		struct span heading = over_rows_heading(rows, i, ' ');
		size_t width = characters(heading);
		fprintf(p->out, " %*s", width < 7 ? (int)(7 - width) : 0, "");
		put_plain(p, heading);
	}
	putc('\n', p->out);
}

static void print_over_row(const struct output *p, const struct over_rows *rows)
{
	char text[SUM_TEXT];

	fputs(rows->time, p->out);
	for (size_t i = 0; i < over_rows_columns(rows); i++) {
		const char *value = over_rows_text(rows, i, text);
		size_t width = characters(over_rows_heading(rows, i, ' '));
		fprintf(p->out, " %*s", width < 7 ? 7 : (int)width, *value ? value : "-");
	}
	putc('\n', p->out);
}

static void print_over(const struct output *p, const struct report *r, size_t which)
{
	struct over_rows rows = over_rows_begin(r, which);

	for (bool first = true; over_rows_next(&rows); first = false) {
		if (first)
			print_over_header(p, &rows);
		print_over_row(p, &rows);
	}
}

static void print_ranking(const struct output *p, const struct report *r, size_t which)
{
	const struct ranking *ranking = &r->rankings[which];

	for (size_t k = 0; k < ranking->n; k++)
		print_plain_row(p, r, which, &ranking->rows[k]);
}

void print_plain(const struct output *p, const struct report *r)
{
	if (r->query->totals && !r->sides)
		print_plain_totals(p, r);
	for (size_t i = 0; i < r->n; i++) {
		if (r->query->set)
			print_plain_name(p, report_name(&r->groupings[i]), i == 0);
		if (r->groupings[i].is_over_time)
			print_over(p, r, i);
		else
			print_ranking(p, r, i);
	}
}
