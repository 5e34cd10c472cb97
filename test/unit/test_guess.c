/* test_guess.c -- the format that is guessed from some lines, or, if no format is found, the line
 * that the complaint names. */
#include "unit.h"

#include <stdio.h>

#include "formats/guess.h"

#define TIME     "17/Jun/2007:12:00:01 -0700"
#define COMMON   "h - - [" TIME "] \"GET / HTTP/1.1\" 200 12"
#define COMBINED COMMON " \"r\" \"a\""
#define NGINX    COMBINED " \"f\""
#define VHOST    "w:80 " COMBINED
#define JSON     "{\"url\":\"/\"}"
#define LTSV     "uri:/\thost:h"
#define W3C      "#Fields: cs-uri c-ip\n/ 1"

/* All known formats, for a query that needs a field x. */
struct guesser {
	struct wanted wanted;
	struct logformat *formats[GUESS_FORMATS];
	size_t n;
};

static void guesser_open(struct guesser *g)
{
	struct complaint why;

	*g = (struct guesser){.wanted = {.bases = UINT32_MAX}};
	assert_true(strlist_add(&g->wanted.names, "x"));
	for (; logformat_known[g->n]; g->n++) {
		g->formats[g->n] = logformat_compile(logformat_known[g->n], &g->wanted, &why);
		assert_non_null(g->formats[g->n]);
	}
}

static void guesser_close(struct guesser *g)
{
	for (size_t i = 0; i < g->n; i++)
		logformat_free(g->formats[i]);
	strlist_free(&g->wanted.names);
}

/* Return the name of the format, or the text of the complaint. */
static const char *guess(struct guesser *g, struct span lines, struct complaint *why)
{
	struct logformat *found;

	assert_true(guess_format(g->formats, g->n, lines, &found, why));
	return found ? logformat_name(found) : why->text;
}

#define NONE(line, text) "line " line " fits no known log format: \"" text "\""

TEST(heads_of_logs)
{
	static const struct {
		struct span head;
		const char *says; /* the format's name, or the complaint */
	} cases[] = {
		{BYTES(COMMON "\n"), "common"},
		{BYTES(COMBINED "\n"), "combined"},
		{BYTES(VHOST "\n"), "vhost_combined"},
		{BYTES(NGINX "\n"), "nginx_main"},
		{BYTES(JSON "\n"), "json"},
		{BYTES(LTSV "\n"), "ltsv"},
		{BYTES(W3C "\n"), "w3c"},
		{BYTES("#Fields: c-ip cs-uri\n"), "w3c"},
		{BYTES("#Version: 1\n#Fields: c-ip cs-uri\n1 /\n"), "w3c"},
		/* Different ends of lines. */
		{BYTES(COMBINED), "combined"},
		{BYTES(COMBINED "\r\n"), "combined"},
		{BYTES("\n\r\n \n" JSON), "json"},
		/* The first format that fits more than half of all fitting lines wins. */
		{BYTES(COMBINED "\n" NGINX "\n"), "combined"},
		{BYTES(NGINX "\n" COMBINED "\n" NGINX "\n"), "nginx_main"},
		{BYTES(COMMON "\n" COMBINED "\n" COMBINED "\n"), "combined"},
		{BYTES(COMMON "\n" COMBINED "\n"), "common"},
		{BYTES(COMBINED "\n" JSON "\n" JSON "\n"), "json"},
		{BYTES("x\ny\nz\n" COMBINED "\nx\ny\n"), "combined"},
		{BYTES("x\n" COMMON "\n" JSON "\n" JSON "\n" COMMON "\n" COMMON "\n"), "common"},
		/* If no format fits more than half, the format that fits the most lines wins. */
		{BYTES(COMBINED "\n" JSON "\n" LTSV "\n" JSON "\n"), "json"},
		/* A line with broken quotes is not one of the Common Log Format. */
		{BYTES(COMMON " \"r\" \"a (\"x\")\"\n" COMBINED "\n"), "combined"},
		{BYTES(COMMON " \"r\" \"a\n" COMBINED "\n"), "combined"},
		{BYTES(COMMON " \"r\" \"a\n"), "common"},
		/* LTSV needs two labels in a line. */
		{BYTES("a:b\n"), NONE("1", "a:b")},
		{BYTES("  a:b\n"), NONE("1", "  a:b")},
		{BYTES("\ta:b\t\n"), NONE("1", "\ta:b\t")},
		{BYTES("a:b\tc:d\na:b\n"), "ltsv"},
		/* logfmt needs two keys with values. */
		{BYTES("a=1 b=2\n"), "logfmt"},
		{BYTES("a=1 b=\n"), "logfmt"},
		{BYTES("a=1 b\n"), NONE("1", "a=1 b")},
		{BYTES("a=1\n"), NONE("1", "a=1")},
		{BYTES("a=1 b=2\na=1\nb=2\n"), "logfmt"},
		{BYTES("see also a=1 and b=2\n"), NONE("1", "see also a=1 and b=2")},
		/* No format. */
		{BYTES("x\n"), NONE("1", "x")},
		{BYTES("\n \n\t\nx y\nz\n"), NONE("4", "x y")},
		{BYTES("a\0b\r\n"), NONE("1", "a?b")},
		{BYTES("GET / HTTP/1.1"), NONE("1", "GET / HTTP/1.1")},
		{BYTES("# a remark\n"), NONE("1", "# a remark")},
		{BYTES("{\n"), NONE("1", "{")},
		/* No lines: any format. */
		{BYTES(""), "nginx_main"},
		{BYTES("\n"), "nginx_main"},
		{BYTES("\r\n \n\t\n"), "nginx_main"},
	};
	struct guarded memory = guarded_new(1);
	struct complaint why;
	struct guesser g;

	guesser_open(&g);
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < COUNT(cases); i++) {
			struct span head = guarded_copy(&memory, cases[i].head);
			assert_string_equal(guess(&g, head, &why), cases[i].says);
		}
	guesser_close(&g);
	guarded_free(&memory);
}

/* Only the first hundred bytes of a long line are shown. */
TEST(the_beginning_of_a_line)
{
	char line[300], says[200];
	struct complaint why;
	struct guesser g;

	guesser_open(&g);
	memset(line, 'x', sizeof line);
	for (size_t len = 99; len < sizeof line; len++) {
		snprintf(says, sizeof says, NONE("1", "%.*s%s"), len < 100 ? (int)len : 100, line,
			len > 100 ? "..." : "");
		assert_string_equal(guess(&g, span_of(line, len), &why), says);
	}
	guesser_close(&g);
}

/* Only the first hundred lines that fit any format count. */
TEST(the_first_hundred_lines)
{
	for (size_t common = 95; common <= 105; common++) {
		char text[60000] = "";
		struct complaint why;
		struct guesser g;
		size_t len = 0;
		for (size_t i = 0; i < common; i++)
			len += (size_t)sprintf(text + len, "noise\n%s\n", COMMON);
		for (size_t i = 0; i < 210; i++)
			len += (size_t)sprintf(text + len, "%s\n", JSON);
		/* Twice as many lines fit the other format, but they come too late. */
		guesser_open(&g);
		assert_string_equal(guess(&g, span_of(text, len), &why), "common");
		/* One format fits half of the hundred or fewer.  If both fit half, the first one
		 * wins. */
		len = 0;
		for (size_t i = 0; i < 150; i++)
			len += (size_t)sprintf(text + len, "%s\n", i < common - 51 ? COMMON : JSON);
		assert_string_equal(
			guess(&g, span_of(text, len), &why), common > 100 ? "common" : "json");
		guesser_close(&g);
	}
}

/* All lines fit one format, and some of them also fit an earlier format.  The earlier format wins
 * if it fits more than half of the lines, wherever these lines are. */
TEST(lines_that_fit_two_formats)
{
	static const size_t lines[] = {1, 2, 3, 99, 100, 150};
	struct guesser g;

	guesser_open(&g);
	for (size_t i = 0; i < COUNT(lines); i++) {
		size_t counted = lines[i] < 100 ? lines[i] : 100;
		for (size_t n = 0; n <= counted; n += n + 2 < counted / 2 || n > 52 ? 9 : 1) {
			for (int last = 0; last < 2; last++) {
				char text[60000] = "";
				struct complaint why;
				size_t len = 0, from = last ? counted - n : 0;
				for (size_t k = 0; k < lines[i]; k++)
					len += (size_t)sprintf(text + len, "%s\n",
						k >= from && k < from + n ? NGINX : COMBINED);
				assert_string_equal(guess(&g, span_of(text, len), &why),
					2 * n > counted ? "nginx_main" : "combined");
			}
		}
	}
	guesser_close(&g);
}

/* Without memory, no format is guessed, and there is a complaint. */
TEST(no_memory)
{
	if (!addresses_have_bounds())
		skip();
	pid_t child = fork_child();
	if (child == 0) {
		struct logformat *found;
		struct complaint why;
		struct guesser g;
		guesser_open(&g);
		use_up_memory();
		bool ok = guess_format(g.formats, g.n, span_text(COMMON), &found, &why);
		_exit(ok || strcmp(why.text, "out of memory") != 0 ? 1 : 0);
	}
	assert_int_equal(status_of(child), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_of_logs),
		cmocka_unit_test(the_beginning_of_a_line),
		cmocka_unit_test(the_first_hundred_lines),
		cmocka_unit_test(lines_that_fit_two_formats),
		cmocka_unit_test(no_memory),
	};

	return cmocka_run_group_tests_name("guess", tests, NULL, NULL);
}
