#include "query/query.h"

#include <stdlib.h>

#include "query/field_columns.h"
#include "query/moment.h"
#include "query/compiled.h"

/* --- Shortcuts ------------------------------------------------------------------- */

static bool is_unfiltered(const struct query *q, const struct grouping *g)
{
	return !q->filters.n && !q->conditions.n && g->takes_all;
}

/* True if only the key's pattern decides about a line.  If there were a filter as well, a line
 * without the pattern's literal might be filtered out instead of unmatched. */
static bool is_only_pattern(const struct query *q)
{
	const struct grouping *g = &q->groupings[0];

	return q->n_groupings == 1 && g->patterns.n == 1 && !g->spec->patterns.n && !g->n_fields &&
	       is_unfiltered(q, g) && !q->needs_format && !g->measured.n_numbers &&
	       !g->measured.n_pairs;
}

static const struct needle *find_filter_needle(const struct query *q)
{
	for (size_t i = 0; i < q->filters.n; i++)
		if (!q->filters.at[i].drop && q->filters.at[i].needle.literal.len)
			return &q->filters.at[i].needle;
	return NULL;
}

/* Choose how to recognise lines that need not be judged. */
static void choose_prefilter(struct query *q)
{
	/* If all lines are to be counted, a line without the literal must be cut all the same: it may
	 * be outside the period. */
	if (q->spec->rejects || (q->period.is_set && !q->spec->may_skip_lines))
		return;
	q->prefilter = find_filter_needle(q);
	q->prefilter_is_filter = q->prefilter != NULL;
	if (q->prefilter || !is_only_pattern(q))
		return;
	struct grouping *g = &q->groupings[0];
	const struct filter *key = &g->patterns.at[0].filter;
	if (!key->needle.literal.len) {
		bool finds = !g->subs.n && pattern_has_finder(key->pattern, g->spec->every_match);
		q->finder = finds ? key->pattern : NULL;
		q->counts_every_match = finds && g->spec->every_match;
		return;
	}
	g->has_literal = true;
	q->prefilter = &key->needle;
	q->prefilter_starts_match = pattern_starts_with_literal(key->pattern);
	q->is_onepass = !g->subs.n && pattern_is_onepass(key->pattern);
	q->counts_every_match = q->is_onepass && g->spec->every_match;
}

/* True if the keys can be found by columns.  The query must have no filters, and no keys that a
 * pattern finds.  It must not keep rejects, nor ask for all base fields.  It must have few enough
 * groupings and fields. */
static bool suits_columns(const struct query *q)
{
	bool suits = !q->filters.n && !q->spec->rejects && !q->spec->all &&
		     q->n_groupings <= COLUMN_GROUPINGS_MAX && q->fields.n <= COLUMN_FIELDS_MAX;

	for (size_t i = 0; i < q->n_groupings; i++)
		suits &= !q->groupings[i].filters.n && !q->groupings[i].patterns.n &&
			 !q->groupings[i].subs.n;
	return suits;
}

/* --- Compiling ------------------------------------------------------------------- */

/* Allocate the groupings, and compile their patterns. */
static bool open_groupings(struct query *q, struct complaint *c)
{
	const struct query_spec *spec = q->spec;

	q->groupings = calloc(spec->n_groupings + 1, sizeof *q->groupings);
	if (!q->groupings)
		return complain_memory(c, "query");
	for (size_t i = 0; i < spec->n_groupings; i++) {
		struct grouping *g = &q->groupings[q->n_groupings++];
		if (!grouping_open(g, &spec->groupings[i], q->scan, c))
			return false;
	}
	return true;
}

/* Compile the conditions of all lines.  If there is only one grouping, their fields can be groups of
 * its patterns. */
static bool compile_conditions(struct query *q, struct complaint *c)
{
	const struct query_spec *spec = q->spec;
	struct grouping *only = q->n_groupings == 1 ? &q->groupings[0] : NULL;

	q->fields.patterns = only && spec->groupings[0].regexps.n ? &only->patterns : NULL;
	bool ok =
		expressions_compile(&q->conditions, &spec->where, spec->ignore_case, &q->fields, c);
	q->fields.patterns = NULL;
	return ok && (!only || grouping_check_conditions(only, &q->fields, c));
}

static bool compile_groupings(struct query *q, struct complaint *c)
{
	for (size_t i = 0; i < q->n_groupings; i++)
		if (!grouping_compile(&q->groupings[i], &q->fields, q->scan, c))
			return false;
	return true;
}

/* Add the fields that are needed for totals.  (-r overview prints totals.) */
static bool add_totals_fields(struct query *q, struct complaint *c)
{
	return fields_add(&q->fields, (struct arg){"bytes", "totals"}, &q->bytes, c) &&
	       fields_add(&q->fields, (struct arg){"time", "totals"}, &q->time, c);
}

/* True if the query reads lines as text, regardless of their format: whole lines, columns, or what
 * the pattern of a key matches.  Otherwise the query counts only lines that fit a log format, even
 * if its only field is @host. */
static bool reads_text(const struct query *q)
{
	for (size_t i = 0; i < q->n_groupings; i++)
		if (q->groupings[i].patterns.n)
			return true;
	return q->fields.have_columns || q->fields.have_line;
}

/* Read the period, and add the field that it needs. */
static bool add_period(struct query *q, struct complaint *c)
{
	const struct query_spec *spec = q->spec;
	const char *origin = spec->since.value ? spec->since.origin : spec->until.origin;
	size_t field;

	return period_read(spec, &q->period, c) &&
	       (!q->period.is_set ||
		       fields_add(&q->fields, (struct arg){"time", origin}, &field, c));
}

/* Number the groups of pairs, and collect the measures of all groups. */
static bool collect_measures(struct query *q, struct complaint *c)
{
	unsigned n = (unsigned)q->n_groupings;

	for (size_t i = 0; i < q->n_groupings; i++) {
		measured_number_pairs(&q->groupings[i].measured, &n);
		measured_number_conditions(&q->groupings[i].measured, &q->n_counted_conditions);
	}
	if (n > COUNTED_GROUPS)
		return complain(c, "-s: there are too many statistics");
	q->measures.groups = calloc(n + 1, sizeof *q->measures.groups);
	if (!q->measures.groups)
		return complain_memory(c, "query");
	q->measures.n = n;
	for (size_t i = 0; i < q->n_groupings; i++) {
		const struct measured *m = &q->groupings[i].measured;
		q->measures.groups[i] = m->measures;
		q->measures.groups[i].pairs_of = (unsigned)i;
		for (size_t k = 0; k < m->n_pairs; k++)
			q->measures.groups[m->pairs[k].group].pairs_of = (unsigned)i;
	}
	return true;
}

static bool compile(struct query *q, struct complaint *c)
{
	const struct query_spec *spec = q->spec;

	q->fields.may_look_up = spec->mmdb.n;
	q->fields.databases = spec->databases;
	if (!filters_compile(
		    &q->filters, &spec->grep, &spec->vgrep, spec->ignore_case, q->scan, c) ||
		!open_groupings(q, c) || !compile_conditions(q, c))
		return false;
	if (!add_period(q, c))
		return false;
	/* This is set after the conditions are compiled, because it is always an error if the log
	 * format lacks a field that -w names. */
	q->fields.missing_fields_ok = spec->missing_fields_ok;
	if (!compile_groupings(q, c) || (spec->totals && !add_totals_fields(q, c)))
		return false;
	if (spec->delimiter >= 0 && !q->fields.have_columns)
		return complain(c, "-d: no column is used; select columns by number, as in -f 2");
	if (spec->databases && !q->fields.have_looked_up)
		return complain(c, "--mmdb: no address is looked up; write -f client/country");
	if (!collect_measures(q, c))
		return false;
	q->needs_format = q->fields.need_format || (q->fields.have_host && !reads_text(q));
	if (spec->all)
		q->fields.wanted.bases = UINT32_MAX;
	return true;
}

/* Set the spec's .lists, which only this function changes.  A spec without lists may be constant. */
static bool set_lists(const struct query *q, struct complaint *c)
{
	struct args *lists = (struct args *)(uintptr_t)&q->spec->lists;

	if (q->spec->is_stored || (!lists->n && !q->fields.lists.n))
		return true;
	lists->n = 0;
	for (size_t i = 0; i < q->fields.lists.n; i++)
		if (!args_add(lists, q->fields.lists.at[i]))
			return complain_memory(c, "query");
	return true;
}

struct query *query_compile(
	const struct query_spec *spec, const struct scan *scan, struct complaint *c)
{
	struct query *q = calloc(1, sizeof *q);

	if (!q) {
		complain_memory(c, "query");
		return NULL;
	}
	q->spec = spec;
	q->scan = scan;
	q->fields.reads_no_files = spec->is_stored;
	if (!compile(q, c) || !set_lists(q, c)) {
		query_free(q);
		return NULL;
	}
	q->by_columns = suits_columns(q);
	choose_prefilter(q);
	return q;
}

void query_free(struct query *q)
{
	if (!q)
		return;
	filters_free(&q->filters);
	expressions_free(&q->conditions);
	for (size_t i = 0; i < q->n_groupings; i++)
		grouping_free(&q->groupings[i]);
	free(q->groupings);
	free(q->measures.groups);
	fields_free(&q->fields);
	free(q);
}

/* --- Accessors -------------------------------------------------------------------- */

const struct fields *query_fields(const struct query *q)
{
	return &q->fields;
}

bool query_is_over_time(const struct query *q)
{
	for (size_t i = 0; i < q->n_groupings; i++)
		if (q->groupings[i].is_over_time)
			return true;
	return false;
}

bool query_needs_format(const struct query *q)
{
	return q->needs_format;
}

bool query_has_period(const struct query *q)
{
	return q->period.is_set;
}

bool query_needs_newest(const struct query *q)
{
	return q->period.since_end || q->period.until_end;
}

const struct period *query_period(const struct query *q)
{
	return &q->period;
}

bool query_settle_period(
	struct query *q, int64_t newest, struct period_room *room, struct complaint *c)
{
	return period_settle(&q->period, q->spec, newest, room, c);
}

bool query_counts_lines(const struct query *q)
{
	bool by_key = q->prefilter && !q->prefilter_is_filter && !q->needs_format;
	bool in_period = q->prefilter && q->period.is_set;

	return !q->spec->may_skip_lines || !(by_key || q->finder || in_period);
}

const char *query_zone(const struct query *q)
{
	return q->spec->tz.value;
}

const char *query_machine_zone(const struct query *q)
{
	return q->spec->assumed && !q->spec->zone ? zone_name(q->spec->assumed) : NULL;
}

bool query_period_is_local(const struct query *q)
{
	return q->spec->is_local;
}

const struct measures *query_measures(const struct query *q)
{
	return &q->measures;
}

struct arg query_sum(const struct query *q)
{
	for (size_t i = 0; i < q->n_groupings; i++)
		if (q->groupings[i].spec->sum.n)
			return q->groupings[i].spec->sum.at[0];
	if (q->spec->totals)
		return (struct arg){"bytes", "-r overview:"};
	return (struct arg){0};
}

const struct grouping *query_groupings(const struct query *q, size_t *n)
{
	*n = q->n_groupings;
	return q->groupings;
}
