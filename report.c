#include "report.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/tuple.h"
#include "report_parts.h"

/* --- What the formats share ------------------------------------------------------- */

size_t report_columns(const struct question *q)
{
	return q->n_fields ? q->n_fields : 1;
}

const char *report_column_name(const struct question *q, size_t column)
{
	return q->n_fields ? q->names.at[column] : "key";
}

const char *report_name(const struct question *q)
{
	if (q->spec->name)
		return q->spec->name;
	if (q->spec->regexp.text)
		return "match";
	return q->spec->fields.text ? q->spec->fields.text : "url";
}

void report_values(
	const struct question *q, const struct row *row, struct arena *arena, struct span *values)
{
	size_t columns = report_columns(q);

	if (columns == 1)
		values[0] = row->key;
	else
		tuple_split(row->key, columns, arena, values);
}

double report_weight(const struct ranking *r, const struct row *row)
{
	return r->sums ? sum_double(row->sum) : (double)row->count;
}

double report_whole(const struct ranking *r)
{
	return r->sums ? sum_double(r->sum) : (double)r->matched;
}

double report_largest(const struct ranking *r)
{
	double largest = 0;

	for (size_t i = 0; i < r->n; i++)
		if (report_weight(r, &r->rows[i]) > largest)
			largest = report_weight(r, &r->rows[i]);
	return largest;
}

double report_share(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

void report_totals(const struct report *r, struct total totals[TOTALS])
{
	const struct totals *t = &r->account->totals;
	char sum[SUM_TEXT];

	memset(totals, 0, TOTALS * sizeof *totals);
	totals[0] = (struct total){.name = "requests", .number = true};
	snprintf(totals[0].value, sizeof totals[0].value, "%" PRIu64, t->requests);
	totals[1] = (struct total){.name = "bytes", .number = true};
	snprintf(totals[1].value, sizeof totals[1].value, "%s", sum_print(t->bytes, sum));
	totals[2] = (struct total){.name = "unparsed", .number = true};
	snprintf(
		totals[2].value, sizeof totals[2].value, "%" PRIu64, r->account->verdicts.unparsed);
	totals[3] = (struct total){.name = "from"};
	snprintf(totals[3].value, sizeof totals[3].value, "%s", t->first);
	totals[4] = (struct total){.name = "to"};
	snprintf(totals[4].value, sizeof totals[4].value, "%s", t->last);
}

bool report_sums(const struct report *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->questions[i].sums)
			return true;
	return false;
}

/* --- plain: what uniq -c prints -------------------------------------------------- */

/* A row is a line, though JSON's strings may hold several. */
static void put_plain(const struct paper *p, struct span key)
{
	for (const char *end; key.len && (end = memchr(key.at, '\n', key.len));) {
		struct span part = span_between(key.at, end);
		paper_put_key(p, part);
		fputs("\\n", p->out);
		key = span_of(end + 1, key.len - part.len - 1);
	}
	paper_put_key(p, key);
}

static void print_plain_row(const struct paper *p, const struct ranking *ranking,
	const struct question *q, const struct row *row, struct arena *arena)
{
	struct span values[report_columns(q)];
	char sum[SUM_TEXT];

	arena_reset(arena);
	report_values(q, row, arena, values);
	if (ranking->sums)
		fprintf(p->out, "%7s ", sum_print(row->sum, sum));
	fprintf(p->out, "%7" PRIu64 " ", row->count);
	for (size_t i = 0; i < report_columns(q); i++) {
		if (i)
			putc('\t', p->out);
		put_plain(p, values[i]);
	}
	putc('\n', p->out);
}

static void print_plain_totals(const struct paper *p, const struct report *r)
{
	struct total totals[TOTALS];

	report_totals(r, totals);
	for (int i = 0; i < TOTALS; i++)
		if (*totals[i].value)
			fprintf(p->out, "%-10s %s\n", totals[i].name, totals[i].value);
	putc('\n', p->out);
}

static void print_plain(const struct paper *p, const struct report *r)
{
	struct arena arena = {0};

	if (r->query->totals)
		print_plain_totals(p, r);
	for (size_t i = 0; i < r->n; i++) {
		const struct ranking *ranking = &r->rankings[i];
		if (r->spec->set)
			fprintf(p->out, "%s%s\n", i ? "\n" : "", report_name(&r->questions[i]));
		for (size_t k = 0; k < ranking->n; k++)
			print_plain_row(p, ranking, &r->questions[i], &ranking->rows[k], &arena);
	}
	arena_free(&arena);
}

/* --- tsv, csv -------------------------------------------------------------------- */

/* How a format of rows and columns writes a value, and what is between and behind them. */
struct dialect {
	void (*put)(const struct paper *, struct span);
	char between;
	const char *end;
};

/* A tab or a line's end in a key would be read as the format's own. */
static void put_tsv(const struct paper *p, struct span key)
{
	static const char special[] = "\\\t\n\r", letter[] = "\\tnr";
	size_t done = 0;

	for (size_t i = 0; i < key.len; i++) {
		const char *at = memchr(special, key.at[i], sizeof special - 1);
		if (!at)
			continue;
		paper_put_key(p, span_of(key.at + done, i - done));
		fprintf(p->out, "\\%c", letter[at - special]);
		done = i + 1;
	}
	paper_put_key(p, span_of(key.at + done, key.len - done));
}

static bool csv_needs_quotes(struct span key)
{
	for (size_t i = 0; i < key.len; i++)
		if (memchr(",\"\r\n", key.at[i], 4))
			return true;
	return false;
}

/* RFC 4180: quotes around a field are needed for some bytes, a quote in it is
 * doubled, lines end in CRLF. */
static void put_csv(const struct paper *p, struct span key)
{
	if (!csv_needs_quotes(key)) {
		paper_put_key(p, key);
		return;
	}
	putc('"', p->out);
	for (const char *quote; (quote = key.len ? memchr(key.at, '"', key.len) : NULL);) {
		struct span part = span_between(key.at, quote + 1);
		paper_put_key(p, part);
		putc('"', p->out);
		key.at += part.len;
		key.len -= part.len;
	}
	paper_put_key(p, key);
	putc('"', p->out);
}

static const struct dialect tsv = {put_tsv, '\t', "\n"}, csv = {put_csv, ',', "\r\n"};

static void put_column(const struct paper *p, const struct dialect *d, struct span value)
{
	putc(d->between, p->out);
	d->put(p, value);
}

static void print_header(const struct paper *p, const struct report *r, const struct dialect *d)
{
	const struct question *q = &r->questions[0];

	if (r->spec->set) {
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

/* A tuple in one column: its values with tabs between them. */
static struct span join(struct span *values, size_t n, struct arena *arena)
{
	size_t len = n - 1;

	if (n == 1)
		return values[0];
	for (size_t i = 0; i < n; i++)
		len += values[i].len;
	char *at = arena_take(arena, len), *to = at;
	if (!at)
		return span_of("", 0);
	for (size_t i = 0; i < n; i++) {
		if (i)
			*to++ = '\t';
		memcpy(to, values[i].at, values[i].len);
		to += values[i].len;
	}
	return span_of(at, len);
}

static void print_row(const struct paper *p, const struct report *r, size_t which,
	const struct row *row, const struct dialect *d, struct arena *arena)
{
	const struct question *q = &r->questions[which];
	struct span values[report_columns(q)];
	char sum[SUM_TEXT] = "";

	arena_reset(arena);
	report_values(q, row, arena, values);
	if (r->rankings[which].sums)
		sum_print(row->sum, sum);
	if (r->spec->set) {
		d->put(p, span_text(report_name(q)));
		fprintf(p->out, "%c%" PRIu64 "%c%s", d->between, row->count, d->between, sum);
		put_column(p, d, join(values, report_columns(q), arena));
	} else {
		if (*sum)
			fprintf(p->out, "%s%c", sum, d->between);
		fprintf(p->out, "%" PRIu64, row->count);
		for (size_t i = 0; i < report_columns(q); i++)
			put_column(p, d, values[i]);
	}
	fputs(d->end, p->out);
}

/* Numbers are counts, and bytes are a sum. */
static void print_total_rows(const struct paper *p, const struct report *r, const struct dialect *d)
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

static void print_rows(const struct paper *p, const struct report *r, const struct dialect *d)
{
	struct arena arena = {0};

	print_header(p, r, d);
	if (r->query->totals)
		print_total_rows(p, r, d);
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < r->rankings[i].n; k++)
			print_row(p, r, i, &r->rankings[i].rows[k], d, &arena);
	arena_free(&arena);
}

static void print_tsv(const struct paper *p, const struct report *r)
{
	print_rows(p, r, &tsv);
}

static void print_csv(const struct paper *p, const struct report *r)
{
	print_rows(p, r, &csv);
}

/* --- All ------------------------------------------------------------------------- */

struct format {
	const char *name;
	void (*print)(const struct paper *, const struct report *);
	bool accounts; /* it tells what became of every line */
};

static const struct format formats[] = {
	{"table", report_table, false},
	{"plain", print_plain, false},
	{"tsv", print_tsv, false},
	{"csv", print_csv, false},
	{"json", report_json, true},
	{"html", report_html, true},
};

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

bool report_has(const char *format)
{
	return find_format(format) != NULL;
}

const char *report_format(size_t i)
{
	return i < sizeof formats / sizeof *formats ? formats[i].name : NULL;
}

bool report_accounts(const struct report_spec *spec)
{
	const struct format *f = spec->format ? find_format(spec->format) : NULL;

	return spec->stats || (f && f->accounts);
}

static bool is_for_people(const struct format *f)
{
	return f->print == report_table || f->print == print_plain;
}

bool report_is_widefinder(const struct report_spec *spec)
{
	return spec->set && spec->builtin && strcmp(spec->set, "wf2") == 0;
}

bool report_print(const struct report *r)
{
	struct paper p = paper_open(r->spec->color, r->spec->piped);
	const char *name = r->spec->format;

	if (!name)
		name = p.terminal ? "table" : "plain";
	const struct format *f = find_format(name);
	if (!f) {
		errno = EINVAL;
		return false;
	}
	if (report_is_widefinder(r->spec) && r->n == WIDEFINDER_RANKINGS && is_for_people(f))
		report_widefinder(&p, r);
	else
		f->print(&p, r);
	errno = 0;
	return fflush(p.out) == 0 && !ferror(p.out);
}

static void print_number(const char *name, uint64_t n, uint64_t whole)
{
	char number[GROUPED];

	fprintf(stderr, "wf: %-11s %20s", name, grouped_number(n, number));
	if (whole)
		fprintf(stderr, "  %6.2f%%", 100 * (double)n / (double)whole);
	putc('\n', stderr);
}

static void print_account(const struct report *r)
{
	const struct account *a = r->account;
	const struct verdicts *v = &a->verdicts;

	print_number("bytes", a->bytes, 0);
	print_number("lines", v->lines, 0);
	print_number("matched", v->matched, v->lines);
	print_number("unmatched", verdicts_unmatched(v), v->lines);
	print_number("unparsed", v->unparsed, v->lines);
	print_number("filtered", v->filtered, v->lines);
	print_number("given up", v->gave_up, v->lines);
	if (report_sums(r))
		print_number("not numbers", v->not_numbers, v->lines);
	print_number("keys", r->keys, 0);
	if (r->spilled)
		print_number("spilled", r->spilled, 0);
}

void report_merged(const struct report *r, size_t snapshots, double seconds)
{
	print_account(r);
	fprintf(stderr, "wf: %.3f s, %zu snapshot%s\n", seconds, snapshots,
		snapshots == 1 ? "" : "s");
}

void report_stats(const struct report *r, unsigned workers, double seconds)
{
	const struct account *a = r->account;
	const struct verdicts *v = &a->verdicts;

	print_account(r);
	fprintf(stderr, "wf: %.3f s, %.2f GB/s, %.1f million lines/s, %u worker%s\n", seconds,
		(double)a->bytes / seconds / 1e9, (double)v->lines / seconds / 1e6, workers,
		workers == 1 ? "" : "s");
}
