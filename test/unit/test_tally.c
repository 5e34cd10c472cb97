/* test_tally.c -- the counts are the same whether the lines come in one piece or in many, and for
 * lines that are longer than a block. */
#include "tables.h"
#include "compiling.h"
#include "unit.h"

#include <errno.h>
#include <stdio.h>

#include "count/tally.h"

/* A query with one grouping. */
static struct query *compile(struct grouping_spec *grouping, const struct query_spec *with)
{
	static struct query_spec spec;

	spec = with ? *with : (struct query_spec){0};
	spec.delimiter = -1;
	spec.groupings = grouping;
	spec.n_groupings = 1;
	return compile_query(&spec, *scan_all());
}

/* Count the lines of all in pieces of about most bytes each, which end with a line. */
static struct account count(
	struct span all, size_t most, struct table *t, struct left_out *left_out)
{
	struct grouping_spec grouping = {.regexps = ARGS({"<([^>]*)>", "-e"})};
	struct query *q = compile(&grouping, NULL);
	struct tally tally;

	assert_true(tally_open(&tally, q, t));
	while (all.len) {
		const char *newline =
			most < all.len ? memchr(all.at + most, '\n', all.len - most) : NULL;
		struct span piece = newline ? span_between(all.at, newline + 1) : all;
		assert_true(tally_lines(&tally, NULL, piece, left_out));
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

/* Lines are up to several blocks long. */
TEST(pieces_make_no_difference)
{
	static char bytes[1 << 19];
	static const size_t pieces[] = {
		0, 1, 100, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 100000};
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
	/* Second, the last line lacks its '\n'. */
	for (size_t cut = 0; cut <= 1; cut++) {
		struct span all = span_of(bytes, len - cut);
		struct table *whole = new_table_of(false, false, 1);
		struct left_out left_out = {0};
		struct account expected = count(all, SIZE_MAX, whole, &left_out);
		assert_int_equal(expected.bytes, all.len);
		assert_int_equal(expected.verdicts.lines, lines - (cut && bytes[len - 2] == '\n'));
		assert_int_equal(expected.verdicts.matched, matched);
		for (size_t i = 0; i < COUNT(pieces); i++) {
			struct table *t = new_table_of(false, false, 1);
			struct account got = count(all, pieces[i], t, &left_out);
			assert_memory_equal(&got, &expected, sizeof got);
			assert_same(t, whole);
			table_free(t);
		}
		assert_null(left_out.gave_up);
		table_free(whole);
	}
}

TEST(the_first_line_given_up_stays)
{
	enum { LINE = 100 };
	static char bytes[400 * LINE];
	struct grouping_spec grouping = {.regexps = ARGS({"(a+)+$", "-e"})};
	struct query *q = compile(&grouping, NULL);
	struct table *t = new_table_of(false, false, 1);
	struct left_out left_out = {0};
	struct tally tally;

	memset(bytes, '-', sizeof bytes);
	for (size_t i = 0; i < 400; i++)
		bytes[i * LINE + LINE - 1] = '\n';
	/* In the second block and in the third. */
	memset(bytes + 250 * LINE, 'a', LINE - 2);
	memset(bytes + 350 * LINE, 'a', LINE - 2);
	assert_true(tally_open(&tally, q, t));
	assert_true(tally_lines(&tally, NULL, span_of(bytes, sizeof bytes), &left_out));
	assert_ptr_equal(left_out.gave_up, bytes + 250 * LINE);
	assert_int_equal(tally.account.verdicts.gave_up, 2);
	assert_true(tally_lines(&tally, NULL, span_of(bytes + 300 * LINE, 100 * LINE), &left_out));
	assert_ptr_equal(left_out.gave_up, bytes + 250 * LINE);
	assert_int_equal(tally.account.verdicts.gave_up, 3);
	assert_int_equal(tally.account.verdicts.lines, 500);
	tally_close(&tally);
	table_free(t);
	query_free(q);
}

static struct logformat *common(struct query *q)
{
	struct complaint why;

	return logformat_compile("common", &query_fields(q)->wanted, &why);
}

/* Each grouping is a group of the table, and each line's number is added. */
TEST(groupings_are_groups_and_sums_are_added)
{
	enum { LINES = 3000 };
	static char bytes[LINES * 80];
	struct grouping_spec groupings[] = {{.fields = {"status", "-f"}, .sum = ARGS({"bytes", "-s"})},
		{.fields = {"client", "-f"},
			.where = {.at = &(struct arg){"status=404", "-w"}, .n = 1}}};
	struct query_spec spec = {.delimiter = -1, .groupings = groupings, .n_groupings = 2};
	struct query *q = compile_query(&spec, *scan_all());
	struct logformat *format = common(q);
	struct table *t = table_new(
		&(struct table_spec){.measures = query_measures(q), .seed = 1});
	struct tally tally;
	struct left_out left_out = {0};
	uint64_t sums[2] = {0}, counts[2] = {0};
	int len = 0;

	for (int i = 0; i < LINES; i++) {
		int found = i % 3 == 0, n = i % 7 ? i : 0;
		len += sprintf(bytes + len,
			"10.0.0.%d - - [17/Jun/2007:12:00:01 -0700] \"GET / HTTP/1.1\" %s ", i % 2,
			found ? "200" : "404");
		len += n ? sprintf(bytes + len, "%d\n", n) : sprintf(bytes + len, "-\n");
		sums[!found] += (uint64_t)n;
		counts[!found]++;
	}
	assert_true(tally_open(&tally, q, t));
	assert_true(tally_lines(&tally, format, span_of(bytes, (size_t)len), &left_out));
	assert_int_equal(tally.account.verdicts.lines, LINES);
	assert_int_equal(tally.account.verdicts.matched, LINES);
	assert_int_equal(table_keys(t), 4);
	for (const struct entry *e = NULL; (e = table_next(t, e));) {
		if (e->group == 0) {
			bool not_found = span_equal(entry_key(e), span_text("404"));
			assert_int_equal(e->count, counts[not_found]);
			assert_true(measure_sum(entry_measures(e)).low == sums[not_found] * 1000000000);
		} else {
			assert_int_equal(e->group, 1);
			assert_int_equal(e->count, counts[1] / 2);
			assert_int_equal(measures_bytes(query_measures(q), 1), 0);
		}
	}
	tally_close(&tally);
	table_free(t);
	logformat_free(format);
	query_free(q);
}

/* Checks the text and the number of each line that the tally hands over. */
struct handed {
	const char *bytes;
	uint64_t next;
	size_t n;
	size_t refuse_after;
};

static bool take(void *ctx, uint64_t lines, const struct reject *rejects, size_t n)
{
	struct handed *h = ctx;

	for (size_t i = 0; i < n; i++, h->n++) {
		uint64_t number = lines + rejects[i].number;
		assert_int_equal(number, h->next);
		assert_ptr_equal(rejects[i].line.at, h->bytes + number * 10);
		assert_int_equal(rejects[i].line.len, 9);
		h->next = number ? number + 2 : 1; /* lines 0 1 3 5 7 ... */
	}
	return h->n < h->refuse_after;
}

TEST(rejects_are_handed_over_with_their_numbers)
{
	enum { LINES = 10000 };
	static char bytes[LINES * 10];
	struct grouping_spec grouping = {.regexps = ARGS({"x", "-e"})};
	struct query *q = compile(&grouping, &(struct query_spec){.rejects = true});
	struct table *t = new_table_of(false, false, 1);

	for (size_t i = 0; i < LINES; i++) {
		memset(bytes + i * 10, i && i % 2 == 0 ? 'x' : '-', 9);
		bytes[i * 10 + 9] = '\n';
	}
	for (size_t refuse = SIZE_MAX; refuse; refuse = refuse == SIZE_MAX ? 3000 : 0) {
		struct handed h = {.bytes = bytes, .refuse_after = refuse};
		struct tally tally;
		struct left_out left_out = {0};
		assert_true(tally_open(&tally, q, t));
		tally.reject = take;
		tally.reject_ctx = &h;
		bool done = tally_lines(&tally, NULL, span_of(bytes, sizeof bytes), &left_out);
		assert_int_equal(done, refuse == SIZE_MAX);
		if (done)
			assert_int_equal(h.n, LINES / 2 + 1);
		else
			assert_true(h.n >= refuse && h.n < refuse + BLOCK_BYTES);
		tally_close(&tally);
	}
	table_free(t);
	query_free(q);
}

TEST(numbers_that_are_too_large)
{
	struct grouping_spec grouping = {.fields = {"1", "-f"}, .sum = ARGS({"2", "-s"})};
	struct query *q = compile(&grouping, NULL);
	struct table *t = table_new(
		&(struct table_spec){.measures = query_measures(q), .seed = 1});
	struct tally tally;
	struct left_out left_out = {0};

	assert_true(tally_open(&tally, q, t));
	assert_true(
		tally_lines(&tally, NULL, span_text("a 18446744073709551615\na 1\n"), &left_out));
	struct span lines = span_text("a 1\na 18446744073709551616\n");
	assert_true(tally_lines(&tally, NULL, lines, &left_out));
	assert_int_equal(tally.account.verdicts.too_large, 1);
	assert_ptr_equal(left_out.too_large, lines.at + 4);
	tally_close(&tally);
	table_free(t);
	query_free(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_make_no_difference),
		cmocka_unit_test(the_first_line_given_up_stays),
		cmocka_unit_test(groupings_are_groups_and_sums_are_added),
		cmocka_unit_test(rejects_are_handed_over_with_their_numbers),
		cmocka_unit_test(numbers_that_are_too_large),
	};

	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
