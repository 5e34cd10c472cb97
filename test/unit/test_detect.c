/* test_detect.c -- the format of each input, fields that it lacks, and where its headings are. */
#include "compiling.h"
#include "unit.h"
#include "warnings.h"

#include <stdio.h>

#include "count/detect.h"

#define TIME     "17/Jun/2007:12:00:01 -0700"
#define COMMON   "h - - [" TIME "] \"GET / HTTP/1.1\" 200 12"
#define COMBINED COMMON " \"r\" \"a\""
#define JSON     "{\"url\":\"/\"}"

/* A query for fields, and the formats for it. */
struct detector {
	struct grouping_spec grouping;
	struct query_spec spec;
	struct query *query;
	struct formats *formats; /* NULL: see why */
	struct complaint why;
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
	d->formats = detect_new(&d->spec, d->query, *scan_all(), &d->why);
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

/* The name of the format that a head is in; NULL if it is in none, or in an unusable one. */
static const char *format_of(struct detector *d, struct span head)
{
	struct logformat *f;
	enum detected detected = detect_head(d->formats, head, &f, &d->why);

	assert_int_equal(detected == DETECTED, f != NULL);
	return f ? logformat_name(f) : NULL;
}

/* The head has no format, or one that lacks a field. */
static void assert_detects(
	struct detector *d, const char *head, enum detected expected, const char *why)
{
	struct logformat *f;

	assert_int_equal(detect_head(d->formats, span_text(head), &f, &d->why), expected);
	assert_null(f);
	assert_non_null(strstr(d->why.text, why));
}

/* --- Heads ------------------------------------------------------------------------ */

/* An input without lines is in any format. */
TEST(nothing_to_look_at)
{
	static const char *const heads[] = {"", "\n", "\r\n \n\t\n"};
	struct detector d;

	detector_open(&d, "agent,x", NULL);
	for (size_t i = 0; i < COUNT(heads); i++)
		assert_non_null(format_of(&d, span_text(heads[i])));
	detector_close(&d);
}

/* If the head is cut off, its last line does not count. */
TEST(a_line_that_the_heads_end_cuts_off)
{
	char *text = malloc(INPUT_HEAD + 1);
	struct detector d;

	assert_non_null(text);
	memset(text, 'x', INPUT_HEAD + 1);
	memcpy(text, COMMON "\n", sizeof COMMON);
	memcpy(text + INPUT_HEAD - sizeof COMMON, "\n" COMMON, sizeof COMMON);
	memset(text + sizeof COMMON, '\n', 10);
	detector_open(&d, "url", NULL);
	assert_non_null(format_of(&d, span_of(text, INPUT_HEAD)));
	/* A byte less, and the same line is whole. */
	memset(text, '\n', INPUT_HEAD - sizeof COMMON);
	assert_string_equal(format_of(&d, span_of(text, INPUT_HEAD)), "nginx_main");
	assert_string_equal(format_of(&d, span_of(text + 1, INPUT_HEAD - 1)), "common");
	detector_close(&d);
	free(text);
}

/* --- Complaints ------------------------------------------------------------------- */

TEST(lines_of_no_format)
{
	struct detector d;

	detector_open(&d, "url", NULL);
	assert_detects(
		&d, "\nno log\n", DETECTED_NONE, "line 2 fits no known log format: \"no log\"");
	detector_close(&d);
}

TEST(missing_fields)
{
	struct detector d;

	detector_open(&d, "url,agent", NULL);
	assert_detects(&d, COMMON "\n", DETECTED_UNUSABLE,
		"its lines have no field 'agent'; they have client ");
	assert_non_null(format_of(&d, span_text(COMBINED "\n")));
	assert_detects(&d, "#Fields: c-ip\n1\n", DETECTED_UNUSABLE, "no field 'url'");
	assert_detects(&d, "#Fields: cs-uri\n1\n", DETECTED_UNUSABLE, "no field 'agent'");
	assert_non_null(strstr(d.why.text, "they have url"));
	assert_non_null(format_of(&d, span_text("#Fields: cs-uri cs(User-Agent)\n1 2\n")));
	detector_close(&d);
	for (const char **field = (const char *[]){"time", "time/1h", NULL}; *field; field++) {
		detector_open(&d, *field, NULL);
		assert_detects(&d, "#Fields: c-ip time\n1.2.3.4 12:00:01\n", DETECTED_UNUSABLE,
			"its field 'time' has no date; its lines have client ");
		detector_close(&d);
	}
}

/* A query may accept that fields are missing: then they have no value. */
TEST(missing_fields_ok_queries)
{
	struct detector d;

	detector_open_as(&d, "agent", NULL, true);
	assert_string_equal(format_of(&d, span_text(COMMON "\n")), "common");
	detector_close(&d);
}

TEST(formats_that_can_not_be_used)
{
	static const char *const cases[][3] = {
		{"url", "nonsense", "--log-format: must be auto, common"},
		{"url", "%h %Z", "--log-format: '%Z' is not a LogFormat directive"},
		{"agent", "common", "--log-format: its lines have no field 'agent'"},
		{"%D", "common", "--log-format: its lines have no field '%D'"},
		{"x", "$status", "--log-format: its lines have no field 'x'"},
	};
	static const char *const fine[][2] = {{"status", "common"}, {"%>s", "common"},
		{"x", "json"}, {"x", "w3c"}, {"status", "$status"}, {"x", "auto"}, {"x", NULL}};
	struct detector d;

	for (size_t i = 0; i < COUNT(cases); i++) {
		detector_open(&d, cases[i][0], cases[i][1]);
		assert_null(d.formats);
		assert_int_equal(strncmp(d.why.text, cases[i][2], strlen(cases[i][2])), 0);
		assert_string_equal(d.why.source, i == 1 ? "%h %Z" : "");
		assert_true(d.why.offset == (i == 1 ? 3 : SIZE_MAX));
		detector_close(&d);
	}
	for (size_t i = 0; i < COUNT(fine); i++) {
		detector_open(&d, fine[i][0], fine[i][1]);
		assert_non_null(d.formats);
		detector_close(&d);
	}
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

/* Look at six inputs: the warnings, the formats of those that are left, and the complaint. */
static void look(const char *const *texts, struct warnings *w)
{
	struct inputs inputs = inputs_of(texts, 6);
	struct detector d;
	size_t dropped;

	warnings_open(w);
	detector_open(&d, "url", NULL);
	if (detect_look(d.formats, &inputs, &w->warner, &dropped, &d.why)) {
		warner_warn(&w->warner, "%zu dropped", dropped);
		for (size_t i = 0; i < inputs.n; i++)
			warner_warn_of(&w->warner, inputs.at[i].name, "%s",
				inputs.at[i].bytes.at ? logformat_name(detect_at(d.formats, i, 0))
						      : "stream");
	} else {
		w->warner.warn(w->warner.ctx, &d.why);
	}
	detector_close(&d);
	free(inputs.at);
}

/* Inputs of unknown formats are dropped, the others keep their own format. */
TEST(inputs_of_several_formats)
{
	static const char *const some[] = {COMMON "\n", "x\n", NULL, "y\nz\n", JSON "\n", ""};
	static const char *const none[] = {"u", "v", "w", "x", "y", "z"};
	struct warnings w;

	look(some, &w);
	assert_string_equal(w.text,
		"b: line 1 fits no known log format: \"x\"\n"
		"d: line 1 fits no known log format: \"y\"\n"
		"  -f 0 counts whole lines, -f N column N, -e RE what RE captures;\n"
		"  --log-format describes the format of the lines\n"
		"2 dropped\na: common\nc: stream\ne: json\nf: nginx_main\n");
	look(none, &w);
	assert_non_null(strstr(w.text, "\n6 dropped\n"));
}

TEST(an_input_without_a_field)
{
	static const char *const texts[] = {JSON, "#Fields: c-ip\n1\n", "", "", "", ""};
	static const char *const bare[] = {"x", "#Fields:\n", "", "", "", ""};
	struct warnings w;

	look(texts, &w);
	assert_string_equal(w.text, "b: its lines have no field 'url'; they have client c-ip\n");
	/* The warnings before the complaint are not lost. */
	look(bare, &w);
	assert_string_equal(w.text, "a: line 1 fits no known log format: \"x\"\n"
				    "b: no line '#Fields:' names its fields\n");
}

/* A misspelt field of JSON has no value anywhere. */
TEST(a_field_that_no_line_has)
{
	static const char *const texts[] = {JSON, "", "", "", "", ""};
	struct inputs inputs = inputs_of(texts, 6);
	struct detector d;
	struct warnings w;
	size_t dropped;

	warnings_open(&w);
	detector_open(&d, "url,stats", NULL);
	assert_true(detect_look(d.formats, &inputs, &w.warner, &dropped, &d.why));
	assert_string_equal(w.text, "a: none of its first lines has a field 'stats' (did you mean "
				    "'status'?)\n");
	detector_close(&d);
	free(inputs.at);
}

/* At every offset of a log, lines are cut by the last heading before it. */
TEST(headings_all_over_an_input)
{
	static const char text[] =
		"#Version: 1\n#Fields: cs-uri a\n/1 2\n#Remark: #Fields: x\n"
		"/1 2\n#Fields: a b cs-uri\n1 2 /3\n #Fields: y\n"
		"#Fields: cs-uri\r\n/1\n\n#Fields: a cs-uri\n#Fields: a b c cs-uri";
	const char *const texts[] = {COMMON, text, text};
	struct guarded g = guarded_new(1);
	struct detector d;
	struct warnings w;
	size_t dropped;
	struct inputs inputs = inputs_of(texts, 3);
	struct arena arena = {0};
	struct span slots[BASES];
	struct cut cut = {.arena = &arena, .slots = slots};

	inputs.at[1].bytes = guarded_copy(&g, span_text(text));
	detector_open(&d, "url", NULL);
	warnings_open(&w);
	assert_true(detect_look(d.formats, &inputs, &w.warner, &dropped, &d.why));
	assert_string_equal(w.text, "");
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
	/* The first input has another format. */
	assert_string_equal(logformat_name(detect_at(d.formats, 0, 0)), "common");
	detector_close(&d);
	inputs_close(&inputs);
	arena_free(&arena);
	guarded_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_to_look_at),
		cmocka_unit_test(a_line_that_the_heads_end_cuts_off),
		cmocka_unit_test(lines_of_no_format),
		cmocka_unit_test(missing_fields),
		cmocka_unit_test(missing_fields_ok_queries),
		cmocka_unit_test(formats_that_can_not_be_used),
		cmocka_unit_test(inputs_of_several_formats),
		cmocka_unit_test(an_input_without_a_field),
		cmocka_unit_test(a_field_that_no_line_has),
		cmocka_unit_test(headings_all_over_an_input),
	};

	return cmocka_run_group_tests_name("detect", tests, NULL, NULL);
}
