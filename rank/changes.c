#include "rank/changes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rank/keeper.h"
#include "rank/likelihood.h"
#include "rank/ranker.h"
#include "rank/resolver.h"
#include "rank/transfer.h"

enum { OLD, NEW };

/* The most values of a row. */
enum { VALUES_MAX = 3 * (CHANGES_STATISTICS + 1) + 2 };

/* --- A side ------------------------------------------------------------------------- */

bool side_begin(struct side *s, const struct ranking *rankings, size_t n)
{
	*s = (struct side){.rows = row_file_new(), .n = n};
	s->totals = s->rows ? rankings_like(rankings, n) : NULL;
	/* No row is kept, but all are added to the totals. */
	for (size_t i = 0; s->totals && i < n; i++)
		s->totals[i].least = UINT64_MAX;
	return s->totals;
}

void side_free(struct side *s)
{
	row_file_free(s->rows);
	rankings_free(s->totals, s->totals ? s->n : 0);
	*s = (struct side){0};
}

static size_t values_of(const struct ranking *r)
{
	return r->statistics ? r->statistics->n_all : 0;
}

static bool take_row(void *side, const struct counted *key, const struct row *row)
{
	struct side *s = side;
	struct ranking *totals = &s->totals[key->group];

	return top_add(totals, row) && row_file_add(s->rows, key, row, values_of(totals));
}

static bool resolve(void *resolver, const struct counted *c)
{
	return resolver_take(resolver, c);
}

bool side_take(struct side *s, const struct counts *counts)
{
	struct resolver *r = resolver_new(s->totals, s->n, counts->measures);

	if (!r)
		return false;
	resolver_hand_over(r, (struct row_sink){take_row, s});
	bool ok = ranker_walk_sorted(counts, (struct sink){resolve, r}) && resolver_end(r) &&
		  row_file_rewind(s->rows);
	int saved = errno;
	resolver_free(r);
	errno = saved;
	return ok;
}

/* --- Columns ------------------------------------------------------------------------ */

static bool has_count(const struct statistics *s)
{
	for (size_t i = 0; s && i < s->n; i++)
		if (s->at[i].kind == STATISTIC_COUNT)
			return true;
	return false;
}

/* Return how many statistics are compared, including the count. */
static size_t compared(const struct statistics *s)
{
	return (s ? s->n : 0) + !has_count(s);
}

/* Append a column.  False if out of memory. */
static bool add_column(struct statistics *s, enum statistic_kind kind, enum statistic_side side,
	const char *prefix, const char *name)
{
	struct statistic *column = &s->at[s->n_all];

	*column = (struct statistic){
		.kind = kind, .side = side, .title = prefix, .title_len = strlen(prefix), .operand = ""};
	if (asprintf(&column->name, "%s%s%s", prefix, *name ? "_" : "", name) < 0) {
		column->name = NULL;
		return false;
	}
	s->n_all++;
	return true;
}

static bool add_columns(struct statistics *s, enum statistic_kind kind, const char *name)
{
	return add_column(s, kind, SIDE_OLD, "old", name) &&
	       add_column(s, kind, SIDE_NEW, "new", name) &&
	       add_column(s, kind, SIDE_CHANGE, "change", name);
}

/* Make the columns of a comparison of the statistics `base`, or of counts if it is NULL.  False if
 * out of memory. */
static bool make_columns(
	struct statistics *s, const struct statistics *base, const char *const names[2])
{
	size_t n = compared(base), n_base = base ? base->n : 0;
	struct statistic *at = calloc(3 * n + 2, sizeof *at);
	bool ok = true;

	if (!at)
		return false;
	*s = (struct statistics){.at = at,
		.n = n_base ? 3 * n_base : 3,
		.base = base,
		.side_names = names};
	s->n_more = 3 * n + 1 - s->n;
	for (size_t i = 0; ok && i < n_base; i++)
		ok = add_columns(s, base->at[i].kind, base->only_sum ? "sum" : base->at[i].name);
	if (n > n_base)
		ok = ok && add_columns(s, STATISTIC_COUNT, "count");
	return ok && add_column(s, STATISTIC_COUNT, SIDE_RATIO, "g2", "") &&
	       add_column(s, STATISTIC_COUNT, SIDE_WEIGHT, "weight", "");
}

/* --- Values ------------------------------------------------------------------------- */

/* The current row of a side. */
struct cursor {
	struct side *side;
	struct counted key;
	struct row row;
	bool more; /* false after the last row */
};

struct joiner {
	struct changes *changes;
	enum changes_order order;
	const struct ranking *usual;    /* the rankings that are compared */
	struct likelihood **likelihood; /* for each of them */
	struct cursor cursors[2];
};

/* True if the value is 0 for a key that was not counted; otherwise there is no value. */
static bool is_zero_without_lines(enum statistic_kind kind)
{
	return kind == STATISTIC_COUNT || kind == STATISTIC_SHARE || kind == STATISTIC_RATE ||
	       kind == STATISTIC_SUM || kind == STATISTIC_UNIQ || kind == STATISTIC_SKETCH ||
	       kind == STATISTIC_MEETING;
}

/* Return statistic i of a row of a side; `row` is NULL if the side does not have the key. */
static struct sum value_of(const struct ranking *totals, const struct row *row, size_t i)
{
	enum statistic_kind kind = totals->statistics->at[i].kind;

	if (!row && is_zero_without_lines(kind))
		return (struct sum){0};
	if (!row)
		return NUMBER_NONE;
	if (kind == STATISTIC_SHARE)
		return statistic_share(row->count, totals->matched);
	if (kind == STATISTIC_RATE)
		return statistic_rate(row->count, totals->first, totals->last);
	return row->values[i];
}

static struct sum count_of(const struct row *row)
{
	return sum_of_parts(row ? row->count : 0, 0);
}

/* Return the absolute difference of two values; NUMBER_NONE if there is none. */
static struct sum difference(struct sum a, struct sum b)
{
	return sum_compare(a, b) < 0 ? statistic_difference(b, a) : statistic_difference(a, b);
}

/* Return what a row is ranked by.  `values` are the values of the row, up to the ratio. */
static struct sum weight_of(const struct joiner *j, unsigned group, const struct row *const rows[2],
	const struct sum *values, struct sum ratio)
{
	size_t by = j->usual[group].by;
	const struct row *only = !rows[OLD] ? rows[NEW] : rows[OLD];

	/* Greater than any ratio or difference, and ordered by the count. */
	if ((j->order == CHANGES_NEW && !rows[OLD]) || (j->order == CHANGES_GONE && !rows[NEW]))
		return (struct sum){only->count, INT64_MAX};
	if (by != BY_COUNT)
		return difference(values[3 * by], values[3 * by + 1]);
	return j->order == CHANGES_SIZE ? difference(count_of(rows[OLD]), count_of(rows[NEW]))
					: ratio;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Add the row of a key.  The row of a side that does not have the key is NULL. */
static bool add_row(struct joiner *j, unsigned group, const struct row *const rows[2])
{
	struct sum values[VALUES_MAX], *to = values;
	const struct ranking *usual = &j->usual[group];
	uint64_t counts[2] = {rows[OLD] ? rows[OLD]->count : 0, rows[NEW] ? rows[NEW]->count : 0};

	for (size_t i = 0; usual->statistics && i < usual->statistics->n; i++) {
		for (int side = OLD; side <= NEW; side++)
			*to++ = value_of(&j->cursors[side].side->totals[group], rows[side], i);
		*to++ = NUMBER_NONE; /* the change is computed when it is printed */
	}
	if (!has_count(usual->statistics)) {
		*to++ = count_of(rows[OLD]);
		*to++ = count_of(rows[NEW]);
		*to++ = NUMBER_NONE;
	}
	struct sum ratio = likelihood_ratio(j->likelihood[group], counts[OLD], counts[NEW]);
	*to++ = ratio;
	*to++ = weight_of(j, group, rows, values, ratio);
	struct row row = {(rows[OLD] ? rows[OLD] : rows[NEW])->key,
		larger(counts[OLD], counts[NEW]), values};
	return top_add(&j->changes->rankings[group], &row);
}

/* --- The join ----------------------------------------------------------------------- */

static bool advance(struct cursor *c)
{
	return row_file_next(c->side->rows, &c->key, &c->row, &c->more);
}

/* Join the rows of both sides. */
static bool join(struct joiner *j)
{
	struct cursor *old = &j->cursors[OLD], *new = &j->cursors[NEW];

	if (!advance(old) || !advance(new))
		return false;
	while (old->more || new->more) {
		int order = !old->more	 ? 1
			    : !new->more ? -1
					 : counted_compare(&old->key, &new->key);
		const struct row *rows[2] = {
			order <= 0 ? &old->row : NULL, order >= 0 ? &new->row : NULL};
		if (!add_row(j, (order <= 0 ? old : new)->key.group, rows))
			return false;
		if (order <= 0 && !advance(old))
			return false;
		if (order >= 0 && !advance(new))
			return false;
	}
	return true;
}

static void free_likelihoods(struct likelihood **all, size_t n)
{
	for (size_t i = 0; all && i < n; i++)
		likelihood_free(all[i]);
	free(all);
}

static bool begin_ranking(struct changes *c, size_t i, const char *const names[2])
{
	struct ranking *r = &c->rankings[i];

	if (!make_columns(&c->columns[i], r->statistics, names))
		return false;
	r->statistics = &c->columns[i];
	r->by = c->columns[i].n_all - 1;
	r->counts_break_ties = true;
	return true;
}

static bool begin(struct changes *c, struct joiner *j, const char *const names[2])
{
	const struct side *old = j->cursors[OLD].side, *new = j->cursors[NEW].side;

	c->rankings = rankings_like(j->usual, c->n);
	c->columns = calloc(c->n, sizeof *c->columns);
	j->likelihood = calloc(c->n, sizeof(struct likelihood *));
	if (!c->rankings || !c->columns || !j->likelihood)
		return false;
	for (size_t i = 0; i < c->n; i++) {
		j->likelihood[i] =
			likelihood_new(old->totals[i].matched, new->totals[i].matched);
		if (!j->likelihood[i] || !begin_ranking(c, i, names))
			return false;
	}
	return true;
}

bool changes_rank(struct changes *c, struct side sides[2], const struct ranking *usual, size_t n,
	enum changes_order order, const char *const names[2])
{
	struct joiner j = {.changes = c,
		.order = order,
		.usual = usual,
		.cursors = {{.side = &sides[OLD]}, {.side = &sides[NEW]}}};
	struct keeper keeper = {0};

	*c = (struct changes){.n = n};
	bool ok = begin(c, &j, names);
	if (ok) {
		keeper_begin(&keeper, &c->keys, c->rankings, n);
		ok = join(&j);
		keeper_end(&keeper);
	}
	for (size_t i = 0; ok && i < n; i++)
		top_finish(&c->rankings[i]);
	int saved = errno;
	free_likelihoods(j.likelihood, n);
	errno = saved;
	return ok;
}

void changes_free(struct changes *c)
{
	rankings_free(c->rankings, c->rankings ? c->n : 0);
	for (size_t i = 0; c->columns && i < c->n; i++)
		statistics_free(&c->columns[i]);
	free(c->columns);
	arena_free(&c->keys);
	*c = (struct changes){0};
}
