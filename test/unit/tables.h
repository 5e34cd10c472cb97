/* tables.h -- tables for tests: made in a line, added to each other, ranked. */
#ifndef TABLES_H
#define TABLES_H

#include "store/table.h"
#include "rank/resolver.h"
#include "sums.h"
#include "unit.h"

static inline struct table *new_table_of(bool between_processes, bool sums, uint64_t seed)
{
	return table_new(
		&(struct table_spec){between_processes, measures_for(sums), seed, .budget = 0});
}

/* The sum of an entry; 0 if its table has none. */
static inline struct sum entry_sum(const struct table *t, const struct entry *e)
{
	return table_measures(t) ? measure_sum(entry_measures(e)) : (struct sum){0};
}

static inline bool add_table(struct table *to, const struct table *from)
{
	for (const struct entry *e = NULL; (e = table_next(from, e));)
		if (!table_add_entry(to, e, NULL))
			return false;
	return true;
}

static inline bool rank_table(const struct table *t, struct ranking *r, size_t n)
{
	for (const struct entry *e = NULL; (e = table_next(t, e));) {
		struct counted c = entry_counted(e);
		if (!resolver_add_key(&r[e->group], &c))
			return false;
	}
	for (size_t i = 0; i < n; i++)
		top_finish(&r[i]);
	return true;
}

/* Without an assertion for each row, of which there are many. */
static inline bool is_same_row(const struct row *a, const struct row *b)
{
	return span_equal(a->key, b->key) && a->count == b->count &&
	       sum_compare(row_sum(a), row_sum(b)) == 0;
}

static inline void assert_same_ranking(const struct ranking *got, const struct ranking *expected)
{
	assert_int_equal(got->n, expected->n);
	assert_true(got->keys == expected->keys);
	assert_true(got->matched == expected->matched);
	assert_int_equal(sum_compare(got->sum, expected->sum), 0);
	for (size_t i = 0; i < got->n; i++)
		if (!is_same_row(&got->rows[i], &expected->rows[i]))
			fail_msg("row %zu: '%.*s', not '%.*s'", i, (int)got->rows[i].key.len,
				got->rows[i].key.at, (int)expected->rows[i].key.len,
				expected->rows[i].key.at);
}

#endif
