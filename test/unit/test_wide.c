/* test_wide.c -- arithmetic of 320 bits: by its laws, and modulo other numbers. */
#include "modulo.h"
#include "unit.h"

#include "lib/wide.h"

enum { WORDS = WIDE_LIMBS / 2 };

/* A number of up to `bits` bits.  Many have long rows of equal bits. */
static struct wide random_wide(uint64_t *seed, size_t bits)
{
	uint64_t words[WORDS] = {0};
	uint64_t fill[] = {0, UINT64_MAX};
	size_t n = random_below(seed, bits + 1);

	for (size_t i = 0; i < WORDS; i++)
		words[i] = random_below(seed, 3) ? random_next(seed) : fill[random_below(seed, 2)];
	for (size_t i = 0; i < WORDS; i++)
		words[i] = n >= 64 * (i + 1) ? words[i]
			   : n > 64 * i      ? words[i] & ((UINT64_C(1) << n % 64) - 1)
					     : 0;
	return wide_of(words, WORDS);
}

static uint64_t modulo(struct wide w, uint64_t m)
{
	uint64_t words[WORDS];

	for (unsigned i = 0; i < WORDS; i++)
		words[i] = wide_word(w, i);
	return words_modulo(words, WORDS, m);
}

static bool is_same(struct wide a, struct wide b)
{
	return memcmp(&a, &b, sizeof a) == 0;
}

static int compare(struct wide a, struct wide b)
{
	for (unsigned i = WORDS; i-- > 0;)
		if (wide_word(a, i) != wide_word(b, i))
			return wide_word(a, i) < wide_word(b, i) ? -1 : 1;
	return 0;
}

static struct wide wide_u64(uint64_t n)
{
	return wide_of(&n, 1);
}

TEST(words)
{
	const uint64_t words[WORDS] = {1, UINT64_MAX, 3, UINT64_C(1) << 63, 5};
	struct wide w = wide_of(words, WORDS), two = wide_of(words, 2);

	for (unsigned i = 0; i < WORDS; i++) {
		assert_true(wide_word(w, i) == words[i]);
		assert_true(wide_word(two, i) == (i < 2 ? words[i] : 0));
	}
}

TEST(sums_and_differences)
{
	uint64_t seed = 1;

	for (int i = 0; i < 20000; i++) {
		struct wide a = random_wide(&seed, 319), b = random_wide(&seed, 319);
		struct wide sum = wide_add(a, b);
		for (size_t k = 0; k < MODULI; k++) {
			uint64_t m = modulus(k);
			assert_true((modulo(a, m) + modulo(b, m)) % m == modulo(sum, m));
		}
		assert_true(is_same(wide_subtract(sum, a), b));
		assert_true(is_same(wide_subtract(sum, sum), (struct wide){0}));
	}
}

TEST(products)
{
	uint64_t seed = 2;

	for (int i = 0; i < 20000; i++) {
		size_t bits = random_below(&seed, 321);
		struct wide a = random_wide(&seed, bits), b = random_wide(&seed, 320 - bits);
		struct wide product = wide_multiply(a, b);
		for (size_t k = 0; k < MODULI; k++) {
			uint64_t m = modulus(k);
			assert_true(
				times_modulo(modulo(a, m), modulo(b, m), m) == modulo(product, m));
		}
		assert_true(is_same(wide_multiply(b, a), product));
	}
}

TEST(quotients)
{
	uint64_t seed = 3;

	for (int i = 0; i < 20000; i++) {
		struct wide a = random_wide(&seed, 320);
		uint64_t by = random_next(&seed) >> random_below(&seed, 64);
		by = i % 5 ? by | 1 : UINT64_MAX - random_below(&seed, 3);
		struct wide product = wide_multiply(wide_divide(a, by), wide_u64(by));
		assert_true(compare(product, a) <= 0);
		assert_true(compare(wide_subtract(a, product), wide_u64(by)) < 0);
	}
}

TEST(roots)
{
	uint64_t seed = 4;

	for (int i = 0; i < 3000; i++) {
		struct wide a = random_wide(&seed, 318), root = wide_root(a);
		struct wide next = wide_add(root, wide_u64(1));
		assert_true(compare(wide_multiply(root, root), a) <= 0);
		assert_true(compare(wide_multiply(next, next), a) > 0);
		struct wide half = random_wide(&seed, 159), square = wide_multiply(half, half);
		assert_true(is_same(wide_root(square), half));
		if (compare(square, (struct wide){0}) > 0)
			assert_true(is_same(wide_root(wide_subtract(square, wide_u64(1))),
				wide_subtract(half, wide_u64(1))));
	}
}

/* The largest numbers. */
TEST(all_bits)
{
	const uint64_t words[WORDS] = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};
	struct wide most = wide_of(words, WORDS), root = wide_root(most);

	assert_true(is_same(wide_divide(most, 1), most));
	assert_true(wide_word(root, 0) == UINT64_MAX && wide_word(root, 1) == UINT64_MAX &&
		    wide_word(root, 2) == UINT32_MAX && !wide_word(root, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(sums_and_differences),
		cmocka_unit_test(products),
		cmocka_unit_test(quotients),
		cmocka_unit_test(roots),
		cmocka_unit_test(all_bits),
	};

	return cmocka_run_group_tests_name("wide", tests, NULL, NULL);
}
