/* test_pack.c -- what was packed comes back, and what was not is refused. */
#include "unit.h"

#include "store/pack.h"

TEST(numbers_and_strings)
{
	struct pack p = {0};

	pack_u64(&p, UINT64_C(0x1122334455667788));
	pack_string(&p, "");
	pack_string(&p, "caf\xc3\xa9");
	pack_bytes(&p, span_of("a\0b", 3));
	assert_false(p.failed);
	assert_memory_equal(p.at, "\x88\x77\x66\x55\x44\x33\x22\x11", 8);
	assert_memory_equal(p.at + 8, "\0\0\0\0\0\0\0\0\0\5\0\0\0\0\0\0\0caf\xc3\xa9", 23);

	struct unpack u = {.rest = span_of(p.at, p.n)};
	assert_true(unpack_u64(&u) == UINT64_C(0x1122334455667788));
	assert_string_equal(unpack_string(&u), "");
	assert_string_equal(unpack_string(&u), "caf\xc3\xa9");
	assert_span_equal(unpack_bytes(&u, 3), span_of("a\0b", 3));
	assert_true(unpack_is_over(&u));
	pack_free(&p);
}

TEST(more_than_there_is)
{
	struct unpack u = {.rest = span_of("1234567", 7)};

	assert_true(unpack_u64(&u) == 0);
	assert_true(u.bad && !u.rest.len && !unpack_is_over(&u));
	assert_true(unpack_u64(&u) == 0);
	assert_string_equal(unpack_string(&u), "");
}

TEST(lengths_that_lie)
{
	static const uint64_t lengths[] = {3, 5, 1000, UINT64_MAX - 1, UINT64_MAX};

	for (size_t i = 0; i < COUNT(lengths); i++) {
		struct guarded g = guarded_new(100);
		struct pack p = {0};
		pack_u64(&p, lengths[i]);
		pack_bytes(&p, span_of("abcd", 5));
		struct unpack u = {.rest = guarded_copy(&g, span_of(p.at, p.n))};
		assert_string_equal(unpack_string(&u), "");
		assert_true(u.bad);
		pack_free(&p);
		guarded_free(&g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_and_strings),
		cmocka_unit_test(more_than_there_is),
		cmocka_unit_test(lengths_that_lie),
	};

	return cmocka_run_group_tests_name("pack", tests, NULL, NULL);
}
