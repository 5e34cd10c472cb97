/* test_rounded.c -- numbers with three digits, compared with rounding in 128 bits. */
#include "int128.h"
#include "unit.h"

#include "lib/rounded.h"

/* Every number that is rounded is less than this: 2^64 in billionths. */
static int128 bound(void)
{
	return (int128)1000000000 << 64;
}

static int128 naive(int128 n)
{
	int128 m = n < 0 ? -n : n, unit = 1;

	while (m >= 1000 * unit)
		unit *= 10;
	m += unit >> 1;
	m -= (int128)modulo128((uint128)m, (uint128)unit);
	return n < 0 ? -m : m;
}

static void check(int128 n)
{
	uint16_t code = rounded_code(sum_of(n));
	int128 got = number(rounded_number(code)), error = got < n ? n - got : got - n;

	assert_true(got == naive(n));
	assert_true(200 * error <= (n < 0 ? -n : n));
	assert_int_equal(rounded_code(sum_of(got)), code);
}

/* A number of any size. */
static int128 random_number(uint64_t *seed)
{
	uint128 all = (uint128)random_next(seed) << 64 | random_next(seed);
	int128 n = (int128)modulo128(
		all >> (34 + random_below(seed, 94)), (uint128)bound());

	return random_next(seed) % 2 ? n : -n;
}

TEST(numbers_around_powers_of_ten)
{
	for (int128 unit = 1; unit < bound(); unit *= 10)
		for (int128 n = -1100; n <= 1100; n++)
			for (int128 more = -1; more <= 1; more++) {
				int128 all = n * unit + (unit > 1 ? more + (unit >> 1) * (n & 1) : 0);
				if (all < bound() && -all < bound())
					check(all);
			}
	check(bound() - 1);
	check(1 - bound());
}

TEST(random_numbers)
{
	uint64_t seed = 1;

	for (int i = 0; i < 200000; i++)
		check(random_number(&seed));
}

TEST(greater_codes_are_greater_numbers)
{
	uint64_t seed = 2;

	for (int i = 0; i < 200000; i++) {
		int128 a = random_number(&seed), b = random_number(&seed);
		if (i % 2)
			b = a + (int128)random_below(&seed, 1000) - 500;
		if (b >= bound() || -b >= bound())
			continue;
		int codes = rounded_code(sum_of(a)) - rounded_code(sum_of(b));
		assert_true(a == b ? !codes : a < b ? codes <= 0 : codes >= 0);
	}
}

/* Damaged snapshots may have any code. */
TEST(all_codes)
{
	int128 before = -bound() * 10;
	size_t codes = 0;

	for (unsigned code = 0; code <= UINT16_MAX; code++) {
		struct sum sum = rounded_number((uint16_t)code);
		int128 n = number(sum);
		if (!n && code != rounded_code(sum))
			continue;
		assert_true(n > before);
		if (n < bound() && -n < bound())
			assert_int_equal(rounded_code(sum), code);
		before = n;
		codes++;
	}
	assert_true(codes > 2 * 26 * 900);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_around_powers_of_ten),
		cmocka_unit_test(random_numbers),
		cmocka_unit_test(greater_codes_are_greater_numbers),
		cmocka_unit_test(all_codes),
	};

	return cmocka_run_group_tests_name("rounded", tests, NULL, NULL);
}
