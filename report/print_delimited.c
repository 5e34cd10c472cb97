/* print_delimited.c -- prints rankings as TSV or CSV: rows of columns, with a header.
 */
#include "report/report_common.h"

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

static void print_header(const struct output *p, const struct report *r, const struct dialect *d)
{
	const struct grouping *q = &r->groupings[0];

	if (r->query->set) {
		fprintf(p->out, "report%ccount%csum%ckey", d->between, d->between, d->between);
	} else {
		if (report_sums(r))
			fprintf(p->out, "sum%c", d->between);
		fputs("count", p->out);
		for (size_t i = 0; i < report_columns(q); i++)
			put_column(p, d, span_text(report_column_name(q, i)));
	}
	fputs(d->end, p->out);
}

/* Join the values of a key with tabs, so that they form one column.  .room.other has room for the
 * key itself, in which the values have longer separators, so the result fits. */
static struct span join(const struct report *r, const struct span *values, size_t n)
{
	char *to = r->room.other;

	if (n == 1)
		return values[0];
	for (size_t i = 0; i < n; i++) {
		if (i)
			*to++ = '\t';
		memcpy(to, values[i].at, values[i].len);
		to += values[i].len;
	}
	return span_between(r->room.other, to);
}

static void print_row(const struct output *p, const struct report *r, size_t which,
	const struct row *row, const struct dialect *d)
{
	const struct grouping *q = &r->groupings[which];
	const struct span *values = report_values(r, q, row);
	char sum[SUM_TEXT] = "";

	if (r->rankings[which].sums)
		sum_print(row->sum, sum);
	if (r->query->set) {
		d->put(p, span_text(report_name(q)));
		fprintf(p->out, "%c%" PRIu64 "%c%s", d->between, row->count, d->between, sum);
		put_column(p, d, join(r, values, report_columns(q)));
	} else {
		if (*sum)
			fprintf(p->out, "%s%c", sum, d->between);
		fprintf(p->out, "%" PRIu64, row->count);
		for (size_t i = 0; i < report_columns(q); i++)
			put_column(p, d, values[i]);
	}
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
		if (totals[i].number)
			fprintf(p->out, "totals%c%s%c%s%c%s%s", d->between,
				sum ? "" : totals[i].value, d->between, sum ? totals[i].value : "",
				d->between, totals[i].name, d->end);
	}
}

static void print_rows(const struct output *p, const struct report *r, const struct dialect *d)
{
	print_header(p, r, d);
	if (r->query->totals)
		print_total_rows(p, r, d);
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < r->rankings[i].n; k++)
			print_row(p, r, i, &r->rankings[i].rows[k], d);
}

void print_tsv(const struct output *p, const struct report *r)
{
	print_rows(p, r, &tsv);
}

void print_csv(const struct output *p, const struct report *r)
{
	print_rows(p, r, &csv);
}
