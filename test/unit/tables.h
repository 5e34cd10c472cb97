/* tables.h -- tables for tests: made in a line, added to each other, ranked. */
#ifndef TABLES_H
#define TABLES_H

#include "lib/table.h"
#include "top.h"

static inline struct table *new_table_of(bool between_processes, bool sums, uint64_t seed)
{
	return table_new(&(struct table_spec){between_processes, sums, seed, .budget = 0});
}

static inline bool add_table(struct table *to, const struct table *from)
{
	for (const struct entry *e = NULL; (e = table_next(from, e));)
		if (!table_add_entry(to, e))
			return false;
	return true;
}

static inline struct row row_of(const struct table *t, const struct entry *e)
{
	struct row row = {.key = entry_key(e), .count = e->count};

	if (table_has_sums(t))
		row.sum = entry_sum(e);
	return row;
}

static inline bool rank_table(const struct table *t, struct ranking *r, size_t n)
{
	for (const struct entry *e = NULL; (e = table_next(t, e));) {
		struct row row = row_of(t, e);
		if (!top_add(&r[e->group], &row))
			return false;
	}
	for (size_t i = 0; i < n; i++)
		top_finish(&r[i]);
	return true;
}

#endif
