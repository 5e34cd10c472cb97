/* test_top.c -- the k best keys of each ranking, compared with sorting all keys. */
#include "tables.h"
#include "unit.h"

#include <errno.h>

#include "rank/top.h"
#include "rank/transfer.h"

enum { GROUPS = 3 };

/* The ranking that by_rank() uses, because qsort() passes no context to by_rank(). */
static struct ranking sorting;

static struct sum sum_in(const struct entry *e)
{
	return measure_sum(entry_measures(e));
}

static int by_rank(const void *a, const void *b)
{
	const struct entry *x = *(const struct entry *const *)a,
			   *y = *(const struct entry *const *)b;
	int order = 0;

	if (sorting.order == ORDER_LAST)
		return -span_compare(entry_key(x), entry_key(y));
	if (sorting.order == ORDER_WEIGHT && sorting.statistics)
		order = -sum_compare(sum_in(x), sum_in(y));
	else if (sorting.order == ORDER_WEIGHT)
		order = x->count > y->count ? -1 : x->count < y->count;
	return order ? order : span_compare(entry_key(x), entry_key(y));
}

/* Write the entries of one group to `rows`, the best first.  For ORDER_LAST, the best is the last
 * key.  Returns the number of entries. */
static size_t sorted_rows(const struct table *t, unsigned group, const struct entry **rows)
{
	size_t n = 0;

	for (const struct entry *e = NULL; (e = table_next(t, e));)
		if (e->group == group)
			rows[n++] = e;
	qsort(rows, n, sizeof *rows, by_rank);
	return n;
}

static void check_ranking(const struct ranking *r, const struct entry **sorted, size_t n)
{
	uint64_t matched = 0;

	assert_int_equal(r->keys, n);
	for (size_t i = 0; i < n; i++)
		matched += sorted[i]->count;
	assert_int_equal(r->matched, matched);
	assert_int_equal(r->n, r->limit == 0 || r->limit > n ? n : r->limit);
	for (size_t row = 0; row < r->n; row++)
		assert_ptr_equal(r->rows[row].key.at,
			sorted[r->order == ORDER_LAST ? r->n - 1 - row : row]->key);
}

/* Check all orders and limits.  At any time, the groups have different orders and limits. */
static void check(const struct table *t, bool sums)
{
	size_t keys = (size_t)table_keys(t);
	const size_t limits[] = {
		0, 1, 2, 3, keys / 2, keys ? keys - 1 : 1, keys, keys + 1, 2 * keys + 1, SIZE_MAX};
	const struct entry **sorted = malloc((keys + 1) * sizeof *sorted);

	assert_non_null(sorted);
	for (size_t i = 0; i < COUNT(limits) * 3; i++) {
		struct ranking r[GROUPS] = {0};
		for (size_t g = 0; g < GROUPS; g++) {
			r[g] = ranking_for(sums && g != 1);
			r[g].order = (enum order)((i + g) % 3);
			r[g].limit = limits[(i / 3 + g) % COUNT(limits)];
		}
		assert_true(rank_table(t, r, GROUPS));
		for (unsigned g = 0; g < GROUPS; g++) {
			sorting = r[g];
			check_ranking(&r[g], sorted, sorted_rows(t, g, sorted));
			ranking_free(&r[g]);
			assert_null(r[g].rows);
			assert_int_equal(r[g].n, 0);
		}
	}
	free(sorted);
}

/* A key that is counted n times. */
struct some_key {
	char bytes[8];
	size_t len;
	unsigned group;
	uint64_t n;
	struct sum sum;
};

static void add_once(struct table *t, bool sums, const struct some_key *c, struct sum sum)
{
	struct span key = span_of(c->bytes, c->len);

	assert_true(table_add(t, &(struct key_batch){&key, sums ? &sum : NULL, 1, c->group, NULL}));
}

/* Make a table with these counts.  Counts are built bit by bit, from the highest bit on: in each
 * step, all counts in the table are doubled, and the keys whose counts have the current bit are
 * counted once. */
static struct table *table_of(const struct some_key *keys, size_t n, bool sums)
{
	struct table *t = new_table_of(false, sums, 1);

	assert_non_null(t);
	for (int bit = 63; bit >= 0; bit--) {
		struct table *copy = new_table_of(false, sums, 1);
		assert_true(add_table(copy, t) && add_table(t, copy));
		table_free(copy);
		for (size_t i = 0; i < n; i++)
			if (keys[i].n >> bit & 1)
				add_once(t, sums, &keys[i], bit ? (struct sum){0} : keys[i].sum);
	}
	return t;
}

TEST(random_tables)
{
	/* The fewer different counts there are, the more ties there are. */
	static const uint64_t counts[] = {1, 2, 3, 10, 1000, UINT64_MAX / 300};
	static struct some_key keys[300];
	uint64_t seed = 1;

	for (int round = 0; round < 600; round++) {
		uint64_t most = counts[random_below(&seed, COUNT(counts))];
		bool sums = round % 2;
		size_t n = random_below(&seed, COUNT(keys));
		for (size_t i = 0; i < n; i++) {
			struct some_key *c = &keys[i];
			c->len = random_below(&seed, 7);
			random_bytes(&seed, c->bytes, c->len,
				span_of("\0\x7f\x80\xff"
					"ab",
					6));
			c->n = (1 + random_next(&seed) % most) | sums;
			c->group = (unsigned)random_below(&seed, GROUPS);
			c->sum = (struct sum){random_next(&seed) % most,
				most > 3 ? (int64_t)random_below(&seed, 3) - 1 : 0};
		}
		struct table *t = table_of(keys, n, sums);
		check(t, sums);
		table_free(t);
	}
}

/* Counts are ascending, descending, or all the same. */
TEST(tables_in_order)
{
	enum { KEYS = 2000 };
	static struct some_key keys[KEYS];

	for (int order = 0; order < 3; order++) {
		for (uint64_t i = 0; i < KEYS; i++) {
			keys[i].n = order == 0 ? i + 1 : order == 1 ? KEYS - i : 7;
			keys[i].len = sizeof i;
			memcpy(keys[i].bytes, &i, sizeof i);
		}
		struct table *t = table_of(keys, KEYS, false);
		check(t, false);
		table_free(t);
	}
}

TEST(counts_are_unsigned_of_64_bits)
{
	static const uint64_t ascending[] = {
		1, UINT32_MAX, UINT64_C(1) << 32, INT64_MAX / 2, UINT64_C(1) << 63};
	struct some_key keys[COUNT(ascending)] = {0};
	struct ranking r = {.by = BY_COUNT};

	for (size_t i = 0; i < COUNT(ascending); i++) {
		keys[i].n = ascending[i];
		keys[i].len = 1;
		keys[i].bytes[0] = (char)('a' + i);
	}
	struct table *t = table_of(keys, COUNT(keys), false);
	assert_true(rank_table(t, &r, 1));
	for (size_t i = 0; i < r.n; i++)
		assert_true(r.rows[i].count == ascending[COUNT(ascending) - 1 - i]);
	ranking_free(&r);
	table_free(t);
}

/* Only forged snapshots have such counts. */
TEST(counts_whose_sum_has_more_than_64_bits_are_an_error)
{
	struct row one = {.key = span_text("a"), .count = UINT64_MAX},
		   other = {.key = span_text("b"), .count = 1};
	struct ranking a = {.by = BY_COUNT}, b = a;
	struct rows none = {0};

	assert_true(top_add(&a, &one) && top_add(&b, &other));
	assert_false(top_merge(&b, &a, none));
	assert_int_equal(errno, EOVERFLOW);
	errno = 0;
	assert_false(top_add(&a, &other));
	assert_int_equal(errno, EOVERFLOW);
	ranking_free(&a);
	ranking_free(&b);
}

static const struct span in_order[] = {BYTES(""), BYTES("\0"), BYTES("\0\0"), BYTES("A"),
	BYTES("AB"), BYTES("a"), BYTES("a\0"), BYTES("ab"), BYTES("a\x80"), BYTES("\x7f"),
	BYTES("\x80"), BYTES("\xff")};

TEST(of_equal_counts_the_smaller_key_is_first)
{
	struct table *t = new_table_of(false, false, 4);

	for (size_t i = COUNT(in_order); i-- > 0;)
		assert_true(table_add(t, &(struct key_batch){.keys = &in_order[i], .n = 1}));
	for (size_t k = 1; k <= COUNT(in_order); k++) {
		struct ranking r = {.by = BY_COUNT, .limit = k};
		assert_true(rank_table(t, &r, 1));
		assert_int_equal(r.n, k);
		for (size_t i = 0; i < k; i++)
			assert_span_equal(r.rows[i].key, in_order[i]);
		ranking_free(&r);
	}
	table_free(t);
}

/* Both the first and the last keys are in ascending order, however often they were counted. */
TEST(the_first_and_the_last_keys)
{
	struct table *t = new_table_of(false, false, 4);

	for (size_t i = 0; i < COUNT(in_order); i++)
		for (size_t n = 0; n <= i * 5 % 7; n++)
			assert_true(
				table_add(t, &(struct key_batch){.keys = &in_order[i], .n = 1}));
	for (size_t k = 1; k <= COUNT(in_order); k++) {
		struct ranking first = {.by = BY_COUNT, .order = ORDER_KEY, .limit = k};
		struct ranking last = {.by = BY_COUNT, .order = ORDER_LAST, .limit = k};
		assert_true(rank_table(t, &first, 1));
		assert_true(rank_table(t, &last, 1));
		for (size_t i = 0; i < k; i++) {
			assert_span_equal(first.rows[i].key, in_order[i]);
			assert_span_equal(last.rows[i].key, in_order[COUNT(in_order) - k + i]);
		}
		ranking_free(&first);
		ranking_free(&last);
	}
	table_free(t);
}

/* The largest sum comes first, negative sums come last.  The sum of all keys may be larger than the
 * sum of a key can be. */
TEST(sums_of_either_sign)
{
	static const char *const descending[] = {"18446744073709551615.999999999",
		"18446744073709551615", "1.5", "1", "0.000000001", "0", "-0.000000001", "-1",
		"-18446744073709551615.999999999"};
	struct table *t = new_table_of(false, true, 4);
	struct ranking r = ranking_for(true),
		       both[2] = {ranking_for(true), {.by = BY_COUNT, .limit = 1}};
	struct sum total = {0};
	char text[SUM_TEXT];

	for (size_t i = 0; i < COUNT(descending); i++) {
		struct some_key key = {.bytes = {(char)('z' - i)}, .len = 1};
		struct sum sum;
		assert_int_equal(sum_read(span_text(descending[i]), &sum), SUM_OK);
		add_once(t, true, &key, sum);
		assert_true(sum_add(&total, sum));
	}
	assert_true(rank_table(t, &r, 1));
	assert_int_equal(r.n, COUNT(descending));
	for (size_t i = 0; i < r.n; i++)
		assert_string_equal(sum_print(r.rows[i].values[0], text), descending[i]);
	assert_int_equal(sum_compare(r.sum, total), 0);
	assert_int_equal(r.matched, COUNT(descending));
	ranking_free(&r);
	/* A group without sums in a table that has sums. */
	add_once(t, true, &(struct some_key){.bytes = "b", .len = 1, .group = 1}, (struct sum){0});
	assert_true(rank_table(t, both, 2));
	assert_int_equal(both[1].keys, 1);
	assert_int_equal(sum_compare(both[1].sum, (struct sum){0}), 0);
	ranking_free(&both[0]);
	ranking_free(&both[1]);
	table_free(t);
}

TEST(a_sum_of_more_than_64_bits)
{
	static const char *const most[] = {
		"18446744073709551615.999999999", "-18446744073709551615.999999999"};
	struct sum billionth = {1, 0}, sum;

	for (size_t i = 0; i < COUNT(most); i++) {
		struct table *t = new_table_of(false, true, 4);
		struct some_key small = {.bytes = "a", .len = 1}, large = {.bytes = "b", .len = 1};
		struct ranking r = {.statistics = only_sum(), .order = ORDER_KEY, .limit = 1};
		struct ranking without = {.by = BY_COUNT, .limit = 1};
		sum_read(span_text(most[i]), &sum);
		add_once(t, true, &small, billionth);
		add_once(t, true, &large, sum);
		assert_true(rank_table(t, &r, 1));
		assert_int_equal(r.n, 1);
		ranking_free(&r);
		add_once(t, true, &large, i ? (struct sum){UINT64_MAX, -1} : billionth);
		r = (struct ranking){.statistics = only_sum(), .order = ORDER_KEY, .limit = 1};
		assert_true(rank_table(t, &r, 1));
		ranking_free(&r);
		/* Nobody asks for it. */
		assert_true(rank_table(t, &without, 1));
		ranking_free(&without);
		table_free(t);
	}
}

TEST(an_empty_table)
{
	static const size_t limits[] = {0, 1, 10, SIZE_MAX};
	struct table *t = new_table_of(false, false, 5);

	for (size_t i = 0; i < COUNT(limits); i++) {
		struct ranking r[2] = {
			{.by = BY_COUNT, .limit = limits[i]}, {.by = BY_COUNT, .limit = limits[i]}};
		assert_true(rank_table(t, r, 2));
		for (size_t g = 0; g < 2; g++) {
			assert_int_equal(r[g].n, 0);
			assert_int_equal(r[g].keys, 0);
			ranking_free(&r[g]);
		}
	}
	table_free(t);
}

/* Rows with a value come before rows without one, in either direction; of equal values, the smaller key
 * is first.  Rows with small counts are left out, but are counted. */
TEST(values_of_a_statistic)
{
	static char name[] = "avg_1";
	static struct statistic avg = {
		.kind = STATISTIC_AVG, .name = name, .title = "avg", .title_len = 3};
	static const struct statistics statistics = {.at = &avg, .n = 1, .n_all = 1};
	static const struct {
		bool ascending;
		uint64_t least;
		size_t limit;
		const char *keys;
	} cases[] = {{false, 0, 0, "dbceaf"}, {true, 0, 0, "ebcdaf"}, {false, 0, 2, "db"},
		{true, 0, 2, "eb"}, {false, 0, 5, "dbcea"}, {true, 0, 5, "ebcda"},
		{false, 2, 0, "bef"}, {true, 2, 2, "eb"}, {true, 9, 2, ""}};
	static const uint64_t counts[] = {1, 2, 1, 1, 2, 3};
	const struct sum none = NUMBER_NONE;
	const struct sum values[] = {none, {1, 0}, {1, 0}, {0, 1}, {UINT64_MAX, -1}, none};

	for (size_t i = 0; i < COUNT(cases); i++)
		for (size_t part = 0; part <= 6; part++) {
			struct ranking r[2];
			char got[8] = "";
			for (size_t k = 0; k < 2; k++)
				r[k] = (struct ranking){.statistics = &statistics,
					.ascending = cases[i].ascending,
					.least = cases[i].least,
					.limit = cases[i].limit};
			for (size_t k = 6; k-- > 0;) {
				struct sum value = values[k];
				struct row row = {span_of(&"abcdef"[k], 1), counts[k], &value};
				assert_true(top_add(&r[k >= part], &row));
			}
			top_finish(&r[0]);
			top_finish(&r[1]);
			assert_true(transfer_merge(&r[0], &r[1], 1));
			for (size_t k = 0; k < r[0].n; k++) {
				got[k] = *r[0].rows[k].key.at;
				assert_int_equal(
					sum_compare(r[0].rows[k].values[0], values[got[k] - 'a']),
					0);
			}
			assert_string_equal(got, cases[i].keys);
			assert_int_equal(r[0].keys, 6);
			ranking_free(&r[0]);
			ranking_free(&r[1]);
		}
}

/* A finished ranking takes more keys, is finished again, and is cut off. */
TEST(limit)
{
	static const struct {
		enum order order;
		size_t limit;
		const char *keys;
	} cases[] = {{ORDER_WEIGHT, 0, "bca"}, {ORDER_WEIGHT, 2, "bc"}, {ORDER_WEIGHT, 9, "bca"},
		{ORDER_KEY, 1, "a"}, {ORDER_LAST, 2, "bc"}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ranking r = {.by = BY_COUNT, .order = cases[i].order};
		char keys[4] = "";
		assert_true(top_add(&r, &(struct row){.key = span_text("c"), .count = 1}));
		assert_true(top_add(&r, &(struct row){.key = span_text("b"), .count = 2}));
		top_finish(&r);
		assert_true(top_add(&r, &(struct row){.key = span_text("a")}));
		top_finish(&r);
		ranking_limit(&r, cases[i].limit);
		for (size_t k = 0; k < r.n; k++)
			keys[k] = *r.rows[k].key.at;
		assert_string_equal(keys, cases[i].keys);
		assert_int_equal(r.keys, 3);
		assert_int_equal(r.matched, 3);
		ranking_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_tables),
		cmocka_unit_test(tables_in_order),
		cmocka_unit_test(counts_are_unsigned_of_64_bits),
		cmocka_unit_test(counts_whose_sum_has_more_than_64_bits_are_an_error),
		cmocka_unit_test(of_equal_counts_the_smaller_key_is_first),
		cmocka_unit_test(the_first_and_the_last_keys),
		cmocka_unit_test(sums_of_either_sign),
		cmocka_unit_test(a_sum_of_more_than_64_bits),
		cmocka_unit_test(an_empty_table),
		cmocka_unit_test(values_of_a_statistic),
		cmocka_unit_test(limit),
	};

	return cmocka_run_group_tests_name("top", tests, NULL, NULL);
}
