/* test_key_order.c -- the order of keys: ranges by their numbers, all else bytewise. */
#include "unit.h"

#include <stdlib.h>

#include "rank/key_order.h"

#define KEY(text)                                                                                  \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}

/* Keys in their order. */
static const struct span keys[] = {
	KEY(""),
	KEY("-"),
	KEY("-1"),
	KEY("1"),
	KEY("1\0\0"),
	KEY("1\0\1b"),
	KEY("1\0\1"
	    "2..3"),
	KEY("1\0\1"
	    "10..20"),
	KEY("1\0\1"
	    "10..20\0\1"
	    "a"),
	KEY("1\0\1"
	    "10..20\0\1"
	    "b"),
	KEY("1."),
	KEY("1..2..3"),
	KEY("1..x"),
	KEY("10"),
	KEY("2006-10-01"),
	KEY("a\1"
	    "10..20"),
	KEY("a\1"
	    "9..10"),
	KEY("a..b"),
	KEY("a/long/path/with/more/than/eight/bytes"),
	KEY("a/long/path/with/more/than/eight/bytes/"),
	KEY("\xff"),
	KEY("-10..-5"),
	KEY("-0.5..0"),
	KEY("0..0"),
	KEY("0..1"),
	KEY("0..1\0\1"
	    "x"),
	KEY("0..1K"),
	KEY("0.01..0.02"),
	KEY("0.05..0.1"),
	KEY("5ms..10ms"),
	KEY("10..20"),
	KEY("11\xc2\xb5s..12\xc2\xb5s"),
	KEY("100..200"),
	KEY("18446744073709551615..18446744073709551616"),
	KEY("18446744073709551616..18446744073709551617"),
};

TEST(all_pairs)
{
	for (size_t i = 0; i < COUNT(keys); i++)
		for (size_t k = 0; k < COUNT(keys); k++) {
			int order = key_order(keys[i], keys[k]);
			if ((order > 0) - (order < 0) != (i > k) - (i < k))
				fail_msg("keys %zu and %zu: %d", i, k, order);
		}
}

/* The order of any three keys is consistent, and it is bytewise where there is no range. */
TEST(any_bytes)
{
	static const char bytes[] = {'1', '2', '0', '.', '.', '-', 'K', 0, 1, '9'};
	char text[3][12];
	struct span s[3];
	uint64_t seed = 5;

	for (int i = 0; i < 300000; i++) {
		bool has_dots = false;
		for (int k = 0; k < 3; k++) {
			s[k] = span_of(text[k], random_below(&seed, sizeof text[k] + 1));
			random_bytes(&seed, text[k], s[k].len, span_of(bytes, sizeof bytes));
			has_dots |= s[k].len && span_first(s[k], '.');
		}
		int ab = key_order(s[0], s[1]), bc = key_order(s[1], s[2]),
		    ac = key_order(s[0], s[2]);
		assert_int_equal(key_order(s[1], s[0]) > 0, ab < 0);
		assert_int_equal(ab == 0, span_equal(s[0], s[1]));
		if (ab <= 0 && bc <= 0)
			assert_true(ac <= 0);
		if (!has_dots)
			assert_int_equal(ab > 0, span_compare(s[0], s[1]) > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_pairs),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
