/* test_measures.c -- the numbers of lines, taken in any order and in any parts, compared with
 * numbers of 128 bits. */
#include "modulo.h"
#include "unit.h"

#include <errno.h>

#include "lib/word.h"
#include "store/measures.h"

enum { NUMBERS = 2, ROOM = 2 * 88, LINES = 60 };

/* Two numbers, each with all measures; and where these begin. */
struct all {
	struct group_measures group;
	unsigned at[NUMBERS][MEASURE_MOST + 1];
};

static void open_all(struct all *a)
{
	*a = (struct all){.group = {.numbers = NUMBERS}};
	for (int kind = MEASURE_MOST; kind >= 0; kind--)
		for (unsigned n = 0; n < NUMBERS; n++)
			assert_true(group_measures_want(
				&a->group, (enum measure_kind)kind, n, &a->at[n][kind]));
	assert_int_equal(a->group.n, 10);
	assert_int_equal(a->group.bytes, ROOM);
}

TEST(a_measure_is_kept_once)
{
	struct group_measures g = {0};
	unsigned a, b, c;

	assert_true(group_measures_want(&g, MEASURE_SUM, 3, &a));
	assert_true(group_measures_want(&g, MEASURE_SQUARES, 3, &b));
	assert_true(group_measures_want(&g, MEASURE_SUM, 3, &c));
	assert_true(a == 0 && b == 16 && c == 0 && g.n == 2 && g.bytes == 48);
	assert_true(group_measures_want(&g, MEASURE_SUM, 2, &c));
	assert_true(c == 48 && g.bytes == 64);
	group_measures_free(&g);
	assert_true(!g.of && !g.n && !g.bytes);
}

/* Less than 2^94, as all numbers of lines; some are none. */
static struct sum random_number(uint64_t *seed)
{
	uint128 all = (uint128)random_next(seed) << 64 | random_next(seed);
	int128 n = (int128)(all >> (35 + random_below(seed, 93)));

	return random_below(seed, 5) == 0 ? NUMBER_NONE : sum_of(random_next(seed) % 2 ? n : -n);
}

static void check_number(const unsigned at[], const char *got, struct sum (*lines)[NUMBERS],
	size_t n, size_t number_of)
{
	int128 sum = 0, least = 0, most = 0;
	uint64_t count = 0, squares[MODULI] = {0}, words[4];

	for (size_t i = 0; i < n; i++) {
		if (number_is_none(lines[i][number_of]))
			continue;
		int128 x = number(lines[i][number_of]), size = x < 0 ? -x : x;
		sum += x;
		least = !count || x < least ? x : least;
		most = !count || x > most ? x : most;
		count++;
		for (size_t k = 0; k < MODULI; k++) {
			uint64_t m = modulus(k), left = (uint64_t)modulo128((uint128)size, m);
			squares[k] = (squares[k] + times_modulo(left, left, m)) % m;
		}
	}
	assert_true(measure_count(got + at[MEASURE_COUNT]) == count);
	assert_true(number(measure_sum(got + at[MEASURE_SUM])) == sum);
	if (count) {
		assert_true(number(measure_sum(got + at[MEASURE_LEAST])) == least);
		assert_true(number(measure_sum(got + at[MEASURE_MOST])) == most);
	}
	for (size_t i = 0; i < 4; i++)
		words[i] = word_load(got + at[MEASURE_SQUARES] + 8 * i);
	for (size_t k = 0; k < MODULI; k++)
		assert_true(words_modulo(words, 4, modulus(k)) == squares[k]);
}

/* The bytes are not aligned. */
TEST(lines_in_any_parts)
{
	struct all a;
	uint64_t seed = 1;

	open_all(&a);
	for (int round = 0; round < 3000; round++) {
		static struct sum lines[LINES][NUMBERS];
		char bytes[3][ROOM + 1], *whole = bytes[0] + 1, *part = bytes[1] + 1,
					 *total = bytes[2] + 1;
		size_t n = random_below(&seed, LINES);
		measures_begin(&a.group, whole);
		measures_begin(&a.group, part);
		measures_begin(&a.group, total);
		for (size_t i = 0; i < n; i++) {
			for (size_t k = 0; k < NUMBERS; k++)
				lines[i][k] = random_number(&seed);
			assert_true(measures_take(&a.group, whole, lines[i]));
		}
		for (size_t i = n; i-- > 0;) {
			assert_true(measures_take(&a.group, part, lines[i]));
			if (random_below(&seed, 4))
				continue;
			assert_true(measures_add(&a.group, total, part));
			measures_begin(&a.group, part);
		}
		assert_true(measures_add(&a.group, total, part));
		assert_memory_equal(total, whole, ROOM);
		for (size_t k = 0; k < NUMBERS; k++)
			check_number(a.at[k], whole, lines, n, k);
	}
	group_measures_free(&a.group);
}

/* The square of the number of the greatest size, and of numbers with all bits of a word. */
TEST(squares)
{
	static const struct {
		struct sum number;
		uint64_t words[4];
	} cases[] = {
		{{0, 0}, {0}},
		{{1, 0}, {1}},
		{{UINT64_MAX, -1}, {1}},
		{{UINT64_MAX, 0}, {1, UINT64_MAX - 1}},
		{{1, -1}, {1, UINT64_MAX - 1}},
		{{0, 1}, {0, 0, 1}},
		{{0, -1}, {0, 0, 1}},
		{{UINT64_MAX, INT64_MAX}, {1, 0, UINT64_MAX, (UINT64_C(1) << 62) - 1}},
	};
	struct group_measures g = {0};
	unsigned at;

	assert_true(group_measures_want(&g, MEASURE_SQUARES, 0, &at));
	for (size_t i = 0; i < COUNT(cases); i++) {
		char bytes[32];
		measures_begin(&g, bytes);
		assert_true(measures_take(&g, bytes, &cases[i].number));
		for (size_t k = 0; k < 4; k++)
			assert_true(word_load(bytes + 8 * k) == cases[i].words[k]);
	}
	group_measures_free(&g);
}

/* Two numbers of one measure that do not fit together, taken from lines or added. */
static void check_overflow(enum measure_kind kind, const char *most, struct sum more)
{
	struct group_measures g = {0};
	char one[32], other[32];
	unsigned at;

	assert_true(group_measures_want(&g, kind, 0, &at));
	memcpy(one, most, g.bytes);
	assert_true(measures_take(&g, one, &NUMBER_NONE));
	assert_memory_equal(one, most, g.bytes);
	errno = 0;
	assert_false(measures_take(&g, one, &more));
	assert_int_equal(errno, EOVERFLOW);
	memcpy(one, most, g.bytes);
	measures_begin(&g, other);
	assert_true(measures_take(&g, other, &more));
	errno = 0;
	assert_false(measures_add(&g, one, other));
	assert_int_equal(errno, EOVERFLOW);
	group_measures_free(&g);
}

TEST(overflow)
{
	char bytes[32];

	memset(bytes, 0xff, sizeof bytes);
	check_overflow(MEASURE_COUNT, bytes, (struct sum){0});
	check_overflow(MEASURE_SQUARES, bytes, (struct sum){1, 0});
	check_overflow(MEASURE_SQUARES, bytes, (struct sum){UINT64_MAX, -1});
	check_overflow(MEASURE_SQUARES, bytes, (struct sum){0, 1});
	bytes[15] = 0x7f;
	check_overflow(MEASURE_SUM, bytes, (struct sum){1, 0});
	memset(bytes, 0, sizeof bytes);
	bytes[15] = (char)0x80;
	check_overflow(MEASURE_SUM, bytes, (struct sum){UINT64_MAX, -1});
}

TEST(groups)
{
	struct group_measures groups[3] = {{.pairs_of = 0}, {.pairs_of = 1}, {.pairs_of = 1}};
	struct measures m = {groups, 2};
	unsigned at;

	assert_true(group_measures_want(&groups[1], MEASURE_LEAST, 0, &at));
	assert_null(measures_of(NULL, 0));
	assert_null(measures_of(&m, 0));
	assert_ptr_equal(measures_of(&m, 1), &groups[1]);
	assert_null(measures_of(&m, 2));
	assert_null(measures_of(&m, 65535));
	assert_int_equal(measures_bytes(&m, 1), 16);
	assert_int_equal(measures_bytes(&m, 2) + measures_bytes(NULL, 1), 0);
	assert_int_equal(measures_most_bytes(&m), 16);
	assert_int_equal(measures_most_bytes(NULL), 0);
	assert_false(measures_have_pairs(&m) || measures_have_pairs(NULL));
	m.n = 3;
	assert_true(measures_have_pairs(&m));
	assert_int_equal(measures_pairs_of(&m, 0), 0);
	assert_int_equal(measures_pairs_of(&m, 2), 1);
	assert_int_equal(measures_pairs_of(&m, 3), 3);
	assert_int_equal(measures_pairs_of(NULL, 3), 3);
	group_measures_free(&groups[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_measure_is_kept_once),
		cmocka_unit_test(lines_in_any_parts),
		cmocka_unit_test(squares),
		cmocka_unit_test(overflow),
		cmocka_unit_test(groups),
	};

	return cmocka_run_group_tests_name("measures", tests, NULL, NULL);
}
