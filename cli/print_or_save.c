#include "cli/print_or_save.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"
#include "cli/message.h"
#include "cli/over_tables.h"
#include "lib/human.h"
#include "lib/lines.h"
#include "formats/timestamp.h"
#include "rank/transfer.h"
#include "rank/ranker.h"
#include "rank/resolver.h"

/* --- Hints ----------------------------------------------------------------------- */

/* Print a hint if more than 1 % of the lines are unparsed: perhaps the log has two formats.
 * --unmatched prints these lines, but not those of a comparison or of snapshots. */
static void hint_unparsed(const struct outcome *o, bool is_compared)
{
	const struct verdicts *v = &o->account->verdicts;
	const struct complaint *first = o->first_unparsed;
	/* A blank line shows nothing about the format. */
	bool is_known = first && *first->text && !lines_is_blank(span_text(first->source));
	char unparsed[HUMAN_TEXT], lines[HUMAN_TEXT];

	/* wf detects a format only if some line fits it.  So if no line fits a detected format, all
	 * lines are blank. */
	bool blank = v->unparsed == v->lines && !o->spec.query->log_format.value;
	bool undated = v->undated > 0, none = v->undated == v->lines + v->outside;
	if (!verdicts_many_unparsed(v) || (undated ? none : blank))
		return;
	if (undated)
		warn("%s of %s lines have no time that wf can read, and are left out%s%s",
			human_count(v->undated, unparsed),
			human_count(v->lines + v->outside, lines),
			is_known ? "; lines do not fit " : "", is_known ? first->text : "");
	else
		warn("%s of %s lines do not fit %s%s", human_count(v->unparsed, unparsed),
			human_count(v->lines, lines), is_known ? first->text : "their log format",
			o->spec.merge || is_compared ? "" : "; --unmatched - prints them");
	if (is_known)
		warn_of_place(first);
}

/* Write a time up to its minute. */
static void print_minute(int64_t seconds, char out[TIMESTAMP_SECOND + 1])
{
	if (!timestamp_write(seconds, out))
		memset(out, '?', TIMESTAMP_MINUTE);
	memcpy(out + TIMESTAMP_MINUTE, "Z", sizeof "Z");
}

/* Print a hint if no line is in the period.  If only lines with a literal were looked at, others
 * may be in the period, unless all times are before the period, or after it. */
static void hint_period(const struct outcome *o)
{
	const struct verdicts *v = &o->account->verdicts;
	const struct period *period = query_period(o->query);
	struct covered covered = o->covered;
	char from[TIMESTAMP_SECOND + 1], to[TIMESTAMP_SECOND + 1], lines[HUMAN_TEXT];

	if (v->lines || !query_has_period(o->query) || o->spec.merge)
		return;
	if (query_counts_lines(o->query))
		covered_add(&covered, &v->covered);
	else if (covered.latest >= period->since && covered.earliest < period->until)
		return;
	if (!covered.any && v->undated) {
		warn("no line has a time that wf can read: --since and --until leave out all of "
		     "%s line%s", human_count(v->undated, lines), human_plural(v->undated));
		return;
	}
	if (!covered.any)
		return;
	print_minute(covered.earliest, from);
	print_minute(covered.latest, to);
	warn("no line is in the period: the times in the log are from %s to %s", from, to);
}

/* Print a hint if all lines were filtered out, but only on a terminal: a script expects that wf,
 * like grep, prints nothing in this case. */
static void hint_filtered(const struct query_spec *spec, const struct verdicts *v)
{
	char lines[HUMAN_TEXT];
	const char *doubt = "";

	if (!v->lines || v->filtered != v->lines || !isatty(STDERR_FILENO))
		return;
	for (size_t i = 0; i < spec->where.n && !*doubt; i++)
		doubt = condition_doubt(spec->where.at[i].value);
	warn("all %s lines were filtered out by -w, -g or -v%s%s%s", human_count(v->lines, lines),
		*doubt ? " (" : "", doubt, *doubt ? ")" : "");
}

/* Print a hint that no line has the field.  An unknown name is not an error, because a format may
 * have fields of any name. */
static void hint_no_value(const char *field, uint64_t lines, const char *present)
{
	char guess[SUGGEST_PHRASE] = "", number[HUMAN_TEXT];

	present = present ? present : "";
	if (!strchr(field, ',') && (*present || !field_is_shared(field)))
		fields_guess(field, present, guess);
	if (*guess)
		warn("no line has a value for '%s'%s", field, guess);
	else if (*present)
		warn("no line has a value for '%s' (%s line%s read); they have %s (see --explain)",
			field, human_count(lines, number), human_plural(lines), present);
	else
		warn("no line has a value for '%s' (%s line%s read; wf --explain shows the fields)",
			field, human_count(lines, number), human_plural(lines));
}

/* Print a hint that no line has a key. */
static void hint_no_key(const struct grouping_spec *spec, uint64_t lines, const char *present)
{
	const char *fields = grouping_spec_fields(spec);
	char all[512];

	if (spec->over.value) {
		snprintf(all, sizeof all, "time%s%s", fields ? "," : "", fields ? fields : "");
		fields = all;
	}
	if (fields)
		hint_no_value(fields, lines, present);
}

static void hint_sum(
	const struct grouping *g, const struct verdicts *v, const struct report *r)
{
	bool only_sum = g->measured.statistics.only_sum;
	struct sum sum =
		r->rankings && only_sum ? r->rankings[0].sum : (struct sum){1, 0};
	char not_numbers[HUMAN_TEXT], matched[HUMAN_TEXT], names[MEASURED_NAMES];

	measured_names(&g->measured, names);
	if (v->not_numbers)
		warn("in %s of %s lines %s is not a number, and %s",
			human_count(v->not_numbers, not_numbers), human_count(v->matched, matched),
			names, only_sum ? "counts as 0" : "is left out");
	else if (v->matched && !sum.low && !sum.high)
		warn("the sum of %s is 0", names);
}

void print_hints_of(const struct outcome *o, const struct report *r)
{
	const struct verdicts *v = &o->account->verdicts;
	const struct grouping_spec *first = &o->spec.query->groupings[0];
	uint64_t lines = v->lines - v->filtered;

	if (o->spec.report->quiet || report_is_widefinder(o->spec.query))
		return;
	hint_unparsed(o, r->sides != NULL);
	hint_filtered(o->spec.query, v);
	hint_period(o);
	if (o->spec.query->set || !lines)
		return;
	if (!v->matched && !v->gave_up && v->unparsed < lines && !first->regexps.n &&
		!first->patterns.n)
		hint_no_key(first, lines, o->present);
	if (first->sum.n)
		hint_sum(&r->groupings[0], v, r);
}

/* --- Errors ---------------------------------------------------------------------- */

void report_output_error(const struct outcome *o, const char *what, int error)
{
	struct complaint c;

	counts_explain(o->counts, what, query_sum(o->query), error, &c);
	warn_of(&c);
}

/* --- Printing ---------------------------------------------------------------------- */

/* Return the columns of a ranking; NULL if its keys are only counted. */
static const struct statistics *statistics_of(const struct grouping *g)
{
	return g->measured.statistics.n ? &g->measured.statistics : NULL;
}

struct ranking *output_rankings(const struct query *query)
{
	size_t n;
	const struct grouping *groupings = query_groupings(query, &n);
	struct ranking *rankings = calloc(n, sizeof *rankings);

	for (size_t i = 0; rankings && i < n; i++)
		rankings[i] = (struct ranking){.order = groupings[i].order,
			.statistics = statistics_of(&groupings[i]),
			.by = groupings[i].by,
			.ascending = groupings[i].ascending,
			.least = groupings[i].spec->least,
			.first = NUMBER_NONE,
			.last = NUMBER_NONE,
			.limit = groupings[i].spec->patterns.n ? 0 : groupings[i].spec->top};
	return rankings;
}

/* Rank the counts, except those of tables over time. */
static bool rank_usual(const struct outcome *o, struct ranking *rankings)
{
	size_t n, n_over = 0;
	const struct grouping *groupings = query_groupings(o->query, &n);
	struct ranking *all = calloc(n, sizeof *all);

	if (!all)
		return false;
	for (size_t i = 0; i < n; i++) {
		bool is_over_time = groupings[i].is_over_time;
		n_over += is_over_time;
		all[i] = is_over_time ? (struct ranking){.by = BY_COUNT, .limit = 1} : rankings[i];
	}
	bool ok = n_over == n || ranker_rank(o->counts, all, n, o->spec.jobs);
	for (size_t i = 0; i < n; i++) {
		if (groupings[i].is_over_time)
			ranking_free(&all[i]);
		else
			rankings[i] = all[i];
	}
	free(all);
	return ok;
}

struct ranking *rank_output(const struct outcome *o)
{
	struct ranking *rankings = output_rankings(o->query);
	size_t n;

	query_groupings(o->query, &n);
	if (rankings && rank_usual(o, rankings))
		return rankings;
	report_output_error(o, "ranking", errno);
	rankings_free(rankings, n);
	return NULL;
}

/* Print the report.  False on an error, which has been printed.  It is not an error if the reader
 * closes the pipe early, as head does. */
static bool print(const struct report *report)
{
	if (report->spec->quiet || report_print(report) || errno == EPIPE)
		return true;
	warn("standard output: %s", strerror(errno));
	return false;
}

static uint64_t all_keys(const struct ranking *rankings, size_t n)
{
	uint64_t keys = 0;

	for (size_t i = 0; i < n; i++)
		keys += rankings[i].keys;
	return keys;
}

static int compare_keys(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* Add the patterns of -E that were not found, with a count of 0, to their finished ranking.  False
 * if out of memory. */
static bool add_unfound(struct ranking *r, const struct grouping *g)
{
	const struct grouping_spec *spec = g->spec;
	const struct args *patterns = &spec->patterns;
	size_t n = r->n;
	struct span *found = calloc(n + 1, sizeof *found);
	bool ok = true;

	if (!found)
		return false;
	for (size_t i = 0; i < n; i++)
		found[i] = r->rows[i].key;
	qsort(found, n, sizeof *found, compare_keys);
	for (size_t i = 0; ok && i < patterns->n; i++) {
		struct span key = span_text(patterns->at[i].value);
		if (!bsearch(&key, found, n, sizeof *found, compare_keys))
			ok = resolver_add_unseen(r, key,
				g->measured.measures.n ? &g->measured.measures : NULL);
	}
	free(found);
	top_finish(r);
	ranking_limit(r, spec->top);
	return ok;
}

static bool add_all_unfound(const struct outcome *o, struct report *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct grouping *g = &r->groupings[i];
		if (g->spec->patterns.n && !add_unfound(&r->rankings[i], g)) {
			report_output_error(o, "ranking", errno);
			return false;
		}
	}
	return true;
}

/* Finish the rankings that are columns of tables over time, and fill these tables. */
static bool fill_tables(const struct outcome *o, struct report *r, struct report_over *over)
{
	for (size_t i = 0; i < r->n; i++) {
		struct complaint why = {0};
		if (!r->groupings[i].is_over_time ||
			over_table_fill(&over[i], o->counts, &r->groupings[i], &why))
			continue;
		if (*why.text)
			warn_of(&why);
		else
			report_output_error(o, "ranking", errno);
		return false;
	}
	return true;
}

/* Rank the columns of the tables over time. */
static bool begin_tables(const struct outcome *o, struct report *r, struct report_over *over)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->groupings[i].is_over_time &&
			!over_table_begin(
				&over[i], o->counts, &r->groupings[i], (unsigned)i,
				&r->rankings[i])) {
			report_output_error(o, "ranking", errno);
			return false;
		}
	return true;
}

static bool rank_and_print(const struct outcome *o, struct report *r)
{
	struct report_over *over = over_tables_new(r->n);

	if (!over) {
		report_output_error(o, "ranking", errno);
		return false;
	}
	r->over = over;
	r->rankings = o->rankings ? o->rankings : rank_output(o);
	bool ok = r->rankings && begin_tables(o, r, over) && add_all_unfound(o, r) &&
		  fill_tables(o, r, over);
	r->keys = ok ? all_keys(r->rankings, r->n) : 0;
	ok = ok && print(r);
	over_tables_free(over, r->n);
	r->over = NULL;
	return ok;
}

/* --- Saving ------------------------------------------------------------------------ */

static bool save(const struct outcome *o, struct report *r)
{
	struct pack origins = {0};
	struct saved saved = {.query = o->spec.query,
		.account = o->account,
		.origins = &origins,
		.sum = query_sum(o->query)};
	struct complaint why;

	if (o->snapshots)
		provenance_pack(&origins, &o->snapshots->origins);
	else
		provenance_pack_inputs(&origins, o->inputs);
	bool ok = snapshot_save(o->spec.save, &saved, o->counts, &why);
	if (!ok)
		warn_of(&why);
	r->keys = saved.keys;
	pack_free(&origins);
	return ok;
}

/* --- All --------------------------------------------------------------------------- */

static void print_stats(const struct outcome *o, const struct report *r)
{
	double seconds = clock_seconds() - o->start;

	if (!(o->spec.merge ? report_merged(r, o->snapshots->n, seconds)
			    : report_stats(r, o->workers, seconds)))
		warn("--stats: %s", strerror(errno));
}

int print_or_save(const struct outcome *o)
{
	const struct output_spec *spec = &o->spec;
	struct report r = {.spec = spec->report,
		.query = spec->query,
		.account = o->account,
		.files = spec->files,
		.folders = spec->folders,
		.spilled = counts_spilled(o->counts),
		.skipped = o->inputs ? inputs_skipped(o->inputs) : 0};

	r.groupings = query_groupings(o->query, &r.n);
	bool ok = spec->save ? save(o, &r) : rank_and_print(o, &r);
	if (ok && spec->report->stats)
		print_stats(o, &r);
	if (ok)
		print_hints_of(o, &r);
	rankings_free(r.rankings ? r.rankings : o->rankings, r.n);
	if (!ok)
		return STATUS_ERROR;
	return o->account->verdicts.matched ? 0 : 1;
}
