/* test_pattern.c -- matches and captures, expressions that are errors, lines that are given up. */
#include "unit.h"

#include "regex/pattern.h"

enum { GROUPS = 5 };

/* A group that is expected to be empty, whether it took part or not. */
#define NONE                                                                                       \
	{                                                                                          \
		"", 0                                                                              \
	}

static struct pattern *compile(struct span re, bool ignore_case)
{
	struct complaint error;
	struct pattern *p = pattern_compile(re, ignore_case, &error);

	if (!p)
		fail_msg("%.*s: %s", (int)re.len, re.at, error.text);
	return p;
}

static const struct match {
	struct span re;
	bool ignore_case;
	struct span subject;
	unsigned groups;
	bool matches;
	struct span expected[GROUPS]; /* 0 to groups */
} matches[] = {
	/* Captures. */
	{BYTES("b"), false, BYTES("abc"), 0, true, {BYTES("b")}},
	{BYTES("b"), false, BYTES("aBc"), 0, false, {NONE}},
	{BYTES("a(.)c"), false, BYTES("xabcx"), 1, true, {BYTES("abc"), BYTES("b")}},
	{BYTES("(a)(b)(c)"), false, BYTES("abc"), 3, true,
		{BYTES("abc"), BYTES("a"), BYTES("b"), BYTES("c")}},
	{BYTES("((a)(b))"), false, BYTES("ab"), 3, true,
		{BYTES("ab"), BYTES("ab"), BYTES("a"), BYTES("b")}},
	{BYTES("(?:a)(b)"), false, BYTES("ab"), 1, true, {BYTES("ab"), BYTES("b")}},
	{BYTES("(.)+"), false, BYTES("abc"), 1, true, {BYTES("abc"), BYTES("c")}},
	/* Groups that take no part in the match, also the last groups. */
	{BYTES("(a)|(b)|(c)"), false, BYTES("b"), 3, true, {BYTES("b"), NONE, BYTES("b"), NONE}},
	{BYTES("(a)|(b)|(c)"), false, BYTES("a"), 3, true, {BYTES("a"), BYTES("a"), NONE, NONE}},
	{BYTES("x(y)?(z)?"), false, BYTES("x"), 2, true, {BYTES("x"), NONE, NONE}},
	{BYTES("()x"), false, BYTES("x"), 1, true, {BYTES("x"), NONE}},
	/* Empty lines. */
	{BYTES(""), false, BYTES(""), 0, true, {NONE}},
	{BYTES(""), false, BYTES("abc"), 0, true, {NONE}},
	{BYTES("^$"), false, BYTES(""), 0, true, {NONE}},
	{BYTES("a*"), false, BYTES(""), 0, true, {NONE}},
	{BYTES("a"), false, BYTES(""), 0, false, {NONE}},
	/* Any bytes: NUL, bytes above 0x7f, half a character. */
	{BYTES("a.b"), false, BYTES("a\0b"), 0, true, {BYTES("a\0b")}},
	{BYTES("\\x00(.)"), false, BYTES("a\0\0b"), 1, true, {BYTES("\0\0"), BYTES("\0")}},
	{BYTES("a\0b"), false, BYTES("xa\0bx"), 0, true, {BYTES("a\0b")}},
	{BYTES("a\0b"), false, BYTES("xa"), 0, false, {NONE}},
	{BYTES("\0$"), false, BYTES("ab\0"), 0, true, {BYTES("\0")}},
	{BYTES("^.$"), false, BYTES("\xff"), 0, true, {BYTES("\xff")}},
	{BYTES("^.$"), false, BYTES("\xc3\xa4"), 0, false, {NONE}},
	{BYTES("\xa4"), false, BYTES("\xc3\xa4"), 0, true, {BYTES("\xa4")}},
	{BYTES("[^a]+"), false, BYTES("\xff\xfe\0"), 0, true, {BYTES("\xff\xfe\0")}},
	{BYTES("\\w"), false, BYTES("\xe4\xff"), 0, false, {NONE}},
	/* Only ASCII letters have case. */
	{BYTES("abc"), true, BYTES("xAbCx"), 0, true, {BYTES("AbC")}},
	{BYTES("[a-c]+"), true, BYTES("xAbCx"), 0, true, {BYTES("AbC")}},
	{BYTES("\xe4"), true, BYTES("\xc4"), 0, false, {NONE}},
	{BYTES("(?i)abc"), false, BYTES("ABC"), 0, true, {BYTES("ABC")}},
	{BYTES("(?-i)abc"), true, BYTES("ABC"), 0, false, {NONE}},
	/* Where a match may begin and end. */
	{BYTES("^b"), false, BYTES("ab"), 0, false, {NONE}},
	{BYTES("a$"), false, BYTES("ab"), 0, false, {NONE}},
	{BYTES("b$"), false, BYTES("ab"), 0, true, {BYTES("b")}},
	{BYTES("\\Aab\\z"), false, BYTES("ab"), 0, true, {BYTES("ab")}},
	{BYTES("b\\z"), false, BYTES("ab\r"), 0, false, {NONE}},
	{BYTES("."), false, BYTES("\r"), 0, true, {BYTES("\r")}}, /* LF alone ends a line */
	{BYTES("b$"), false, BYTES("ab\r"), 0, false, {NONE}},
	{BYTES("\\bb"), false, BYTES("ab b"), 0, true, {BYTES("b")}},
	{BYTES("(?<=a)b"), false, BYTES("bab"), 0, true, {BYTES("b")}},
	/* \K moves the start of the match, even past its end. */
	{BYTES("a\\Kb(c)"), false, BYTES("abc"), 1, true, {BYTES("bc"), BYTES("c")}},
	{BYTES("abc\\K"), false, BYTES("abc"), 0, true, {NONE}},
	/* Of several matches the leftmost one, not the longest. */
	{BYTES("b|ab|abc"), false, BYTES("abc"), 0, true, {BYTES("ab")}},
	{BYTES("a+?"), false, BYTES("aaa"), 0, true, {BYTES("a")}},
	/* Expressions for which the JIT would find other matches. */
	{BYTES("(?>x+?)y"), false, BYTES("xxy"), 0, true, {BYTES("xy")}},
	{BYTES("b*bb(?>[a-z]*b+){2}"), false, BYTES("bababcbcabbbcbccbab"), 0, false, {NONE}},
	{BYTES("(?>x+?z?)y"), false, BYTES("xxy"), 0, true, {BYTES("xy")}},
	{BYTES("(?:x+?){1}+y"), false, BYTES("xxy"), 0, true, {BYTES("xy")}},
	{BYTES("x+?(*PRUNE)y"), false, BYTES("xxy"), 0, true, {BYTES("xy")}},
	{BYTES("(x{2})*+x"), false, BYTES("xx"), 1, true, {BYTES("x"), NONE}},
	{BYTES("(c{2})*+c."), false, BYTES("bccb"), 1, true, {BYTES("cb"), NONE}},
	/* Expressions that the JIT does not take. */
	{BYTES("(*NO_JIT)(a)|(b)"), false, BYTES("b"), 2, true, {BYTES("b"), NONE, BYTES("b")}},
	{BYTES("(*NO_JIT)x\0(.)"), false, BYTES("x\0\xff"), 1, true,
		{BYTES("x\0\xff"), BYTES("\xff")}},
};

static void check_match(struct pattern *p, const struct match *m)
{
	bool matched = pattern_match(p, m->subject) == PATTERN_YES;

	if (matched != m->matches)
		fail_msg("%.*s: %s", (int)m->re.len, m->re.at, matched ? "matches" : "no match");
	for (unsigned g = 0; matched && g <= m->groups; g++) {
		struct span got = pattern_group(p, g);
		if (!span_equal(got, m->expected[g]))
			fail_msg("%.*s: group %u is '%.*s'", (int)m->re.len, m->re.at, g,
				(int)got.len, got.at);
	}
}

TEST(matches_and_captures)
{
	struct guarded memory = guarded_new(1);

	for (size_t i = 0; i < COUNT(matches); i++) {
		struct match m = matches[i];
		struct pattern *p = compile(m.re, m.ignore_case);
		assert_int_equal(pattern_groups(p), m.groups);
		/* No byte after the line may be read. */
		m.subject = guarded_copy(&memory, m.subject);
		check_match(p, &m);
		check_match(p, &m);
		if (m.matches && m.expected[0].len)
			assert_in_range((uintptr_t)pattern_group(p, 0).at, (uintptr_t)m.subject.at,
				(uintptr_t)m.subject.at + m.subject.len);
		pattern_free(p);
	}
	guarded_free(&memory);
}

/* Captures of an earlier match do not show up in a later one. */
TEST(a_match_forgets_the_one_before)
{
	static const char *const res[] = {"x(a)?(b)?(c)?", "(*NO_JIT)x(a)?(b)?(c)?"};

	for (size_t i = 0; i < COUNT(res); i++) {
		struct pattern *p = compile(span_text(res[i]), false);
		assert_int_equal(pattern_match(p, span_text("xabc")), PATTERN_YES);
		assert_span_equal(pattern_group(p, 3), span_text("c"));
		assert_int_equal(pattern_match(p, span_text("---")), PATTERN_NO);
		assert_int_equal(pattern_match(p, span_text("xa--")), PATTERN_YES);
		assert_span_equal(pattern_group(p, 1), span_text("a"));
		assert_span_equal(pattern_group(p, 2), span_text(""));
		assert_span_equal(pattern_group(p, 3), span_text(""));
		pattern_free(p);
	}
}

TEST(an_empty_subject_may_be_nowhere)
{
	struct pattern *p = compile(span_text("^(a*)$"), false);

	assert_int_equal(pattern_match(p, span_of(NULL, 0)), PATTERN_YES);
	assert_int_equal(pattern_group(p, 0).len, 0);
	assert_int_equal(pattern_group(p, 1).len, 0);
	pattern_free(p);
}

TEST(groups_have_names)
{
	struct pattern *p = compile(span_text("(?<one>a)(b)(?P<three>c)?(?'four'd)?"), false);

	assert_int_equal(pattern_groups(p), 4);
	assert_int_equal(pattern_group_named(p, "one"), 1);
	assert_int_equal(pattern_group_named(p, "three"), 3);
	assert_int_equal(pattern_group_named(p, "four"), 4);
	static const char *const unknown[] = {"", "two", "on", "onee", "ONE", "1", "0", "\xff"};
	for (size_t i = 0; i < COUNT(unknown); i++)
		assert_int_equal(pattern_group_named(p, unknown[i]), -1);
	pattern_free(p);
	p = compile(span_text("a"), false);
	assert_int_equal(pattern_group_named(p, "a"), -1);
	pattern_free(p);
}

TEST(errors_have_a_reason_and_a_place)
{
	static const struct {
		const char *re;
		size_t offset;
		const char *why; /* a part of the message */
	} cases[] = {
		{"(", 1, "parenthesis"},
		{"a)", 1, "parenthesis"},
		{"ab(cd", 5, "parenthesis"},
		{"[a", 2, "]"},
		{"*a", 0, "quantifier"},
		{"a**b", 2, "quantifier"},
		{"a+??", 3, "quantifier"},
		{"a{2}{3}", 4, "quantifier"},
		{"a{3,2}", 6, "out of order"},
		{"\\", 1, "\\"},
		{"a\\", 2, "\\"},
		{"(?<1>a)", 4, "name"},
		{"\\1", 2, "reference"},
		{"[b-a]", 3, "range"},
		/* An expression can't switch UTF mode on. */
		{"(*UTF)a", 6, "UTF"},
		{"(*UTF8)a", 7, NULL},
		{"(*NO_JIT)(*UTF)a", 15, "UTF"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct complaint error;
		memset(&error, 'x', sizeof error);
		if (pattern_compile(span_text(cases[i].re), false, &error))
			fail_msg("%s: compiled", cases[i].re);
		assert_non_null(memchr(error.text, '\0', sizeof error.text));
		if (cases[i].why && !strstr(error.text, cases[i].why))
			fail_msg("%s: %s", cases[i].re, error.text);
		/* The exact place differs between versions of PCRE2, but is in the text. */
		assert_true(error.offset <= strlen(cases[i].re));
		if (i < 3 && error.offset != cases[i].offset)
			fail_msg("%s: at %zu", cases[i].re, error.offset);
	}
}

/* Bytes after the span are not part of the expression. */
TEST(an_expression_ends_where_its_span_does)
{
	struct guarded memory = guarded_new(1);
	struct span re = guarded_copy(&memory, span_text("a(b)c"));
	struct pattern *p = compile(span_of(re.at, 4), false);

	assert_int_equal(pattern_match(p, span_text("ab")), PATTERN_YES);
	pattern_free(p);
	p = compile(re, false);
	assert_int_equal(pattern_match(p, span_text("ab")), PATTERN_NO);
	assert_int_equal(pattern_match(p, span_text("abc")), PATTERN_YES);
	pattern_free(p);
	guarded_free(&memory);
}

TEST(giving_up_harms_no_later_match)
{
	static const char *const res[] = {"(a+)+$", "(*NO_JIT)(a+)+$", "^(a|a)*$"};
	char line[200];

	memset(line, 'a', sizeof line);
	for (size_t i = 0; i < COUNT(res); i++) {
		struct pattern *p = compile(span_text(res[i]), false);
		line[sizeof line - 1] = 'b';
		assert_int_equal(pattern_match(p, span_of(line, sizeof line)), PATTERN_GAVE_UP);
		assert_int_equal(pattern_match(p, span_text("bbb")), PATTERN_NO);
		assert_int_equal(pattern_match(p, span_text("aaa")), PATTERN_YES);
		assert_span_equal(pattern_group(p, 0), span_text("aaa"));
		line[sizeof line - 1] = 'a';
		assert_int_equal(pattern_match(p, span_of(line, sizeof line)), PATTERN_YES);
		pattern_free(p);
	}
}

/* If the JIT's stack is too small, the interpreter decides, which may take megabytes of the heap.
 */
TEST(lines_that_the_jit_has_no_stack_for)
{
	enum { LEN = 1 << 20 };
	char *line = malloc(LEN);
	struct pattern *p = compile(span_text("^(?:(a)|b|(c))*$"), false);

	assert_non_null(line);
	memset(line, 'a', LEN);
	enum pattern_result got = pattern_match(p, span_of(line, LEN));
	assert_true(got == PATTERN_YES || got == PATTERN_GAVE_UP);
	assert_int_equal(pattern_match(p, span_text("abc")), PATTERN_YES);
	assert_span_equal(pattern_group(p, 2), span_text("c"));
	pattern_free(p);
	free(line);
}

TEST(no_literal_where_case_is_ignored)
{
	struct pattern *p = compile(span_text("abc"), true);

	assert_int_equal(pattern_literal(p).len, 0);
	assert_false(pattern_starts_with_literal(p));
	pattern_free(p);
	pattern_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_and_captures),
		cmocka_unit_test(a_match_forgets_the_one_before),
		cmocka_unit_test(an_empty_subject_may_be_nowhere),
		cmocka_unit_test(groups_have_names),
		cmocka_unit_test(errors_have_a_reason_and_a_place),
		cmocka_unit_test(an_expression_ends_where_its_span_does),
		cmocka_unit_test(giving_up_harms_no_later_match),
		cmocka_unit_test(lines_that_the_jit_has_no_stack_for),
		cmocka_unit_test(no_literal_where_case_is_ignored),
	};

	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
