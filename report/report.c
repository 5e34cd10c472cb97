#include "report/report.h"

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
};

static const struct format formats[FORMATS] = {
	[TABLE] = {print_table, false},
	[PLAIN] = {print_plain, false},
	[TSV] = {print_tsv, false},
	[CSV] = {print_csv, false},
	[JSON] = {print_json, true},
	[HTML] = {print_html, true},
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
	struct output p = output_open(r->spec->color, r->spec->piped);
	const char *name = r->spec->format;

	if (p.out_of_memory) {
		errno = ENOMEM;
		return false;
	}
	if (!name)
		name = p.terminal ? "table" : "plain";
	const struct format *f = find_format(name);
	if (!f) {
		errno = EINVAL;
		return false;
	}
	if (report_is_widefinder(r->query) && r->n == WIDEFINDER_RANKINGS && is_for_people(f))
		print_widefinder(&p, r);
	else
		f->print(&p, r);
	if (fflush(p.out) != 0)
		return false;
	errno = EIO; /* if an earlier write has failed, its errno is lost */
	return !ferror(p.out);
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

static void print_number(const char *name, uint64_t n, uint64_t whole)
{
	char number[HUMAN_TEXT];

	fprintf(stderr, "wf: %-11s %20s", name, human_count(n, number));
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
		human_plural(snapshots));
}

void report_stats(const struct report *r, unsigned workers, double seconds)
{
	const struct account *a = r->account;
	const struct verdicts *v = &a->verdicts;

	print_account(r);
	fprintf(stderr, "wf: %.3f s, %.2f GB/s, %.1f million lines/s, %u worker%s\n", seconds,
		(double)a->bytes / seconds / 1e9, (double)v->lines / seconds / 1e6, workers,
		human_plural(workers));
}
