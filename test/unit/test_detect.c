/* test_detect.c -- what format some lines are in, and what is said where they are in none. */
#include "compiling.h"
#include "unit.h"

#include <stdio.h>

#include "count/detect.h"

#define TIME     "17/Jun/2007:12:00:01 -0700"
#define COMMON   "h - - [" TIME "] \"GET / HTTP/1.1\" 200 12"
#define COMBINED COMMON " \"r\" \"a\""
#define NGINX    COMBINED " \"f\""
#define VHOST    "w:80 " COMBINED
#define JSON     "{\"url\":\"/\"}"
#define LTSV     "uri:/\thost:h"
#define W3C      "#Fields: cs-uri c-ip\n/ 1"

/* A query for fields, and the formats for it. */
struct detector {
	struct grouping_spec grouping;
	struct query_spec spec;
	struct query *query;
	struct formats *formats;
};

static void detector_open_as(
	struct detector *d, const char *fields, const char *log_format, bool missing_fields_ok)
{
	*d = (struct detector){.grouping = {.fields = {fields, "-f"}}};
	d->spec = (struct query_spec){.delimiter = -1,
		.groupings = &d->grouping,
		.n_groupings = 1,
		.missing_fields_ok = missing_fields_ok,
		.log_format = {log_format, "--log-format"}};
	d->query = compile_query(&d->spec, *scan_all());
	d->formats = detect_new(&d->spec, d->query, *scan_all());
}

static void detector_open(struct detector *d, const char *fields, const char *log_format)
{
	detector_open_as(d, fields, log_format, false);
}

static void detector_close(struct detector *d)
{
	detect_free(d->formats);
	query_free(d->query);
}

/* --- Guessing --------------------------------------------------------------------- */

TEST(heads_of_logs)
{
	static const struct {
		struct span head;
		const char *format; /* NULL: in none */
		uint64_t line;      /* the first that fits none, then */
	} cases[] = {
		{BYTES(COMMON "\n"), "common", 0},
		{BYTES(COMBINED "\n"), "combined", 0},
		{BYTES(VHOST "\n"), "vhost_combined", 0},
		{BYTES(NGINX "\n"), "nginx_main", 0},
		{BYTES(JSON "\n"), "json", 0},
		{BYTES(LTSV "\n"), "ltsv", 0},
		{BYTES(W3C "\n"), "w3c", 0},
		{BYTES("#Fields: c-ip cs-uri\n"), "w3c", 0},
		{BYTES("#Version: 1\n#Fields: c-ip cs-uri\n1 /\n"), "w3c", 0},
		/* Ends of lines. */
		{BYTES(COMBINED), "combined", 0},
		{BYTES(COMBINED "\r\n"), "combined", 0},
		{BYTES("\n\r\n \n" JSON), "json", 0},
		/* The first that fits more than half of what fits any. */
		{BYTES(COMBINED "\n" NGINX "\n"), "combined", 0},
		{BYTES(NGINX "\n" COMBINED "\n" NGINX "\n"), "nginx_main", 0},
		{BYTES(COMMON "\n" COMBINED "\n" COMBINED "\n"), "combined", 0},
		{BYTES(COMMON "\n" COMBINED "\n"), "common", 0},
		{BYTES(COMBINED "\n" JSON "\n" JSON "\n"), "json", 0},
		{BYTES("x\ny\nz\n" COMBINED "\nx\ny\n"), "combined", 0},
		{BYTES("x\n" COMMON "\n" JSON "\n" JSON "\n" COMMON "\n" COMMON "\n"), "common", 0},
		/* None fits more than half: the most. */
		{BYTES(COMBINED "\n" JSON "\n" LTSV "\n" JSON "\n"), "json", 0},
		/* One label is too little. */
		{BYTES("a:b\n"), NULL, 1},
		{BYTES("  a:b\n"), NULL, 1},
		{BYTES("\ta:b\t\n"), NULL, 1},
		{BYTES("a:b\tc:d\na:b\n"), "ltsv", 0},
		/* None. */
		{BYTES("x\n"), NULL, 1},
		{BYTES("\n \n\t\nx y\nz\n"), NULL, 4},
		{BYTES("GET / HTTP/1.1"), NULL, 1},
		{BYTES("# a remark\n"), NULL, 1},
		{BYTES("{\n"), NULL, 1},
	};
	struct guarded g = guarded_new(1);
	struct detector d;

	detector_open(&d, "url", "auto");
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < COUNT(cases); i++) {
			struct problem p;
			struct span head = guarded_copy(&g, cases[i].head);
			struct logformat *f = detect_of(d.formats, head, &p);
			const char *got = f ? logformat_name(f) : "none";
			if (strcmp(got, cases[i].format ? cases[i].format : "none") != 0)
				fail_msg("'%s': %s", cases[i].head.at, got);
			assert_int_equal(p.kind, f ? PROBLEM_NONE : PROBLEM_UNKNOWN);
			if (!f)
				assert_int_equal(p.line, cases[i].line);
		}
	detector_close(&d);
	guarded_free(&g);
}

/* An input without lines is in any format. */
TEST(nothing_to_look_at)
{
	static const char *const heads[] = {"", "\n", "\r\n \n\t\n"};
	struct detector d;
	struct problem p;

	detector_open(&d, "agent,x", NULL);
	for (size_t i = 0; i < COUNT(heads); i++) {
		assert_non_null(detect_of(d.formats, span_text(heads[i]), &p));
		assert_int_equal(p.kind, PROBLEM_NONE);
	}
	detector_close(&d);
}

/* Only the first hundred that fit any count, and of those behind them none. */
TEST(the_first_hundred_lines)
{
	for (size_t common = 95; common <= 105; common++) {
		char text[60000] = "";
		struct detector d;
		struct problem p;
		size_t len = 0;
		for (size_t i = 0; i < common; i++)
			len += (size_t)sprintf(text + len, "noise\n%s\n", COMMON);
		for (size_t i = 0; i < 210; i++)
			len += (size_t)sprintf(text + len, "%s\n", JSON);
		/* Twice as many are of the other kind, but come too late. */
		detector_open(&d, "url", NULL);
		struct logformat *f = detect_of(d.formats, span_of(text, len), &p);
		assert_string_equal(logformat_name(f), "common");
		detector_close(&d);
		/* Half of the hundred, or fewer; of two halves the first format's. */
		len = 0;
		for (size_t i = 0; i < 150; i++)
			len += (size_t)sprintf(text + len, "%s\n", i < common - 51 ? COMMON : JSON);
		detector_open(&d, "url", NULL);
		f = detect_of(d.formats, span_of(text, len), &p);
		assert_string_equal(logformat_name(f), common > 100 ? "common" : "json");
		detector_close(&d);
	}
}

/* Where the head is cut off, its last line is not one. */
TEST(a_line_that_the_heads_end_cuts_off)
{
	char *text = malloc(INPUT_HEAD + 1);
	struct detector d;
	struct problem p;

	assert_non_null(text);
	memset(text, 'x', INPUT_HEAD + 1);
	memcpy(text, COMMON "\n", sizeof COMMON);
	memcpy(text + INPUT_HEAD - sizeof COMMON, "\n" COMMON, sizeof COMMON);
	memset(text + sizeof COMMON, '\n', 10);
	detector_open(&d, "url", NULL);
	assert_non_null(detect_of(d.formats, span_of(text, INPUT_HEAD), &p));
	/* Alone it would have been one. */
	memset(text, '\n', INPUT_HEAD - sizeof COMMON);
	struct logformat *f = detect_of(d.formats, span_of(text, INPUT_HEAD), &p);
	assert_non_null(f);
	assert_string_equal(logformat_name(f), "nginx_main");
	f = detect_of(d.formats, span_of(text + 1, INPUT_HEAD - 1), &p);
	assert_string_equal(logformat_name(f), "common");
	detector_close(&d);
	free(text);
}

/* --- Problems --------------------------------------------------------------------- */

static void tell(const void *problem)
{
	problem_tell("f", problem);
}

TEST(problems_are_told)
{
	struct detector d;
	struct problem p;
	char line[300];

	detector_open(&d, "url", NULL);
	memset(line, 'x', sizeof line);
	assert_null(detect_of(d.formats, span_of(line, sizeof line), &p));
	assert_int_equal(strlen(p.text), 103);
	assert_null(detect_of(d.formats, span_of(line, 100), &p));
	assert_int_equal(strlen(p.text), 100);
	assert_null(detect_of(d.formats, span_text("\nno log\n"), &p));
	struct death told = death_of(tell, &p);
	assert_int_equal(told.status, 0);
	assert_non_null(strstr(told.text, "wf: f: line 2 is of no known format: \"no log\"\n"));
	detector_close(&d);

	detector_open(&d, "url,agent", NULL);
	assert_null(detect_of(d.formats, span_text(COMMON "\n"), &p));
	assert_int_equal(p.kind, PROBLEM_NO_FIELD);
	told = death_of(tell, &p);
	assert_non_null(
		strstr(told.text, "wf: f: its lines have no field 'agent'; they have client "));
	assert_non_null(detect_of(d.formats, span_text(COMBINED "\n"), &p));
	assert_null(detect_of(d.formats, span_text("#Fields: c-ip\n1\n"), &p));
	assert_string_equal(p.text, "url");
	assert_null(detect_of(d.formats, span_text("#Fields: cs-uri\n1\n"), &p));
	assert_string_equal(p.text, "agent");
	assert_non_null(strstr(p.fields, "url"));
	assert_non_null(
		detect_of(d.formats, span_text("#Fields: cs-uri cs(User-Agent)\n1 2\n"), &p));
	detector_close(&d);
}

/* What a format lacks may have no value, where that is asked for. */
TEST(missing_fields_ok_queries)
{
	struct detector d;
	struct problem p;

	detector_open_as(&d, "agent", NULL, true);
	assert_non_null(detect_of(d.formats, span_text(COMMON "\n"), &p));
	assert_int_equal(p.kind, PROBLEM_NONE);
	detector_close(&d);
}

static void open_alone(const void *of_what)
{
	const char *const *what = of_what;
	struct detector d;

	detector_open(&d, what[0], what[1]);
}

TEST(formats_that_can_not_be_used)
{
	static const char *const cases[][3] = {
		{"url", "nonsense", "--log-format: no format 'nonsense'"},
		{"url", "%h %Z", "\nwf:   %h %Z\nwf:      ^\n"},
		{"agent", "common", "--log-format: its lines have no field 'agent'"},
		{"%D", "common", "--log-format: its lines have no field '%D'"},
		{"x", "$status", "--log-format: its lines have no field 'x'"},
	};
	static const char *const fine[][2] = {{"status", "common"}, {"%>s", "common"},
		{"x", "json"}, {"x", "w3c"}, {"status", "$status"}, {"x", "auto"}, {"x", NULL}};

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_dies(open_alone, cases[i], cases[i][1], cases[i][2]);
	for (size_t i = 0; i < COUNT(fine); i++)
		assert_int_equal(death_of(open_alone, fine[i]).status, 0);
}

/* --- Inputs ----------------------------------------------------------------------- */

static struct inputs inputs_of(const char *const *texts, size_t n)
{
	static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
	struct inputs all = {.at = calloc(n + 1, sizeof *all.at), .n = n};

	assert_non_null(all.at);
	for (size_t i = 0; i < n; i++) {
		all.at[i] = (struct input){.name = names[i], .fd = texts[i] ? -1 : 0};
		if (texts[i])
			all.at[i].bytes = span_text(texts[i]);
	}
	return all;
}

static void look(const void *texts)
{
	struct inputs inputs = inputs_of(texts, 6);
	struct detector d;

	detector_open(&d, "url", NULL);
	size_t dropped = detect_look(d.formats, &inputs);
	fprintf(stderr, "%zu dropped:", dropped);
	for (size_t i = 0; i < inputs.n; i++)
		fprintf(stderr, " %s=%s", inputs.at[i].name,
			inputs.at[i].bytes.at ? logformat_name(detect_at(d.formats, i, 0))
					      : "stream");
	fprintf(stderr, "\n");
}

/* Those of unknown formats go, the others keep their own. */
TEST(inputs_of_several_formats)
{
	static const char *const some[] = {COMMON "\n", "x\n", NULL, "y\nz\n", JSON "\n", ""};
	static const char *const none[] = {"u", "v", "w", "x", "y", "z"};

	struct death told = death_of(look, some);
	assert_non_null(strstr(told.text, "wf: b: line 1 is of no known format: \"x\""));
	assert_non_null(strstr(told.text, "wf: d: line 1 is of no known format: \"y\""));
	assert_non_null(strstr(told.text, "2 dropped: a=common c=stream e=json f="));
	told = death_of(look, none);
	assert_non_null(strstr(told.text, "6 dropped:\n"));
}

TEST(an_input_without_a_field)
{
	static const char *const texts[] = {JSON, "#Fields: c-ip\n1\n", "", "", "", ""};
	static const char *const bare[] = {"#Fields:\n", "", "", "", "", ""};

	assert_dies(look, texts, "w3c", "wf: b: its lines have no field 'url'; they have client");
	assert_dies(look, bare, "no names", "wf: a: no line says what fields the others have");
}

/* At every place of a log: cut by the last heading before it. */
TEST(headings_all_over_an_input)
{
	static const char text[] =
		"#Version: 1\n#Fields: cs-uri a\n/1 2\n#Remark: #Fields: x\n"
		"/1 2\n#Fields: a b cs-uri\n1 2 /3\n #Fields: y\n"
		"#Fields: cs-uri\r\n/1\n\n#Fields: a cs-uri\n#Fields: a b c cs-uri";
	const char *const texts[] = {COMMON, text, text};
	struct guarded g = guarded_new(1);
	struct detector d;
	struct inputs inputs = inputs_of(texts, 3);
	struct arena arena = {0};
	struct span slots[BASES];
	struct cut cut = {.arena = &arena, .slots = slots};

	inputs.at[1].bytes = guarded_copy(&g, span_text(text));
	detector_open(&d, "url", NULL);
	assert_int_equal(detect_look(d.formats, &inputs), 0);
	for (size_t input = 1; input <= 2; input++)
		for (size_t at = 0; at < sizeof text; at++) {
			struct logformat *f = detect_at(d.formats, input, at);
			assert_string_equal(logformat_name(f), "w3c");
			/* The columns of the last heading that begins before at. */
			size_t columns = 0;
			for (const char *p = text; p < text + at; p = strchr(p, '\n') + 1) {
				if (strncmp(p, "#Fields: ", 9) == 0) {
					columns = 0;
					for (const char *c = p + 8; *c && *c != '\n'; c++)
						columns += *c == ' ';
				}
				if (!strchr(p, '\n'))
					break;
			}
			for (size_t n = 1; n <= 5; n++)
				assert_int_equal(
					logformat_cut(f, span_of("1 1 1 1 1", 2 * n - 1), &cut),
					n == columns ? CUT_FITS : CUT_NOT);
		}
	/* And the other's is another. */
	assert_string_equal(logformat_name(detect_at(d.formats, 0, 0)), "common");
	detector_close(&d);
	inputs_close(&inputs);
	arena_free(&arena);
	guarded_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_of_logs),
		cmocka_unit_test(nothing_to_look_at),
		cmocka_unit_test(the_first_hundred_lines),
		cmocka_unit_test(a_line_that_the_heads_end_cuts_off),
		cmocka_unit_test(problems_are_told),
		cmocka_unit_test(missing_fields_ok_queries),
		cmocka_unit_test(formats_that_can_not_be_used),
		cmocka_unit_test(inputs_of_several_formats),
		cmocka_unit_test(an_input_without_a_field),
		cmocka_unit_test(headings_all_over_an_input),
	};

	return cmocka_run_group_tests_name("detect", tests, NULL, NULL);
}
