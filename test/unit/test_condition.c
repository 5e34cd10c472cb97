/* test_condition.c -- conditions: how they are compiled, and for which values they hold. */
#include "unit.h"

#include <stdio.h>

#include "query/condition.h"

static struct condition *compile(const char *text, bool ignore_case, struct fields *fields)
{
	struct complaint why;
	struct condition *c =
		condition_compile((struct arg){text, "-w"}, ignore_case, fields, &why);

	if (!c)
		fail_msg("%s", why.text);
	return c;
}

static void check(const char *text, bool ignore_case, struct span value, bool expected)
{
	struct fields fields = {0};
	struct condition *c = compile(text, ignore_case, &fields);

	if (condition_holds(c, value) != (expected ? PATTERN_YES : PATTERN_NO))
		fail_msg("%s: '%.*s': %d", text, (int)value.len, value.at ? value.at : "",
			!expected);
	condition_free(c);
	fields_free(&fields);
}

/* --- How they are compiled ------------------------------------------------------------ */

TEST(fields_and_values)
{
	/* For each condition, its field, and a value for which it holds. */
	static const struct {
		const char *text, *field, *value;
	} cases[] = {
		{"status=404", "status", "404"},
		{"status==404", "status", "404"},
		{"status = 404", "status", "404"},
		{" \tstatus\t=\t 404", "status", "404"},
		{"user=a b", "user", "a b"},
		{"user =  a b ", "user", "a b "},
		{"user= a", "user", " a"},
		{"user= ", "user", " "},
		{"user=", "user", ""},
		{"user = ", "user", ""},
		{"user==a", "user", "a"},
		{"user===a", "user", "=a"},
		{"user=!a", "user", "!a"},
		{"user=a=b", "user", "a=b"},
		{"%{X-Y}i=a", "%{X-Y}i", "a"},
		{"a b =c", "a b", "c"},
		{"3=x", "3", "x"},
		{"0=x", "0", "x"},
		{"user~^a$", "user", "a"},
		{"user=~^a$", "user", "a"},
		{"user ~ ^a$", "user", "a"},
		{"user~ a", "user", " a"},
		{"user=\xff\"", "user", "\xff\""},
		{"user<=b", "user", "b"},
		{"user>=b", "user", "b"},
		{"user!=b", "user", "a"},
		{"user<>b", "user", "a"},
		{"user><b", "user", "a"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fields fields = {0};
		struct condition *c = compile(cases[i].text, false, &fields);
		assert_string_equal(c->text, cases[i].text);
		assert_int_equal(fields.n, 1);
		assert_int_equal(c->field, 0);
		assert_string_equal(fields.at[0].name, cases[i].field);
		if (condition_holds(c, span_text(cases[i].value)) != PATTERN_YES)
			fail_msg("%s: '%s'", cases[i].text, cases[i].value);
		condition_free(c);
		fields_free(&fields);
	}
}

TEST(conditions_share_fields)
{
	struct fields fields = {0};
	struct condition *a = compile("status=1", false, &fields);
	struct condition *b = compile("user=1", false, &fields);
	struct condition *c = compile("status>1", false, &fields);

	assert_int_equal(a->field, 0);
	assert_int_equal(b->field, 1);
	assert_int_equal(c->field, 0);
	assert_int_equal(fields.n, 2);
	condition_free(a);
	condition_free(b);
	condition_free(c);
	fields_free(&fields);
}

/* These look like mistakes, but are not. */
TEST(not_mistakes)
{
	static const char *const cases[] = {"user=10.0.0.*", "client=10", "client=10.0.0.example",
		"client=1.2.3.4.5", "client~10.*", "client=192.0.2.300", "agent in (a (b),c)", "agent in a (b)", "agent in a,b)",
		"agent in [a]", "agent=!x", "user=and x", "agent in a b", "site=10.0.*"};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fields fields = {0};
		condition_free(compile(cases[i], false, &fields));
		fields_free(&fields);
	}
}

TEST(doubts)
{
	assert_string_equal(condition_doubt("path=/api/*"), "a '*' means itself: write ~ and a regular expression");
	assert_string_equal(condition_doubt("path in (/a,/b*)"), condition_doubt("path=/api/*"));
	assert_string_equal(condition_doubt("path ~ \"^/a\""), "the quotes belong to the regular expression");
	assert_string_equal(condition_doubt("path~'^/a'"), "the quotes belong to the regular expression");
	static const char *const fine[] = {"path~^/a*", "path=\"/a\"", "path=/a", "path", "", "path~\"", "path="};
	for (size_t i = 0; i < COUNT(fine); i++)
		assert_string_equal(condition_doubt(fine[i]), "");
}

TEST(mistakes)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"", "-w: '' is not a condition"},
		{"status", "-w: 'status' is not a condition"},
		{"status 404", "is not a condition"},
		{"status!404", "is not a condition"},
		{"=404", "-w: '=404' has no field name before '='"},
		{"  >= 404", "has no field name before '>='"},
		{"!~x", "has no field name before '!~'"},
		{".=1", "a field name is empty"},
		/* Conditions that would hold for all lines, or for none. */
		{"user<9x", "'9x' starts with a digit, but is neither number nor time"},
		{"user>=1e", "'1e' starts with a digit, but is neither number nor time"},
		{"status=4xx", "'4xx' is not a number; for a whole class, use class=4xx"},
		{"status=x", "'x' is not a number; for a whole class, use class=5xx"},
		{"status=404 or status=403", "'404 or status=403' is not a number"},
		{"status!=x", "'x' is not a number"},
		{"status<", "'' is not a number"},
		{"bytes>-", "'-' is not a number"},
		{"bytes>1m", "'1m' is not a number of bytes; units are K M G T"},
		{"status>1K", "'1K' is not a number"},
		{"status=404,500", "'404,500' is not a number; for several values, use in (A,B)"},
		{"status=404|500", "'404|500' is not a number; for several values, use in (A,B)"},
		{"hour=7", "'7' is not a time: write 2006-10-01T07:00 or a prefix of it (for 07h "
			   "of every day: -w 'hour~T07')"},
		{"time>yesterday", "'yesterday' is not a time"},
		{"time<", "'' is not a time"},
		{"time>2006-10-0", "is not a time"},
		{"time>=2006-13", "'2006-13' is not a time"},
		{"day=2006-02-29", "'2006-02-29' is not a time"},
		{"time<2006-10-01T24", "is not a time"},
		{"time=2006-10-01T07:00:00Z", "is not a time"},
		{"time=17/Jun/2007:12:00:01", "is not a time"},
		{"day>=2006/10/01", "is not a time"},
		{"status=1 || status=2", "'1 || status=2' is not a number; on both sides of 'and' and "
					 "'or', write FIELD OP VALUE"},
		{"status=1 or", "'1 or' is not a number; on both sides of 'and' and 'or', "},
		{"status>500)", "'500)' is not a number; no parenthesis is open here"},
		{"status>", "'' is not a number; write it after the operator, and quote the condition"},
		/* Operators of other languages. */
		{"status is 404", "'status is 404' is not a condition (instead of 'is', write =): write "
				  "FIELD OP VALUE, with one of = != < <= > >= ~ !~ in, and quote it"},
		{" path  LIKE /a%", "condition (instead of 'like', write ~ and a regular expression): "},
		{"status between 400 and 499", "(instead of 'between A and B', write FIELD>=A and "},
		{"path liken /a%", "condition: write FIELD OP VALUE"},
		{"!status=404", "'!status=404' begins with '!': write not status=404"},
		{"and status=404", "a condition is missing before 'and status=404'"},
		{"OR status=404", "a condition is missing before 'OR status=404'"},
		/* Lists. */
		{"client in (192.0.2.1", "'client in (192.0.2.1': the list is not closed; write FIELD in (A,B)"},
		{"user in [a,b]", "write the list in parentheses: in (A,B)"},
		{"user in {a,b}", "write the list in parentheses: in (A,B)"},
		{"status in 404 410", "'404 410' is not a number; separate values by commas: in (A,B)"},
		{"status in (404;410)", "'404;410' is not a number; separate values by commas: "},
		/* Beginnings of addresses. */
		{"client=10.0.0.*", "'client=10.0.0.*': '10.0.0.*' is not an address; for a network, write "
				    "client in 10.0.0.0/24; for any text, use ~ and a regular expression"},
		{"client!=10.", "write client in 10.0.0.0/8; "},
		{"client not in (192.0.2.1,10.20/16)", "'10.20/16' is not an address; for a network, write "
						      "client in 10.20.0.0/16; "},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fields fields = {0};
		struct complaint why = {0};
		struct arg arg = {cases[i].text, "-w"};
		if (condition_compile(arg, false, &fields, &why))
			fail_msg("%s: compiled", cases[i].text);
		if (strncmp(why.text, "-w: ", 4) != 0 || !strstr(why.text, cases[i].says))
			fail_msg("%s: %s", cases[i].text, why.text);
		assert_string_equal(why.source, cases[i].text);
		assert_true(why.offset <= strlen(cases[i].text));
		fields_free(&fields);
	}
}

/* The place of an error in a pattern is given in the whole condition. */
TEST(mistakes_in_patterns)
{
	struct fields fields = {0};
	struct complaint why;

	assert_null(condition_compile((struct arg){"user ~ a(b", "-w"}, false, &fields, &why));
	assert_string_equal(why.text, "-w: missing closing parenthesis");
	assert_string_equal(why.source, "user ~ a(b");
	assert_int_equal(why.offset, 10);
	fields_free(&fields);
}

/* --- For which values they hold --------------------------------------------------- */

/* For each operator: does it hold for a value that is less, equal, greater? */
static const struct {
	const char *op;
	bool less, equal, greater;
} operators[] = {
	{"=", false, true, false},
	{"!=", true, false, true},
	{"<", true, false, false},
	{"<=", true, true, false},
	{">", false, false, true},
	{">=", false, true, true},
};

static void check_all(const char *left, const char *right, int order)
{
	struct guarded g = guarded_new(1);

	for (size_t i = 0; i < COUNT(operators); i++) {
		char text[100];
		snprintf(text, sizeof text, "user%s%s", operators[i].op, right);
		check(text, false, guarded_copy(&g, span_text(left)),
			order < 0 ? operators[i].less
			: order   ? operators[i].greater
				  : operators[i].equal);
	}
	guarded_free(&g);
}

TEST(numbers_and_bytes)
{
	/* The line's value, the condition's value, and the order of the two: < 0, 0 or > 0. */
	static const struct {
		const char *left, *right;
		int order;
	} cases[] = {
		{"404", "404", 0},
		{"0404", "404", 0},
		{"404", "0404.0", 0},
		{"9", "10", -1},
		{"10", "9", 1},
		{"100", "99", 1},
		{"99", "100", -1},
		{"4", "4.5", -1},
		{"-1", "0", -1},
		{"-10", "-9", -1},
		{"0", "-0", 0},
		{"18446744073709551616", "18446744073709551615", 1},
		{"100000000000000000000000000000000000000001",
			"100000000000000000000000000000000000000000", 1},
		{"0.1", "0.10", 0},
		{"1.25", "1.3", -1},
		/* Words are compared as bytes. */
		{"a", "a", 0},
		{"a", "b", -1},
		{"B", "a", -1},
		{"ab", "a", 1},
		{"\xff", "a", 1},
		{"", "a", -1},
		{"9", "a", -1},
		{"10", "x9", -1},
		{"1e1", "e", -1},
		{" 1", "+1", -1},
		{"", "", 0},
		{"a", "", 1},
		{"-", "-", 0},
		{"1", "-", 1},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		check_all(cases[i].left, cases[i].right, cases[i].order);
}

/* A word is unequal to any number, and neither less nor greater. */
TEST(words_against_numbers)
{
	static const char *const words[] = {
		"", "-", "a", "1 ", " 1", "1e", "+1", "0x1", "1.", ".5", "--1"};
	static const char *const numbers[] = {
		"0", "1", "-1", "4.5", "007", "99999999999999999999999"};
	char text[100];

	for (size_t i = 0; i < COUNT(words); i++)
		for (size_t n = 0; n < COUNT(numbers); n++)
			for (size_t o = 0; o < COUNT(operators); o++) {
				snprintf(
					text, sizeof text, "user%s%s", operators[o].op, numbers[n]);
				check(text, false, span_text(words[i]),
					strcmp(operators[o].op, "!=") == 0);
			}
}

/* Times are compared up to the length of the condition's value, which may have a blank for the T.
 */
TEST(times)
{
	static const struct span value = BYTES("2007-06-17T12:00:01");

	check("time>=2007-06-17T12:00", false, value, true);
	check("time>=2007-06-17 12:00", false, value, true);
	check("time < 2007-06-17 12:00:02", false, value, true);
	check("time<2007-06-17 12:00:01", false, value, false);
	check("time=2007-06-17 12:00:01", false, value, true);
	check("time<2007", false, value, false);
	check("time>2007", false, value, false);
	check("time<2008", false, value, true);
	check("time>2007-06", false, value, false);
	check("time<2007-07", false, value, true);
	check("day=2007-06-17", false, span_text("2007-06-17"), true);
	check("hour<=2007-06-17T12", false, span_text("2007-06-17T12"), true);
	check("hour<2007-06-17 13", false, span_text("2007-06-17T12"), true);
	check("minute!=2007-06-17 12:01", false, span_text("2007-06-17T12:00"), true);
	check("time=", false, span_text(""), true);
	check("time!=-", false, value, true);
	check("time~^2007-06-17T1[0-2]", false, value, true);
}

/* = and != also take "-" and "", which lines have in place of a number. */
TEST(numbers_that_are_absent)
{
	check("status=-", false, span_text("-"), true);
	check("status!=-", false, span_text("200"), true);
	check("status=", false, span_text(""), true);
	check("bytes~x", false, span_text("x"), true);
}

TEST(a_value_may_be_nowhere)
{
	check("user=", false, span_of(NULL, 0), true);
	check("user!=", false, span_of(NULL, 0), false);
	check("user=0", false, span_of(NULL, 0), false);
	check("user<a", false, span_of(NULL, 0), true);
	check("user~^$", false, span_of(NULL, 0), true);
	check("user!~.", false, span_of(NULL, 0), true);
	check("user=a", false, span_of("a\0", 2), false);
}

TEST(patterns)
{
	check("user~b", false, span_text("abc"), true);
	check("user~^b", false, span_text("abc"), false);
	check("user!~b", false, span_text("abc"), false);
	check("user!~^b", false, span_text("abc"), true);
	check("user~B", false, span_text("abc"), false);
	check("user~B", true, span_text("abc"), true);
	check("user!~B", true, span_text("abc"), false);
	check("user~4", false, span_text("404"), true);
	/* Only patterns ignore case. */
	check("user=B", true, span_text("b"), false);
	check("user=", true, span_text(""), true);
}

TEST(a_pattern_that_gives_up)
{
	static const char *const texts[] = {"user~(a+)+$", "user!~(a+)+$"};
	char value[200];

	memset(value, 'a', sizeof value);
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct fields fields = {0};
		struct condition *c = compile(texts[i], false, &fields);
		value[sizeof value - 1] = 'b';
		assert_int_equal(condition_holds(c, span_of(value, sizeof value)), PATTERN_GAVE_UP);
		assert_int_equal(condition_holds(c, span_text("aa")), i ? PATTERN_NO : PATTERN_YES);
		condition_free(c);
		fields_free(&fields);
	}
}

/* --- Against comparing scaled integers -------------------------------------------- */

TEST(random_numbers)
{
	uint64_t seed = 1;

	for (int round = 0; round < 30000; round++) {
		int n[2];
		char text[2][20];
		for (int i = 0; i < 2; i++) {
			n[i] = (int)random_below(&seed, 401) - 200; /* tenths */
			int size = n[i] < 0 ? -n[i] : n[i];
			static const char *const formats[] = {"%s%d.%d", "%s0%d.%d0", "%s%d.%d00"};
			if (size % 10 == 0 && random_below(&seed, 2))
				sprintf(text[i], "%s%d", n[i] < 0 ? "-" : "", size / 10);
			else
				sprintf(text[i], formats[random_below(&seed, 3)],
					n[i] < 0 ? "-" : "", size / 10, size % 10);
		}
		size_t o = random_below(&seed, COUNT(operators));
		char condition[50];
		snprintf(condition, sizeof condition, "user%s%s", operators[o].op, text[1]);
		check(condition, false, span_text(text[0]),
			n[0] < n[1]   ? operators[o].less
			: n[0] > n[1] ? operators[o].greater
				      : operators[o].equal);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_and_values),
		cmocka_unit_test(conditions_share_fields),
		cmocka_unit_test(not_mistakes),
		cmocka_unit_test(doubts),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(mistakes_in_patterns),
		cmocka_unit_test(numbers_and_bytes),
		cmocka_unit_test(words_against_numbers),
		cmocka_unit_test(times),
		cmocka_unit_test(numbers_that_are_absent),
		cmocka_unit_test(a_value_may_be_nowhere),
		cmocka_unit_test(patterns),
		cmocka_unit_test(a_pattern_that_gives_up),
		cmocka_unit_test(random_numbers),
	};

	return cmocka_run_group_tests_name("condition", tests, NULL, NULL);
}
