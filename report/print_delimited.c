/* print_delimited.c -- prints rankings as TSV or CSV: rows of columns, with a header.
 */
#include "report/over_rows.h"

/* A format: .put() prints a value, .between separates two values, .end ends a row. */
struct dialect {
	void (*put)(const struct output *, struct span);
	char between;
	const char *end;
};

/* Print a key for TSV.  Tabs and line ends in the key are escaped, because readers would take them
 * for separators. */
static void put_tsv(const struct output *p, struct span key)
{
	static const char special[] = "\\\t\n\r", letter[] = "\\tnr";
	size_t done = 0;

	for (size_t i = 0; i < key.len; i++) {
		const char *at = memchr(special, key.at[i], sizeof special - 1);
		if (!at)
			continue;
		output_put_key(p, span_of(key.at + done, i - done));
		fprintf(p->out, "\\%c", letter[at - special]);
		done = i + 1;
	}
	output_put_key(p, span_of(key.at + done, key.len - done));
}

static bool csv_needs_quotes(struct span key)
{
	for (size_t i = 0; i < key.len; i++)
		if (memchr(",\"\r\n", key.at[i], 4))
			return true;
	return false;
}

/* Print a key for CSV.  As RFC 4180 requires, a key that contains a comma, a quote, CR or LF is
 * enclosed in quotes, and each quote in the key is doubled. */
static void put_csv(const struct output *p, struct span key)
{
	if (!csv_needs_quotes(key)) {
		output_put_key(p, key);
		return;
	}
	putc('"', p->out);
	for (const char *quote; (quote = key.len ? memchr(key.at, '"', key.len) : NULL);) {
		struct span part = span_between(key.at, quote + 1);
		output_put_key(p, part);
		putc('"', p->out);
		key.at += part.len;
		key.len -= part.len;
	}
	output_put_key(p, key);
	putc('"', p->out);
}

static const struct dialect tsv = {put_tsv, '\t', "\n"}, csv = {put_csv, ',', "\r\n"};

static void put_column(const struct output *p, const struct dialect *d, struct span value)
{
	putc(d->between, p->out);
	d->put(p, value);
}

/* The name of a statistic's column. */
static const char *statistic_name(const struct statistics *all, size_t i)
{
	return all->only_sum ? "sum" : all->at[i].name;
}

/* True if statistic i of ranking `which` has the same name as one of an earlier ranking, so that it is
 * in the same column.  In a set of rankings, the first columns are for counts and sums. */
static bool has_column(const struct report *r, size_t which, size_t i)
{
	const char *name = statistic_name(r->rankings[which].statistics, i);

	if (!r->sides && (strcmp(name, "count") == 0 || strcmp(name, "sum") == 0))
		return true;
	for (size_t w = 0; w < which; w++) {
		const struct statistics *s = r->rankings[w].statistics;
		for (size_t k = 0; s && k < report_statistics(s); k++)
			if (strcmp(statistic_name(s, k), name) == 0)
				return true;
	}
	return false;
}

/* Print the columns of a set's statistics: the values of a row of the ranking `in`, or nothing in each
 * column if `row` is NULL, or the names of the columns if `in` is NULL. */
static void put_set_statistics(const struct output *p, const struct report *r,
	const struct dialect *d, const struct ranking *in, const struct row *row)
{
	char text[SUM_TEXT];

	for (size_t which = 0; which < r->n; which++) {
		const struct statistics *s = r->rankings[which].statistics;
		for (size_t i = 0; s && i < report_statistics(s); i++) {
			if (has_column(r, which, i))
				continue;
			const char *name = statistic_name(s, i), *value = in ? "" : name;
			const struct statistics *own = row ? in->statistics : NULL;
			for (size_t k = 0; own && k < report_statistics(own); k++)
				if (strcmp(statistic_name(own, k), name) == 0)
					value = report_value_text(in, row, k, text);
			put_column(p, d, span_text(value));
		}
	}
}

static bool shows_count(const struct statistics *s)
{
	for (size_t i = 0; s && i < report_statistics(s); i++)
		if (s->at[i].kind == STATISTIC_COUNT)
			return true;
	return false;
}

static void print_header(const struct output *p, const struct report *r, const struct dialect *d)
{
	const struct grouping *q = &r->groupings[0];
	const struct statistics *s = r->rankings[0].statistics;

	if (r->query->set) {
		fputs("report", p->out);
		if (!r->sides)
			fprintf(p->out, "%ccount%csum", d->between, d->between);
		put_set_statistics(p, r, d, NULL, NULL);
		put_column(p, d, span_text("key"));
	} else {
		for (size_t i = 0; s && i < report_statistics(s); i++) {
			d->put(p, span_text(statistic_name(s, i)));
			if (i + 1 < report_statistics(s) || !shows_count(s))
				putc(d->between, p->out);
		}
		if (!shows_count(s))
			fputs("count", p->out);
		for (size_t i = 0; i < report_columns(q); i++)
			put_column(p, d, span_text(report_column_name(q, i)));
	}
	fputs(d->end, p->out);
}

/* Print a row of a set of rankings, with this key. */
static void print_set_cells(const struct output *p, const struct report *r, size_t which,
	const struct ranking *ranking, const struct row *row, struct span key,
	const struct dialect *d)
{
	const struct statistics *s = ranking->statistics;
	char sum[SUM_TEXT] = "";

	for (size_t i = 0; s && i < s->n; i++)
		if (strcmp(statistic_name(s, i), "sum") == 0)
			report_value_text(ranking, row, i, sum);
	d->put(p, span_text(report_name(&r->groupings[which])));
	if (!r->sides)
		fprintf(p->out, "%c%" PRIu64 "%c%s", d->between, row->count, d->between, sum);
	put_set_statistics(p, r, d, ranking, row);
	put_column(p, d, key);
	fputs(d->end, p->out);
}

static void print_set_row(const struct output *p, const struct report *r, size_t which,
	const struct row *row, const struct dialect *d)
{
	const struct grouping *q = &r->groupings[which];

	print_set_cells(p, r, which, &r->rankings[which], row, report_joined(r, q, row, '\t'), d);
}

static void print_row(const struct output *p, const struct report *r, const struct row *row,
	const struct dialect *d)
{
	const struct grouping *q = &r->groupings[0];
	const struct statistics *s = r->rankings[0].statistics;
	const struct span *values = report_values(r, q, row);
	char text[SUM_TEXT];

	for (size_t i = 0; s && i < report_statistics(s); i++) {
		fputs(report_value_text(&r->rankings[0], row, i, text), p->out);
		if (i + 1 < report_statistics(s) || !shows_count(s))
			putc(d->between, p->out);
	}
	if (!shows_count(s))
		fprintf(p->out, "%" PRIu64, row->count);
	for (size_t i = 0; i < report_columns(q); i++)
		put_column(p, d, values[i]);
	fputs(d->end, p->out);
}

/* Print the totals that are numbers, one per row.  The number of bytes is in the column of sums,
 * the other totals are in the column of counts. */
static void print_total_rows(
	const struct output *p, const struct report *r, const struct dialect *d)
{
	struct total totals[TOTALS];

	report_totals(r, totals);
	for (int i = 0; i < TOTALS; i++) {
		bool sum = strcmp(totals[i].name, "bytes") == 0;
		if (!totals[i].number)
			continue;
		fprintf(p->out, "totals%c%s%c%s", d->between, sum ? "" : totals[i].value,
			d->between, sum ? totals[i].value : "");
		put_set_statistics(p, r, d, &r->rankings[0], NULL);
		put_column(p, d, span_text(totals[i].name));
		fputs(d->end, p->out);
	}
}

/* --- Tables over time --------------------------------------------------------------- */

/* Print a table over time: a column for each key, in whose heading a tab separates the values. */
static void print_over(const struct output *p, const struct report *r, const struct dialect *d)
{
	struct over_rows rows = over_rows_begin(r, 0);
	char text[SUM_TEXT];

	fputs("time", p->out);
	for (size_t i = 0; i < over_rows_columns(&rows); i++)
		put_column(p, d, over_rows_heading(&rows, i, '\t'));
	fputs(d->end, p->out);
	while (over_rows_next(&rows)) {
		d->put(p, span_text(rows.time));
		for (size_t i = 0; i < over_rows_columns(&rows); i++)
			put_column(p, d, span_text(over_rows_text(&rows, i, text)));
		fputs(d->end, p->out);
	}
}

/* Return the key of a cell in a set of rankings: its time and the values of the key of its column,
 * with tabs between them.
 * .room.over has room for it. */
static struct span key_of_cell(const struct over_rows *rows, size_t column)
{
	char *to = rows->report->room.over;
	size_t len = strlen(rows->time);

	if (grouping_values(rows->grouping) == 1)
		return span_text(rows->time);
	struct span heading = over_rows_heading(rows, column, '\t');
	memcpy(to, rows->time, len);
	to[len] = '\t';
	if (heading.len)
		memcpy(to + len + 1, heading.at, heading.len);
	return span_of(to, len + 1 + heading.len);
}

/* Print a table over time in a set of rankings, whose columns are fixed: a row for each cell. */
static void print_set_over(
	const struct output *p, const struct report *r, size_t which, const struct dialect *d)
{
	struct over_rows rows = over_rows_begin(r, which);

	while (over_rows_next(&rows))
		for (size_t i = 0; i < rows.columns; i++)
			print_set_cells(p, r, which, &rows.ranking, &rows.cells[i],
				key_of_cell(&rows, i), d);
}

/* ------------------------------------------------------------------------------------ */

static void print_ranking(
	const struct output *p, const struct report *r, size_t which, const struct dialect *d)
{
	for (size_t k = 0; k < r->rankings[which].n; k++) {
		const struct row *row = &r->rankings[which].rows[k];
		if (r->query->set)
			print_set_row(p, r, which, row, d);
		else
			print_row(p, r, row, d);
	}
}

static void print_rows(const struct output *p, const struct report *r, const struct dialect *d)
{
	if (!r->query->set && r->groupings[0].is_over_time) {
		print_over(p, r, d);
		return;
	}
	print_header(p, r, d);
	if (r->query->totals && !r->sides)
		print_total_rows(p, r, d);
	for (size_t i = 0; i < r->n; i++) {
		if (r->groupings[i].is_over_time)
			print_set_over(p, r, i, d);
		else
			print_ranking(p, r, i, d);
	}
}

void print_tsv(const struct output *p, const struct report *r)
{
	print_rows(p, r, &tsv);
}

void print_csv(const struct output *p, const struct report *r)
{
	print_rows(p, r, &csv);
}
