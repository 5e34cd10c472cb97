#include "rank/top.h"

#include <errno.h>
#include <stdlib.h>

#include "rank/key_order.h"

/* Compare two rows.  Negative if a ranks before b. */
typedef int order_function(
	const struct ranking *, const struct row *a, const struct row *b);

static inline int by_key(
	const struct ranking *r, const struct row *a, const struct row *b)
{
	(void)r;
	return span_compare(a->key, b->key);
}

static int by_first_key(const struct ranking *r, const struct row *a, const struct row *b)
{
	(void)r;
	return key_order(a->key, b->key);
}

static int by_last_key(const struct ranking *r, const struct row *a, const struct row *b)
{
	return -by_first_key(r, a, b);
}

static inline int by_count(
	const struct ranking *r, const struct row *a, const struct row *b)
{
	if (a->count != b->count)
		return (a->count > b->count) == r->ascending ? 1 : -1;
	return by_key(r, a, b);
}

static int by_value(const struct ranking *r, const struct row *a, const struct row *b)
{
	if (!a->values || !b->values)
		return by_key(r, a, b);
	struct sum x = a->values[r->by], y = b->values[r->by];
	bool has_x = !number_is_none(x), has_y = !number_is_none(y);

	if (has_x != has_y)
		return has_x ? -1 : 1;
	int order = r->ascending ? sum_compare(x, y) : sum_compare(y, x);
	if (!order && r->counts_break_ties && a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return order ? order : by_key(r, a, b);
}

/* Return the order that decides which rows are kept: the first rows in this order. */
static order_function *order_of(const struct ranking *r)
{
	switch (r->order) {
	case ORDER_KEY:
		return by_first_key;
	case ORDER_LAST:
		return by_last_key;
	case ORDER_WEIGHT:
		break;
	}
	return r->by == BY_COUNT ? by_count : by_value;
}

/* Return the order in which rows are printed.  Even the last keys are printed in ascending order.
 */
static order_function *printed_order_of(const struct ranking *r)
{
	return r->order == ORDER_LAST ? by_first_key : order_of(r);
}

static int compare_rows(const void *a, const void *b, void *ranking)
{
	return printed_order_of(ranking)(ranking, a, b);
}

void top_finish(struct ranking *r)
{
	if (r->n) /* if there are no rows, .rows is NULL, with which qsort_r() must not be called */
		qsort_r(r->rows, r->n, sizeof *r->rows, compare_rows, r);
}

/* Move the row at i down the heap until no child ranks after it.  The row that ranks last is at the
 * top of the heap.  A new row is kept only if it ranks before the row at the top (Williams' heap;
 * Knuth, TAOCP vol. 3, 5.2.3). */
static void sift_down(const struct ranking *r, size_t i)
{
	order_function *order = order_of(r);
	struct row *rows = r->rows, row = rows[i];
	size_t n = r->n;

	for (size_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && order(r, &rows[child + 1], &rows[child]) > 0)
			child++;
		if (order(r, &rows[child], &row) <= 0)
			break;
		rows[i] = rows[child];
	}
	rows[i] = row;
}

static bool make_room(struct ranking *r, size_t n)
{
	size_t room = r->room ? r->room : 16;

	if (n <= r->room)
		return true;
	while (room < n)
		room *= 2;
	struct row *rows = realloc(r->rows, room * sizeof *rows);
	if (!rows)
		return false;
	r->rows = rows;
	r->room = room;
	return true;
}

/* Append a row.  If that makes the ranking full, make the rows a heap. */
static bool append(struct ranking *r, const struct row *row)
{
	if (!make_room(r, r->n + 1))
		return false;
	r->rows[r->n++] = *row;
	if (r->n == r->limit)
		for (size_t i = r->n / 2; i-- > 0;)
			sift_down(r, i);
	return true;
}

static bool is_full(const struct ranking *r)
{
	return r->limit && r->n == r->limit;
}

/* True if the row ranks after all rows that are kept, as most rows do.  Most rankings are by
 * counts, so two counts are compared here directly, without a call through a pointer. */
static inline bool is_beaten(const struct ranking *r, const struct row *row)
{
	if (!is_full(r))
		return false;
	if (r->order == ORDER_WEIGHT && r->by == BY_COUNT)
		return by_count(r, row, &r->rows[0]) > 0;
	return order_of(r)(r, row, &r->rows[0]) > 0;
}

/* Copy the row's values to `to`; if that is NULL, to new memory.  False if out of memory. */
static bool hold_values(struct ranking *r, struct row *row, struct sum *to)
{
	size_t bytes = r->statistics ? r->statistics->n_all * sizeof *to : 0;

	if (!bytes) {
		row->values = NULL;
		return true;
	}
	if (!to)
		to = arena_take_aligned(&r->values, bytes);
	if (to)
		memcpy(to, row->values, bytes);
	row->values = to;
	return to != NULL;
}

/* Keep a row that is not beaten.  If the ranking is full, the new row replaces the row that ranks
 * last. */
static bool keep(struct ranking *r, struct row row)
{
	bool full = is_full(r);

	if (r->hold && !r->hold(r->holder, &row.key))
		return false;
	if (!hold_values(r, &row, full ? r->rows[0].values : NULL))
		return false;
	if (!full)
		return append(r, &row);
	r->rows[0] = row;
	sift_down(r, 0);
	return true;
}

/* Add to the ranking's totals.  False (EOVERFLOW) if they are too large. */
static bool add_totals(struct ranking *r, uint64_t keys, uint64_t matched, struct sum sum)
{
	r->keys += keys;
	errno = EOVERFLOW;
	return !__builtin_add_overflow(r->matched, matched, &r->matched) &&
	       (!ranking_by_sum(r) || sum_add(&r->sum, sum));
}

bool ranking_by_sum(const struct ranking *r)
{
	const struct statistic *by = r->by != BY_COUNT ? &r->statistics->at[r->by] : NULL;

	return by && by->kind == STATISTIC_SUM && !by->side;
}

/* Let the ranking's period include these times, which may be none. */
static void add_period(struct ranking *r, struct sum first, struct sum last)
{
	if (!number_is_none(first) &&
		(number_is_none(r->first) || sum_compare(first, r->first) < 0))
		r->first = first;
	if (!number_is_none(last) && (number_is_none(r->last) || sum_compare(last, r->last) > 0))
		r->last = last;
}

static void add_times(struct ranking *r, const struct row *row)
{
	const struct statistics *s = r->statistics;

	for (size_t i = 0; s && i < s->n_all; i++) {
		if (s->at[i].side)
			continue;
		if (s->at[i].kind == STATISTIC_FIRST)
			add_period(r, row->values[i], NUMBER_NONE);
		else if (s->at[i].kind == STATISTIC_LAST)
			add_period(r, NUMBER_NONE, row->values[i]);
	}
}

bool top_add(struct ranking *r, const struct row *row)
{
	struct sum sum = ranking_by_sum(r) ? row->values[r->by] : (struct sum){0};

	add_times(r, row);
	return add_totals(r, 1, row->count, sum) &&
	       (row->count < r->least || is_beaten(r, row) || keep(r, *row));
}

/* Merge rows into the sorted rows of a ranking.  The array is filled from its new end to its start,
 * beginning with the last row of all, so no row is moved twice. */
static bool merge_rows(struct ranking *r, struct rows more)
{
	order_function *order = printed_order_of(r);
	size_t left = r->n, to = r->n + more.n;
	struct row row;

	if (!make_room(r, to))
		return false;
	for (size_t i = 0; i < more.n; i++) {
		if (!more.take_last(more.ctx, &row))
			return false;
		if (!hold_values(r, &row, NULL))
			return false;
		while (left && order(r, &r->rows[left - 1], &row) > 0)
			r->rows[--to] = r->rows[--left];
		r->rows[--to] = row;
	}
	r->n += more.n;
	return true;
}

void ranking_limit(struct ranking *r, size_t limit)
{
	if (!limit || r->n <= limit)
		return;
	/* The last keys are at the end of the rows. */
	if (r->order == ORDER_LAST)
		memmove(r->rows, r->rows + r->n - limit, limit * sizeof *r->rows);
	r->n = limit;
}

bool top_merge(struct ranking *r, const struct ranking *more, struct rows rows)
{
	add_period(r, more->first, more->last);
	if (!add_totals(r, more->keys, more->matched, more->sum) || !merge_rows(r, rows))
		return false;
	ranking_limit(r, r->limit);
	return true;
}

void ranking_free(struct ranking *r)
{
	free(r->rows);
	arena_free(&r->values);
	r->rows = NULL;
	r->n = r->room = 0;
}
