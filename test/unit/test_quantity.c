/* test_quantity.c -- numbers with units. */
#include "unit.h"

#include "lib/quantity.h"

static const struct {
	const char *text, *expected; /* NULL: not a quantity */
} quantities[] = {
	{"5", "5"},
	{"-2.5", "-2.5"},
	{"1e3", "1000"},
	{"300ms", "0.3"},
	{"1.5s", "1.5"},
	{"250us", "0.00025"},
	{"250\xc2\xb5s", "0.00025"},
	{"7ns", "0.000000007"},
	{"-7ms", "-0.007"},
	{"0.5ns", "0"},
	{"2m", "120"},
	{"2min", "120"},
	{"2h", "7200"},
	{"1d", "86400"},
	{"1w", "604800"},
	{"4K", "4096"},
	{"4k", "4096"},
	{"4KiB", "4096"},
	{"1M", "1048576"},
	{"1.5M", "1572864"},
	{"1G", "1073741824"},
	{"2T", "2199023255552"},
	{"3.2KB", "3200"},
	{"3kB", "3000"},
	{"3 MB", "3000000"},
	{"17B", "17"},
	{"1,024", "1024"},
	{"1,234,567.5", "1234567.5"},
	{"1,024ms", "1.024"},
	{"1,02", NULL},
	{"10,24", NULL},
	{",024", NULL},
	{"1024,024", NULL},
	{"1,024.5,6", NULL},
	{"1,024.123,456", NULL},
	{"0.123,456", NULL},
	{"0,123", NULL},
	{"-0,123ms", NULL},
	{"-1,024", "-1024"},
	{"--1,024", NULL},
	{"1,024e3", NULL},
	{"1,024e003", NULL},
	{"1e1,000", NULL},
	{"1,,024", NULL},
	{"1,024,", NULL},
	{"", NULL},
	{"ms", NULL},
	{"5x", NULL},
	{"5 ", NULL},
	{"5mss", NULL},
	{"x5ms", NULL},
	{"5ms6", NULL},
	{"18446744073709551615", "18446744073709551615"},
	{"18446744073709551616", NULL},
	{"9000000000000000000T", NULL},
};

TEST(each_unit)
{
	for (size_t i = 0; i < COUNT(quantities); i++) {
		char text[SUM_TEXT];
		struct sum sum;
		enum quantity_kind kind;
		bool ok = quantity_read(span_text(quantities[i].text), &sum, &kind);
		if (ok != (quantities[i].expected != NULL))
			fail_msg("'%s' is %sa quantity", quantities[i].text, ok ? "" : "not ");
		if (ok)
			assert_string_equal(sum_print(sum, text), quantities[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
