/* test_columns.c -- the columns of a line, compared with those that are cut byte by byte. */
#include "unit.h"

#include "formats/columns.h"

enum { COLUMNS = 6 };

static const struct {
	struct span line;
	const char *columns[COLUMNS];
} lines[] = {
	{BYTES(""), {0}},
	{BYTES("   \t "), {0}},
	{BYTES("a"), {"a"}},
	{BYTES("  a\t\tb  c "), {"a", "b", "c"}},
	/* Quotes. */
	{BYTES("\"a b\" c"), {"a b", "c"}},
	{BYTES("\"\" c"), {"", "c"}},
	{BYTES("\"\""), {""}},
	{BYTES("\"a\" \"b\""), {"a", "b"}},
	{BYTES("\"a\tb\"\tc"), {"a\tb", "c"}},
	{BYTES("\"a\"b\" c"), {"a\"b", "c"}},
	{BYTES("\"a\\\" b\" c"), {"a\\\" b", "c"}},
	{BYTES("\"a\\\\\" b\" c"), {"a\\\\", "b\"", "c"}},
	{BYTES("\"a\\\\\\\" b\" c"), {"a\\\\\\\" b", "c"}},
	{BYTES("\"\\\" c"), {"\"\\\"", "c"}},
	{BYTES("\"\\\\\" c"), {"\\\\", "c"}},
	{BYTES("\\\"a\" c"), {"\\\"a\"", "c"}},
	{BYTES("a\"b c\" d"), {"a\"b", "c\"", "d"}},
	/* A quote that is not closed is an ordinary byte. */
	{BYTES("\"a b c"), {"\"a", "b", "c"}},
	{BYTES("\"a b\\\""), {"\"a", "b\\\""}},
	{BYTES("\""), {"\""}},
	{BYTES("a \""), {"a", "\""}},
	{BYTES("\" \""), {" "}},
	{BYTES("\"a\"b c"), {"\"a\"b", "c"}},
	/* Brackets. */
	{BYTES("[a b] c"), {"a b", "c"}},
	{BYTES("[] c"), {"", "c"}},
	{BYTES("[a]b] c"), {"a]b", "c"}},
	{BYTES("[[a] b] c"), {"[a", "b]", "c"}},
	{BYTES("[a\\] b] c"), {"a\\", "b]", "c"}},
	{BYTES("[a b"), {"[a", "b"}},
	{BYTES("[a \"b] c\""), {"a \"b", "c\""}},
	{BYTES("\"a [b\" c]"), {"a [b", "c]"}},
	{BYTES("]a b]"), {"]a", "b]"}},
	/* Lines of logs. */
	{BYTES("h - - [t z] \"GET /\\\"a HTTP/1.1\" 200"),
		{"h", "-", "-", "t z", "GET /\\\"a HTTP/1.1", "200"}},
	{BYTES("\xff\x80 \x01"), {"\xff\x80", "\x01"}},
};

static void expect(struct span got, bool found, const char *expected, struct span line, size_t n)
{
	if (found != (expected != NULL))
		fail_msg("'%.*s': column %zu: %d", (int)line.len, line.at, n, found);
	if (found && !span_equal(got, span_text(expected)))
		fail_msg("'%.*s': column %zu is '%.*s'", (int)line.len, line.at, n, (int)got.len,
			got.at);
}

TEST(a_table_of_lines)
{
	struct guarded g = guarded_new(1);

	for (size_t i = 0; i < COUNT(lines); i++)
		for (int at_start = 0; at_start <= 1; at_start++) {
			struct span line = guarded_copy(&g, lines[i].line), value;
			if (at_start)
				line.at = memmove(g.at, line.at, line.len);
			for (size_t n = 1; n <= COLUMNS + 1; n++) {
				const char *expected = n > COLUMNS ? NULL : lines[i].columns[n - 1];
				bool found = columns_nth(line, n, -1, &value);
				expect(value, found, expected, line, n);
			}
		}
	guarded_free(&g);
}

/* In W3C logs, brackets and backslashes have no meaning. */
TEST(columns_that_only_quotes_protect)
{
	static const struct {
		const char *line, *columns[COLUMNS];
	} cases[] = {
		{"a b", {"a", "b"}},
		{"\"a b\" c", {"a b", "c"}},
		{"\"a\\\" b\" c", {"a\\", "b\"", "c"}},
		{"\"a\"\"b\" c", {"a\"\"b", "c"}},
		{"[a b] c", {"[a", "b]", "c"}},
		{"\"a b", {"\"a", "b"}},
		{"", {0}},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct columns c = {.rest = span_text(cases[i].line)};
		struct span value;
		for (size_t n = 0; n < COLUMNS; n++) {
			bool found = columns_next_quoted(&c, &value);
			expect(value, found, cases[i].columns[n], span_text(cases[i].line), n);
		}
	}
}

TEST(columns_with_a_delimiter)
{
	static const struct {
		struct span line;
		char delimiter;
		const char *columns[COLUMNS];
	} cases[] = {
		{BYTES(""), ',', {""}},
		{BYTES(","), ',', {"", ""}},
		{BYTES("a,,b,"), ',', {"a", "", "b", ""}},
		{BYTES("a, \"b,c\" ,[d"), ',', {"a", " \"b", "c\" ", "[d"}},
		{BYTES(" a b\t"), '\t', {" a b", ""}},
		{BYTES("a b"), ',', {"a b"}},
		{BYTES("a\0b"), '\0', {"a", "b"}},
		{BYTES("a\xff\xff"), '\xff', {"a", "", ""}},
		{BYTES("  a"), ' ', {"", "", "a"}},
	};
	struct guarded g = guarded_new(1);

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span line = guarded_copy(&g, cases[i].line), value;
		for (size_t n = 1; n <= COLUMNS; n++) {
			bool found =
				columns_nth(line, n, (unsigned char)cases[i].delimiter, &value);
			expect(value, found, cases[i].columns[n - 1], line, n);
		}
	}
	assert_true(columns_nth(span_of(NULL, 0), 1, ',', &(struct span){0}));
	assert_false(columns_nth(span_of(NULL, 0), 2, ',', &(struct span){0}));
	assert_false(columns_nth(span_text("a b"), 1000000, -1, &(struct span){0}));
	guarded_free(&g);
}

/* --- Byte by byte ---------------------------------------------------------------- */

static bool blank_or_end(struct span s, size_t i)
{
	return i >= s.len || s.at[i] == ' ' || s.at[i] == '\t';
}

/* Where the quote at i is closed, if two quotes in it stand for one; 0 if it is not. */
static size_t closing_doubled(struct span s, size_t i)
{
	for (size_t j = i + 1; j < s.len; j++) {
		if (s.at[j] == '"' && j + 1 < s.len && s.at[j + 1] == '"')
			j++;
		else if (s.at[j] == '"' && blank_or_end(s, j + 1))
			return j;
	}
	return 0;
}

/* Where the quote or bracket at i is closed; 0 if it is not, or there is none. */
static size_t closing(struct span s, size_t i, bool brackets)
{
	char close = s.at[i] == '"' ? '"' : s.at[i] == '[' && brackets ? ']' : '\0';
	bool escaped = false;

	for (size_t j = i + 1; close && j < s.len; j++) {
		if (s.at[j] == close && !escaped && blank_or_end(s, j + 1))
			return j;
		escaped = close == '"' && s.at[j] == '\\' && !escaped;
	}
	return 0;
}

static size_t naive(struct span s, struct span *columns, bool brackets)
{
	size_t n = 0, i = 0;
	bool unclosed = false; /* without brackets, no quote counts after one that is not closed */

	for (;;) {
		while (i < s.len && blank_or_end(s, i))
			i++;
		if (i == s.len)
			return n;
		size_t to = brackets ? closing(s, i, true) : 0;
		if (!brackets && !unclosed && s.at[i] == '"') {
			to = closing_doubled(s, i);
			unclosed = !to;
		}
		if (to) {
			columns[n++] = span_of(s.at + i + 1, to - i - 1);
			i = to + 1;
			continue;
		}
		size_t from = i;
		while (!blank_or_end(s, i))
			i++;
		columns[n++] = span_of(s.at + from, i - from);
	}
}

static void assert_same_place(struct span got, struct span expected)
{
	assert_int_equal(got.len, expected.len);
	assert_ptr_equal(got.at, expected.at);
}

TEST(random_lines)
{
	struct guarded g = guarded_new(1);
	uint64_t seed = 1;

	for (int round = 0; round < 400000; round++) {
		char text[24];
		struct span columns[sizeof text], value;
		size_t len = random_below(&seed, sizeof text);
		random_bytes(&seed, text, len, span_text("aab  \t\"\"\\\\[]"));
		struct span line = guarded_copy(&g, span_of(text, len));
		size_t n = naive(line, columns, true);
		for (size_t i = 0; i < n; i++) {
			assert_true(columns_nth(line, i + 1, -1, &value));
			assert_same_place(value, columns[i]);
		}
		assert_false(columns_nth(line, n + 1 + random_below(&seed, 4), -1, &value));
		n = naive(line, columns, false);
		struct columns c = {.rest = line};
		for (size_t i = 0; i < n; i++) {
			assert_true(columns_next_quoted(&c, &value));
			assert_same_place(value, columns[i]);
		}
		assert_false(columns_next_quoted(&c, &value));
		/* With a delimiter: n delimiters make n + 1 columns. */
		size_t from = 0;
		n = 1;
		for (size_t i = 0; i <= len; i++) {
			if (i < len && text[i] != 'a')
				continue;
			assert_true(columns_nth(line, n++, 'a', &value));
			assert_same_place(value, span_of(line.at + from, i - from));
			from = i + 1;
		}
		assert_false(columns_nth(line, n, 'a', &value));
	}
	guarded_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_of_lines),
		cmocka_unit_test(columns_that_only_quotes_protect),
		cmocka_unit_test(columns_with_a_delimiter),
		cmocka_unit_test(random_lines),
	};

	return cmocka_run_group_tests_name("columns", tests, NULL, NULL);
}
