/* test_decimal.c -- compare sums and comparisons with long-hand arithmetic on digits. */
#include "int128.h"
#include "unit.h"

#include <stdio.h>

#include "lib/decimal.h"

#define E9 (int128)1000000000

/* 10^n */
static int128 power(unsigned n)
{
	int128 p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

/* --- Hand-checked ---------------------------------------------------------------- */

static const struct {
	const char *text;
	enum sum_result result;
	const char *printed;
} reads[] = {
	{"", SUM_OK, "0"},
	{"-", SUM_OK, "0"},
	{"0", SUM_OK, "0"},
	{"-0", SUM_OK, "0"},
	{"-0.0", SUM_OK, "0"},
	{"000", SUM_OK, "0"},
	{"007", SUM_OK, "7"},
	{"-007.250", SUM_OK, "-7.25"},
	{"12", SUM_OK, "12"},
	{"1.5", SUM_OK, "1.5"},
	{"-1.5", SUM_OK, "-1.5"},
	{"0.1", SUM_OK, "0.1"},
	{"0.10", SUM_OK, "0.1"},
	{"100", SUM_OK, "100"},
	{"1200.00", SUM_OK, "1200"},
	/* Nine decimal places: the rest is cut off, not rounded. */
	{"0.000000001", SUM_OK, "0.000000001"},
	{"0.0000000019", SUM_OK, "0.000000001"},
	{"-0.0000000019", SUM_OK, "-0.000000001"},
	{"0.0000000009", SUM_OK, "0"},
	{"-0.0000000009", SUM_OK, "0"},
	{"1.9999999999", SUM_OK, "1.999999999"},
	/* Exponents. */
	{"1e0", SUM_OK, "1"},
	{"1e3", SUM_OK, "1000"},
	{"1E+3", SUM_OK, "1000"},
	{"1e-3", SUM_OK, "0.001"},
	{"1.5e1", SUM_OK, "15"},
	{"1.5e+00001", SUM_OK, "15"},
	{"-12.345e2", SUM_OK, "-1234.5"},
	{"12.345e-1", SUM_OK, "1.2345"},
	{"123e-2", SUM_OK, "1.23"},
	{"0.00123e3", SUM_OK, "1.23"},
	{"0.00123e5", SUM_OK, "123"},
	{"1000e-3", SUM_OK, "1"},
	{"1e-9", SUM_OK, "0.000000001"},
	{"1e-10", SUM_OK, "0"},
	{"10e-10", SUM_OK, "0.000000001"},
	{"99e-10", SUM_OK, "0.000000009"},
	{"123456e-14", SUM_OK, "0.000000001"},
	{"1e-11", SUM_OK, "0"},
	{"1e-99999999999999999999", SUM_OK, "0"},
	{"0e99999999999999999999", SUM_OK, "0"},
	{"0.0e9999", SUM_OK, "0"},
	{"0.00000000000000000001e20", SUM_OK, "1"},
	{"0.000000000000000000000000000001e31", SUM_OK, "10"},
	{"100000000000000000000000000e-26", SUM_OK, "1"},
	{"18e18", SUM_OK, "18000000000000000000"},
	{"1e19", SUM_OK, "10000000000000000000"},
	{"1.8446744073709551615e19", SUM_OK, "18446744073709551615"},
	/* Around the limit of the fast path, 18 digits. */
	{"999999999999999999", SUM_OK, "999999999999999999"},
	{"1000000000000000000", SUM_OK, "1000000000000000000"},
	{"0000000000000000000000001", SUM_OK, "1"},
	{"99999999999999999x", SUM_NO_NUMBER, "0"},
	/* 64 bits. */
	{"9223372036854775807", SUM_OK, "9223372036854775807"},
	{"9223372036854775808", SUM_OK, "9223372036854775808"},
	{"18446744073709551615", SUM_OK, "18446744073709551615"},
	{"-18446744073709551615", SUM_OK, "-18446744073709551615"},
	{"18446744073709551615.999999999", SUM_OK, "18446744073709551615.999999999"},
	{"18446744073709551615.9999999999", SUM_OK, "18446744073709551615.999999999"},
	{"18446744073709551616", SUM_TOO_LARGE, NULL},
	{"-18446744073709551616", SUM_TOO_LARGE, NULL},
	{"18446744073709551620", SUM_TOO_LARGE, NULL},
	{"99999999999999999999", SUM_TOO_LARGE, NULL},
	{"100000000000000000000", SUM_TOO_LARGE, NULL},
	{"1844674407370955161.6e1", SUM_TOO_LARGE, NULL},
	{"1e20", SUM_TOO_LARGE, NULL},
	{"-1e20", SUM_TOO_LARGE, NULL},
	{"2e19", SUM_TOO_LARGE, NULL},
	{"1e99999999999999999999", SUM_TOO_LARGE, NULL},
	{"0.1e99999999999999999999", SUM_TOO_LARGE, NULL},
	{"340282366920938463463374607431768211456", SUM_TOO_LARGE, NULL},
	/* Not numbers. */
	{" ", SUM_NO_NUMBER, "0"},
	{" 1", SUM_NO_NUMBER, "0"},
	{"1 ", SUM_NO_NUMBER, "0"},
	{"+1", SUM_NO_NUMBER, "0"},
	{"--1", SUM_NO_NUMBER, "0"},
	{"1-", SUM_NO_NUMBER, "0"},
	{"--", SUM_NO_NUMBER, "0"},
	{".5", SUM_NO_NUMBER, "0"},
	{"-.5", SUM_NO_NUMBER, "0"},
	{"5.", SUM_NO_NUMBER, "0"},
	{"1.2.3", SUM_NO_NUMBER, "0"},
	{"1..2", SUM_NO_NUMBER, "0"},
	{"1,5", SUM_NO_NUMBER, "0"},
	{"0x10", SUM_NO_NUMBER, "0"},
	{"1e", SUM_NO_NUMBER, "0"},
	{"1e+", SUM_NO_NUMBER, "0"},
	{"1e-", SUM_NO_NUMBER, "0"},
	{"1e+-1", SUM_NO_NUMBER, "0"},
	{"1e1.5", SUM_NO_NUMBER, "0"},
	{"1e1e1", SUM_NO_NUMBER, "0"},
	{"e1", SUM_NO_NUMBER, "0"},
	{"-e1", SUM_NO_NUMBER, "0"},
	{"1.e1", SUM_NO_NUMBER, "0"},
	{"inf", SUM_NO_NUMBER, "0"},
	{"nan", SUM_NO_NUMBER, "0"},
	{"1 2", SUM_NO_NUMBER, "0"},
	{"1/", SUM_NO_NUMBER, "0"},
	{"1:", SUM_NO_NUMBER, "0"},
	{"\xb1", SUM_NO_NUMBER, "0"},
};

TEST(a_table_of_numbers)
{
	struct guarded g = guarded_new(1);
	char text[SUM_TEXT];

	for (size_t i = 0; i < COUNT(reads); i++)
		for (int at_start = 0; at_start <= 1; at_start++) {
			struct span s = guarded_copy(&g, span_text(reads[i].text));
			struct sum sum = {1, 1};
			if (at_start)
				s.at = memmove(g.at, s.at, s.len);
			enum sum_result got = sum_read(s, &sum);
			if (got != reads[i].result)
				fail_msg("'%s': %d", reads[i].text, got);
			if (reads[i].printed && strcmp(sum_print(sum, text), reads[i].printed) != 0)
				fail_msg("'%s': %s", reads[i].text, text);
		}
	guarded_free(&g);
}

TEST(nothing_may_be_nowhere)
{
	struct sum sum = {1, 1};

	assert_int_equal(sum_read(span_of(NULL, 0), &sum), SUM_OK);
	assert_int_equal(sum.low | (uint64_t)sum.high, 0);
	assert_false(decimal_is(span_of(NULL, 0)));
	assert_false(decimal_is_plain(span_of(NULL, 0)));
}

TEST(a_nul_is_no_digit)
{
	struct sum sum;

	assert_int_equal(sum_read(span_of("1\0", 2), &sum), SUM_NO_NUMBER);
	assert_int_equal(sum_read(span_of("\0", 1), &sum), SUM_NO_NUMBER);
	assert_false(decimal_is(span_of("1\0", 2)));
}

/* Megabytes of digits, and exponents that make them significant. */
TEST(numbers_of_any_length)
{
	enum { LEN = 3 << 20 };
	char *text = malloc(LEN + 20), printed[SUM_TEXT];
	struct sum sum;

	assert_non_null(text);
	memset(text, '0', LEN);
	text[LEN] = '7';
	assert_int_equal(sum_read(span_of(text, LEN + 1), &sum), SUM_OK);
	assert_string_equal(sum_print(sum, printed), "7");
	text[0] = '1';
	assert_int_equal(sum_read(span_of(text, LEN), &sum), SUM_TOO_LARGE);
	memcpy(text, "0.", 2);
	assert_int_equal(sum_read(span_of(text, LEN + 1), &sum), SUM_OK);
	assert_string_equal(sum_print(sum, printed), "0");
	for (size_t zeros = 0; zeros < 100000; zeros = 3 * zeros + 1) {
		text[2 + zeros] = '5';
		int n = sprintf(text + 3 + zeros, "25e%zu", zeros + 1);
		assert_int_equal(sum_read(span_of(text, 3 + zeros + (size_t)n), &sum), SUM_OK);
		assert_string_equal(sum_print(sum, printed), "5.25");
		memset(text + 2, '0', zeros + (size_t)n + 2);
	}
	free(text);
}

/* Numbers of one to eight bytes, and other texts, after eight bytes of the same kinds: the same as
 * sum_read(). */
TEST(short_numbers)
{
	static const char bytes[] = "01234567890123456789012345678901234567890/:-....e\x10\xb0";
	char text[8 + 12];
	uint64_t seed = 9;
	size_t found = 0;

	for (int round = 0; round < 300000; round++) {
		size_t len = random_below(&seed, 12);
		random_bytes(&seed, text, sizeof text, span_of(bytes, sizeof bytes - 1));
		if (round % 4 == 0)
			text[8] = '-';
		struct span s = span_of(text + 8, len);
		struct sum sum = {0}, expected;
		bool is_short = decimal_is(s) && !span_first(s, 'e') && len <= 8;
		assert_int_equal(sum_read_short(s, &sum), is_short);
		if (!is_short)
			continue;
		sum_read(s, &expected);
		assert_int_equal(sum_compare(sum, expected), 0);
		found++;
	}
	assert_true(found > 50000);
}

/* --- Against long-hand arithmetic ------------------------------------------------ */

/* Compute digits * 10^-places in billionths, and cut off the rest.  False if it is 2^64 or more. */
static bool long_hand(const char *digits, size_t n, long places, int128 *billionths)
{
	*billionths = 0;
	while (n && *digits == '0')
		digits++, n--;
	if (!n)
		return true;
	long shift = 9 - places; /* of the last digit */
	if ((long)n + shift > 30)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((long)(n - 1 - i) + shift >= 0)
			*billionths = 10 * *billionths + (digits[i] - '0');
	for (; shift > 0; shift--)
		*billionths *= 10;
	return *billionths < ((int128)1 << 64) * E9;
}

TEST(random_numbers)
{
	struct guarded g = guarded_new(1);
	size_t large = 0, fine = 0;
	uint64_t seed = 1;

	for (int round = 0; round < 300000; round++) {
		char digits[60], text[100];
		size_t whole = 1 + random_below(&seed, random_below(&seed, 2) ? 22 : 4);
		size_t fraction = random_below(&seed, 2) ? random_below(&seed, 14) : 0;
		long exponent = random_below(&seed, 2) ? (long)random_below(&seed, 40) - 20 : 0;
		bool negative = random_below(&seed, 2);
		random_bytes(&seed, digits, whole + fraction,
			span_text(random_below(&seed, 3) ? "0123456789" : "00019"));
		size_t len = negative;
		text[0] = '-';
		memcpy(text + len, digits, whole);
		len += whole;
		if (fraction) {
			text[len++] = '.';
			memcpy(text + len, digits + whole, fraction);
			len += fraction;
		}
		if (exponent)
			len += (size_t)sprintf(
				text + len, random_below(&seed, 2) ? "e%ld" : "E%+ld", exponent);
		int128 expected;
		struct sum sum;
		bool fits =
			long_hand(digits, whole + fraction, (long)fraction - exponent, &expected);
		enum sum_result got = sum_read(guarded_copy(&g, span_of(text, len)), &sum);
		if (got != (fits ? SUM_OK : SUM_TOO_LARGE))
			fail_msg("%.*s: %d", (int)len, text, got);
		if (fits && number(sum) != (negative ? -expected : expected))
			fail_msg("%.*s: wrong", (int)len, text);
		large += !fits;
		fine += fits;
	}
	assert_true(large > 5000 && fine > 5000);
	guarded_free(&g);
}

/* Parse by the grammar, with a state for each place in it. */
static bool is_number(struct span s, bool exponents)
{
	enum { START, MINUS, WHOLE, POINT, FRACTION, E, SIGN, EXPONENT } state = START;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		bool digit = c >= '0' && c <= '9';
		if (digit && (state == START || state == MINUS))
			state = WHOLE;
		else if (digit && state == POINT)
			state = FRACTION;
		else if (digit && (state == E || state == SIGN))
			state = EXPONENT;
		else if (digit)
			continue;
		else if (c == '-' && state == START)
			state = MINUS;
		else if (c == '.' && state == WHOLE)
			state = POINT;
		else if ((c == 'e' || c == 'E') && (state == WHOLE || state == FRACTION) &&
			 exponents)
			state = E;
		else if ((c == '+' || c == '-') && state == E)
			state = SIGN;
		else
			return false;
	}
	return state == WHOLE || state == FRACTION || state == EXPONENT;
}

TEST(what_a_number_is)
{
	struct guarded g = guarded_new(1);
	uint64_t seed = 2;
	size_t numbers = 0;

	for (int round = 0; round < 400000; round++) {
		char text[24];
		size_t len = random_below(&seed, random_below(&seed, 4) ? 7 : sizeof text);
		random_bytes(&seed, text, len, span_text("0129-.eE+/:x"));
		struct span s = guarded_copy(&g, span_of(text, len));
		struct sum sum = {1, 1};
		bool none = !len || (len == 1 && text[0] == '-');
		bool is = is_number(s, true);
		enum sum_result got = sum_read(s, &sum);
		if ((got != SUM_NO_NUMBER) != (is || none))
			fail_msg("'%.*s': %d", (int)len, text, got);
		if (got == SUM_NO_NUMBER)
			assert_true(number(sum) == 0);
		if (decimal_is(s) != is)
			fail_msg("'%.*s': decimal", (int)len, text);
		bool plain = len && (len == 1 || text[0] != '0');
		for (size_t i = 0; i < len; i++)
			plain = plain && text[i] >= '0' && text[i] <= '9';
		if (decimal_is_plain(s) != plain)
			fail_msg("'%.*s': plain", (int)len, text);
		numbers += is;
	}
	assert_true(numbers > 10000);
	guarded_free(&g);
}

/* --- Comparing ------------------------------------------------------------------- */

TEST(decimals_in_order)
{
	/* Numbers in a row are equal. */
	static const char *const ascending[][4] = {
		{"-1e1000000000", "-1e9999999999"},
		{"-1e999999999"},
		{"-100000000000000000000000000000000000000000"},
		{"-18446744073709551616"},
		{"-10", "-010.0", "-1e1", "-0.001E+4"},
		{"-9.99999999999999999999999999"},
		{"-9"},
		{"-1.5", "-1.50"},
		{"-0.1"},
		{"-0.0000000000000000000000000001"},
		{"-1e-400"},
		{"0", "-0", "0.0", "-0e99"},
		{"1e-1000000000", "1e-9999999999", "1e-99999999999999999999"},
		{"1e-999999999"},
		{"1e-401"},
		{"1e-400", "100e-402"},
		{"0.0000000000000000000000000001"},
		{"0.0000000000000000000000000002"},
		{"0.1", "0.10", "1e-1", "0.00001e4"},
		{"0.11"},
		{"0.2"},
		{"1", "1.0", "001"},
		{"1.00000000000000000000000000000001"},
		{"9"},
		{"10"},
		{"99.9"},
		{"100", "1e2", "1E+02", "10000.0e-2"},
		{"18446744073709551615"},
		{"18446744073709551616"},
		{"340282366920938463463374607431768211456"},
		{"1e400"},
		{"1.1e400"},
		{"1e999999999"},
		{"1e1000000000", "1e1000000001", "1e9999999999", "1e99999999999999999999"},
	};

	for (size_t i = 0; i < COUNT(ascending); i++)
		for (size_t j = 0; j < COUNT(ascending); j++)
			for (size_t x = 0; x < 4 && ascending[i][x]; x++)
				for (size_t y = 0; y < 4 && ascending[j][y]; y++)
					if (sign(decimal_compare(span_text(ascending[i][x]),
						    span_text(ascending[j][y]))) !=
						sign((int)i - (int)j))
						fail_msg("%s against %s", ascending[i][x],
							ascending[j][y]);
}

TEST(random_decimals)
{
	struct guarded g = guarded_new(1), h = guarded_new(1);
	uint64_t seed = 3;

	for (int round = 0; round < 300000; round++) {
		int128 n[2];
		char text[2][60];
		struct span s[2];
		for (int i = 0; i < 2; i++) {
			size_t whole = 1 + random_below(&seed, 12),
			       fraction = random_below(&seed, 12);
			char digits[30] = "";
			random_bytes(&seed, digits, whole + fraction,
				span_text(random_below(&seed, 2) ? "0123456789" : "0001"));
			bool negative = random_below(&seed, 2);
			n[i] = 0;
			for (size_t d = 0; d < whole + fraction; d++)
				n[i] = 10 * n[i] + (digits[d] - '0');
			n[i] *= power((unsigned)(12 - fraction)) * (negative ? -1 : 1);
			int len = sprintf(text[i], "%s%.*s%s%.*s", negative ? "-" : "", (int)whole,
				digits, fraction ? "." : "", (int)fraction, digits + whole);
			s[i] = span_of(text[i], (size_t)len);
		}
		int got = decimal_compare(guarded_copy(&g, s[0]), guarded_copy(&h, s[1]));
		if (sign(got) != (n[0] > n[1]) - (n[0] < n[1]))
			fail_msg("%s against %s: %d", text[0], text[1], got);
	}
	guarded_free(&g);
	guarded_free(&h);
}

/* --- Sums of 128 bits ------------------------------------------------------------ */

static struct sum random_sum(uint64_t *seed)
{
	static const uint64_t edges[] = {0, 1, UINT64_MAX, UINT64_MAX - 1, INT64_MAX,
		UINT64_C(1) << 63, UINT64_C(1) << 32, 1000000000};
	uint64_t high =
		random_below(seed, 2) ? edges[random_below(seed, COUNT(edges))] : random_next(seed);
	uint64_t low =
		random_below(seed, 2) ? edges[random_below(seed, COUNT(edges))] : random_next(seed);

	return (struct sum){low, (int64_t)high};
}

TEST(adding_and_comparing_128_bits)
{
	size_t overflows = 0;
	uint64_t seed = 4;

	for (int round = 0; round < 300000; round++) {
		struct sum a = random_sum(&seed), b = random_sum(&seed), c = a;
		int128 expected;
		int64_t high;
		bool overflow = __builtin_add_overflow(number(a), number(b), &expected);
		if (!overflow && __builtin_add_overflow(a.high, b.high, &high))
			continue; /* in range only with the carry */
		assert_int_equal(sum_add(&c, b), !overflow);
		assert_true(number(c) == (overflow ? number(a) : expected));
		assert_int_equal(
			sign(sum_compare(a, b)), (number(a) > number(b)) - (number(a) < number(b)));
		assert_int_equal(sum_is_less(a, b), number(a) < number(b));
		assert_false(sum_is_less(a, a));
		overflows += overflow;
	}
	assert_true(overflows > 1000);
}

/* Compare with whole numbers and billionths that are printed by other means. */
TEST(printing)
{
	uint64_t seed = 5;

	for (int round = 0; round < 200000; round++) {
		uint64_t whole = random_next(&seed) >> random_below(&seed, 64);
		unsigned billionths = (unsigned)random_below(&seed, 1000000000);
		bool negative = random_below(&seed, 2);
		char expected[60], got[SUM_TEXT + 1], *end;
		if (random_below(&seed, 3) == 0)
			billionths -= billionths % 1000000;
		if (random_below(&seed, 4) == 0)
			billionths = 0;
		end = expected + sprintf(expected, "%s%llu.%09u", negative ? "-" : "",
					 (unsigned long long)whole, billionths);
		while (end[-1] == '0')
			*--end = '\0';
		if (end[-1] == '.')
			*--end = '\0';
		int128 n = (int128)whole * E9 + billionths;
		got[SUM_TEXT] = 'x';
		assert_string_equal(sum_print(sum_of(negative ? -n : n), got), n ? expected : "0");
		assert_int_equal(got[SUM_TEXT], 'x');
		/* Reading it gives the same sum. */
		struct sum again;
		assert_int_equal(sum_read(span_text(got), &again), SUM_OK);
		assert_true(number(again) == (negative ? -n : n));
	}
}

/* Divide 128 bits by ten and return the remainder.  clang has no division of __int128 on 32-bit
 * machines. */
static unsigned take_digit(uint32_t limbs[4])
{
	uint64_t rest = 0;

	for (int i = 0; i < 4; i++) {
		rest = rest << 32 | limbs[i];
		limbs[i] = (uint32_t)(rest / 10);
		rest %= 10;
	}
	return (unsigned)rest;
}

/* Print all 128 bits digit by digit, from the last. */
TEST(printing_what_does_not_fit_64_bits)
{
	uint64_t seed = 6;

	for (int round = 0; round < 100000; round++) {
		struct sum sum = random_sum(&seed);
		char text[60], *p = text + sizeof text, got[SUM_TEXT + 1];
		uint128 n = (uint128)number(sum);
		if (sum.high < 0)
			n = -n;
		uint32_t limbs[] = {
			(uint32_t)(n >> 96), (uint32_t)(n >> 64), (uint32_t)(n >> 32), (uint32_t)n};
		*--p = '\0';
		for (int digits = 0; limbs[0] | limbs[1] | limbs[2] | limbs[3] || digits < 10;
			digits++) {
			unsigned digit = take_digit(limbs);
			if (digits == 9 && *p)
				*--p = '.';
			if (digit || *p || digits >= 9)
				*--p = (char)('0' + (int)digit);
		}
		if (sum.high < 0)
			*--p = '-';
		got[SUM_TEXT] = 'x';
		assert_string_equal(sum_print(sum, got), p);
		assert_int_equal(got[SUM_TEXT], 'x');
	}
}

TEST(as_floating_point)
{
	static const struct {
		const char *text;
		double expected;
	} cases[] = {{"0", 0}, {"1.5", 1.5}, {"-1.5", -1.5}, {"-0.25", -0.25}, {"1e18", 1e18},
		{"-18446744073709551615", -18446744073709551615.0}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sum sum;
		sum_read(span_text(cases[i].text), &sum);
		double off = sum_double(sum) - cases[i].expected;
		double most = 1e-5 + cases[i].expected * cases[i].expected * 1e-24;
		assert_true(off * off <= most * most);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_of_numbers),
		cmocka_unit_test(nothing_may_be_nowhere),
		cmocka_unit_test(a_nul_is_no_digit),
		cmocka_unit_test(numbers_of_any_length),
		cmocka_unit_test(short_numbers),
		cmocka_unit_test(random_numbers),
		cmocka_unit_test(what_a_number_is),
		cmocka_unit_test(decimals_in_order),
		cmocka_unit_test(random_decimals),
		cmocka_unit_test(adding_and_comparing_128_bits),
		cmocka_unit_test(printing),
		cmocka_unit_test(printing_what_does_not_fit_64_bits),
		cmocka_unit_test(as_floating_point),
	};

	return cmocka_run_group_tests_name("decimal", tests, NULL, NULL);
}
