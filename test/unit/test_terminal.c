/* test_terminal.c -- what is written to a terminal is escaped, however it is cut into pieces. */
#include "unit.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "lib/terminal.h"

/* A terminal, and a stream that stands for stdout. */
struct screen {
	int master;
	FILE *standard, *out;
	char text[4096];
};

static void screen_open(struct screen *s, const char *locale)
{
	struct termios t;

	setenv("LC_ALL", locale, 1);
	s->master = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(s->master >= 0 && grantpt(s->master) == 0 && unlockpt(s->master) == 0);
	s->standard = fopen(ptsname(s->master), "w");
	assert_non_null(s->standard);
	assert_int_equal(tcgetattr(fileno(s->standard), &t), 0);
	t.c_oflag &= ~(tcflag_t)OPOST;
	assert_int_equal(tcsetattr(fileno(s->standard), TCSANOW, &t), 0);
	s->out = terminal_stream(s->standard);
	assert_non_null(s->out);
	assert_ptr_not_equal(s->out, s->standard);
}

/* Close the stream, and return what has come to the terminal. */
static const char *screen_close(struct screen *s)
{
	assert_true(terminal_close(s->out));
	assert_int_equal(fputs("END", s->standard) < 0 || fflush(s->standard), 0);
	size_t n = 0;
	while (n < 3 || memcmp(s->text + n - 3, "END", 3) != 0) {
		ssize_t more = read(s->master, s->text + n, sizeof s->text - 1 - n);
		assert_true(more > 0);
		n += (size_t)more;
	}
	s->text[n - 3] = '\0';
	fclose(s->standard);
	close(s->master);
	return s->text;
}

/* Each byte comes alone. */
static void expect(const char *locale, struct span text, const char *expected)
{
	struct screen s;

	screen_open(&s, locale);
	for (size_t i = 0; i < text.len; i++) {
		putc(text.at[i], s.out);
		fflush(s.out);
	}
	assert_string_equal(screen_close(&s), expected);
	screen_open(&s, locale);
	fwrite(text.at, 1, text.len, s.out);
	assert_string_equal(screen_close(&s), expected);
}

TEST(characters_in_pieces)
{
	static const char text[] =
		"\xc3\xa9\xf0\x9f\x98\x80\xc4\x9b\t\r\n\r\x1b[m\xff\xe6\x97x\xc2\x9b\r";

	expect("C.UTF-8", span_text(text),
		"\xc3\xa9\xf0\x9f\x98\x80\xc4\x9b\t\r\n\\x0d\\x1b["
		"m\\xff\\xe6\\x97x\\xc2\\x9b\\x0d");
	expect("C", span_text("\xc4\x9b\r\n\x9b"), "\\xc4\\x9b\r\n\\x9b");
	expect("C.UTF-8", span_text("the end \xf0\x9f\x98"), "the end \\xf0\\x9f\\x98");
}

TEST(colours_are_the_only_sequences)
{
	struct screen s;

	screen_open(&s, "C");
	fputs("a\x1b[36m", s.out);
	terminal_put_color(s.out, fileno(s.standard), "36");
	fputs("b\n", s.out);
	assert_string_equal(screen_close(&s), "a\\x1b[36m\x1b[36mb\n");
}

TEST(what_is_not_a_terminal_gets_the_bytes)
{
	FILE *file = tmpfile();
	char text[8] = "";

	assert_ptr_equal(terminal_stream(file), file);
	assert_true(terminal_write(fileno(file), span_text("\x1b\xff")));
	assert_int_equal(pread(fileno(file), text, sizeof text, 0), 2);
	assert_string_equal(text, "\x1b\xff");
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_in_pieces),
		cmocka_unit_test(colours_are_the_only_sequences),
		cmocka_unit_test(what_is_not_a_terminal_gets_the_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
