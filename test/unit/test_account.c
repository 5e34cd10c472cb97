/* test_account.c -- accounts of several workers added up. */
#include "unit.h"

#include "query/account.h"

TEST(accounts_add_up)
{
	struct account a = {1, {.lines = 2, 3, 4, 5, 6, 7, 8, 1, .too_large = 9, 10}, {0}},
		       b = {10, {.lines = 200, 30, 40, 50, 60, 70, 80, 10, .too_large = 90, 100},
			       {0}};

	a.verdicts.outside = 3;
	b.verdicts.outside = 30;
	a.verdicts.undated = 1;
	b.verdicts.undated = 10;

	account_add(&a, &b);
	assert_int_equal(a.bytes, 11);
	assert_int_equal(a.verdicts.lines, 202);
	assert_int_equal(a.verdicts.matched, 33);
	assert_int_equal(a.verdicts.filtered, 44);
	assert_int_equal(a.verdicts.unparsed, 55);
	assert_int_equal(a.verdicts.gave_up, 66);
	assert_int_equal(a.verdicts.not_numbers, 77);
	assert_int_equal(a.verdicts.holes, 88);
	assert_int_equal(a.verdicts.bad_times, 11);
	assert_int_equal(a.verdicts.too_large, 99);
	assert_int_equal(a.verdicts.steps, 110);
	assert_int_equal(a.verdicts.outside, 33);
	assert_int_equal(a.verdicts.undated, 11);
	assert_false(a.verdicts.covered.any);
	assert_int_equal(verdicts_read(&a.verdicts), 202 + 33);
	assert_int_equal(verdicts_unmatched(&a.verdicts), 202 - 33 - 44 - 55 - 66);
}

TEST(periods_add_up)
{
	struct covered none = {0}, a = {true, -5, 7}, b = {true, 3, 9}, sum = {0};

	covered_add(&sum, &none);
	assert_false(sum.any);
	covered_add(&sum, &b);
	assert_true(sum.any && sum.earliest == 3 && sum.latest == 9);
	covered_add(&sum, &a);
	covered_add(&sum, &none);
	assert_true(sum.any && sum.earliest == -5 && sum.latest == 9);
}

TEST(totals_add_up)
{
	struct account a = {0};
	struct account none = {.totals = {.requests = 0}};
	struct account middle = {
		.totals = {2, {5, 0}, "2007-06-17T12:00:01", "2007-06-17T12:00:02"}};
	struct account timeless = {.totals = {1, {UINT64_MAX, 0}, "", ""}};
	struct account around = {
		.totals = {3, {1, 0}, "2006-01-01T00:00:00", "2008-01-01T00:00:00"}};

	account_add(&a, &none);
	assert_string_equal(a.totals.first, "");
	account_add(&a, &timeless);
	assert_string_equal(a.totals.first, "");
	account_add(&a, &middle);
	assert_string_equal(a.totals.first, "2007-06-17T12:00:01");
	assert_string_equal(a.totals.last, "2007-06-17T12:00:02");
	account_add(&a, &around);
	account_add(&a, &middle);
	account_add(&a, &timeless);
	assert_string_equal(a.totals.first, "2006-01-01T00:00:00");
	assert_string_equal(a.totals.last, "2008-01-01T00:00:00");
	assert_int_equal(a.totals.requests, 1 + 2 + 3 + 2 + 1);
	assert_int_equal(a.totals.bytes.high, 2);
	assert_int_equal(a.totals.bytes.low, 5 + 1 + 5 - 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accounts_add_up),
		cmocka_unit_test(periods_add_up),
		cmocka_unit_test(totals_add_up),
	};

	return cmocka_run_group_tests_name("account", tests, NULL, NULL);
}
