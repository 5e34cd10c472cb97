/* test_logfmt.c -- keys and values, as in key=value. */
#include "cuts.h"

static const struct {
	struct span line;
	const char *expected; /* see cuts_expect */
} lines[] = {
	{BYTES("a=1"), "a=1|client|url"},
	{BYTES("ip=192.0.2.1:80 status=200 path=/a method=GET ua=\"x y\" bytes=5 host=w:1"),
		"client=192.0.2.1|status=200|path=/a|method=GET|agent=x y|bytes=5|host=w:1"},
	{BYTES("  \t a=1 \t b=2  "), "a=1|b=2"},
	/* Values. */
	{BYTES("a="), "a="},
	{BYTES("a= b=2"), "a=|b=2"},
	{BYTES("a=\"\" b=2"), "a=|b=2"},
	{BYTES("a=x=y?z=\"q\" b=2"), "a=x=y?z=\"q\"|b=2"},
	{BYTES("a=\"b=2 c\" b=3"), "a=b=2 c|b=3"},
	{BYTES("a=\"said \\\"hi\\\" \\\\\" b=2"), "a=said \"hi\" \\|b=2"},
	{BYTES("a=\"\\n\\t\\r\\a\\b\\f\\v\\/\""), "a=\n\t\r\a\b\f\v/"},
	{BYTES("a=\"\\x41\\u00e4\\U0001f600\\ud83d\\ude00\\ud83dx\""),
		"a=A\xc3\xa4\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xef\xbf\xbdx"},
	{BYTES("a=\"\\xg0\\u12\\q\""), "a=xg0u12q"},
	{BYTES("a=\\n b=2"), "a=\\n|b=2"},
	{BYTES("\xc3\xa4=1 a=\xff"), "a=\xff"},
	/* A key alone is true, but has no effect on base fields. */
	{BYTES("a b=2"), "a=true|b=2"},
	{BYTES("b=2 a"), "a=true|b=2"},
	{BYTES("status b=2 ip=x"), "status|client=x"},
	{BYTES("a b b=2"), NULL},
	{BYTES("a"), NULL},
	/* Of equal keys, the first counts; of a base field, the first that has a value. */
	{BYTES("a=1 a=2"), "a=1"},
	{BYTES("ip= client=\"\" fwd=\"x, y\""), "client=x"},
	{BYTES("fwd=x remote_addr=y"), "client=y"},
	{BYTES("Status=1 A=2"), "status=1|a"},
	{BYTES("http.status_code=200 t=[t]"), "status=200|time=t"},
	/* Lines that do not fit. */
	{BYTES(""), NULL},
	{BYTES("   "), NULL},
	{BYTES("=1"), NULL},
	{BYTES("a=1 =2"), NULL},
	{BYTES("a=\"b"), NULL},
	{BYTES("a=\"b\\"), NULL},
	{BYTES("a=\"b\\\""), NULL},
	{BYTES("a=\"b\"c"), NULL},
	{BYTES("a=\"b\"\"c\""), NULL},
	{BYTES("a=1 \"b\""), NULL},
	{BYTES("a=1 b\"c"), NULL},
	{BYTES("a?b=1"), NULL},
	{BYTES("a=1 (b) c=2"), NULL},
	{BYTES("a\0b=1"), NULL},
	{BYTES("192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] \"GET /?a=b HTTP/1.1\" 200 5"), NULL},
};

TEST(a_table_of_lines)
{
	struct cuts c;

	cuts_open(&c, "logfmt", "a b");
	for (size_t i = 0; i < COUNT(lines); i++)
		cuts_expect(&c, lines[i].line, lines[i].expected);
	cuts_close(&c);
}

/* Any value is read back as it was before it was quoted. */
TEST(random_values)
{
	struct cuts c;
	uint64_t seed = 1;

	cuts_open(&c, "logfmt", "a b");
	for (int round = 0; round < 3000; round++) {
		char value[40], text[200] = "b=1 a=\"";
		size_t n = random_below(&seed, sizeof value), len = strlen(text);
		random_bytes(&seed, value, n, span_of("ab\"\\=\n\x01\x7f \0", 10));
		for (size_t i = 0; i < n; i++) {
			unsigned char b = (unsigned char)value[i];
			if (b == '"' || b == '\\')
				len += (size_t)sprintf(text + len, "\\%c", b);
			else if (b < 0x20)
				len += (size_t)sprintf(text + len, "\\x%02X", b);
			else
				text[len++] = value[i];
		}
		text[len++] = '"';
		assert_int_equal(cuts_cut(&c, span_of(text, len)), CUT_FITS);
		assert_span_equal(cuts_value(&c, "a"), span_of(value, n));
		assert_span_equal(cuts_value(&c, "b"), span_text("1"));
		assert_int_equal(cuts_cut(&c, span_of(text, len - 1)), CUT_NOT);
	}
	cuts_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_of_lines),
		cmocka_unit_test(random_values),
	};

	return cmocka_run_group_tests_name("logfmt", tests, NULL, NULL);
}
