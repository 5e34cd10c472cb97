/* test_sketch.c -- estimates of how many different values there are, compared with their number. */
#include "unit.h"

#include <stdio.h>

#include "lib/sketch.h"

enum { ROOM = 64, VALUES = 400000 };

/* Make the value number i of some kind. */
typedef struct span value_maker(char[ROOM], uint64_t i);

static struct span word_value(char to[ROOM], uint64_t i)
{
	memcpy(to, &i, sizeof i);
	return span_of(to, sizeof i);
}

static struct span decimal_value(char to[ROOM], uint64_t i)
{
	return span_of(to, (size_t)snprintf(to, ROOM, "%llu", (unsigned long long)i));
}

static struct span address_value(char to[ROOM], uint64_t i)
{
	return span_of(to, (size_t)snprintf(to, ROOM, "10.%u.%u.%u", (unsigned)(i >> 16 & 255),
				   (unsigned)(i >> 8 & 255), (unsigned)(i & 255)));
}

static struct span url_value(char to[ROOM], uint64_t i)
{
	return span_of(to, (size_t)snprintf(to, ROOM, "/ongoing/When/200x/%llu/%05llu.html?q=%llx",
				   (unsigned long long)i % 365, (unsigned long long)i / 365,
				   (unsigned long long)i * i));
}

/* Short and long rows of the same byte, and a number at the end. */
static struct span row_value(char to[ROOM], uint64_t i)
{
	size_t len = i % 50;

	memset(to, i % 3 ? 0 : 0xff, len);
	memcpy(to + len, &i, 4);
	return span_of(to, len + 4);
}

static value_maker *const kinds[] = {
	word_value, decimal_value, address_value, url_value, row_value};

struct registers {
	unsigned char ranks[SKETCH_REGISTERS];
};

static void take(struct registers *r, struct span value)
{
	struct sketch_mark m = sketch_mark(value);

	assert_true(m.index < SKETCH_REGISTERS && m.rank >= 1 && m.rank <= SKETCH_RANKS);
	if (m.rank > r->ranks[m.index])
		r->ranks[m.index] = m.rank;
}

static uint64_t estimate(const struct registers *r)
{
	uint32_t ranks[SKETCH_RANKS + 1] = {0};

	for (size_t i = 0; i < SKETCH_REGISTERS; i++)
		ranks[r->ranks[i]]++;
	return sketch_estimate(ranks);
}

/* The error of each estimate is less than four standard errors, and the mean square of all errors
 * that of the standard error. */
TEST(the_standard_error)
{
	const double standard_error = 0.0163;
	double squares = 0, sum = 0;
	int n = 0;

	for (size_t kind = 0; kind < COUNT(kinds); kind++) {
		struct registers r = {0};
		uint64_t next = 20;
		for (uint64_t i = 0; i < VALUES; i++) {
			char room[ROOM];
			take(&r, kinds[kind](room, i));
			take(&r, kinds[kind](room, i / 2)); /* again */
			if (i + 1 < next)
				continue;
			double expected = (double)(i + 1);
			double error = ((double)estimate(&r) - expected) / expected;
			if (error > 4 * standard_error || error < -4 * standard_error)
				fail_msg("kind %zu, %g values: error %g", kind, expected, error);
			/* The errors of few values are smaller. */
			if (next > 5000) {
				squares += error * error;
				sum += error;
				n++;
			}
			next += next / 2;
		}
	}
	assert_true(n > 40);
	assert_true(squares / n < 1.3 * 1.3 * standard_error * standard_error);
	assert_true(sum / n < standard_error && sum / n > -standard_error);
}

TEST(few_values)
{
	for (size_t kind = 0; kind < COUNT(kinds); kind++) {
		struct registers r = {0};
		assert_int_equal(estimate(&r), 0);
		for (uint64_t i = 1; i <= 20; i++) {
			char room[ROOM];
			take(&r, kinds[kind](room, i));
			uint64_t got = estimate(&r);
			assert_true(got + 1 >= i && got <= i + 1);
		}
	}
}

/* Snapshots keep marks, so a value has the same mark for ever. */
TEST(marks_of_some_values)
{
	static const struct {
		struct span value;
		struct sketch_mark mark;
	} cases[] = {
		{BYTES(""), {2329, 6}},
		{BYTES("a"), {3601, 4}},
		{BYTES("192.0.2.1"), {1458, 5}},
		{BYTES("\0\xff"), {242, 2}},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sketch_mark got = sketch_mark(cases[i].value);
		if (got.index != cases[i].mark.index || got.rank != cases[i].mark.rank)
			fail_msg("case %zu: %d, %d", i, got.index, got.rank);
	}
	struct sketch_mark none = sketch_mark(span_of(NULL, 0)),
			   empty = sketch_mark(cases[0].value);
	assert_true(none.index == empty.index && none.rank == empty.rank);
}

/* Registers that only damaged snapshots have. */
TEST(all_registers_are_full)
{
	uint64_t before = 0;

	for (int rank = 1; rank <= SKETCH_RANKS; rank++) {
		uint32_t ranks[SKETCH_RANKS + 1] = {0};
		ranks[rank] = SKETCH_REGISTERS;
		uint64_t got = sketch_estimate(ranks);
		assert_true(got >= before && got > 0);
		before = got;
	}
	assert_true(before == UINT64_MAX);
	for (int rank = 0; rank <= SKETCH_RANKS; rank++) {
		uint32_t ranks[SKETCH_RANKS + 1] = {0};
		sketch_estimate(ranks);
		ranks[rank] = UINT32_MAX;
		sketch_estimate(ranks);
		ranks[0] = 70000;
		sketch_estimate(ranks);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_standard_error),
		cmocka_unit_test(few_values),
		cmocka_unit_test(marks_of_some_values),
		cmocka_unit_test(all_registers_are_full),
	};

	return cmocka_run_group_tests_name("sketch", tests, NULL, NULL);
}
