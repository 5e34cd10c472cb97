#include "rank/top.h"

#include <errno.h>
#include <stdlib.h>

#include "rank/key_order.h"

/* Compare two rows.  Negative if a ranks before b. */
typedef int order_function(const struct row *a, const struct row *b);

static inline int by_key(const struct row *a, const struct row *b)
{
	return span_compare(a->key, b->key);
}

static int by_first_key(const struct row *a, const struct row *b)
{
	return key_order(a->key, b->key);
}

static int by_last_key(const struct row *a, const struct row *b)
{
	return -by_first_key(a, b);
}

static inline int by_count(const struct row *a, const struct row *b)
{
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return by_key(a, b);
}

static int by_sum(const struct row *a, const struct row *b)
{
	int order = sum_compare(b->sum, a->sum);

	return order ? order : by_key(a, b);
}

/* Return the order that decides which rows are kept: the first rows in this order. */
static order_function *order_of(const struct ranking *r)
{
	switch (r->order) {
	case ORDER_KEY:
		return by_first_key;
	case ORDER_LAST:
		return by_last_key;
	case ORDER_COUNT:
		break;
	}
	return r->sums ? by_sum : by_count;
}

/* Return the order in which rows are printed.  Even the last keys are printed in ascending order.
 */
static order_function *printed_order_of(const struct ranking *r)
{
	return r->order == ORDER_LAST ? by_first_key : order_of(r);
}

/* qsort() passes nothing but two rows to its comparison function, so each order needs a function of
 * its own. */
#define COMPARE_ROWS(name, order)                                                                  \
	static int name(const void *a, const void *b)                                              \
	{                                                                                          \
		return order(a, b);                                                                \
	}

COMPARE_ROWS(rows_by_key, by_first_key)
COMPARE_ROWS(rows_by_count, by_count)
COMPARE_ROWS(rows_by_sum, by_sum)

void top_finish(struct ranking *r)
{
	int (*compare)(const void *, const void *) = rows_by_key;

	if (!r->n)
		return; /* .rows is NULL, with which qsort() must not be called */
	if (r->order == ORDER_COUNT)
		compare = r->sums ? rows_by_sum : rows_by_count;
	qsort(r->rows, r->n, sizeof *r->rows, compare);
}

/* Move the row at i down the heap until no child ranks after it.  The row that ranks last is at the
 * top of the heap.  A new row is kept only if it ranks before the row at the top (Williams' heap;
 * Knuth, TAOCP vol. 3, 5.2.3). */
static void sift_down(order_function *order, struct row *rows, size_t n, size_t i)
{
	struct row row = rows[i];

	for (size_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && order(&rows[child + 1], &rows[child]) > 0)
			child++;
		if (order(&rows[child], &row) <= 0)
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
			sift_down(order_of(r), r->rows, r->n, i);
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
	if (r->order == ORDER_COUNT && !r->sums)
		return by_count(row, &r->rows[0]) > 0;
	return order_of(r)(row, &r->rows[0]) > 0;
}

/* Keep a row that is not beaten.  If the ranking is full, the new row replaces the row that ranks
 * last. */
static bool keep(struct ranking *r, struct row row)
{
	if (r->hold && !r->hold(r->holder, &row.key))
		return false;
	if (!is_full(r))
		return append(r, &row);
	r->rows[0] = row;
	sift_down(order_of(r), r->rows, r->n, 0);
	return true;
}

/* Add to the ranking's totals.  False (EOVERFLOW) if they are too large. */
static bool add_totals(struct ranking *r, uint64_t keys, uint64_t matched, struct sum sum)
{
	r->keys += keys;
	errno = EOVERFLOW;
	return !__builtin_add_overflow(r->matched, matched, &r->matched) &&
	       (!r->sums || sum_add(&r->sum, sum));
}

bool top_add(struct ranking *r, const struct counted *c)
{
	struct row row = {c->key, c->count, c->sum};

	return add_totals(r, 1, c->count, c->sum) && (is_beaten(r, &row) || keep(r, row));
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
		while (left && order(&r->rows[left - 1], &row) > 0)
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
	if (!add_totals(r, more->keys, more->matched, more->sum) || !merge_rows(r, rows))
		return false;
	ranking_limit(r, r->limit);
	return true;
}

void ranking_free(struct ranking *r)
{
	free(r->rows);
	r->rows = NULL;
	r->n = r->room = 0;
}
