/* test_pair.c -- pairs come apart again, and are ordered by their keys and then by their values. */
#include "unit.h"

#include "store/pair.h"
#include "store/tuple.h"

/* Keys that differ little.  Some are tuples, or look like pairs. */
static const struct span keys[] = {BYTES(""), BYTES("\0"), BYTES("\0\0"), BYTES("\0\1"),
	BYTES("\0\1\0\1"), BYTES("\0\2"), BYTES("\1"), BYTES("\1\0"), BYTES("\2"), BYTES("a"),
	BYTES("a\0"), BYTES("a\0\0"), BYTES("a\0\1"), BYTES("a\0\1b"), BYTES("a\0\2"),
	BYTES("a\0\2b"), BYTES("a\0b"), BYTES("a\1"), BYTES("ab"), BYTES("ab\0\1c\0\1d"),
	BYTES("\xff"), BYTES("\xff\0\xff")};

static void check(struct span key, struct span value)
{
	struct arena arena = {0};
	struct span pair = pair_make(&arena, key, value), first = pair_first(pair), again;
	char *bytes = malloc(pair.len);

	assert_non_null(bytes);
	assert_span_equal(pair_second(pair), value);
	tuple_split(first, 1, bytes, &again);
	assert_span_equal(again, key);
	assert_true(pair_has_first(pair, key));
	for (size_t i = 0; i < COUNT(keys); i++)
		assert_int_equal(pair_has_first(pair, keys[i]), span_equal(keys[i], key));
	free(bytes);
	arena_free(&arena);
}

TEST(keys_and_values)
{
	for (size_t i = 0; i < COUNT(keys); i++)
		for (size_t k = 0; k < COUNT(keys); k++)
			check(keys[i], keys[k]);
}

TEST(random_keys_and_values)
{
	uint64_t seed = 1;
	char bytes[2][20];

	for (int i = 0; i < 20000; i++) {
		size_t len[2];
		for (size_t k = 0; k < 2; k++) {
			len[k] = random_below(&seed, sizeof bytes[k]);
			random_bytes(&seed, bytes[k], len[k], span_of("\0\1\2a", 4));
		}
		check(span_of(bytes[0], len[0]), span_of(bytes[1], len[1]));
	}
}

/* So the pairs of a key are together. */
TEST(the_order_is_that_of_keys_and_then_of_values)
{
	struct arena arena = {0};
	size_t n = COUNT(keys);

	for (size_t i = 0; i < n * n; i++)
		for (size_t k = 0; k < n * n; k++) {
			struct span a = pair_make(&arena, keys[i / n], keys[i % n]);
			struct span b = pair_make(&arena, keys[k / n], keys[k % n]);
			int expected = span_compare(keys[i / n], keys[k / n]);
			if (!expected)
				expected = span_compare(keys[i % n], keys[k % n]);
			assert_int_equal(sign(span_compare(a, b)), sign(expected));
			arena_reset(&arena);
		}
	arena_free(&arena);
}

/* Damaged snapshots may have any bytes there. */
TEST(no_pairs)
{
	static const struct span cases[] = {BYTES(""), BYTES("a"), BYTES("\0"), BYTES("a\0"),
		BYTES("a\0\2"), BYTES("\1"), BYTES("\0\0\0")};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct guarded g = guarded_new(16);
		struct span copy = guarded_copy(&g, cases[i]);
		assert_span_equal(pair_first(copy), cases[i]);
		assert_int_equal(pair_second(copy).len, 0);
		for (size_t k = 0; k < COUNT(keys); k++)
			pair_has_first(copy, keys[k]);
		guarded_free(&g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_and_values),
		cmocka_unit_test(random_keys_and_values),
		cmocka_unit_test(the_order_is_that_of_keys_and_then_of_values),
		cmocka_unit_test(no_pairs),
	};

	return cmocka_run_group_tests_name("pair", tests, NULL, NULL);
}
