#include "top.h"

#include <errno.h>
#include <stdlib.h>

/* Negative if a ranks before b. */
typedef int order_function(const struct entry *a, const struct entry *b);

static int by_key(const struct entry *a, const struct entry *b)
{
	return span_compare(entry_key(a), entry_key(b));
}

static int by_last_key(const struct entry *a, const struct entry *b)
{
	return -by_key(a, b);
}

static int by_count(const struct entry *a, const struct entry *b)
{
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return by_key(a, b);
}

static int by_sum(const struct entry *a, const struct entry *b)
{
	int order = sum_compare(entry_sum(b), entry_sum(a));

	return order ? order : by_key(a, b);
}

static order_function *order_of(const struct ranking *r)
{
	switch (r->order) {
	case ORDER_KEY:
		return by_key;
	case ORDER_LAST:
		return by_last_key;
	case ORDER_COUNT:
		break;
	}
	return r->sums ? by_sum : by_count;
}

/* qsort's functions are told of pointers to rows, and of nothing else. */
#define COMPARE_ROWS(name, order)                                                                  \
	static int name(const void *a, const void *b)                                              \
	{                                                                                          \
		return order(*(const struct entry *const *)a, *(const struct entry *const *)b);    \
	}

COMPARE_ROWS(rows_by_key, by_key)
COMPARE_ROWS(rows_by_count, by_count)
COMPARE_ROWS(rows_by_sum, by_sum)

/* The last keys, too, are printed in ascending order. */
static void sort(struct ranking *r)
{
	int (*compare)(const void *, const void *) = rows_by_key;

	if (!r->n)
		return; /* rows is NULL, which qsort must not be given */
	if (r->order == ORDER_COUNT)
		compare = r->sums ? rows_by_sum : rows_by_count;
	qsort(r->rows, r->n, sizeof *r->rows, compare);
}

/* Let the row at i sink until no child ranks after it.  The heap's top is the row that
 * ranks last: the one to beat (Williams' heap; Knuth, TAOCP vol. 3, 5.2.3). */
static void sink(order_function *order, const struct entry **rows, size_t n, size_t i)
{
	const struct entry *row = rows[i];

	for (size_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && order(rows[child + 1], rows[child]) > 0)
			child++;
		if (order(rows[child], row) <= 0)
			break;
		rows[i] = rows[child];
	}
	rows[i] = row;
}

/* A row more; when there are as many as are wanted, they become a heap. */
static bool append(struct ranking *r, const struct entry *e, size_t *room)
{
	if (r->n == *room) {
		size_t more = *room ? 2 * *room : 16;
		const struct entry **rows = realloc(r->rows, more * sizeof *rows);
		if (!rows)
			return false;
		r->rows = rows;
		*room = more;
	}
	r->rows[r->n++] = e;
	if (r->n == r->limit)
		for (size_t i = r->n / 2; i-- > 0;)
			sink(order_of(r), r->rows, r->n, i);
	return true;
}

static bool add(struct ranking *r, const struct entry *e, size_t *room)
{
	order_function *order = order_of(r);

	r->keys++;
	r->matched += e->count;
	if (r->sums && (!sum_fits(entry_sum(e)) || !sum_add(&r->sum, entry_sum(e)))) {
		errno = EOVERFLOW;
		return false;
	}
	if (!r->limit || r->n < r->limit)
		return append(r, e, room);
	if (order(e, r->rows[0]) < 0) {
		r->rows[0] = e;
		sink(order, r->rows, r->n, 0);
	}
	return true;
}

bool top_rank(const struct table *t, struct ranking *r, size_t n)
{
	size_t *room = calloc(n + 1, sizeof *room);
	bool ok = room != NULL;

	for (const struct entry *e = NULL; ok && (e = table_next(t, e));)
		ok = add(&r[e->group], e, &room[e->group]);
	for (size_t i = 0; ok && i < n; i++)
		sort(&r[i]);
	free(room);
	return ok;
}

void ranking_free(struct ranking *r)
{
	free(r->rows);
	r->rows = NULL;
	r->n = 0;
}
