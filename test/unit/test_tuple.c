/* test_tuple.c -- tuples are taken apart into what they were put together from, and their
 * bytes are in the order of their values. */
#include "unit.h"

#include "store/tuple.h"

enum { VALUES = 4 };

static struct span encode(const struct span *values, size_t n, struct guarded *g)
{
	size_t len = TUPLE_SEPARATOR * (n - 1);

	for (size_t i = 0; i < n; i++)
		len += tuple_size(values[i]);
	char *at = g->at + g->size - len, *p = at;
	for (size_t i = 0; i < n; i++)
		p = tuple_put(p, g->at + g->size, values[i], i == 0);
	assert_ptr_equal(p, g->at + g->size);
	return span_of(at, len);
}

static int compare_values(const struct span *a, const struct span *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int order = span_compare(a[i], b[i]);
		if (order)
			return order;
	}
	return 0;
}

TEST(nothing_is_written_behind_the_end)
{
	struct span values[] = {span_of("a\0\0b", 4), span_of("\0\0\0\0", 4)};

	for (size_t room = 0; room < 14; room++) {
		char out[14];
		memset(out, '#', sizeof out);
		char *p = out;
		for (size_t i = 0; i < COUNT(values); i++)
			p = tuple_put(p, out + room, values[i], i == 0);
		assert_true(p <= out + room);
		for (size_t i = room; i < sizeof out; i++)
			assert_int_equal(out[i], '#');
	}
}

TEST(bytes_of_some_tuples)
{
	static const struct {
		size_t n;
		struct span values[3], bytes;
	} cases[] = {
		{1, {BYTES("")}, BYTES("")},
		{1, {BYTES("a")}, BYTES("a")},
		{1, {BYTES("\0")}, BYTES("\0\2")},
		{1, {BYTES("a\0\0b")}, BYTES("a\0\2\0\2b")},
		{2, {BYTES(""), BYTES("")}, BYTES("\0\1")},
		{2, {BYTES("a"), BYTES("b")}, BYTES("a\0\1b")},
		{2, {BYTES("\0"), BYTES("\1")}, BYTES("\0\2\0\1\1")},
		{3, {BYTES("200"), BYTES(""), BYTES("/a")}, BYTES("200\0\1\0\1/a")},
	};
	struct guarded g = guarded_new(1), h = guarded_new(1);

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span values[3], got = encode(cases[i].values, cases[i].n, &g);
		assert_span_equal(got, cases[i].bytes);
		tuple_split(got, cases[i].n, h.at + h.size - got.len, values);
		for (size_t v = 0; v < cases[i].n; v++)
			assert_span_equal(values[v], cases[i].values[v]);
	}
	guarded_free(&g);
	guarded_free(&h);
}

/* Few bytes, among them those that the notation itself uses. */
TEST(random_tuples)
{
	struct guarded g = guarded_new(1), h = guarded_new(1), out = guarded_new(1);
	uint64_t seed = 1;
	size_t equal = 0;

	for (int round = 0; round < 400000; round++) {
		char bytes[2][VALUES][6];
		struct span values[2][VALUES], back[VALUES];
		size_t n = 1 + random_below(&seed, VALUES);
		for (size_t t = 0; t < 2; t++)
			for (size_t i = 0; i < n; i++) {
				size_t len = random_below(&seed, random_below(&seed, 2) ? 2 : 6);
				random_bytes(&seed, bytes[t][i], len, span_of("\0\0\1\2\3\xff", 6));
				values[t][i] = span_of(bytes[t][i], len);
				if (t && random_below(&seed, 2))
					values[1][i] = values[0][i];
			}
		struct span a = encode(values[0], n, &g), b = encode(values[1], n, &h);
		int expected = sign(compare_values(values[0], values[1], n));
		assert_int_equal(sign(span_compare(a, b)), expected);
		equal += expected == 0;
		tuple_split(a, n, out.at + out.size - a.len, back);
		for (size_t i = 0; i < n; i++)
			assert_span_equal(back[i], values[0][i]);
	}
	assert_true(equal > 1000);
	guarded_free(&g);
	guarded_free(&h);
	guarded_free(&out);
}

/* Fewer values than are asked for: the others are empty. */
TEST(values_that_are_not_there)
{
	struct span values[3];
	char out[1];

	tuple_split(span_text("a"), 3, out, values);
	assert_span_equal(values[0], span_text("a"));
	assert_int_equal(values[1].len, 0);
	assert_int_equal(values[2].len, 0);
	tuple_split(span_of("", 0), 1, out, values);
	assert_int_equal(values[0].len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_written_behind_the_end),
		cmocka_unit_test(bytes_of_some_tuples),
		cmocka_unit_test(random_tuples),
		cmocka_unit_test(values_that_are_not_there),
	};

	return cmocka_run_group_tests_name("tuple", tests, NULL, NULL);
}
