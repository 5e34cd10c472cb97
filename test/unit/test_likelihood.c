/* test_likelihood.c -- the log-likelihood ratio of two counts, and the order of such ratios. */
#include "unit.h"

#include "rank/likelihood.h"

static const struct example {
	uint64_t old_count, new_count, old_total, new_total;
	const char *ratio; /* computed by Python's decimal, with 60 digits */
} examples[] = {
	{1, 2, 10, 10, "0.399"},
	{110, 111, 2442, 29114, "278.386"},
	{0, 61, 1999, 2120, "81.896"},
	{120, 940, 4000, 4100, "793.284"},
	{5, 0, 5, 7, "16.301"},
	{1, 1, 2, 2, "0"},
	{1000000, 1000500, 30000000, 30000000, "0.129"},
	{3, 1, UINT64_C(1099511627776), UINT64_C(2199023255552), "2.904"},
	{UINT64_C(68719476736), UINT64_C(137438953472),
		UINT64_C(1099511627776), UINT64_C(1099511627776), "25720852772.428"},
};

static const char *text(struct sum ratio, char out[SUM_TEXT])
{
	return sum_print(likelihood_number(ratio), out);
}

TEST(ratios)
{
	char found[SUM_TEXT];

	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		const struct example *e = &examples[i];
		struct likelihood *l = likelihood_new(e->old_total, e->new_total);
		assert_non_null(l);
		/* The second time, small counts are not computed again. */
		for (int again = 0; again < 2; again++)
			assert_string_equal(
				text(likelihood_ratio(l, e->old_count, e->new_count), found),
				e->ratio);
		likelihood_free(l);
	}
}

#define TOTAL (UINT64_C(1) << 32)

TEST(equal_shares_are_no_change)
{
	const uint64_t shares[] = {0, 1, 7, 1023, 1024, 1000000, UINT64_C(1) << 31};

	for (uint64_t times = 1; times < 10; times++) {
		struct likelihood *l = likelihood_new(TOTAL, times * TOTAL);
		for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
			assert_int_equal(
				sum_compare(likelihood_ratio(l, shares[i], times * shares[i]),
					(struct sum){0}),
				0);
		likelihood_free(l);
	}
}

TEST(sides_can_be_swapped)
{
	struct likelihood *l = likelihood_new(5000, 7000), *swapped = likelihood_new(7000, 5000);

	for (uint64_t a = 0; a <= 5000; a += 97)
		for (uint64_t b = 0; b <= 7000; b += 89)
			assert_int_equal(sum_compare(likelihood_ratio(l, a, b),
						 likelihood_ratio(swapped, b, a)),
				0);
	likelihood_free(l);
	likelihood_free(swapped);
}

TEST(larger_differences_are_less_likely)
{
	struct likelihood *l = likelihood_new(3000, 3000);
	struct sum before = {0};

	for (uint64_t b = 1000; b <= 3000; b++) {
		struct sum ratio = likelihood_ratio(l, 1000, b);
		assert_true(b == 1000 || sum_compare(ratio, before) > 0);
		before = ratio;
	}
	likelihood_free(l);
}

TEST(an_empty_side)
{
	struct likelihood *l = likelihood_new(0, 100);

	assert_int_equal(sum_compare(likelihood_ratio(l, 0, 60), (struct sum){0}), 0);
	likelihood_free(l);
	l = likelihood_new(0, 0);
	assert_int_equal(sum_compare(likelihood_ratio(l, 0, 0), (struct sum){0}), 0);
	likelihood_free(l);
}

TEST(totals_that_are_too_large)
{
	errno = 0;
	assert_null(likelihood_new(UINT64_MAX, 1));
	assert_int_equal(errno, EOVERFLOW);
	struct likelihood *l = likelihood_new(UINT64_MAX - 5, 5);
	char found[SUM_TEXT];
	assert_string_equal(text(likelihood_ratio(l, UINT64_MAX - 5, 5), found), "0");
	likelihood_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ratios),
		cmocka_unit_test(equal_shares_are_no_change),
		cmocka_unit_test(sides_can_be_swapped),
		cmocka_unit_test(larger_differences_are_less_likely),
		cmocka_unit_test(an_empty_side),
		cmocka_unit_test(totals_that_are_too_large),
	};

	return cmocka_run_group_tests_name("likelihood", tests, NULL, NULL);
}
