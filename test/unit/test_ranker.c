/* test_ranker.c -- ranking many tables, spilled or not, gives the same as ranking one table of all
 * keys. */
#include "tables.h"
#include "unit.h"

#include <errno.h>

#include "store/combine.h"
#include "rank/ranker.h"

enum { SEED = 7, GROUPS = 3, MOST_TABLES = 5 };

/* Each key is counted twice: in one of several tables, and in a table that has all keys. */
struct both {
	struct counts counts;
	struct table *whole;
	uint64_t seed;
};

static void open_both(struct both *b, size_t tables, bool sums, uint64_t budget)
{
	*b = (struct both){.counts = {.n = tables,
			.measures = measures_for(sums),
			.seed = SEED,
			.memory = 1 << 20}};
	b->counts.tables = calloc(tables, sizeof *b->counts.tables);
	b->counts.spills = calloc(tables, sizeof *b->counts.spills);
	for (size_t i = 0; i < tables; i++) {
		b->counts.tables[i] = table_new(&(struct table_spec){
			.measures = measures_for(sums), .seed = SEED, .budget = budget});
		b->counts.spills[i] = spill_new(i % 2);
		assert_true(b->counts.tables[i] && b->counts.spills[i]);
	}
	b->whole = new_table_of(false, sums, SEED);
	assert_non_null(b->whole);
}

/* Free everything; counts_free() must also free the tables. */
static void close_both(struct both *b)
{
	table_free(b->whole);
	counts_free(&b->counts);
	assert_null(b->counts.tables);
}

static void count(struct both *b, size_t table, struct key_batch a)
{
	struct key_batch again = a;

	while (!table_add(b->counts.tables[table], &a)) {
		assert_int_equal(errno, ENOBUFS);
		assert_true(spill_write(b->counts.spills[table], b->counts.tables[table]));
		assert_true(table_reset(b->counts.tables[table]));
	}
	assert_true(table_add(b->whole, &again));
}

/* Count n random keys, of at most `keys` different ones; keys with small numbers are the most
 * frequent.  Keys have different lengths, and contain all kinds of bytes. */
static void count_random(struct both *b, size_t n, size_t keys)
{
	char bytes[60];

	for (size_t i = 0; i < n; i++) {
		uint64_t number = random_below(&b->seed, 1 + random_below(&b->seed, keys));
		size_t len = sizeof number + number % (sizeof bytes - sizeof number);
		memset(bytes, (int)number, sizeof bytes);
		memcpy(bytes, &number, sizeof number);
		struct span key = span_of(bytes, number ? len : 0);
		struct sum sum = {random_next(&b->seed) >> 20, 0};
		struct key_batch a = {&key, b->counts.measures ? &sum : NULL, 1,
			(unsigned)random_below(&b->seed, GROUPS), NULL};
		count(b, random_below(&b->seed, b->counts.n), a);
	}
}

static void follow(struct both *b)
{
	for (size_t i = 0; i < b->counts.n; i++)
		assert_true(spill_follow(b->counts.spills[i]));
}

/* In each round, each group has another limit and another order.  The rounds from LAST_ROUNDS on
 * already have all limits, and the largest limit with all orders.  If there are many keys, these
 * rounds are enough. */
enum { ALL_ROUNDS = 0, LAST_ROUNDS = 2 };

/* Rank in each round from `round` on, with each number of processes from `from` to `to`.  The
 * expected rankings are made only once for each round. */
static void check_jobs(struct both *b, unsigned from, unsigned to, size_t round)
{
	static const size_t limits[] = {0, 1, 10, 1000, SIZE_MAX};

	for (size_t i = round; i < COUNT(limits); i++) {
		struct ranking asked[GROUPS] = {0}, expected[GROUPS], got[GROUPS];
		for (size_t g = 0; g < GROUPS; g++) {
			asked[g] = ranking_for(b->counts.measures && g != 1);
			asked[g].limit = limits[(i + g) % COUNT(limits)];
			asked[g].order = (enum order)((2 * i + g) % 3);
		}
		memcpy(expected, asked, sizeof asked);
		assert_true(rank_table(b->whole, expected, GROUPS));
		for (unsigned jobs = from; jobs <= to; jobs++) {
			memcpy(got, asked, sizeof asked);
			assert_true(ranker_rank(&b->counts, got, GROUPS, jobs));
			for (size_t g = 0; g < GROUPS; g++) {
				assert_same_ranking(&got[g], &expected[g]);
				ranking_free(&got[g]);
			}
		}
		for (size_t g = 0; g < GROUPS; g++)
			ranking_free(&expected[g]);
	}
}

static void check(struct both *b, unsigned jobs)
{
	check_jobs(b, jobs, jobs, ALL_ROUNDS);
}

TEST(some_keys)
{
	static const size_t keys[] = {1, 2, 100, 5000, 1000000};

	for (size_t tables = 1; tables <= MOST_TABLES; tables++)
		for (size_t i = 0; i < COUNT(keys); i++) {
			struct both b;
			open_both(&b, tables, i % 2, 0);
			check(&b, 2);
			count_random(&b, 6000, keys[i]);
			check(&b, 2);
			close_both(&b);
		}
}

/* There are so many keys that rankers are forked. */
TEST(many_keys_in_several_processes)
{
	struct both b;

	open_both(&b, 3, true, 0);
	count_random(&b, 450000, 1 << 30);
	assert_true(table_keys(b.whole) > 400000);
	check_jobs(&b, 2, 3, LAST_ROUNDS);
	close_both(&b);
}

TEST(spilled_tables)
{
	for (size_t tables = 1; tables <= 3; tables++)
		for (int sums = 0; sums <= 1; sums++) {
			struct both b;
			open_both(&b, tables, sums, 100000);
			count_random(&b, 20000, 1 << 20);
			follow(&b);
			assert_true(counts_spilled(&b.counts) > 0);
			check(&b, 2);
			/* This memory suffices only for a small part of a range. */
			b.counts.memory = 3000;
			check_jobs(&b, 2, 2, LAST_ROUNDS);
			close_both(&b);
		}
}

/* There are so many keys that rankers are forked.  The answer of each ranker contains the keys of
 * its rows. */
TEST(spilled_tables_in_several_processes)
{
	struct both b;

	open_both(&b, 3, true, 4 << 20);
	count_random(&b, 400000, 1 << 30);
	follow(&b);
	assert_true(counts_spilled(&b.counts) > 300000 * 64);
	check_jobs(&b, 3, 3, LAST_ROUNDS);
	close_both(&b);
}

/* One table was spilled, the others were not. */
TEST(a_spilled_table_and_others)
{
	struct both b;

	open_both(&b, 3, true, 0);
	count_random(&b, 10000, 1 << 20);
	assert_true(spill_write(b.counts.spills[1], b.counts.tables[1]));
	assert_true(table_reset(b.counts.tables[1]));
	count_random(&b, 10000, 1 << 20);
	follow(&b);
	check(&b, 1);
	close_both(&b);
}

/* Every key has a greater count than all keys before it, so kept keys are replaced all the time. */
TEST(kept_keys_that_are_replaced)
{
	static char bytes[20000];
	struct both b;
	struct ranking got = {.by = BY_COUNT, .limit = 3}, expected = got;

	open_both(&b, 1, false, 0);
	for (size_t i = 0; i < 100; i++) {
		struct span key = span_of(bytes, sizeof bytes - i);
		for (size_t n = 0; n <= i; n++)
			count(&b, 0, (struct key_batch){.keys = &key, .n = 1});
	}
	assert_true(spill_write(b.counts.spills[0], b.counts.tables[0]));
	assert_true(table_reset(b.counts.tables[0]));
	follow(&b);
	assert_true(rank_table(b.whole, &expected, 1));
	assert_true(ranker_rank(&b.counts, &got, 1, 1));
	assert_same_ranking(&got, &expected);
	ranking_free(&got);
	ranking_free(&expected);
	close_both(&b);
}

TEST(sums_that_need_more_than_64_bits_only_together)
{
	char text[SUM_TEXT];
	struct sum most, one;
	struct span key = span_text("k");

	assert_int_equal(sum_read(span_text("18446744073709551615"), &most), SUM_OK);
	assert_int_equal(sum_read(span_text("1"), &one), SUM_OK);
	for (int spilled = 0; spilled <= 1; spilled++) {
		struct ranking r = {.statistics = only_sum(), .limit = 1};
		struct both b;
		open_both(&b, 2, true, 0);
		count(&b, 0, (struct key_batch){&key, &most, 1, 0, NULL});
		count(&b, 1, (struct key_batch){&key, &one, 1, 0, NULL});
		if (spilled)
			assert_true(spill_write(b.counts.spills[0], b.counts.tables[0]) &&
				    table_reset(b.counts.tables[0]));
		follow(&b);
		assert_true(ranker_rank(&b.counts, &r, 1, 2));
		assert_string_equal(sum_print(r.rows[0].values[0], text), "18446744073709551616");
		ranking_free(&r);
		close_both(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(some_keys),
		cmocka_unit_test(many_keys_in_several_processes),
		cmocka_unit_test(spilled_tables),
		cmocka_unit_test(spilled_tables_in_several_processes),
		cmocka_unit_test(a_spilled_table_and_others),
		cmocka_unit_test(kept_keys_that_are_replaced),
		cmocka_unit_test(sums_that_need_more_than_64_bits_only_together),
	};

	return cmocka_run_group_tests_name("reduce", tests, NULL, NULL);
}
