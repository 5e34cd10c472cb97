/* test_grouping.c -- one grouping's filters, keys and numbers, line by line. */
#include "unit.h"

#include <stdio.h>

#include "query/grouping.h"

/* A grouping for lines of LTSV, or for columns. */
struct asker {
	struct fields fields;
	struct grouping grouping;
	struct logformat *format;
	struct arena arena;
	struct record record;
	struct found_keys keys;
};

static void asker_open(struct asker *a, const struct grouping_spec *spec)
{
	struct complaint why;

	*a = (struct asker){.keys = {.n = 0}};
	if (!grouping_open(&a->grouping, spec, *scan_all(), &why) ||
		!grouping_compile(&a->grouping, &a->fields, *scan_all(), &why))
		fail_msg("%s", why.text);
	a->format = logformat_compile("ltsv", &a->fields.wanted, &why);
	a->record = (struct record){.fields = &a->fields,
		.arena = &a->arena,
		.delimiter = -1,
		.slots = calloc(BASES + a->fields.wanted.names.n, sizeof(struct span)),
		.memos = calloc(a->fields.n + 1, sizeof(struct memo))};
	a->keys.keys = calloc(100, sizeof *a->keys.keys);
	a->keys.n_numbers = a->grouping.measured.n_numbers;
	a->keys.room = 100;
	a->keys.numbers = calloc(100 * a->keys.n_numbers + 1, sizeof *a->keys.numbers);
	a->keys.pairs = calloc(a->grouping.measured.n_pairs + 1, sizeof *a->keys.pairs);
	assert_true(a->format && a->record.slots && a->record.memos && a->keys.keys);
}

static void asker_close(struct asker *a)
{
	fields_free(&a->fields);
	logformat_free(a->format);
	arena_free(&a->arena);
	free(a->record.slots);
	free(a->record.memos);
	free(a->keys.keys);
	free(a->keys.numbers);
	for (size_t i = 0; i < a->grouping.measured.n_pairs; i++)
		free(a->keys.pairs[i].keys);
	free(a->keys.pairs);
	grouping_free(&a->grouping);
}

static enum grouping_result ask(struct asker *a, struct span line)
{
	struct cut cut = {.arena = &a->arena, .slots = a->record.slots};

	a->record.line = line;
	a->record.number++;
	a->record.dropped_by = NULL;
	if (a->fields.need_format)
		assert_int_equal(logformat_cut(a->format, line, &cut), CUT_FITS);
	return grouping_find_key(&a->grouping, &a->record, &a->keys);
}

static struct args one(const char *text, struct arg *room)
{
	*room = (struct arg){text, "test"};
	return (struct args){.at = room, .n = text != NULL};
}

TEST(keys)
{
	static const struct {
		const char *regexp, *key, *fields, *grep, *vgrep, *where;
		bool ignore_case;
		struct span line;
		struct span expected; /* .at NULL: none */
	} cases[] = {
		{.line = BYTES("uri:/a"), .expected = BYTES("/a")},
		{.line = BYTES("host:a"), .expected = {NULL, 0}},
		{.fields = "status", .line = BYTES("status:200"), .expected = BYTES("200")},
		{.fields = "status", .line = BYTES("status:"), .expected = {NULL, 0}},
		{.fields = "status,url",
			.line = BYTES("status:200\turi:/a"),
			.expected = BYTES("200\0\1/a")},
		{.fields = "url,status",
			.line = BYTES("status:200\turi:/a"),
			.expected = BYTES("/a\0\1"
					  "200")},
		{.fields = "status,.uri,1,x",
			.line = BYTES("x:\0y\turi:\tstatus:2"),
			.expected = BYTES("2\0\1\0\1x:\0\2y\0\1\0\2y")},
		{.fields = "status,url", .line = BYTES("status:200"), .expected = {NULL, 0}},
		{.fields = "url,status", .line = BYTES("status:200"), .expected = {NULL, 0}},
		{.fields = "0", .line = BYTES("anything"), .expected = BYTES("anything")},
		{.fields = "2", .line = BYTES("a b"), .expected = BYTES("b")},
		{.fields = "3", .line = BYTES("a b"), .expected = {NULL, 0}},
		{.regexp = "b", .line = BYTES("abc"), .expected = BYTES("b")},
		{.regexp = "b(.)", .line = BYTES("abc"), .expected = BYTES("c")},
		{.regexp = "(x)?b(.)", .line = BYTES("abc"), .expected = BYTES("")},
		{.regexp = "B(.)", .line = BYTES("abc"), .expected = {NULL, 0}},
		{.regexp = "B(.)",
			.ignore_case = true,
			.line = BYTES("abc"),
			.expected = BYTES("c")},
		{.regexp = "(a)(b)", .key = "$2-$1", .line = BYTES("ab"), .expected = BYTES("b-a")},
		{.regexp = "(a)(b)", .key = "$2-$1", .line = BYTES("ba"), .expected = {NULL, 0}},
		/* Filters and conditions. */
		{.fields = "0", .grep = "b", .line = BYTES("ab"), .expected = BYTES("ab")},
		{.fields = "0", .grep = "b", .line = BYTES("a"), .expected = {NULL, 0}},
		{.fields = "0", .grep = "B", .line = BYTES("ab"), .expected = {NULL, 0}},
		{.fields = "0",
			.grep = "B",
			.ignore_case = true,
			.line = BYTES("ab"),
			.expected = BYTES("ab")},
		{.fields = "0", .vgrep = "b", .line = BYTES("ab"), .expected = {NULL, 0}},
		{.fields = "0", .vgrep = "b", .line = BYTES("a"), .expected = BYTES("a")},
		{.fields = "0", .vgrep = "[b]", .line = BYTES("ab"), .expected = {NULL, 0}},
		{.fields = "1", .where = "2>5", .line = BYTES("a 6"), .expected = BYTES("a")},
		{.fields = "1", .where = "2>5", .line = BYTES("a 5"), .expected = {NULL, 0}},
		{.fields = "1", .where = "2!=5", .line = BYTES("a"), .expected = BYTES("a")},
		{.fields = "1", .where = "2~^$", .line = BYTES("a"), .expected = BYTES("a")},
		{.fields = "1",
			.where = "1~A",
			.ignore_case = true,
			.line = BYTES("a"),
			.expected = BYTES("a")},
		{.regexp = "a", .where = "1=a", .line = BYTES("a a"), .expected = BYTES("a")},
		{.regexp = "a", .where = "1=a", .line = BYTES("b a"), .expected = {NULL, 0}},
		{.fields = "url",
			.where = "status=404",
			.grep = "uri",
			.vgrep = "ext",
			.line = BYTES("status:404\turi:/a"),
			.expected = BYTES("/a")},
	};
	struct guarded g = guarded_new(1);

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arg regexp, grep, vgrep, where;
		struct grouping_spec spec = {.regexps = one(cases[i].regexp, &regexp),
			.key = {cases[i].key, "-k"},
			.fields = {cases[i].fields, "-f"},
			.grep = one(cases[i].grep, &grep),
			.vgrep = one(cases[i].vgrep, &vgrep),
			.where = one(cases[i].where, &where),
			.ignore_case = cases[i].ignore_case};
		struct asker a;
		asker_open(&a, &spec);
		for (size_t n = 1; n <= 3; n++) {
			enum grouping_result got = ask(&a, guarded_copy(&g, cases[i].line));
			bool is = cases[i].expected.at != NULL;
			if (got != (is ? GROUPING_YES : GROUPING_NO))
				fail_msg("case %zu: '%s': %d", i, cases[i].line.at, got);
			assert_int_equal(a.keys.n, is ? n : 0);
			if (is)
				assert_span_equal(a.keys.keys[n - 1], cases[i].expected);
		}
		asker_close(&a);
	}
	guarded_free(&g);
}

TEST(numbers)
{
	static const struct {
		const char *line, *sum; /* NULL: too large */
		bool no_number;
	} cases[] = {
		{"a 12", "12", false},
		{"a 1.5e1", "15", false},
		{"a 1.5s", "1.5", false},
		{"a -", "none", false},
		{"a", "none", false},
		{"a x", "none", true},
		{"a 12x", "none", true},
		{"a -0.5", "-0.5", false},
		{"a 18446744073709551615", "18446744073709551615", false},
		{"a 18446744073709551616", NULL, false},
	};
	static struct arg whole = {"a", "-e"}, group = {"(a)", "-e"}, second = {"2", "-s"};
	static const struct grouping_spec specs[] = {
		{.fields = {"1", "-f"}, .sum = {.at = &second, .n = 1}},
		{.fields = {"1,0", "-f"}, .sum = {.at = &second, .n = 1}},
		{.regexps = {.at = &whole, .n = 1}, .sum = {.at = &second, .n = 1}},
		{.regexps = {.at = &group, .n = 1}, .key = {"$1", "-k"}, .sum = {.at = &second, .n = 1}},
	};
	char text[SUM_TEXT];

	for (size_t s = 0; s < COUNT(specs); s++)
		for (size_t i = 0; i < COUNT(cases); i++) {
			struct asker a;
			asker_open(&a, &specs[s]);
			enum grouping_result got = ask(&a, span_text(cases[i].line));
			assert_int_equal(got, cases[i].sum ? GROUPING_YES : GROUPING_TOO_LARGE);
			assert_int_equal(a.keys.n, cases[i].sum != NULL);
			assert_int_equal(a.keys.no_number, cases[i].no_number);
			if (cases[i].sum)
				assert_string_equal(number_is_none(a.keys.numbers[0])
							    ? "none"
							    : sum_print(a.keys.numbers[0], text),
					cases[i].sum);
			asker_close(&a);
		}
}

/* A grouping without a sum, in a query where others have one. */
TEST(no_number_is_asked_for)
{
	struct grouping_spec spec = {.fields = {"1", "-f"}};
	struct asker a;

	asker_open(&a, &spec);
	assert_int_equal(ask(&a, span_text("a x")), GROUPING_YES);
	assert_int_equal(a.grouping.measured.n_numbers, 0);
	assert_int_equal(a.keys.no_number, 0);
	asker_close(&a);
}

TEST(the_condition_that_dropped_a_line_is_noted)
{
	struct arg where[] = {{"1=a", "-w"}, {"2 = b", "-w"}};
	struct grouping_spec spec = {.fields = {"0", "-f"}, .where = {.at = where, .n = 2}};
	struct asker a;

	asker_open(&a, &spec);
	assert_int_equal(ask(&a, span_text("b b")), GROUPING_NO);
	assert_string_equal(a.record.dropped_by, "1=a");
	assert_int_equal(ask(&a, span_text("a c")), GROUPING_NO);
	assert_string_equal(a.record.dropped_by, "2 = b");
	assert_int_equal(ask(&a, span_text("a b")), GROUPING_YES);
	assert_null(a.record.dropped_by);
	asker_close(&a);
}

TEST(giving_up)
{
	static struct arg pattern = {"(a+)+$", "-g"}, condition = {"0~(a+)+$", "-w"};
	const struct grouping_spec specs[] = {
		{.regexps = ARGS({"(a+)+$", "-e"})},
		{.fields = {"0", "-f"}, .grep = {.at = &pattern, .n = 1}},
		{.fields = {"0", "-f"}, .vgrep = {.at = &pattern, .n = 1}},
		{.fields = {"0", "-f"}, .where = {.at = &condition, .n = 1}},
	};
	char line[200];

	memset(line, 'a', sizeof line);
	line[sizeof line - 1] = 'b';
	for (size_t i = 0; i < COUNT(specs); i++) {
		struct asker a;
		asker_open(&a, &specs[i]);
		assert_int_equal(ask(&a, span_of(line, sizeof line)), GROUPING_GAVE_UP);
		assert_int_equal(a.keys.n, 0);
		asker_close(&a);
	}
}

TEST(names_of_fields)
{
	struct grouping_spec spec = {.fields = {"referer,.x,3", "-f"}};
	struct asker a;

	asker_open(&a, &spec);
	assert_int_equal(a.grouping.n_fields, 3);
	assert_int_equal(a.grouping.names.n, 3);
	assert_string_equal(a.grouping.names.at[0], "referer");
	assert_string_equal(a.grouping.names.at[1], ".x");
	assert_string_equal(a.grouping.names.at[2], "3");
	asker_close(&a);
	asker_open(&a, &(struct grouping_spec){0});
	assert_int_equal(a.grouping.names.n, 1);
	assert_string_equal(a.grouping.names.at[0], "url");
	asker_close(&a);
}

TEST(mistakes)
{
	struct arg bad = {"(", "-g"}, condition = {"x", "-w"};
	const struct {
		struct grouping_spec spec;
		const char *says;
	} cases[] = {
		{{.regexps = ARGS({"(a)", "-e"}), .key = {"$1", "-k"}, .fields = {"1", "-f"}},
			"-k: cannot be used together with -f"},
		{{.key = {"$1", "-k"}}, "-k: a template needs a pattern"},
		{{.key = {"$1", "-k"}, .fields = {"1", "-f"}}, "-k: a template needs a pattern"},
		{{.regexps = ARGS({"a", "-e"}), .key = {"$1", "-k"}},
			"-k: no group '1': the pattern has 0 groups"},
		{{.regexps = ARGS({"(", "-e"})}, "-e: missing closing parenthesis"},
		{{.grep = {.at = &bad, .n = 1}}, "-g: missing closing parenthesis"},
		{{.vgrep = {.at = &bad, .n = 1}}, "-g: missing closing parenthesis"},
		{{.where = {.at = &condition, .n = 1}}, "-w: 'x' is not a condition"},
		{{.fields = {"", "-f"}}, "-f: a field name is empty"},
		{{.fields = {"1,", "-f"}}, "-f: a field name is empty"},
		{{.fields = {",1", "-f"}}, "-f: a field name is empty"},
		{{.fields = {"1,2,1", "-f"}}, "-f: '1' is given twice"},
		{{.fields = {"1,01", "-f"}}, "-f: '1' and '01' are the same field"},
		{{.fields = {"referer,url,referrer", "-f"}},
			"-f: 'referer' and 'referrer' are the same field"},
		{{.fields = {"x,.x", "-f"}}, "-f: 'x' and '.x' are the same field"},
		{{.fields = {"1", "-f"}, .sum = ARGS({"", "-s"})}, "-s: 'sum' needs a field: sum:bytes"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fields fields = {0};
		struct complaint why = {0};
		struct grouping g;
		assert_false(grouping_open(&g, &cases[i].spec, *scan_all(), &why) &&
			     grouping_compile(&g, &fields, *scan_all(), &why));
		if (!strstr(why.text, cases[i].says))
			fail_msg("%s: %s", cases[i].says, why.text);
		grouping_free(&g);
		fields_free(&fields);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys),
		cmocka_unit_test(numbers),
		cmocka_unit_test(no_number_is_asked_for),
		cmocka_unit_test(the_condition_that_dropped_a_line_is_noted),
		cmocka_unit_test(giving_up),
		cmocka_unit_test(names_of_fields),
		cmocka_unit_test(mistakes),
	};

	return cmocka_run_group_tests_name("grouping", tests, NULL, NULL);
}
