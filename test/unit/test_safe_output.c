/* test_safe_output.c -- the width of text on a terminal, and where it is cut. */
#include "unit.h"

#include <locale.h>
#include <stdio.h>

#include "report/safe_output.h"

struct screen {
	struct output output;
	char *text;
	size_t len;
};

static void screen_open(struct screen *s, bool utf8)
{
	assert_non_null(setlocale(LC_ALL, utf8 ? "C.UTF-8" : "C"));
	s->output = (struct output){.fd = -1, .terminal = true, .utf8 = utf8};
	s->output.out = open_memstream(&s->text, &s->len);
	assert_non_null(s->output.out);
}

/* What has been printed since the last call. */
static const char *printed(struct screen *s)
{
	assert_int_equal(fflush(s->output.out), 0);
	rewind(s->output.out);
	return s->text;
}

static void screen_close(struct screen *s)
{
	fclose(s->output.out);
	free(s->text);
}

TEST(widths)
{
	static const struct {
		const char *key;
		size_t utf8, bytes; /* columns in a UTF-8 locale, and in the C locale */
	} cases[] = {
		{"", 0, 0},
		{"/index.html", 11, 11},
		{"\xc3\xa4", 1, 8},                  /* a with a diaeresis */
		{"\xe6\x97\xa5\xe6\x9c\xac", 4, 24}, /* two wide characters */
		{"e\xcc\x81", 1, 9},                 /* e and a combining accent */
		{"\x1b[31m", 8, 8},                  /* \x1b[31m */
		{"\xff", 4, 4},                      /* not UTF-8 */
		{"a\x7f", 5, 5},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		for (int utf8 = 0; utf8 < 2; utf8++) {
			struct screen s;
			screen_open(&s, utf8);
			size_t width = output_width(&s.output, span_text(cases[i].key));
			size_t expected = utf8 ? cases[i].utf8 : cases[i].bytes;
			if (width != expected)
				fail_msg("case %zu, UTF-8 %d: %zu columns, expected %zu", i, utf8,
					width, expected);
			screen_close(&s);
		}
	}
}

TEST(escapes)
{
	struct screen s;

	screen_open(&s, true);
	output_put_key(&s.output, span_text("a\x1b]0;x\x07\xc2\x9b"
					    "b"));
	assert_string_equal(printed(&s), "a\\x1b]0;x\\x07\\xc2\\x9b"
					 "b");
	screen_close(&s);
	screen_open(&s, true);
	s.output.terminal = false;
	output_put_key(&s.output, span_text("a\x1b"
					    "b"));
	assert_string_equal(printed(&s), "a\x1b"
					 "b");
	screen_close(&s);
}

/* However narrow, the text fits, and is whole if there is room for it. */
TEST(cuts_fit)
{
	static const char *const keys[] = {"/a/long/path/to/a/file.html",
		"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e/\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "x",
		"\x01\x02\x03\x04\x05\x06\x07"};

	for (size_t i = 0; i < COUNT(keys); i++) {
		for (size_t room = 1; room < 40; room++) {
			struct screen s;
			screen_open(&s, true);
			struct span key = span_text(keys[i]);
			size_t whole = output_width(&s.output, key);
			size_t used = output_put_cut(&s.output, key, room);
			assert_true(used <= room);
			assert_int_equal(used == whole, whole <= room || used == whole);
			const char *text = printed(&s);
			if (whole <= room)
				assert_null(strstr(text, "\xe2\x80\xa6"));
			else
				assert_non_null(strstr(text, "\xe2\x80\xa6"));
			screen_close(&s);
		}
	}
}

TEST(colours)
{
	struct screen s;

	screen_open(&s, true);
	output_color(&s.output, "36");
	assert_string_equal(printed(&s), "");
	s.output.color = true;
	output_color(&s.output, "36");
	assert_string_equal(printed(&s), "\x1b[36m");
	screen_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(widths),
		cmocka_unit_test(escapes),
		cmocka_unit_test(cuts_fit),
		cmocka_unit_test(colours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
