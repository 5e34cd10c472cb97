/* test_tally.c -- the same counts however the lines come: in one piece, in many, in lines
 * larger than a block. */
#include "unit.h"

#include "tally.h"

/* Count the bytes in pieces that end at lines, of some most bytes each. */
static struct account count(struct span all, size_t most, struct table *t, const char **gave_up_at)
{
	struct query *q = query_compile(&(struct query_spec){.regexp = "<([^>]*)>"}, *scan_all());
	struct tally tally;

	assert_true(tally_open(&tally, q, t));
	while (all.len) {
		const char *newline =
			most < all.len ? memchr(all.at + most, '\n', all.len - most) : NULL;
		struct span piece = newline ? span_between(all.at, newline + 1) : all;
		assert_true(tally_lines(&tally, piece, gave_up_at));
		all.at += piece.len;
		all.len -= piece.len;
	}
	tally_close(&tally);
	query_free(q);
	return tally.account;
}

static void assert_same(const struct table *a, const struct table *b)
{
	const struct entry *x = NULL, *y = NULL;

	assert_int_equal(table_keys(a), table_keys(b));
	while ((x = table_next(a, x)) && (y = table_next(b, y))) {
		assert_span_equal(entry_key(x), entry_key(y));
		assert_int_equal(x->count, y->count);
	}
}

/* The sizes of lines go up to several blocks. */
TEST(pieces_make_no_difference)
{
	static char bytes[1 << 19];
	static const size_t pieces[] = {
		0, 1, 100, QUERY_BLOCK - 1, QUERY_BLOCK, QUERY_BLOCK + 1, 100000};
	uint64_t seed = 1, lines = 0, matched = 0;
	size_t len = 0;

	while (len + 70000 < sizeof bytes) {
		size_t n = random_below(&seed, random_below(&seed, 50) ? 200 : 60000);
		memset(bytes + len, 'x', n);
		if (n > 4 && random_below(&seed, 2)) {
			memcpy(bytes + len + random_below(&seed, n - 3), "<a>", 3);
			bytes[len + random_below(&seed, n)] = (char)('a' + random_below(&seed, 5));
			matched += memmem(bytes + len, n, "<", 1) && memmem(bytes + len, n, ">", 1);
		}
		bytes[len + n] = '\n';
		len += n + 1;
		lines++;
	}
	/* The last lacks its end. */
	for (size_t cut = 0; cut <= 1; cut++) {
		struct span all = span_of(bytes, len - cut);
		struct table *whole = table_new(false, 1);
		const char *gave_up_at = NULL;
		struct account expected = count(all, SIZE_MAX, whole, &gave_up_at);
		assert_int_equal(expected.bytes, all.len);
		assert_int_equal(expected.verdicts.lines, lines - (cut && bytes[len - 2] == '\n'));
		assert_int_equal(expected.verdicts.matched, matched);
		for (size_t i = 0; i < COUNT(pieces); i++) {
			struct table *t = table_new(false, 1);
			struct account got = count(all, pieces[i], t, &gave_up_at);
			assert_memory_equal(&got, &expected, sizeof got);
			assert_same(t, whole);
			table_free(t);
		}
		assert_null(gave_up_at);
		table_free(whole);
	}
}

TEST(the_first_line_given_up_stays)
{
	enum { LINE = 100 };
	static char bytes[400 * LINE];
	struct query *q = query_compile(&(struct query_spec){.regexp = "(a+)+$"}, *scan_all());
	struct table *t = table_new(false, 1);
	const char *gave_up_at = NULL;
	struct tally tally;

	memset(bytes, '-', sizeof bytes);
	for (size_t i = 0; i < 400; i++)
		bytes[i * LINE + LINE - 1] = '\n';
	/* In the second block and in the third. */
	memset(bytes + 250 * LINE, 'a', LINE - 2);
	memset(bytes + 350 * LINE, 'a', LINE - 2);
	assert_true(tally_open(&tally, q, t));
	assert_true(tally_lines(&tally, span_of(bytes, sizeof bytes), &gave_up_at));
	assert_ptr_equal(gave_up_at, bytes + 250 * LINE);
	assert_int_equal(tally.account.verdicts.gave_up, 2);
	assert_true(tally_lines(&tally, span_of(bytes + 300 * LINE, 100 * LINE), &gave_up_at));
	assert_ptr_equal(gave_up_at, bytes + 250 * LINE);
	assert_int_equal(tally.account.verdicts.gave_up, 3);
	assert_int_equal(tally.account.verdicts.lines, 500);
	tally_close(&tally);
	table_free(t);
	query_free(q);
}

TEST(accounts_add_up)
{
	struct account a = {1, {2, 3, 4, 5}}, b = {10, {200, 30, 40, 50}};

	account_add(&a, &b);
	assert_int_equal(a.bytes, 11);
	assert_int_equal(a.verdicts.lines, 202);
	assert_int_equal(a.verdicts.matched, 33);
	assert_int_equal(a.verdicts.filtered, 44);
	assert_int_equal(a.verdicts.gave_up, 55);
	assert_int_equal(verdicts_unmatched(&a.verdicts), 70);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_make_no_difference),
		cmocka_unit_test(the_first_line_given_up_stays),
		cmocka_unit_test(accounts_add_up),
	};

	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
