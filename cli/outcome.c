#include "cli/outcome.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/die.h"
#include "rank/rankings.h"
#include "rank/reduce.h"

/* False on an error, which has been said; a reader that has gone, as head does, is none. */
static bool print(const struct report *report)
{
	if (report->spec->quiet || report_print(report) || errno == EPIPE)
		return true;
	warn("standard output: %s", strerror(errno));
	return false;
}

/* More than one line in a hundred does not fit its format: perhaps there are two kinds. */
static void hint_unparsed(const struct options *o, const struct verdicts *v)
{
	unsigned long long unparsed = v->unparsed, lines = v->lines;

	if (unparsed > lines / 100 && (v->matched || o->query.log_format.value))
		warn("%llu of %llu lines do not fit their format%s", unparsed, lines,
			o->merge ? "" : ": --unmatched - shows them");
}

/* grep would not say it; but who waits at a terminal wonders. */
static void hint_filtered(const struct verdicts *v)
{
	if (v->lines && v->filtered == v->lines && isatty(STDERR_FILENO))
		warn("-w, -g or -v drop all of %llu lines", (unsigned long long)v->lines);
}

/* Of a format that could have any field. */
static void hint_no_value(const char *field, unsigned long long lines)
{
	char guess[SUGGEST_PHRASE] = "";

	if (!field_is_shared(field))
		fields_guess(field, guess);
	warn("none of %llu lines has a value for '%s'%s", lines, field, guess);
}

static void hint_sum(const char *field, const struct verdicts *v, const struct report *r)
{
	unsigned long long not_numbers = v->not_numbers, matched = v->matched;
	struct sum sum = r->rankings ? r->rankings[0].sum : (struct sum){1, 0};

	if (not_numbers)
		warn("%llu of %llu lines have something in '%s' that is no number, and counts as 0",
			not_numbers, matched, field);
	else if (matched && !sum.low && !sum.high)
		warn("the sum of '%s' is 0", field);
}

/* What would not be said otherwise, and may not be meant. */
static void hint(const struct options *o, const struct report *r)
{
	const struct verdicts *v = &r->account->verdicts;
	const struct grouping_spec *q = &o->query.groupings[0];
	unsigned long long lines = v->lines - v->filtered;

	if (o->report.quiet || report_is_widefinder(&o->query))
		return;
	hint_unparsed(o, v);
	hint_filtered(v);
	if (o->query.set || !lines)
		return;
	if (!v->matched && v->unparsed < lines && !q->regexp.value)
		hint_no_value(grouping_spec_fields(q), lines);
	if (q->sum.value)
		hint_sum(q->sum.value, v, r);
}

/* --- What went wrong --------------------------------------------------------------- */

void outcome_report_error(const struct outcome *a, const char *what, int why)
{
	struct complaint c;

	counts_explain(a->counts, what, query_sum(a->query), why, &c);
	warn_of(&c);
}

static bool totals_fit(const struct outcome *a)
{
	bool fit = sum_fits(a->account->totals.bytes);

	if (!fit)
		outcome_report_error(a, "totals", EOVERFLOW);
	return fit;
}

/* --- Printing ---------------------------------------------------------------------- */

struct ranking *outcome_rankings(const struct query *query)
{
	size_t n;
	const struct grouping *groupings = query_groupings(query, &n);
	struct ranking *rankings = calloc(n, sizeof *rankings);

	for (size_t i = 0; rankings && i < n; i++)
		rankings[i] = (struct ranking){.order = groupings[i].spec->order,
			.sums = groupings[i].sums,
			.limit = groupings[i].spec->top};
	return rankings;
}

struct ranking *outcome_rank(const struct outcome *a)
{
	struct ranking *rankings = outcome_rankings(a->query);
	size_t n;

	query_groupings(a->query, &n);
	if (rankings && reduce_rank(a->counts, rankings, n, a->options->workers.jobs))
		return rankings;
	outcome_report_error(a, "ranking", errno);
	rankings_free(rankings, n);
	return NULL;
}

static uint64_t all_keys(const struct ranking *rankings, size_t n)
{
	uint64_t keys = 0;

	for (size_t i = 0; i < n; i++)
		keys += rankings[i].keys;
	return keys;
}

static bool rank_and_print(const struct outcome *a, struct report *r)
{
	r->rankings = a->rankings ? a->rankings : outcome_rank(a);
	if (!r->rankings)
		return false;
	r->keys = all_keys(r->rankings, r->n);
	return print(r);
}

/* --- Saving ------------------------------------------------------------------------ */

static bool save(const struct outcome *a, struct report *r)
{
	struct pack origins = {0};
	struct saved saved = {.query = &a->options->query,
		.account = a->account,
		.origins = &origins,
		.sum = query_sum(a->query)};
	struct complaint why;

	if (a->snapshots)
		provenance_pack(&origins, &a->snapshots->origins);
	else
		provenance_pack_inputs(&origins, a->inputs);
	bool ok = snapshot_save(a->options->save, &saved, a->counts, &why);
	if (!ok)
		warn_of(&why);
	r->keys = saved.keys;
	pack_free(&origins);
	return ok;
}

/* --- All --------------------------------------------------------------------------- */

static void tell_stats(const struct outcome *a, const struct report *r)
{
	double seconds = clock_seconds() - a->start;

	if (a->options->merge)
		report_merged(r, a->snapshots->n, seconds);
	else
		report_stats(r, a->workers, seconds);
}

int outcome_deliver(const struct outcome *a)
{
	const struct options *o = a->options;
	struct report r = {.spec = &o->report,
		.query = &o->query,
		.account = a->account,
		.files = &o->files,
		.folders = &o->folders,
		.spilled = counts_spilled(a->counts)};

	r.groupings = query_groupings(a->query, &r.n);
	bool ok = totals_fit(a) && (o->save ? save(a, &r) : rank_and_print(a, &r));
	if (ok && o->report.stats)
		tell_stats(a, &r);
	if (ok)
		hint(o, &r);
	rankings_free(r.rankings ? r.rankings : a->rankings, r.n);
	if (!ok)
		return STATUS_ERROR;
	return a->account->verdicts.matched ? 0 : 1;
}
