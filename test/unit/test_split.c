/* test_split.c -- a line is split as a reader does it that looks at one byte after the other, or is
 * left to that reader. */
#include "unit.h"

#include "formats/split.h"

enum { MOST = 400 };

static const struct split_rule csv = {',', true, ',', ',', ','};
static const struct split_rule logfmt = {' ', true, '=', '\\', '\t'};
static const struct split_rule ltsv = {'\t', false, '\t', '\t', '\t'};

/* The places of the separators, byte by byte.  False if the line is not regular. */
static bool split_plainly(struct span line, struct split_rule rule, struct split *s)
{
	bool in = false;

	s->n = s->quoted = 0;
	for (size_t i = 0; i < line.len; i++) {
		char c = line.at[i];
		if (c != rule.separator && (c == rule.stop1 || c == rule.stop2))
			return false;
		if (rule.quotes && c == '"' && !in) {
			bool may_open =
				i ? line.at[i - 1] == rule.before : rule.before == rule.separator;
			if (!may_open)
				return false;
			in = true;
			s->quoted++;
		} else if (rule.quotes && c == '"') {
			in = false;
			if (i + 1 < line.len && line.at[i + 1] != rule.separator)
				return false;
		} else if (c == rule.separator && !in) {
			s->end[s->n++] = (uint32_t)i;
		}
	}
	s->end[s->n++] = (uint32_t)line.len;
	return !in && s->n <= SPLIT_MOST;
}

static void compare(struct span line, const char *readable, struct split_rule rule)
{
	struct split got, expected;
	bool is_regular = rule.separator == ','   ? split_line(line, readable, csv, &got)
			  : rule.separator == ' ' ? split_line(line, readable, logfmt, &got)
						  : split_line(line, readable, ltsv, &got);

	bool may_be_split = split_plainly(line, rule, &expected);

#if defined(__SSE2__)
	assert_int_equal(is_regular, may_be_split);
#else
	assert_false(is_regular && may_be_split);
#endif
	if (!is_regular)
		return;
	assert_int_equal(got.n, expected.n);
	assert_int_equal(got.quoted, expected.quoted);
	assert_memory_equal(got.end, expected.end, got.n * sizeof *got.end);
	for (size_t i = 0, at = 0; i < got.n; at = got.end[i++] + 1) {
		struct span value = split_value(&got, line, i);
		assert_ptr_equal(value.at, line.at + at);
		assert_int_equal(value.len, got.end[i] - at);
	}
}

/* A line of values, of which some are in quotes and a few are damaged. */
static size_t make_line(uint64_t *seed, struct split_rule rule, char *text)
{
	size_t len = 0, n = random_below(seed, 20);
	const char bytes[] = {'a', 'b', '=', ',', ' ', '\t'};

	for (size_t i = 0; i < n && len + 40 < MOST; i++) {
		bool quoted = rule.quotes && random_below(seed, 2);
		if (i)
			text[len++] = rule.separator;
		if (rule.before == '=') {
			text[len++] = 'k';
			text[len++] = '=';
		}
		if (quoted)
			text[len++] = '"';
		for (size_t k = random_below(seed, 30); k; k--) {
			char c = bytes[random_below(seed, quoted ? sizeof bytes : 2)];
			text[len++] = c == rule.stop1 || c == rule.stop2 ? 'c' : c;
		}
		if (quoted)
			text[len++] = '"';
	}
	if (len && random_below(seed, 3) == 0) {
		const char damage[] = {'"', rule.separator, '\\', '\t', '=', 'x'};
		text[random_below(seed, len)] = damage[random_below(seed, sizeof damage)];
	}
	return len;
}

static void compare_many(struct split_rule rule)
{
	uint64_t seed = 7;
	char text[MOST];

	for (int i = 0; i < 20000; i++) {
		size_t len = make_line(&seed, rule, text), more = random_below(&seed, 3) * 40;
		if (len + more > MOST)
			more = 0;
		memset(text + len, '"', more);
		compare(span_of(text, len), text + len + more, rule);
	}
}

TEST(lines_of_csv)
{
	compare_many(csv);
}

TEST(lines_of_logfmt)
{
	compare_many(logfmt);
}

TEST(lines_of_ltsv)
{
	compare_many(ltsv);
}

TEST(quotes_at_the_border_of_two_pieces)
{
	char text[200];

	for (size_t open = 0; open < 140; open++)
		for (size_t close = open + 1; close < open + 5; close++) {
			memset(text, 'a', sizeof text);
			if (open)
				text[open - 1] = ',';
			text[open] = text[close] = '"';
			text[open + 1] = text[open + 1] == '"' ? '"' : ',';
			text[close + 1] = ',';
			compare(span_of(text, 150), text + 200, csv);
			compare(span_of(text, close + 1), text + 200, csv);
			text[close + 1] = 'x';
			compare(span_of(text, 150), text + 150, csv);
		}
}

TEST(a_line_of_many_values)
{
	char text[1000];

	memset(text, ',', sizeof text);
	for (size_t len = 120; len < 200; len++) {
		struct split s;
		bool is_split = split_line(span_of(text, len), text + sizeof text, csv, &s);
		assert_true(!is_split || s.n == len + 1);
	}
}

/* Memory after `readable` is not read. */
TEST(the_end_of_the_memory)
{
	struct guarded g = guarded_new(1);
	const char *end = g.at + g.size;

	memset(g.at, 'a', g.size);
	for (size_t len = 0; len < 200; len++)
		compare(span_of(end - len, len), end, csv);
	guarded_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_csv),
		cmocka_unit_test(lines_of_logfmt),
		cmocka_unit_test(lines_of_ltsv),
		cmocka_unit_test(quotes_at_the_border_of_two_pieces),
		cmocka_unit_test(a_line_of_many_values),
		cmocka_unit_test(the_end_of_the_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
