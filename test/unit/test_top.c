/* test_top.c -- the k largest against sorting everything. */
#include "unit.h"

#include "top.h"

static int by_rank(const void *a, const void *b)
{
	const struct entry *x = *(const struct entry *const *)a,
			   *y = *(const struct entry *const *)b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return span_compare(entry_key(x), entry_key(y));
}

static void check(const struct table *t)
{
	size_t n = (size_t)table_keys(t), i = 0;
	const size_t ks[] = {0, 1, 2, 3, n / 2, n - 1, n, n + 1, 2 * n + 1, SIZE_MAX};
	const struct entry **sorted = malloc((n + 1) * sizeof *sorted);

	assert_non_null(sorted);
	for (const struct entry *e = NULL; (e = table_next(t, e));)
		sorted[i++] = e;
	assert_int_equal(i, n);
	qsort(sorted, n, sizeof *sorted, by_rank);
	for (size_t j = 0; j < COUNT(ks); j++) {
		struct ranking r;
		assert_true(top_rank(t, ks[j], &r));
		assert_int_equal(r.n, ks[j] == 0 || ks[j] > n ? n : ks[j]);
		for (size_t row = 0; row < r.n; row++)
			assert_ptr_equal(r.rows[row], sorted[row]);
		ranking_free(&r);
		assert_null(r.rows);
		assert_int_equal(r.n, 0);
	}
	free(sorted);
}

TEST(random_tables)
{
	/* The fewer counts, the more ties. */
	static const uint64_t counts[] = {1, 2, 3, 10, 1000, UINT64_MAX};
	char key[6];
	uint64_t seed = 1;

	for (int round = 0; round < 1500; round++) {
		struct table *t = table_new(false, 1);
		uint64_t most = counts[random_below(&seed, COUNT(counts))];
		for (size_t n = random_below(&seed, 300); n > 0; n--) {
			size_t len = random_below(&seed, sizeof key + 1);
			random_bytes(&seed, key, len,
				span_of("\0\x7f\x80\xff"
					"ab",
					6));
			assert_true(table_add(t, span_of(key, len), 1 + random_next(&seed) % most));
		}
		check(t);
		table_free(t);
	}
}

/* Counts that come in order, against it, and all the same. */
TEST(tables_in_order)
{
	enum { KEYS = 2000 };

	for (int order = 0; order < 3; order++) {
		struct table *t = table_new(false, 2);
		for (uint64_t i = 1; i <= KEYS; i++) {
			uint64_t n = order == 0 ? i : order == 1 ? KEYS + 1 - i : 7;
			assert_true(table_add(t, span_of((char *)&i, sizeof i), n));
		}
		check(t);
		table_free(t);
	}
}

TEST(counts_are_unsigned_of_64_bits)
{
	static const uint64_t ascending[] = {1, UINT32_MAX, UINT64_C(1) << 32, INT64_MAX,
		UINT64_C(1) << 63, UINT64_MAX - 1, UINT64_MAX};
	struct table *t = table_new(false, 3);
	struct ranking r;

	for (size_t i = 0; i < COUNT(ascending); i++)
		assert_true(table_add(t, span_of((const char *)&ascending[i], 8), ascending[i]));
	assert_true(top_rank(t, 0, &r));
	for (size_t i = 0; i < r.n; i++)
		assert_true(r.rows[i]->count == ascending[COUNT(ascending) - 1 - i]);
	ranking_free(&r);
	table_free(t);
}

TEST(of_equal_counts_the_smaller_key_is_first)
{
	static const struct span in_order[] = {BYTES(""), BYTES("\0"), BYTES("\0\0"), BYTES("A"),
		BYTES("AB"), BYTES("a"), BYTES("a\0"), BYTES("ab"), BYTES("a\x80"), BYTES("\x7f"),
		BYTES("\x80"), BYTES("\xff")};
	struct table *t = table_new(false, 4);
	struct ranking r;

	for (size_t i = COUNT(in_order); i-- > 0;)
		assert_true(table_add(t, in_order[i], 5));
	for (size_t k = 1; k <= COUNT(in_order); k++) {
		assert_true(top_rank(t, k, &r));
		assert_int_equal(r.n, k);
		for (size_t i = 0; i < k; i++)
			assert_span_equal(entry_key(r.rows[i]), in_order[i]);
		ranking_free(&r);
	}
	table_free(t);
}

TEST(an_empty_table)
{
	static const size_t ks[] = {0, 1, 10, SIZE_MAX};
	struct table *t = table_new(false, 5);
	struct ranking r;

	for (size_t i = 0; i < COUNT(ks); i++) {
		assert_true(top_rank(t, ks[i], &r));
		assert_int_equal(r.n, 0);
		ranking_free(&r);
	}
	table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_tables),
		cmocka_unit_test(tables_in_order),
		cmocka_unit_test(counts_are_unsigned_of_64_bits),
		cmocka_unit_test(of_equal_counts_the_smaller_key_is_first),
		cmocka_unit_test(an_empty_table),
	};

	return cmocka_run_group_tests_name("top", tests, NULL, NULL);
}
