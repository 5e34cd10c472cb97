#include "top.h"

#include <stdlib.h>

/* Negative if a ranks before b. */
static int order(const struct entry *a, const struct entry *b)
{
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return span_compare(entry_key(a), entry_key(b));
}

static int order_of_rows(const void *a, const void *b)
{
	return order(*(const struct entry *const *)a, *(const struct entry *const *)b);
}

/* Let the row at i sink until no child ranks after it.  The heap's top is the row that
 * ranks last: the one to beat (Williams' heap; Knuth, TAOCP vol. 3, 5.2.3). */
static void sink(const struct entry **rows, size_t n, size_t i)
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

bool top_rank(const struct table *t, size_t k, struct ranking *r)
{
	uint64_t keys = table_keys(t);
	const struct entry *e = NULL;

	*r = (struct ranking){0};
	if (k == 0 || k > keys)
		k = (size_t)keys;
	r->rows = malloc((k + 1) * sizeof *r->rows);
	if (!r->rows)
		return false;
	while (r->n < k && (e = table_next(t, e)))
		r->rows[r->n++] = e;
	for (size_t i = k / 2; i-- > 0;)
		sink(r->rows, k, i);
	while (k && (e = table_next(t, e))) {
		if (order(e, r->rows[0]) < 0) {
			r->rows[0] = e;
			sink(r->rows, k, 0);
		}
	}
	qsort(r->rows, r->n, sizeof *r->rows, order_of_rows);
	return true;
}

void ranking_free(struct ranking *r)
{
	free(r->rows);
	*r = (struct ranking){0};
}
