/* test_over_time.c -- tables over time that are made from counted keys. */
#include "tables.h"
#include "unit.h"

#include <errno.h>

#include "rank/over_time.h"
#include "store/tuple.h"

enum { SEED = 7, GROUP = 1 };

/* Times are numbers of one digit here; each row is two of them. */
static bool start_of(const void *ctx, struct span time, int64_t *start)
{
	(void)ctx;
	if (time.len != 1 || time.at[0] < '0' || time.at[0] > '9')
		return false;
	*start = (time.at[0] - '5') / 2 * 2; /* some are negative */
	return true;
}

static const struct over_time_keys keys = {.group = GROUP, .n_values = 1, .start = start_of};

/* Counts in two tables, of which each has some of the counts of a key. */
static void open_counts(struct counts *c)
{
	*c = (struct counts){.n = 2, .seed = SEED, .memory = 1 << 20};
	c->tables = calloc(c->n, sizeof *c->tables);
	c->spills = calloc(c->n, sizeof *c->spills);
	for (size_t i = 0; i < c->n; i++)
		c->tables[i] = new_table_of(false, false, SEED);
}

static void count(struct counts *c, size_t table, const char *time, struct span key, unsigned group)
{
	char bytes[64];
	char *end = tuple_put(bytes, bytes + sizeof bytes, span_text(time), true);
	end = tuple_put(end, bytes + sizeof bytes, key, false);
	struct span tuple = span_between(bytes, end);
	struct key_batch one = {&tuple, NULL, 1, group, NULL};

	assert_true(table_add(c->tables[table], &one));
}

static struct ranking ranking_of(size_t limit)
{
	return (struct ranking){
		.by = BY_COUNT, .limit = limit, .first = NUMBER_NONE, .last = NUMBER_NONE};
}

static void expect_cell(
	const struct over_time *t, size_t i, int64_t start, size_t column, uint64_t n)
{
	assert_true(i < t->cells.n);
	struct over_time_place place = over_time_place(&t->cells.rows[i]);
	assert_int_equal(place.start, start);
	assert_int_equal(place.column, column);
	assert_int_equal(t->cells.rows[i].count, n);
}

TEST(columns_cells_and_the_rest)
{
	const struct span a = span_of("a\0b", 3), b = span_of("b", 1), c = span_of("", 0);
	struct counts counts;
	struct ranking columns = ranking_of(1);
	struct over_time t = {.columns = &columns};

	open_counts(&counts);
	for (size_t i = 0; i < 6; i++)
		count(&counts, i % 2, "7", a, GROUP);
	count(&counts, 0, "1", a, GROUP);
	count(&counts, 1, "1", b, GROUP);
	count(&counts, 0, "2", c, GROUP);
	count(&counts, 0, "9", c, GROUP);
	count(&counts, 0, "5", c, 0); /* of another ranking */
	assert_true(over_time_begin(&t, &counts, &keys));
	top_finish(&columns);
	assert_int_equal(columns.n, 1);
	assert_int_equal(columns.keys, 3);
	assert_int_equal(columns.matched, 10);
	assert_true(span_equal(columns.rows[0].key, a));
	assert_int_equal(columns.rows[0].count, 7);
	assert_true(over_time_fill(&t, &counts, &keys));
	assert_true(t.has_rest);
	assert_int_equal(over_time_columns(&t), 2);
	assert_int_equal(t.first, -4);
	assert_int_equal(t.last, 4);
	assert_int_equal(t.cells.n, 5);
	expect_cell(&t, 0, -4, 0, 1);
	expect_cell(&t, 1, -4, 1, 1);
	expect_cell(&t, 2, -2, 1, 1);
	expect_cell(&t, 3, 2, 0, 6);
	expect_cell(&t, 4, 4, 1, 1);
	over_time_free(&t);
	ranking_free(&columns);
	counts_free(&counts);
}

TEST(keys_that_are_only_times)
{
	const struct over_time_keys only = {.group = GROUP, .start = start_of};
	struct counts counts;
	struct ranking columns = ranking_of(10);
	struct over_time t = {.columns = &columns};

	open_counts(&counts);
	for (size_t i = 0; i < 5; i++) {
		struct span key = span_of(&"2399"[i % 4], 1);
		struct key_batch one = {&key, NULL, 1, GROUP, NULL};
		assert_true(table_add(counts.tables[i % 2], &one));
	}
	assert_true(over_time_begin(&t, &counts, &only) && over_time_fill(&t, &counts, &only));
	assert_false(t.has_rest);
	assert_int_equal(over_time_columns(&t), 1);
	assert_int_equal(t.cells.n, 2);
	expect_cell(&t, 0, -2, 0, 3);
	expect_cell(&t, 1, 4, 0, 2);
	over_time_free(&t);
	ranking_free(&columns);
	counts_free(&counts);
}

TEST(nothing_and_what_is_no_time)
{
	struct counts counts;
	struct ranking columns = ranking_of(10), again = ranking_of(10);
	struct over_time t = {.columns = &columns};

	open_counts(&counts);
	assert_true(over_time_begin(&t, &counts, &keys) && over_time_fill(&t, &counts, &keys));
	assert_int_equal(t.cells.n, 0);
	assert_int_equal(over_time_columns(&t), 1);
	over_time_free(&t);
	count(&counts, 0, "noon", span_of("a", 1), GROUP);
	t = (struct over_time){.columns = &again};
	errno = 0;
	assert_false(over_time_begin(&t, &counts, &keys));
	assert_int_equal(errno, EBADMSG);
	over_time_free(&t);
	ranking_free(&columns);
	ranking_free(&again);
	counts_free(&counts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_cells_and_the_rest),
		cmocka_unit_test(keys_that_are_only_times),
		cmocka_unit_test(nothing_and_what_is_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
