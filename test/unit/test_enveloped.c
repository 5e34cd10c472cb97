/* test_enveloped.c -- lines of several formats in envelopes of JSON, and after texts. */
#include "cuts.h"

#include "formats/enveloped.h"

#define COMMON "192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] \\\"GET /a HTTP/1.1\\\" 200 5"
#define DOCKER(text)                                                                               \
	"{\"log\":\"" text "\",\"stream\":\"stderr\",\"time\":\"2007-06-17T10:00:01.5Z\"}"
#define JOURNALD(value)                                                                            \
	"{\"__REALTIME_TIMESTAMP\":\"1182106801000000\",\"_HOSTNAME\":\"web1\",\"_PID\":\"12\","   \
	"\"SYSLOG_IDENTIFIER\":\"nginx\",\"MESSAGE\":" value "}"
#define OWN "envelope.time envelope.stream envelope.host envelope.tag envelope.pid stream log x"
#define CRI "2007-06-17T10:00:01.5Z stdout F "

static const struct {
	const char *format, *line, *expected; /* see cuts_expect */
} cases[] = {
	{"docker:common", DOCKER(COMMON "\\n"),
		"client=192.0.2.1|request=GET /a HTTP/1.1|status=200|bytes=5|"
		"time=17/Jun/2007:12:00:01 -0700|envelope.time=2007-06-17T10:00:01.5Z|"
		"envelope.stream=stderr|stream=stderr|envelope.host|x"},
	{"docker:common", DOCKER(COMMON), "client=192.0.2.1|bytes=5"},
	{"docker:common", DOCKER(COMMON "\\r\\n"), "client=192.0.2.1|bytes=5"},
	{"docker:combined", DOCKER(COMMON " \\\"-\\\" \\\"a \\\\\\\"b\\\\\\\" \\u00e4\\\"\\n"),
		"agent=a \\\"b\\\" \xc3\xa4|referrer=-"},
	{"docker:common", DOCKER("started\\n"), NULL},
	{"docker:common", DOCKER(COMMON "\\n" COMMON "\\n"), NULL},
	{"docker:common", DOCKER(""), NULL},
	{"docker:common", "{\"log\":null,\"stream\":\"stdout\"}", NULL},
	{"docker:common", "{\"stream\":\"stdout\"}", NULL},
	{"docker:common", "192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] \"GET /a HTTP/1.1\" 200 5",
		NULL},
	{"docker:common", "{\"log\":\"" COMMON "\\n\"", NULL},
	{"docker:json",
		DOCKER("{\\\"status\\\":404,\\\"x\\\":\\\"y\\\",\\\"stream\\\":\\\"s\\\"}\\n"),
		"status=404|x=y|stream=s|envelope.stream=stderr|time"},
	{"docker:json", DOCKER("{\\\"status\\\":404}}\\n"), NULL},
	{"docker:logfmt", DOCKER("status=404 x=\\\"a b\\\"\\n"), "status=404|x=a b"},
	{"docker:ltsv", DOCKER("status:404\\tx:a b\\n"), "status=404|x=a b"},
	{"docker:$status $x", DOCKER("404 y\\n"), "status=404|x=y|log=404 y\n"},
	{"journald:$status $x", JOURNALD("\"404 y\""),
		"status=404|x=y|envelope.time=1182106801000000|envelope.host=web1|"
		"envelope.tag=nginx|envelope.pid=12|envelope.stream"},
	{"journald:$status $x", JOURNALD("[52,48,52,32,255]"), "status=404|x=\xff"},
	{"journald:$status $x", JOURNALD("[52,48,52,32,256]"), NULL},
	{"journald:$status $x", JOURNALD("[52,48,52,32,-1]"), NULL},
	{"journald:$status $x", JOURNALD("[52,48,52,32,1.5]"), NULL},
	{"journald:$status $x", JOURNALD("[]"), NULL},
	{"journald:$status $x", JOURNALD("null"), NULL},
	{"${envelope.time} ${envelope.stream} F ${json}", CRI "{\"status\":404,\"x\":\"a\\\"b\"}",
		"status=404|x=a\"b|envelope.time=2007-06-17T10:00:01.5Z|envelope.stream=stdout"},
	{"${envelope.time} ${envelope.stream} F ${json}", CRI "{\"status\":404", NULL},
	{"${envelope.time} ${envelope.stream} F ${json}", "{\"status\":404}", NULL},
	{"${envelope.time} ${envelope.stream} F ${logfmt}", CRI "status=404 x=y",
		"status=404|x=y|envelope.stream=stdout"},
	{"[${envelope.tag}] ${ltsv}", "[pod/a/b] status:404\tx:y",
		"status=404|x=y|envelope.tag=pod/a/b"},
};

TEST(lines_in_envelopes)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cuts c;
		cuts_open(&c, cases[i].format, OWN);
		cuts_expect(&c, span_text(cases[i].line), cases[i].expected);
		cuts_close(&c);
	}
}

/* Docker divides a line of more than 16 KB: such a part has no '\n'. */
TEST(a_part_of_a_line)
{
	enum { PART = 16 << 10 };
	const struct envelope_json *docker = envelope_json_named("docker:");
	struct arena arena = {0};
	struct span line;
	char *text = malloc(PART + 1);

	assert_non_null(text);
	memset(text, 'x', PART + 1);
	assert_true(envelope_json_open(docker, span_of(text, PART - 1), &arena, &line));
	assert_int_equal(line.len, PART - 1);
	assert_false(envelope_json_open(docker, span_of(text, PART), &arena, &line));
	text[PART] = '\n';
	assert_true(envelope_json_open(docker, span_of(text, PART + 1), &arena, &line));
	assert_int_equal(line.len, PART);
	free(text);
	arena_free(&arena);
}

TEST(wrong_formats)
{
	static const char *const texts[] = {"docker:docker:json", "docker:journald:json",
		"docker:w3c", "docker:", "docker:nope", "$$ ${json}"};
	const struct wanted wanted = {0};

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct complaint why = {.offset = SIZE_MAX};
		if (logformat_compile(texts[i], &wanted, &why))
			fail_msg("%s compiles", texts[i]);
	}
	/* The place of an error in the inner format is one in the whole format. */
	struct complaint why;
	assert_null(logformat_compile("docker:$status$$", &wanted, &why));
	assert_int_equal(why.offset, strlen("docker:$status"));
}

static void append(void *to, struct span name, struct span value)
{
	char *out = to;

	sprintf(out + strlen(out), "%.*s=%.*s ", (int)name.len, name.at, (int)value.len, value.at);
}

TEST(fields)
{
	static const char line[] = DOCKER("{\\\"status\\\":404,\\\"x\\\":\\\"y\\\"}\\n");
	const struct wanted wanted = {.bases = UINT32_MAX};
	struct complaint why;
	char told[500] = "";
	struct logformat *f = logformat_compile("docker:json", &wanted, &why);

	assert_non_null(f);
	assert_true(logformat_tell_own(f, span_text(line), &(struct listener){append, told}));
	assert_string_equal(
		told, "x=y envelope.time=2007-06-17T10:00:01.5Z envelope.stream=stderr ");
	logformat_free(f);
	f = logformat_compile("[${envelope.tag}] ${logfmt}", &wanted, &why);
	assert_non_null(f);
	assert_span_equal(logformat_own_name(f, 0), span_text("envelope.tag"));
	*told = '\0';
	assert_true(logformat_tell_own(
		f, span_text("[a] x=y status=1"), &(struct listener){append, told}));
	assert_string_equal(told, "x=y envelope.tag=a ");
	logformat_free(f);
	f = logformat_compile("journald:$status $x", &wanted, &why);
	assert_non_null(f);
	assert_int_equal(logformat_bases(f), base_bit(BASE_STATUS));
	assert_span_equal(logformat_own_name(f, 0), span_text("$x"));
	assert_span_equal(logformat_own_name(f, 1), span_text("envelope.time"));
	assert_span_equal(logformat_own_name(f, 5), span_text("envelope.priority"));
	assert_int_equal(logformat_own_name(f, 6).len, 0);
	assert_int_equal(logformat_own_name(f, 600).len, 0);
	logformat_free(f);
}

TEST(kinds)
{
	static const struct {
		const char *line, *prefix;
	} lines[] = {
		{DOCKER("x"), "docker:"},
		{" " DOCKER("x") " \r", "docker:"},
		{JOURNALD("\"x\""), "journald:"},
		{"{\"log\":\"x\"}", NULL},
		{"{\"stream\":\"x\"}", NULL},
		{"{\"MESSAGE\":\"x\"}", NULL},
		{"{\"log\":\"x\",\"stream\":\"y\"", NULL},
		{"{}", NULL},
		{"[\"log\",\"stream\"]", NULL},
		{"", NULL},
	};

	for (size_t i = 0; i < COUNT(lines); i++) {
		const struct envelope_json *got = envelope_json_of(span_text(lines[i].line));
		if ((got != NULL) != (lines[i].prefix != NULL) ||
			(got && strcmp(got->prefix, lines[i].prefix) != 0))
			fail_msg("%s: %s", lines[i].line, got ? got->prefix : "none");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_in_envelopes),
		cmocka_unit_test(a_part_of_a_line),
		cmocka_unit_test(wrong_formats),
		cmocka_unit_test(fields),
		cmocka_unit_test(kinds),
	};

	return cmocka_run_group_tests_name("enveloped", tests, NULL, NULL);
}
