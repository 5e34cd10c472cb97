/* test_span.c -- equality, order, search and trimming of spans. */
#include "unit.h"

#include "lib/span.h"

TEST(span_compare_is_the_order_of_unsigned_bytes)
{
	/* Each is less than those that follow it. */
	static const struct span ascending[] = {
		BYTES(""),
		BYTES("\0"),
		BYTES("\0\0"),
		BYTES("\0b"),
		BYTES("a"),
		BYTES("a\0"),
		BYTES("a\0\xff"),
		BYTES("ab"),
		BYTES("b"),
		BYTES("\x7f"),
		BYTES("\x80"),
		BYTES("\xff"),
		BYTES("\xff\0"),
		BYTES("\xff\xff"),
	};

	for (size_t i = 0; i < COUNT(ascending); i++)
		for (size_t j = 0; j < COUNT(ascending); j++) {
			assert_int_equal(sign(span_compare(ascending[i], ascending[j])),
				sign((int)i - (int)j));
			assert_int_equal(span_equal(ascending[i], ascending[j]), i == j);
		}
}

TEST(no_bytes_may_be_nowhere)
{
	struct span nowhere = {NULL, 0}, empty = span_text("");

	assert_true(span_equal(nowhere, empty));
	assert_true(span_equal(empty, nowhere));
	assert_int_equal(span_compare(nowhere, nowhere), 0);
	assert_true(span_compare(nowhere, span_text("a")) < 0);
	assert_true(span_compare(span_text("a"), nowhere) > 0);
	assert_null(span_last(nowhere, '\0'));
	assert_null(span_end(nowhere));
	assert_null(span_from(nowhere, 0).at);
	assert_int_equal(span_from(nowhere, 0).len, 0);
}

TEST(spans_are_made_of_text_and_of_two_ends)
{
	const char *text = "abc";
	struct span s = span_between(text + 1, text + 3);

	assert_ptr_equal(s.at, text + 1);
	assert_int_equal(s.len, 2);
	assert_int_equal(span_between(text, text).len, 0);
	assert_int_equal(span_text(text).len, 3);
	assert_ptr_equal(span_of(text, 2).at, text);
	assert_ptr_equal(span_end(s), text + 3);
	assert_ptr_equal(span_from(s, 1).at, text + 2);
	assert_int_equal(span_from(s, 1).len, 1);
	assert_int_equal(span_from(s, 2).len, 0);
}

TEST(span_last_stays_inside)
{
	struct guarded g = guarded_new(1);

	for (size_t len = 0; len < 70; len++) {
		/* The byte that is searched for is also before and after the span. */
		memset(g.at, 'x', g.size);
		char *at[] = {g.at, g.at + 100, g.at + g.size - len};
		for (size_t i = 0; i < COUNT(at); i++) {
			struct span s = span_of(at[i], len);
			memset(at[i], '-', len);
			assert_null(span_last(s, 'x'));
			for (size_t p = 0; p < len; p++) {
				at[i][p] = 'x';
				assert_ptr_equal(span_last(s, 'x'), at[i] + p);
			}
		}
	}
	guarded_free(&g);
}

TEST(trimming)
{
	static const struct {
		const char *text, *start, *end, *both;
	} texts[] = {{"", "", "", ""}, {" \t ", "", "", ""}, {"a", "a", "a", "a"},
		{" a b\t", "a b\t", " a b", "a b"}, {"\ra ", "\ra ", "\ra", "\ra"}};
	char copy[8];

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct span s = span_text(texts[i].text);
		assert_span_equal(span_trim_start(s, " \t"), span_text(texts[i].start));
		assert_span_equal(span_trim_end(s, " \t"), span_text(texts[i].end));
		strcpy(copy, texts[i].text);
		assert_string_equal(span_trim_string(copy, " \t"), texts[i].both);
	}
	assert_int_equal(span_trim_end(span_of("a\0", 2), " ").len, 2);
	assert_null(span_trim_start(span_of(NULL, 0), " ").at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(span_compare_is_the_order_of_unsigned_bytes),
		cmocka_unit_test(no_bytes_may_be_nowhere),
		cmocka_unit_test(spans_are_made_of_text_and_of_two_ends),
		cmocka_unit_test(span_last_stays_inside),
		cmocka_unit_test(trimming),
	};

	return cmocka_run_group_tests_name("span", tests, NULL, NULL);
}
