/* test_combine.c -- the keys of several tables, each once, with all that was counted for it.  How
 * tables of any size and kind are put together is test_ranker.c's. */
#include "tables.h"
#include "unit.h"

#include <errno.h>

#include "store/combine.h"

/* One entry, as a table would have it. */
union made {
	struct entry entry;
	char bytes[sizeof(struct entry) + 8 + sizeof(struct sum)];
};

static struct table *table_of(uint64_t count, const struct sum *sum)
{
	struct table *t = new_table_of(false, sum != NULL, 1);
	union made e = {.entry = {.hash = 12345, .count = count, .len = 3}};

	assert_non_null(t);
	memcpy(e.entry.key, "key", 3);
	if (sum)
		put_sum(e.bytes + sizeof e.entry + 8, *sum);
	assert_true(table_add_entry(t, &e.entry, NULL));
	return t;
}

static bool keep(void *to, const struct counted *c)
{
	*(struct counted *)to = *c;
	return true;
}

static void check(
	uint64_t count, const struct sum *sum, uint64_t more, const struct sum *more_sum, bool fits)
{
	struct table *tables[] = {table_of(count, sum), table_of(more, more_sum)};
	const struct table *of[] = {tables[0], tables[1]};
	struct counted got = {0};

	errno = 0;
	assert_int_equal(combine_tables(of, 2, range_part(0, 1), (struct sink){keep, &got}), fits);
	assert_int_equal(errno, fits ? 0 : EOVERFLOW);
	if (fits) {
		assert_true(got.count == count + more);
		assert_span_equal(got.key, span_text("key"));
	}
	table_free(tables[0]);
	table_free(tables[1]);
}

TEST(counts_and_sums_that_get_out_of_bounds)
{
	const struct sum one = {1, 0}, most = {UINT64_MAX, INT64_MAX}, least = {0, INT64_MIN};

	check(UINT64_MAX - 1, NULL, 1, NULL, true);
	check(UINT64_MAX, NULL, 1, NULL, false);
	check(UINT64_C(1) << 63, NULL, UINT64_C(1) << 63, NULL, false);
	check(1, &one, 1, &one, true);
	check(UINT64_MAX, &one, 1, &one, false);
	check(1, &most, 1, &least, true);
	check(1, &most, 1, &one, false);
	check(1, &least, 1, &least, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_and_sums_that_get_out_of_bounds),
	};

	return cmocka_run_group_tests_name("combine", tests, NULL, NULL);
}
