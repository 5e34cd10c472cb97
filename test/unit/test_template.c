/* test_template.c -- keys composed of groups, and templates that are errors. */
#include "unit.h"

#include "query/template.h"

/* The groups of one pattern: 1 is x, 2 is yy, 3 takes no part, 4 is any bytes. */
static const char re[] = "(?<one>x)(?<two>yy)(?<none>z)?(?<bytes>.*)";
static const struct span subject = BYTES("--xyy\0\xff$1");

static struct pattern *matched_pattern(void)
{
	struct complaint error;
	struct pattern *p = pattern_compile(span_text(re), false, &error);

	assert_non_null(p);
	assert_int_equal(pattern_match(p, subject), PATTERN_YES);
	return p;
}

static const struct {
	const char *text;
	struct span key;
} good[] = {
	/* A template must name a group; this one is empty. */
	{"${none}", BYTES("")},
	{"abc${none}", BYTES("abc")},
	{"$1", BYTES("x")},
	{"${1}", BYTES("x")},
	{"${one}", BYTES("x")},
	{"$2$1", BYTES("yyx")},
	{"$1 ${two}!", BYTES("x yy!")},
	{"a$1b", BYTES("axb")},
	{"${1}0", BYTES("x0")},
	{"$01", BYTES("x")},
	{"${001}", BYTES("x")},
	{"$3", BYTES("")},
	{"${none}|", BYTES("|")},
	/* Captured bytes are not read as a template. */
	{"$4", BYTES("\0\xff$1")},
	{"$0", BYTES("xyy\0\xff$1")},
	{"${0}", BYTES("xyy\0\xff$1")},
	{"$1$1$1", BYTES("xxx")},
	/* Dollars, tabs, backslashes. */
	{"$$${none}", BYTES("$")},
	{"$$1${none}", BYTES("$1")},
	{"$$$1", BYTES("$x")},
	{"$$$$${none}", BYTES("$$")},
	{"a$$b${none}", BYTES("a$b")},
	{"\\t${none}", BYTES("\t")},
	{"\\\\${none}", BYTES("\\")},
	{"\\\\t${none}", BYTES("\\t")},
	{"\\\\\\t${none}", BYTES("\\\t")},
	{"$1\\t$2", BYTES("x\tyy")},
	/* Any other text stands for itself. */
	{"{1}${none}", BYTES("{1}")},
	{"}{${none}", BYTES("}{")},
	{"%s%n${none}", BYTES("%s%n")},
	{"\xff\n${none}", BYTES("\xff\n")},
	{"$1\xff", BYTES("x\xff")},
};

/* Keys are written to memory that ends where the key does. */
TEST(keys)
{
	struct pattern *p = matched_pattern();
	struct guarded room = guarded_new(1);
	struct complaint why;

	for (size_t i = 0; i < COUNT(good); i++) {
		struct key_template *t = template_compile(good[i].text, p, &why);
		if (!t)
			fail_msg("%s: %s", good[i].text, why.text);
		size_t len = template_len(t, p);
		char *out = room.at + room.size - len;
		template_write(t, p, out);
		if (!span_equal(span_of(out, len), good[i].key))
			fail_msg("%s: '%.*s'", good[i].text, (int)len, out);
		template_free(t);
	}
	guarded_free(&room);
	pattern_free(p);
}

/* Each error is one line that says what is wrong. */
TEST(errors)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"", "names no group"},
		{"abc", "names no group"},
		{"$$1", "names no group"},
		{"$1\\n", "'\\n' is not an escape"},
		{"\\1$1", "'\\1' is not an escape: write $1 for the group, \\t for a tab, "},
		{"\\$1", "'\\$' is not an escape"},
		{"$1\\", "'\\' is not an escape"},
		{"$", "$ without a group: write"},
		{"a$", "$ without a group: write"},
		{"$$$", "$ without a group: write"},
		{"$a", "$ without a group: write"},
		{"$ 1", "$ without a group: write"},
		{"$-1", "$ without a group: write"},
		{"${}", "$ without a group: write"},
		{"${", "$ without a group: write"},
		{"${1", "$ without a group: write"},
		{"${one", "$ without a group: write"},
		{"$\\t", "$ without a group: write"},
		{"$5", "no group '5': the pattern has 4 groups"},
		{"${5}", "no group '5'"},
		{"$10", "no group '10'"},
		{"${four}", "no group 'four'"},
		{"${One}", "no group 'One'"},
		{"${one }", "no group 'one '"},
		{"${-1}", "no group '-1'"},
		{"${+1}", "no group '+1'"},
		{"${1.0}", "no group '1.0'"},
		{"${$1}", "no group '$1'"},
		{"$4294967296", "no group '4294967296'"},
		{"$4294967297", "no group '4294967297'"},
		{"$18446744073709551617", "no group '18446744073709551617'"},
		{"$99999999999999999999999999999999999999", "no group '9999"},
	};
	struct pattern *p = matched_pattern();
	struct complaint why;

	for (size_t i = 0; i < COUNT(bad); i++) {
		if (template_compile(bad[i].text, p, &why))
			fail_msg("%s: compiled", bad[i].text);
		if (!strstr(why.text, bad[i].why))
			fail_msg("%s: %s", bad[i].text, why.text);
	}
	pattern_free(p);
}

TEST(long_names_and_numbers)
{
	struct pattern *p = matched_pattern();
	char text[1000];
	struct complaint why;

	for (size_t len = 30; len < sizeof text; len += 7) {
		memset(text, 'n', len);
		memcpy(text, "${", 2);
		memcpy(text + len - 2, "}", 2);
		assert_null(template_compile(text, p, &why));
		memset(text + 2, '0', len - 4);
		text[len - 3] = '5';
		assert_null(template_compile(text, p, &why));
	}
	pattern_free(p);
}

TEST(one_group_or_none)
{
	struct complaint error;
	struct pattern *p = pattern_compile(span_text("x"), false, &error);
	struct complaint why;

	assert_null(template_compile("$1", p, &why));
	assert_non_null(strstr(why.text, "0 groups"));
	pattern_free(p);
	p = pattern_compile(span_text("(x)"), false, &error);
	assert_null(template_compile("$2", p, &why));
	assert_non_null(strstr(why.text, "1 group"));
	assert_null(strstr(why.text, "groups"));
	pattern_free(p);
}

TEST(ten_thousand_parts)
{
	enum { PARTS = 10000 };
	struct pattern *p = matched_pattern();
	char *text = malloc(2 * PARTS + 1);
	struct complaint why;

	assert_non_null(text);
	for (size_t i = 0; i < PARTS; i++)
		memcpy(text + 2 * i, "$2", 3);
	struct key_template *t = template_compile(text, p, &why);
	assert_non_null(t);
	assert_int_equal(template_len(t, p), 2 * PARTS);
	template_write(t, p, text);
	for (size_t i = 0; i < 2 * PARTS; i++)
		assert_int_equal(text[i], 'y');
	template_free(t);
	free(text);
	pattern_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys),
		cmocka_unit_test(errors),
		cmocka_unit_test(long_names_and_numbers),
		cmocka_unit_test(one_group_or_none),
		cmocka_unit_test(ten_thousand_parts),
	};

	return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
