/* test_statistic.c -- the statistics of a key, compared with exact arithmetic. */
#include "int128.h"
#include "unit.h"

#include "lib/rounded.h"
#include "lib/wide.h"
#include "lib/word.h"
#include "rank/statistic.h"
#include "store/pair.h"

enum { BILLION = 1000000000, LINES = 200, ROOM = 88 };

/* All measures of one number, and a key with them. */
struct measured_key {
	struct group_measures group;
	struct statistic at; /* where the measures begin */
	char measures[ROOM];
	struct counted key;
	struct sum numbers[LINES];
	size_t n, given; /* lines; those with a number */
};

static void open_key(struct measured_key *k)
{
	struct group_measures *g = &k->group;
	struct statistic *s = &k->at;

	*k = (struct measured_key){.group = {.numbers = 1}};
	assert_true(group_measures_want(g, MEASURE_COUNT, 0, &s->count) &&
		    group_measures_want(g, MEASURE_SUM, 0, &s->sum) &&
		    group_measures_want(g, MEASURE_SQUARES, 0, &s->squares) &&
		    group_measures_want(g, MEASURE_LEAST, 0, &s->least) &&
		    group_measures_want(g, MEASURE_MOST, 0, &s->most));
	measures_begin(g, k->measures);
	k->key = (struct counted){.key = {"key", 3}, .measures = k->measures};
}

static void take(struct measured_key *k, struct sum number)
{
	assert_true(measures_take(&k->group, k->measures, &number));
	k->key.count++;
	if (!number_is_none(number))
		k->numbers[k->given++] = number;
	k->n++;
}

static struct sum value(const struct measured_key *k, enum statistic_kind kind)
{
	struct statistic s = k->at;

	s.kind = kind;
	return statistic_value(&s, &k->key, NULL);
}

static int128 absolute(int128 n)
{
	return n < 0 ? -n : n;
}

/* n / by, rounded, halves away from 0. */
static int128 rounded_quotient(int128 n, int128 by)
{
	uint128 left;
	int128 q = (int128)divided((uint128)(2 * absolute(n) + by), (uint128)(2 * by), &left);

	return n < 0 ? -q : q;
}

static struct wide wide_int(int128 n)
{
	uint64_t words[2] = {(uint64_t)n, (uint64_t)(n >> 64)};

	return wide_of(words, 2);
}

static bool is_less(struct wide a, struct wide b)
{
	for (unsigned i = WIDE_LIMBS / 2; i-- > 0;)
		if (wide_word(a, i) != wide_word(b, i))
			return wide_word(a, i) < wide_word(b, i);
	return false;
}

/* The deviation d is rounded correctly if (2d - 1)^2 n (n - 1) <= 4 n (n - 1) v < (2d + 1)^2 n (n - 1),
 * where n (n - 1) v = the sum of (x - y)^2 over all pairs of numbers. */
static void check_deviation(const struct measured_key *k)
{
	struct sum got = value(k, STATISTIC_SD);
	struct wide four_v = {0};
	int128 d = number(got), n = (int128)k->given;

	if (k->given < 2) {
		assert_true(number_is_none(got));
		return;
	}
	for (size_t i = 0; i < k->given; i++)
		for (size_t j = 0; j < i; j++) {
			struct wide x = wide_int(
				2 * absolute(number(k->numbers[i]) - number(k->numbers[j])));
			four_v = wide_add(four_v, wide_multiply(x, x));
		}
	struct wide pairs = wide_int(n * (n - 1)), less = wide_int(d ? 2 * d - 1 : 0),
		    more = wide_int(2 * d + 1);
	assert_false(is_less(four_v, wide_multiply(wide_multiply(less, less), pairs)));
	assert_true(is_less(four_v, wide_multiply(wide_multiply(more, more), pairs)));
}

static void check(const struct measured_key *k)
{
	int128 sum = 0, least = 0, most = 0;

	for (size_t i = 0; i < k->given; i++) {
		int128 x = number(k->numbers[i]);
		sum += x;
		least = !i || x < least ? x : least;
		most = !i || x > most ? x : most;
	}
	assert_true(number(value(k, STATISTIC_COUNT)) == (int128)k->n * BILLION);
	assert_true(number(value(k, STATISTIC_SUM)) == sum);
	assert_true(number(value(k, STATISTIC_MEETING)) == (int128)k->given * BILLION);
	assert_true(number_is_none(value(k, STATISTIC_SHARE)));
	if (k->n)
		assert_true(number(value(k, STATISTIC_PERCENTAGE)) ==
			    rounded_quotient((int128)k->given * 100 * BILLION, (int128)k->n));
	check_deviation(k);
	if (!k->given) {
		assert_true(number_is_none(value(k, STATISTIC_AVG)) &&
			    number_is_none(value(k, STATISTIC_MIN)) &&
			    number_is_none(value(k, STATISTIC_MAX)));
		return;
	}
	assert_true(number(value(k, STATISTIC_AVG)) == rounded_quotient(sum, (int128)k->given));
	assert_true(number(value(k, STATISTIC_MIN)) == least);
	assert_true(number(value(k, STATISTIC_MAX)) == most);
}

/* Some numbers are small, so that deviations are small, and halves must be rounded. */
TEST(random_numbers)
{
	uint64_t seed = 1;

	for (int round = 0; round < 1500; round++) {
		struct measured_key k;
		size_t n = random_below(&seed, round % 50 ? 12 : LINES),
		       bits = random_below(&seed, 94);
		open_key(&k);
		for (size_t i = 0; i < n; i++) {
			uint128 all = (uint128)random_next(&seed) << 64 | random_next(&seed);
			int128 x = (int128)(all >> (127 - bits));
			take(&k, random_below(&seed, 5) ? sum_of(random_next(&seed) % 2 ? x : -x)
							: NUMBER_NONE);
		}
		check(&k);
		group_measures_free(&k.group);
	}
}

/* All lines have the same number, or one of two that are as far from each other as possible. */
TEST(numbers_at_the_bounds)
{
	const int128 most = ((int128)BILLION << 64) - 1;
	const int128 pairs[][2] = {{0, 0}, {1, 1}, {most, most}, {-most, -most}, {most, -most},
		{0, 1}, {0, -1}, {most, most - 1}};

	for (size_t i = 0; i < COUNT(pairs); i++)
		for (size_t n = 0; n < 40; n++) {
			struct measured_key k;
			open_key(&k);
			for (size_t line = 0; line < n; line++)
				take(&k, sum_of(pairs[i][line % 3 == 0]));
			check(&k);
			group_measures_free(&k.group);
		}
}

/* A forged snapshot may have squares that are too small for the sum. */
TEST(measures_that_contradict_each_other)
{
	struct measured_key k;
	uint64_t seed = 2;

	open_key(&k);
	for (int i = 0; i < 3000; i++) {
		for (size_t at = 0; at < ROOM; at += 8)
			word_store(k.measures + at, random_below(&seed, 3)   ? random_next(&seed)
						    : random_below(&seed, 2) ? UINT64_MAX
									     : 0);
		k.key.count = random_next(&seed) >> random_below(&seed, 64);
		for (int kind = 0; kind <= STATISTIC_SD; kind++)
			value(&k, (enum statistic_kind)kind);
		value(&k, STATISTIC_MEETING);
		value(&k, STATISTIC_PERCENTAGE);
	}
	group_measures_free(&k.group);
}

TEST(shares)
{
	static const struct {
		uint64_t n, all;
		int64_t share;
	} cases[] = {{0, 1, 0}, {1, 1, 100000000000}, {1, 3, 33333333333}, {2, 3, 66666666667},
		{UINT64_MAX, UINT64_MAX, 100000000000}, {1, UINT64_MAX, 0},
		{UINT64_MAX / 2, UINT64_MAX - 1, 50000000000}, {1, UINT64_C(200000000000), 1},
		{1, UINT64_C(200000000001), 0}};

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_true(number(statistic_share(cases[i].n, cases[i].all)) == cases[i].share);
	assert_true(number_is_none(statistic_share(0, 0)));
}

/* --- Percentiles ------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	return sum_compare(*(const struct sum *)a, *(const struct sum *)b);
}

/* The codes of all numbers as pairs, each once with its count, to a percentile. */
static struct sum percentile(struct measured_key *k, int64_t billionths)
{
	struct statistic s = k->at;
	struct statistic_pairs p = {.value = NUMBER_NONE};
	struct arena arena = {0};

	s.kind = STATISTIC_PERCENTILE;
	s.percent = sum_of(billionths);
	qsort(k->numbers, k->given, sizeof *k->numbers, by_number);
	for (size_t i = 0, next; i < k->given; i = next) {
		uint16_t code = rounded_code(k->numbers[i]);
		char bytes[2] = {(char)(code >> 8), (char)code};
		for (next = i + 1; next < k->given && rounded_code(k->numbers[next]) == code;)
			next++;
		struct counted pair = {
			.key = pair_make(&arena, k->key.key, span_of(bytes, 2)), .count = next - i};
		statistic_take_pair(&s, &p, &pair, &k->key);
	}
	arena_free(&arena);
	return statistic_value(&s, &k->key, &p);
}

TEST(percentiles_by_nearest_rank)
{
	static const int64_t percents[] = {1, 100000000, 1000000000, 25000000000, 33333333333,
		50000000000, 90000000000, 99000000000, 99900000000, 99999999999, 100000000000};
	uint64_t seed = 3;

	for (int round = 0; round < 1000; round++) {
		struct measured_key k;
		size_t n = random_below(&seed, round % 9 ? 12 : LINES),
		       bits = random_below(&seed, 94);
		open_key(&k);
		for (size_t i = 0; i < n; i++) {
			uint128 all = (uint128)random_next(&seed) << 64 | random_next(&seed);
			int128 x = (int128)(all >> (127 - bits));
			take(&k, random_below(&seed, 9) ? sum_of(random_next(&seed) % 3 ? x : -x)
							: NUMBER_NONE);
		}
		for (size_t i = 0; i < COUNT(percents); i++) {
			struct sum got = percentile(&k, percents[i]);
			if (!k.given) {
				assert_true(number_is_none(got));
				continue;
			}
			/* percentile() has sorted the numbers. */
			int128 parts = (int128)percents[i] * (int128)k.given,
			       all = (int128)100 * BILLION;
			uint128 left;
			size_t rank = (size_t)divided(
				(uint128)(parts + all - 1), (uint128)all, &left);
			int128 exact = number(k.numbers[rank - 1]);
			int128 expected = number(rounded_number(rounded_code(sum_of(exact))));
			int128 least = number(k.numbers[0]), most = number(k.numbers[k.given - 1]);
			expected = expected < least ? least : expected > most ? most : expected;
			assert_true(number(got) == expected);
			assert_true(200 * absolute(number(got) - exact) <= absolute(exact));
		}
		group_measures_free(&k.group);
	}
}

/* A percentage with nine decimal places of as many lines as there can be.  The ranks are computed by
 * hand: 99.999999999 % of 2^64 - 1 lines is 18446744073525084174.20925..., rounded up. */
TEST(the_rank_among_many_lines)
{
	const uint64_t rank = UINT64_C(18446744073525084175);
	struct measured_key k;
	struct arena arena = {0};

	for (int more = 0; more <= 1; more++) {
		open_key(&k);
		word_store(k.measures + k.at.count, UINT64_MAX);
		word_store(k.measures + k.at.most, 5);
		word_store(k.measures + k.at.most + 8, 0);
		word_store(k.measures + k.at.least, 0);
		word_store(k.measures + k.at.least + 8, 0);
		struct statistic s = k.at;
		struct statistic_pairs p = {.value = NUMBER_NONE};
		s.kind = STATISTIC_PERCENTILE;
		s.percent = sum_of(99999999999);
		struct counted first = {.count = rank - 1 + (uint64_t)more}, second = {.count = 1};
		first.key = pair_make(&arena, k.key.key, span_of("\x80\1", 2));
		second.key = pair_make(&arena, k.key.key, span_of("\x80\2", 2));
		statistic_take_pair(&s, &p, &first, &k.key);
		assert_int_equal(number_is_none(p.value), !more);
		statistic_take_pair(&s, &p, &second, &k.key);
		assert_true(number(statistic_value(&s, &k.key, &p)) == (more ? 1 : 2));
		group_measures_free(&k.group);
	}
	arena_free(&arena);
}

/* --- Different values ---------------------------------------------------------------- */

TEST(different_values)
{
	struct statistic s = {.kind = STATISTIC_UNIQ};
	struct statistic_pairs p = {.value = NUMBER_NONE};
	struct counted key = {.key = {"k", 1}, .count = 9},
		       pair = {.key = {"k\0\1v", 4}, .count = 3};

	assert_true(number(statistic_value(&s, &key, &p)) == 0);
	for (int i = 0; i < 7; i++)
		statistic_take_pair(&s, &p, &pair, &key);
	assert_true(number(statistic_value(&s, &key, &p)) == (int128)7 * BILLION);
}

/* The pairs of a register come one after the other, and the last has the greatest rank. */
TEST(sketches)
{
	uint64_t seed = 4;

	for (int round = 0; round < 30; round++) {
		struct statistic s = {.kind = STATISTIC_SKETCH};
		uint32_t got[SKETCH_RANKS + 1], expected[SKETCH_RANKS + 1] = {0};
		struct statistic_pairs p = {.value = NUMBER_NONE, .index = -1, .ranks = got};
		struct counted key = {.key = {"k", 1}, .count = 9};
		size_t sparse = 1 + random_below(&seed, 5000);
		bool any = false;
		memset(got, 0xff, sizeof got);
		for (int index = 0; index < SKETCH_REGISTERS; index++) {
			int rank = 0;
			for (int next = 1; next <= SKETCH_RANKS; next++) {
				if (random_below(&seed, SKETCH_RANKS * sparse / 20 + 1))
					continue;
				char mark[6] = {
					'k', 0, 1, (char)(index >> 8), (char)index, (char)next};
				struct counted pair = {.key = {mark, 6}, .count = 1};
				statistic_take_pair(&s, &p, &pair, &key);
				rank = next;
				any = true;
			}
			expected[rank]++;
		}
		uint64_t estimate = any ? sketch_estimate(expected) : 0;
		struct sum value = statistic_value(&s, &key, &p);
		assert_true(number(value) == (int128)estimate * BILLION);
	}
}

/* Forged pairs: no marks, ranks and registers that are too large. */
TEST(marks_that_are_none)
{
	static const struct span marks[] = {BYTES("k\0\1"), BYTES("k\0\1\0\0"),
		BYTES("k\0\1\0\0\0\0"), BYTES("k\0\1\0\0\x36"), BYTES("k\0\1\0\0\xff"),
		BYTES("k\0\1\x10\0\1"), BYTES("k\0\1\xff\xff\1")};
	struct statistic s = {.kind = STATISTIC_SKETCH};
	uint32_t ranks[SKETCH_RANKS + 1];
	struct statistic_pairs p = {.value = NUMBER_NONE, .index = -1, .ranks = ranks};
	struct counted key = {.key = {"k", 1}, .count = 9};

	for (size_t i = 0; i < COUNT(marks); i++) {
		struct counted pair = {.key = marks[i], .count = 1};
		statistic_take_pair(&s, &p, &pair, &key);
	}
	assert_true(number(statistic_value(&s, &key, &p)) == 0);
}

static struct sum seconds(int64_t n)
{
	struct sum sum = {0};
	struct sum one = {n < 0 ? (uint64_t)-INT64_C(1000000000) : 1000000000, n < 0 ? -1 : 0};

	for (int64_t i = 0; i < (n < 0 ? -n : n); i++)
		assert_true(sum_add(&sum, one));
	return sum;
}

TEST(rates)
{
	assert_true(number(statistic_rate(3, seconds(-2), seconds(8))) == 300000000);
	assert_true(number(statistic_rate(2, seconds(0), seconds(3))) == 666666667);
	assert_true(number(statistic_rate(UINT64_MAX, seconds(0), seconds(1))) ==
		    (int128)UINT64_MAX * 1000000000);
	assert_true(number_is_none(statistic_rate(3, seconds(7), seconds(7))));
	assert_true(number_is_none(statistic_rate(3, NUMBER_NONE, NUMBER_NONE)));
	assert_true(number_is_none(statistic_rate(3, seconds(1), NUMBER_NONE)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_numbers),
		cmocka_unit_test(numbers_at_the_bounds),
		cmocka_unit_test(measures_that_contradict_each_other),
		cmocka_unit_test(shares),
		cmocka_unit_test(rates),
		cmocka_unit_test(percentiles_by_nearest_rank),
		cmocka_unit_test(the_rank_among_many_lines),
		cmocka_unit_test(different_values),
		cmocka_unit_test(sketches),
		cmocka_unit_test(marks_that_are_none),
	};

	return cmocka_run_group_tests_name("statistic", tests, NULL, NULL);
}
