/* test_html.c -- every character, as it is or escaped or spelled out in HTML. */
#include "unit.h"

#include "characters.h"
#include "lib/html.h"
#include "lib/utf8.h"

/* Write a text as HTML.  The result must be freed. */
static char *written(void (*put)(const struct html *, struct span), struct span text, bool ascii)
{
	char *at;
	size_t len;
	FILE *out = open_memstream(&at, &len);

	assert_non_null(out);
	struct html h = {out, ascii};
	put(&h, text);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(strlen(at), len);
	return at;
}

static void assert_written(void (*put)(const struct html *, struct span), struct span text,
	bool ascii, const char *expected)
{
	char *got = written(put, text, ascii);

	assert_string_equal(got, expected);
	free(got);
}

static const struct {
	struct span bytes;
	const char *text, *value, *ascii;
} cases[] = {
	{BYTES(""), "", "", ""},
	{BYTES("/a b?c=%20"), "/a b?c=%20", "/a b?c=%20", "/a b?c=%20"},
	{BYTES("<script>'\"&</script>"), "&lt;script&gt;&#39;&quot;&amp;&lt;/script&gt;",
		"&lt;script&gt;&#39;&quot;&amp;&lt;/script&gt;",
		"&lt;script&gt;&#39;&quot;&amp;&lt;/script&gt;"},
	{BYTES("&lt;&#60;"), "&amp;lt;&amp;#60;", "&amp;lt;&amp;#60;", "&amp;lt;&amp;#60;"},
	{BYTES("a\0b"), "a<i>\\x00</i>b", "a\\x00b", "a<i>\\x00</i>b"},
	{BYTES("\t\n\r\x1b[m\x7f"), "<i>\\t</i><i>\\x0a</i><i>\\x0d</i><i>\\x1b</i>[m<i>\\x7f</i>",
		"\\t\\x0a\\x0d\\x1b[m\\x7f",
		"<i>\\t</i><i>\\x0a</i><i>\\x0d</i><i>\\x1b</i>[m<i>\\x7f</i>"},
	{BYTES("\\x1b"), "\\x1b", "\\x1b", "\\x1b"},
	{BYTES("\xff\xc3\xe2\x80<"), "&#xfffd;&#xfffd;&#xfffd;&lt;", "&#xfffd;&#xfffd;&#xfffd;&lt;",
		"&#xfffd;&#xfffd;&#xfffd;&lt;"},
	{BYTES("\xc3\xa9\xf0\x9f\x98\x80"), "\xc3\xa9\xf0\x9f\x98\x80", "\xc3\xa9\xf0\x9f\x98\x80",
		"&#xe9;&#x1f600;"},
	/* NOLINTNEXTLINE(misc-misleading-bidirectional): that is what is tried */
	{BYTES("\xe2\x80\xaegnp.exe"), "<i>\\u202e</i>gnp.exe", "\\u202egnp.exe",
		"<i>\\u202e</i>gnp.exe"},
	{BYTES("\xc2\x9b\xf3\xa0\x81\x81"), "<i>\\u009b</i><i>\\u{e0041}</i>", "\\u009b\\u{e0041}",
		"<i>\\u009b</i><i>\\u{e0041}</i>"},
};

TEST(texts_in_each_place)
{
	struct guarded g = guarded_new(1);

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span bytes = guarded_copy(&g, cases[i].bytes);
		assert_written(html_put_text, bytes, false, cases[i].text);
		assert_written(html_put_value, bytes, false, cases[i].value);
		assert_written(html_put_text, bytes, true, cases[i].ascii);
	}
	guarded_free(&g);
}

static bool is_markup(uint32_t code)
{
	return code < 0x80 && code && strchr("<>&\"'", (int)code);
}

/* Markup becomes a reference, unsafe characters are spelled out, and all others are unchanged,
 * whatever is before and after them. */
TEST(every_character)
{
	for (uint32_t code = 0; code <= LAST; code++) {
		if (!is_character(code))
			continue;
		unsigned char bytes[6] = "a";
		size_t n = 1 + encode(code, bytes + 1);
		bytes[n++] = 'z';
		char *got = written(html_put_value, span_of((char *)bytes, n), false);
		bool same = strlen(got) == n && memcmp(got, bytes, n) == 0;
		if (same == (is_markup(code) || utf8_is_unsafe(code)))
			fail_msg("U+%04X: %s", code, got);
		if (utf8_is_unsafe(code) && (got[1] != '\\' || strpbrk(got, "<&")))
			fail_msg("U+%04X: %s", code, got);
		if (is_markup(code) && (got[1] != '&' || got[strlen(got) - 2] != ';'))
			fail_msg("U+%04X: %s", code, got);
		free(got);
	}
}

/* No bytes produce anything that a browser would regard as markup. */
TEST(random_bytes_stay_text)
{
	static const struct span set =
		/* NOLINTNEXTLINE(misc-misleading-bidirectional): that is what is tried */
		BYTES("<>&\"'/=! \0\t\n\x1b\\x;#ab\xc3\xa9\xe2\x80\xae\xff\xf3");
	uint64_t seed = 7;
	char bytes[40];

	for (int i = 0; i < 20000; i++) {
		size_t n = random_below(&seed, sizeof bytes);
		random_bytes(&seed, bytes, n, set);
		char *got = written(html_put_value, span_of(bytes, n), i & 1);
		for (const char *c = got; *c; c++) {
			if (strchr("<>\"'", *c) || (unsigned char)*c < 0x20)
				fail_msg("%s", got);
			if (*c == '&' && strncmp(c, "&amp;", 5) != 0 &&
				strncmp(c, "&lt;", 4) != 0 && strncmp(c, "&gt;", 4) != 0 &&
				strncmp(c, "&quot;", 6) != 0 && strncmp(c, "&#", 2) != 0)
				fail_msg("%s", got);
		}
		free(got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_in_each_place),
		cmocka_unit_test(every_character),
		cmocka_unit_test(random_bytes_stay_text),
	};

	return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
