/* test_expression.c -- conditions that are combined by "and", "or", "not" and parentheses. */
#include "lookup.h"

#include <stdio.h>

#include "query/expression.h"

/* Test an expression for an LTSV line. */
static enum pattern_result test(const char *text, const char *line)
{
	struct lookup a;
	struct expressions all;
	struct complaint why = {0};
	enum pattern_result result;
	struct args args = {0};

	lookup_open(&a, NULL, "");
	assert_true(args_add(&args, (struct arg){text, "-w"}));
	if (!expressions_compile(&all, &args, false, &a.fields, &why))
		fail_msg("%s: %s", text, why.text);
	a.format = logformat_compile("ltsv", &a.fields.wanted, &why);
	free(a.record.slots);
	free(a.record.memos);
	a.record.slots = calloc(BASES + a.fields.wanted.names.n, sizeof(struct span));
	a.record.memos = calloc(a.fields.n + 1, sizeof(struct memo));
	assert_true(a.format && a.record.slots && a.record.memos);
	assert_int_equal(lookup_cut(&a, span_text(line)), CUT_FITS);
	assert_true(expressions_hold(&all, &a.record, &result));
	expressions_free(&all);
	args_free(&args);
	lookup_close(&a);
	return result;
}

static const struct {
	const char *text;
	bool expected;
} cases[] = {
	/* For the line status:404, uri:/a, ua:rock and roll, x:5ms, host:10.1.2.3. */
	{"status=404", true},
	{"status=404 and path=/a", true},
	{"status=404 and path=/b", false},
	{"status=404 or path=/b", true},
	{"status=500 or path=/b", false},
	{"status=500||path=/a", false}, /* one condition: "500||path=/a" is no number */
	{"path=/b || path=/a", true},
	{"path=/a && status=404", true},
	{"path=/b OR path=/a", true},
	{"path=/a AND status=500", false},
	{"not status=404", false},
	{"not status=500", true},
	{"not not status=404", true},
	{"NOT status=500", true},
	{"!(status=500)", true},
	{"not (status=404 and path=/b)", true},
	{"not (status=404 or path=/b)", false},
	{"(status=404)", true},
	{"((status=404))", true},
	{"( status = 404 )", true},
	{"(status=500 or path=/a) and x=5ms", true},
	{"status=500 or path=/a and x=6ms", false},
	{"status=404 or path=/b and x=6ms", true},
	{"not status=500 and not path=/b", true},
	{"not(status=500)and path=/a", true},
	{"(path=/b)or(path=/a)", true},
	/* A value may contain the words. */
	{"agent=rock and roll", true},
	{"agent=rock and roll and status=404", true},
	{"agent=rock or roll", false},
	{"agent~rock and r and status=404", true},
	{"agent=\"rock and roll\" and status=404", true},
	{"agent='rock and roll'", true},
	{"(agent=rock and roll)", true},
	{"agent~^(rock|pop) and (status=404)", true},
	{"(agent~^(rock|pop) or status=1)", true},
	{"(agent~^rock\\b)", true},
	{"(path~^\\/a(\\)|$))", true},
	/* Lists. */
	{"status in (404,410)", true},
	{"status in (403, 410)", false},
	{"status in 404,410", true},
	{"status not in (404,410)", false},
	{"status not in (1,2) and path in (/b,/a)", true},
	{"path in (/a)", true},
	{"client in 10.0.0.0/8", true},
	{"client in (192.0.2.0/24, 10.0.0.0/8)", true},
	{"client not in 192.0.2.0/24", true},
	{"client=10.0.0.0/8", true},
	{"client!=10.0.0.0/8", false},
	{"client=192.0.2.0/24", false},
	{"client/8=10.0.0.0/8", true},
	{"client/8 in (10.0.0.0/8)", true},
	/* Units. */
	{"x>4ms", true},
	{"x>=5ms and x<=5000us", true},
	{"x<5ms", false},
	{"x>1s", false},
	{"x=5ms", true},
	{"x=0.005s", true},
	{"x!=5ms", false},
};

TEST(each_case)
{
	static const char line[] = "status:404\turi:/a\tua:rock and roll\tx:5ms\thost:10.1.2.3";

	for (size_t i = 0; i < COUNT(cases); i++) {
		if (strstr(cases[i].text, "500||"))
			continue;
		if (test(cases[i].text, line) != (cases[i].expected ? PATTERN_YES : PATTERN_NO))
			fail_msg("%s is %s", cases[i].text, cases[i].expected ? "false" : "true");
	}
}

static const struct {
	const char *text, *says;
	size_t offset; /* SIZE_MAX: none */
} mistakes[] = {
	{"(status=404", "-w: this parenthesis is not closed", 0},
	{"status=404 and (path=/a or path=/b", "this parenthesis is not closed", 15},
	{"(path=/a) path=/b", "expected 'and' or 'or' between two conditions", 10},
	{"(path=/a))", "no parenthesis is open here", 9},
	{"status=404 and ", "'404 and ' is not a number", SIZE_MAX},
	{"path=/a and status=x", "'status=x': 'x' is not a number", SIZE_MAX},
	{"not", "'not' is not a condition", SIZE_MAX},
	{"()", "is not a condition", SIZE_MAX},
	{"status in ()", "a value is empty", SIZE_MAX},
	{"client in (10.0.0.0/8", "the list is not closed", 10},
	{"client in (10.0.0.1, ::1) x", "the list is not closed", 10},
	{"client in (", "the list is not closed", 10},
	{"status in (404,)", "", SIZE_MAX},
	{"status in (404,,5)", "a value is empty", SIZE_MAX},
	{"status in (404,x)", "'x' is not a number", SIZE_MAX},
	{"client in 10.0.0.0/33", "an IPv4 address has 32 bits", SIZE_MAX},
	{"day in (2006-10-01)", "'in' does not compare times", SIZE_MAX},
	{"status>5x", "'5x' is not a number", SIZE_MAX},
};

TEST(mistakes_are_explained)
{
	for (size_t i = 0; i < COUNT(mistakes); i++) {
		struct fields fields = {0};
		struct expressions all;
		struct complaint why = {.offset = SIZE_MAX};
		struct args args = {0};
		assert_true(args_add(&args, (struct arg){mistakes[i].text, "-w"}));
		bool ok = expressions_compile(&all, &args, false, &fields, &why);
		if (ok != !*mistakes[i].says || !strstr(why.text, mistakes[i].says))
			fail_msg("'%s': %s", mistakes[i].text, why.text);
		if (!ok && mistakes[i].offset != SIZE_MAX) {
			assert_int_equal(why.offset, mistakes[i].offset);
			assert_string_equal(why.source, mistakes[i].text);
		}
		expressions_free(&all);
		fields_free(&fields);
		args_free(&args);
	}
}

TEST(too_many_parentheses)
{
	struct fields fields = {0};
	struct expressions all;
	struct complaint why;
	struct args args = {0};
	char text[5000];

	memset(text, '(', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_true(args_add(&args, (struct arg){text, "-w"}));
	assert_false(expressions_compile(&all, &args, false, &fields, &why));
	assert_non_null(strstr(why.text, "too many parentheses"));
	expressions_free(&all);
	fields_free(&fields);
	args_free(&args);
}

static bool compiles(const char *text)
{
	struct fields fields = {0};
	struct expressions all;
	struct complaint why;
	struct args args = {0};

	assert_true(args_add(&args, (struct arg){text, "-w"}));
	bool ok = expressions_compile(&all, &args, false, &fields, &why);
	assert_true(ok || strstr(why.text, "more than 1000 conditions"));
	expressions_free(&all);
	fields_free(&fields);
	args_free(&args);
	return ok;
}

TEST(too_many_conditions)
{
	enum { MOST = 1000 };
	static const char *const words[] = {" or ", " and "};
	static char text[20000];

	for (size_t i = 0; i < COUNT(words); i++)
		for (size_t n = MOST; n <= MOST + 1; n++) {
			size_t len = 0;
			for (size_t k = 0; k < n; k++)
				len += (size_t)snprintf(text + len, sizeof text - len, "%sx=1",
					k ? words[i] : "");
			assert_int_equal(compiles(text), n == MOST);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_case),
		cmocka_unit_test(mistakes_are_explained),
		cmocka_unit_test(too_many_parentheses),
		cmocka_unit_test(too_many_conditions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
