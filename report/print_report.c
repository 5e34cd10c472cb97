#include "report/print_report.h"

#include <errno.h>

#include "lib/human.h"

enum { TABLE, PLAIN, TSV, CSV, JSON, HTML, FORMATS };

const char *const report_formats[FORMATS + 1] = {
	[TABLE] = "table",
	[PLAIN] = "plain",
	[TSV] = "tsv",
	[CSV] = "csv",
	[JSON] = "json",
	[HTML] = "html",
};

const char *const report_layouts[] = {"widefinder", NULL};

struct format {
	void (*print)(const struct output *, const struct report *);
	bool accounts; /* true if the format prints the account of lines */
	bool measures; /* true if the format measures and escapes keys even if stdout is a file */
};

static const struct format formats[FORMATS] = {
	[TABLE] = {.print = print_table, .measures = true},
	[PLAIN] = {.print = print_plain},
	[TSV] = {.print = print_tsv},
	[CSV] = {.print = print_csv},
	[JSON] = {.print = print_json, .accounts = true},
	[HTML] = {.print = print_html, .accounts = true},
};

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (strcmp(report_formats[i], name) == 0)
			return &formats[i];
	return NULL;
}

bool report_accounts(const struct report_spec *spec)
{
	const struct format *f = spec->format ? find_format(spec->format) : NULL;

	return spec->stats || (f && f->accounts);
}

static bool is_for_people(const struct format *f)
{
	return f->print == print_table || f->print == print_plain;
}

bool report_is_widefinder(const struct query_spec *query)
{
	return query->layout && strcmp(query->layout, report_layouts[0]) == 0;
}

static bool print(const struct report *r)
{
	struct output p;

	if (!output_open(&p, r->spec->color, r->spec->piped))
		return false;
	const char *usual = p.terminal ? "table" : "plain";
	const struct format *f = find_format(r->spec->format ? r->spec->format : usual);
	if (f && f->measures && !p.terminal && !output_use_locale(&p))
		return false;
	bool contest = !r->sides && report_is_widefinder(r->query) && r->n == WIDEFINDER_RANKINGS;
	if (f && contest && is_for_people(f))
		print_widefinder(&p, r);
	else if (f)
		f->print(&p, r);
	if (!output_close(&p))
		return false;
	errno = EINVAL;
	return f != NULL;
}

bool report_print(const struct report *r)
{
	struct report with_room = *r;
	bool ok = report_reserve(&with_room);

	if (!ok)
		errno = ENOMEM;
	ok = ok && print(&with_room);
	int saved = errno;
	report_release(&with_room);
	errno = saved;
	return ok;
}

static void print_number(FILE *out, const char *name, uint64_t n, uint64_t whole)
{
	char number[HUMAN_TEXT];

	fprintf(out, "wf: %-11s %20s", name, human_count(n, number));
	if (whole)
		fprintf(out, "  %6.2f%%", 100 * (double)n / (double)whole);
	putc('\n', out);
}

static void print_account(FILE *out, const struct report *r)
{
	const struct account *a = r->account;
	const struct verdicts *v = &a->verdicts;

	print_number(out, "bytes", a->bytes, 0);
	print_number(out, "lines", v->lines, 0);
	print_number(out, "matched", v->matched, v->lines);
	print_number(out, "unmatched", verdicts_unmatched(v), v->lines);
	print_number(out, "unparsed", v->unparsed, v->lines);
	print_number(out, "filtered", v->filtered, v->lines);
	print_number(out, "given up", v->gave_up, v->lines);
	if (report_has_statistics(r))
		print_number(out, "not numbers", v->not_numbers, v->lines);
	if (v->holes)
		print_number(out, "NULs before", v->holes, v->lines);
	print_number(out, "keys", r->keys, 0);
	if (r->query->since.value || r->query->until.value)
		print_number(out, "skipped", r->skipped, 0);
	if (r->spilled)
		print_number(out, "spilled", r->spilled, 0);
}

bool report_merged(const struct report *r, size_t snapshots, double seconds)
{
	FILE *out = terminal_stream(stderr);

	if (!out)
		return false;
	print_account(out, r);
	fprintf(out, "wf: %.3f s, %zu snapshot%s\n", seconds, snapshots, human_plural(snapshots));
	return terminal_close(out);
}

bool report_stats(const struct report *r, unsigned workers, double seconds)
{
	const struct account *a = r->account;
	const struct verdicts *v = &a->verdicts;
	FILE *out = terminal_stream(stderr);

	if (!out)
		return false;
	print_account(out, r);
	fprintf(out, "wf: %.3f s, %.2f GB/s, %.1f million lines/s, %u worker%s\n", seconds,
		(double)a->bytes / seconds / 1e9, (double)v->lines / seconds / 1e6, workers,
		human_plural(workers));
	return terminal_close(out);
}
