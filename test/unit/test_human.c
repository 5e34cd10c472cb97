/* test_human.c -- numbers, sizes and durations for people. */
#include "unit.h"

#include "lib/human.h"

TEST(thousands_are_separated)
{
	static const struct {
		const char *digits, *text;
	} numbers[] = {{"", ""}, {"0", "0"}, {"12", "12"}, {"999", "999"}, {"1000", "1,000"},
		{"123456", "123,456"}, {"1234567", "1,234,567"}, {"-1", "-1"}, {"-123", "-123"},
		{"-1234", "-1,234"}, {"-123456.7891", "-123,456.7891"}, {"0.123456", "0.123456"},
		{"1234.5", "1,234.5"}, {"18446744073709551615", "18,446,744,073,709,551,615"}};
	char out[HUMAN_TEXT];

	for (size_t i = 0; i < COUNT(numbers); i++)
		assert_string_equal(human_group(numbers[i].digits, out), numbers[i].text);
	assert_string_equal(human_count(0, out), "0");
	assert_string_equal(human_count(UINT64_MAX, out), "18,446,744,073,709,551,615");
}

/* Nothing is written behind the buffer, and the text still ends. */
TEST(long_numbers_are_cut_off)
{
	struct {
		char out[HUMAN_TEXT], untouched;
	} s;
	char digits[100];

	for (size_t len = 30; len < sizeof digits; len++) {
		memset(digits, '7', sizeof digits);
		digits[len] = '\0';
		s.untouched = '!';
		human_group(digits, s.out);
		assert_true(memchr(s.out, '\0', sizeof s.out) != NULL);
		assert_true(strlen(s.out) > 38);
		assert_int_equal(s.untouched, '!');
	}
}

TEST(plurals)
{
	assert_string_equal(human_plural(0), "s");
	assert_string_equal(human_plural(1), "");
	assert_string_equal(human_plural(2), "s");
}

TEST(scales)
{
	static const struct {
		double n, number;
		const char *prefix;
	} numbers[] = {{0, 0, ""}, {999.4, 999.4, ""}, {999.5, 0.9995, "k"},
		{1234567, 1.234567, "M"}, {999.4e18, 999.4, "E"}, {1e24, 1e6, "E"}};

	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct human_scaled s = human_scale(numbers[i].n);
		assert_float_equal((float)s.number, (float)numbers[i].number, 1e-6F);
		assert_string_equal(s.prefix, numbers[i].prefix);
	}
}

TEST(sizes)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} sizes[] = {{"1", 1}, {"64", 64}, {"007", 7}, {"64K", 65536}, {"64k", 65536},
		{"2M", 2 << 20}, {"1g", 1 << 30}, {"3T", UINT64_C(3) << 40},
		{"9223372036854775807", INT64_MAX}, {"8388607T", UINT64_C(8388607) << 40}};
	static const char *const others[] = {"", "0", "0K", "K", "-1", "+1", " 1", "1 ", "1 K",
		"1KB", "1B", "1KK", "1.5G", "0x10", "1e3", "8388608T", "9223372036854775808",
		"18446744073709551616", "99999999999999999999999999999999999999999999K", "K1"};

	for (size_t i = 0; i < COUNT(sizes); i++)
		if (human_parse_size(sizes[i].text) != sizes[i].bytes)
			fail_msg("%s", sizes[i].text);
	for (size_t i = 0; i < COUNT(others); i++)
		if (human_parse_size(others[i]))
			fail_msg("'%s' is a size", others[i]);
}

TEST(clocks)
{
	static const struct {
		uint64_t seconds;
		const char *text;
	} times[] = {{0, "0:00"}, {59, "0:59"}, {61, "1:01"}, {3599, "59:59"}, {3600, "1:00:00"},
		{11107, "3:05:07"}, {UINT64_MAX, "5124095576030431:00:15"}};
	char out[HUMAN_TEXT];

	for (size_t i = 0; i < COUNT(times); i++)
		assert_string_equal(human_clock(times[i].seconds, out), times[i].text);
}

TEST(units_ascend)
{
	for (size_t i = 1; i < HUMAN_UNITS; i++) {
		assert_true(human_units[i].seconds > human_units[i - 1].seconds);
		assert_int_equal(human_units[i].seconds % human_units[i - 1].seconds, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thousands_are_separated),
		cmocka_unit_test(long_numbers_are_cut_off),
		cmocka_unit_test(plurals),
		cmocka_unit_test(scales),
		cmocka_unit_test(sizes),
		cmocka_unit_test(clocks),
		cmocka_unit_test(units_ascend),
	};

	return cmocka_run_group_tests_name("human", tests, NULL, NULL);
}
