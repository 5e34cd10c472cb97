/* test_core.c -- formats that are made from the first lines of a log.
 *
 * For each of 40 format strings, lines are written by the string.  The format that is made from the
 * lines must find the same values as the string itself.  A base field that the made format lacks is
 * allowed, a wrong value never. */
#include "compiling.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "formats/core.h"
#include "formats/logformat.h"

enum { LINES = 6 };

/* The values of the variables in the lines. */
static const struct {
	const char *name, *values[LINES];
} variables[] = {
	{"remote_addr",
		{"192.0.2.1", "2001:db8::7", "198.51.100.9", "203.0.113.77", "::1", "10.0.0.1"}},
	{"remote_user", {"-", "frank", "-", "-", "erin", "-"}},
	{"ident", {"-", "-", "-", "-", "-", "-"}},
	{"dash", {"-", "-", "-", "-", "-", "-"}},
	{"time_local", {"17/Jun/2007:12:00:01 -0700", "17/Jun/2007:12:00:02 -0700",
			       "17/Jun/2007:12:00:03 -0700", "17/Jun/2007:13:00:01 -0700",
			       "17/Jun/2007:14:00:01 -0700", "18/Jun/2007:12:00:01 -0700"}},
	{"any_time", {"2007-06-17T12:00:01.123Z", "2007-06-17T12:00:02.5Z",
			     "2007-06-17T12:00:03.500Z", "2007-06-17T13:00:01.1Z",
			     "2007-06-17T14:00:01.2Z", "2007-06-18T12:00:01.3Z"}},
	{"msec", {"1182106801.123", "1182106802.123", "1182106803.500", "1182106901.000",
			 "1182107801.123", "1182206801.123"}},
	{"request", {"GET / HTTP/1.1", "POST /a?b=c HTTP/1.1", "GET /a%20b HTTP/2.0",
			    "HEAD /x HTTP/1.0", "-", "GET /say\\\"hi\\\" HTTP/1.1"}},
	{"status", {"200", "404", "302", "500", "400", "200"}},
	{"body_bytes_sent", {"512", "0", "200", "1234567", "-", "77"}},
	{"request_length", {"312", "90", "245", "1234", "100", "77"}},
	{"http_referer",
		{"-", "https://example.org/a", "-", "http://www.example.com/?q=x y", "-", ""}},
	{"http_user_agent", {"Mozilla/5.0 (X11; Linux)", "curl/8.0", "-", "Example 1.0",
				    "Mozilla/5.0 (a \\\"b\\\")", "x"}},
	{"http_x_forwarded_for", {"-", "192.0.2.9", "192.0.2.8, 198.51.100.4", "-", "-", "-"}},
	{"upstream_forwarded",
		{"192.0.2.8, 198.51.100.4", "192.0.2.9", "192.0.2.7, 192.0.2.6, 192.0.2.5",
			"192.0.2.8", "192.0.2.1", "192.0.2.2"}},
	{"second_addr", {"192.0.2.91", "192.0.2.92", "192.0.2.93", "192.0.2.94", "192.0.2.95",
				"192.0.2.96"}},
	{"host", {"www.example.org", "shop.example.org", "www.example.org", "a.b",
			 "www.example.org", "www.example.org"}},
	{"http_clients",
		{"192.0.2.1", "a.example.net", "192.0.2.2", "b.example.net", "::1", "10.0.0.1"}},
	{"server_port", {"80", "443", "80", "80", "443", "80"}},
	{"remote_port", {"5180", "44321", "801", "8080", "10", "65535"}},
	{"request_time", {"0.001", "0.120", "12.000", "0.000", "0.001", "1.234"}},
	{"upstream_response_time", {"0.001", "0.120", "-", "0.000", "0.001", "1.234"}},
	{"upstream_addr", {"10.0.0.5:8080", "10.0.0.6:8080", "-", "10.0.0.5:8080", "10.0.0.5:80",
				  "10.0.0.5:8080"}},
	{"request_id", {"d209e46f9ed59b61", "a1b2c3d4e5f60718", "0123456789abcdef",
			       "ffffffffffffffff", "d209e46f9ed59b62", "d209e46f9ed59b63"}},
	{"ssl_protocol", {"TLSv1.3", "TLSv1.2", "-", "TLSv1.3", "TLSv1.3", "TLSv1.3"}},
	{"cache", {"HIT", "MISS", "-", "HIT", "BYPASS", "HIT"}},
	{"connection", {"1001", "1002", "1003", "1004", "1005", "1006"}},
	{"pipe", {".", "p", ".", ".", ".", "."}},
	{"scheme", {"https", "http", "https", "https", "http", "https"}},
};

#define TAIL "\"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\""
#define MAIN "$remote_addr - $remote_user [$time_local] " TAIL

static const struct {
	const char *format;
	bool is_read; /* false if the lines are of no known format */
} formats[] = {
	{MAIN, true},
	{MAIN " \"$http_x_forwarded_for\"", true},
	{MAIN " $request_time", true},
	{MAIN " rt=$request_time uct=\"$upstream_response_time\"", true},
	{MAIN " $request_length $request_time [$cache] [] $upstream_addr", true},
	{"$host $remote_addr - $remote_user [$time_local] " TAIL, true},
	{"$host:$server_port $remote_addr $ident $remote_user [$time_local] " TAIL, true},
	{"$host $remote_addr - $remote_user [$time_local] " TAIL " \"$upstream_addr\"", true},
	{"$remote_addr $host $ident $remote_user [$time_local] " TAIL, true},
	{"[$time_local] $remote_addr - $remote_user " TAIL, true},
	{"[$time_local] $host $remote_addr " TAIL, true},
	{"$any_time $remote_addr $remote_user " TAIL, true},
	{"[$any_time] $remote_addr \"$request\" $status", true},
	{"$msec $remote_addr \"$request\" $status $body_bytes_sent", true},
	{"$remote_addr [$time_local] \"$request\" $status $body_bytes_sent", true},
	{"$remote_addr [$time_local] \"$request\" $status $body_bytes_sent $request_time", true},
	{"$remote_addr [$time_local] \"$request\" $status $request_time $body_bytes_sent", true},
	{"$remote_addr [$time_local] $request_time \"$request\" $status $body_bytes_sent", true},
	{"$remote_addr:$remote_port [$time_local] " TAIL, true},
	{"$http_x_forwarded_for $remote_addr - $remote_user [$time_local] " TAIL, true},
	{"$remote_addr $http_x_forwarded_for - $remote_user [$time_local] " TAIL, true},
	{"$upstream_forwarded - $remote_user [$time_local] " TAIL, true},
	{"$remote_addr $second_addr - $remote_user [$time_local] " TAIL, false},
	{"$second_addr $remote_addr [$time_local] " TAIL, false},
	{"[$time_local] \"$request\" $status $body_bytes_sent $remote_addr", true},
	{"[$time_local] \"$request\" $status \"$http_user_agent\" $remote_addr", true},
	{"[$time_local] " TAIL " \"$remote_addr\"", true},
	{"$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent "
	 "\"$http_user_agent\" \"$http_referer\"",
		true},
	{"$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent "
	 "\"$http_user_agent\"",
		true},
	{"$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent "
	 "\"$http_x_forwarded_for\" \"$http_user_agent\"",
		true},
	{"$remote_addr|$remote_user|$time_local|\"$request\"|$status|$body_bytes_sent", true},
	{"$remote_addr\t$remote_user\t[$time_local]\t\"$request\"\t$status", true},
	{"\"$remote_addr\" \"$time_local\" \"$request\" \"$status\"", false},
	{"$remote_addr - $remote_user [$time_local] $scheme \"$request\" $status", true},
	{"$remote_addr - $remote_user $request_id [$time_local] " TAIL, true},
	{"$connection $remote_addr - $remote_user [$time_local] " TAIL, true},
	{"$remote_addr - $remote_user [$time_local] \"$request\" $body_bytes_sent", false},
	{"$host [$time_local] \"$request\" $status", false}, /* the client or the host? */
	{MAIN " $ssl_protocol $pipe $connection", true},
	{"client=$remote_addr time=[$time_local] " TAIL " cache=$cache", true},
};

/* Write line number i by a format string. */
static size_t write_line(const char *format, int i, char *to, size_t room)
{
	size_t len = 0;

	while (*format) {
		if (*format != '$') {
			to[len++] = *format++;
			continue;
		}
		size_t n = strspn(++format, "abcdefghijklmnopqrstuvwxyz_");
		size_t v = 0;
		while (v < COUNT(variables) && (strlen(variables[v].name) != n ||
						       memcmp(variables[v].name, format, n) != 0))
			v++;
		assert_true(v < COUNT(variables));
		len += (size_t)snprintf(to + len, room - len, "%s", variables[v].values[i]);
		format += n;
	}
	to[len++] = '\n';
	return len;
}

/* Compare the values in a line.  Returns the number of base fields that only the truth has. */
static size_t compare(const char *text, const struct span *made, const struct span *truth)
{
	size_t missing = 0;

	for (int b = 0; b < BASES; b++) {
		if (!made[b].at) {
			missing += truth[b].at != NULL;
			continue;
		}
		if (b == BASE_IDENT && made[b].len == 1 && !truth[b].at)
			continue; /* the dash between client and user */
		if (!truth[b].at || !span_equal(made[b], truth[b]))
			fail_msg("%s: wrong %s: '%.*s'", text, base_names[b], (int)made[b].len,
				made[b].at);
	}
	return missing;
}

static void cut(struct logformat *f, struct span line, struct span *slots, struct arena *arena)
{
	struct cut c = {
		.block = line.at, .block_end = span_end(line), .arena = arena, .slots = slots};

	memset(slots, 0, BASES * sizeof *slots);
	if (logformat_cut(f, line, &c) != CUT_FITS)
		fail_msg("%s: '%.*s' does not fit", logformat_name(f), (int)line.len, line.at);
}

/* Returns the number of base fields that the made format lacks. */
static size_t check(const char *text, const char *string, struct span lines)
{
	struct wanted wanted = {.bases = UINT32_MAX};
	struct logformat *made = compile_format(text, &wanted),
			 *truth = compile_format(string, &wanted);
	struct arena arena = {0};
	size_t missing = 0;

	while (lines.len) {
		struct span line = span_of(
			lines.at, (size_t)((char *)memchr(lines.at, '\n', lines.len) - lines.at));
		struct span found[BASES], right[BASES];
		cut(made, line, found, &arena);
		cut(truth, line, right, &arena);
		missing += compare(text, found, right);
		lines = span_from(lines, line.len + 1);
	}
	arena_free(&arena);
	logformat_free(made);
	logformat_free(truth);
	return missing;
}

TEST(forty_formats)
{
	struct complaint why;
	size_t read = 0, refused = 0, incomplete = 0;

	for (size_t i = 0; i < COUNT(formats); i++) {
		char lines[LINES * 1000];
		size_t len = 0;
		for (int k = 0; k < LINES; k++)
			len += write_line(formats[i].format, k, lines + len, sizeof lines - len);
		char *text = core_describe(span_of(lines, len), &why);
		if (!text != !formats[i].is_read)
			fail_msg("%s: %s", formats[i].format, text ? text : "not read");
		size_t missing = text ? check(text, formats[i].format, span_of(lines, len)) : 0;
		if (missing)
			print_message("# %s: %zu values are missing: %s\n", formats[i].format,
				missing, text);
		read += text && !missing;
		incomplete += missing > 0;
		refused += !text;
		free(text);
	}
	print_message(
		"# read %zu, read in part %zu, refused %zu, wrong 0\n", read, incomplete, refused);
	assert_true(read >= 30);
}

/* A server has looked up the names of some clients. */
TEST(names_of_clients)
{
	struct complaint why;
	char lines[LINES * 1000];
	size_t len = 0;

	for (int k = 0; k < LINES; k++)
		len += write_line("$host $http_clients - $remote_user [$time_local] " TAIL, k,
			lines + len, sizeof lines - len);
	char *text = core_describe(span_of(lines, len), &why);
	assert_non_null(text);
	assert_string_equal(text, "$host $remote_addr $ident $remote_user [$time_local] " TAIL);
	free(text);
}

TEST(a_request_has_a_url)
{
	struct complaint why;
	static const char *const lines[] = {"192.0.2.1 \"GET HTTP/1.1\" 200 5\n",
		"192.0.2.1 \"GET  HTTP/1.1\" 200 5\n", "192.0.2.1 \"GET  / HTTP/1.1\" 200 5\n",
		"192.0.2.1 \"GET /  HTTP/1.1\" 200 5\n"};
	char *text = core_describe(span_text("192.0.2.1 \"GET / HTTP/1.1\" 200 5\n"), &why);

	assert_non_null(text);
	free(text);
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_null(core_describe(span_text(lines[i]), &why));
}

/* If servers look up names, only the caller can know that the first word is the client. */
TEST(clients_that_are_names)
{
	static const char lines[] = "a.example - - \"GET / HTTP/1.1\" 200 5 0.123\n"
				    "b.example - x \"GET / HTTP/1.1\" 200 5 0.125\n";
	struct complaint why;

	assert_null(core_describe(span_text(lines), &why));
	assert_non_null(strstr(why.text, "which of the names in its lines is the client"));
	char *text = core_describe_after_client(span_text(lines), &why);
	assert_non_null(text);
	assert_string_equal(text, "$remote_addr $ident $remote_user \"$request\" $status $body_bytes_sent "
				  "$request_time$line_end");
	free(text);
}

/* Whatever the lines are, the format that is made either compiles or is refused, and cuts them. */
TEST(mutated_lines)
{
	struct complaint why;
	static const char bytes[] = "\"[]-|\t ,:.=0aZ\\$%{<\0\xff";
	struct wanted wanted = {.bases = UINT32_MAX};
	struct guarded g = guarded_new(2);
	struct arena arena = {0};
	struct span slots[BASES];
	uint64_t seed = 1;
	size_t made = 0;

	for (int round = 0; round < 3000; round++) {
		char line[1000], text[2000];
		size_t len = write_line(formats[random_below(&seed, COUNT(formats))].format,
			(int)random_below(&seed, LINES), line, sizeof line);
		for (size_t n = random_below(&seed, 4); n > 0; n--)
			line[random_below(&seed, len)] =
				bytes[random_below(&seed, sizeof bytes - 1)];
		memcpy(text, line, len);
		struct span s =
			guarded_copy(&g, span_of(text, random_below(&seed, 8) ? len - 1 : len / 2));
		char *format = core_describe(s, &why);
		struct logformat *f = format ? logformat_compile(format, &wanted, &why) : NULL;
		if (f) {
			struct cut c = {.block = s.at,
				.block_end = span_end(s),
				.arena = &arena,
				.slots = slots};
			memset(slots, 0, sizeof slots);
			made += logformat_cut(f, s, &c) == CUT_FITS;
			logformat_stop(f, s);
		}
		logformat_free(f);
		free(format);
		arena_reset(&arena);
	}
	assert_true(made > 500);
	arena_free(&arena);
	guarded_free(&g);
}

TEST(envelopes)
{
	struct complaint why;
	static const struct {
		const char *before, *format;
	} cases[] = {
		{"2025-06-17T08:00:00.123456789Z stdout F ",
			"${envelope.time} ${envelope.stream} F "},
		{"Jun  7 10:00:00 web1 nginx[1302]: ",
			"${envelope.time} ${envelope.host} ${envelope.tag}[${envelope.pid}]: "},
		{"<190>Jun 17 10:00:00 web1 nginx: ", "<${envelope.priority}>${envelope.time} "
						      "${envelope.host} ${envelope.tag}: "},
		{"2025-06-17T10:00:00+02:00 web1 nginx[1]: ",
			"${envelope.time} ${envelope.host} ${envelope.tag}[${envelope.pid}]: "},
		{"<190>1 2025-06-17T08:00:00Z web1 nginx 1302 - - ",
			"<${envelope.priority}>1 ${envelope.time} ${envelope.host} ${envelope.tag} "
			"${envelope.pid} ${envelope.msgid} - "},
		{"1 2025-06-17T08:00:00Z web1 nginx 1302 x [a b=\"c\"] ",
			"1 ${envelope.time} ${envelope.host} ${envelope.tag} ${envelope.pid} "
			"${envelope.msgid} [${envelope.data}] "},
		{"web-1  | ", "${envelope.tag} $blanks| "},
		{"[pod/web-1/nginx] ", "[${envelope.tag}] "},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		char lines[LINES * 1000], expected[1000];
		size_t len = 0;
		for (int k = 0; k < LINES; k++) {
			len += (size_t)sprintf(lines + len, "%s", cases[i].before);
			len += write_line(MAIN, k, lines + len, sizeof lines - len);
		}
		char *text = core_describe(span_of(lines, len), &why);
		snprintf(expected, sizeof expected,
			"%s$remote_addr $ident $remote_user [$time_local] " TAIL, cases[i].format);
		assert_non_null(text);
		assert_string_equal(text, expected);
		check(text, text, span_of(lines, len));
		free(text);
	}
}

TEST(not_described)
{
	struct complaint why;
	static const struct span cases[] = {
		BYTES(""),
		BYTES("\n\n"),
		BYTES("x\n"),
		BYTES("\"GET / HTTP/1.1\n"),
		BYTES("\"GET / HTTP/1.1\"\n"),
		BYTES("\"GET / HTTP/1.1\" 2000\n"),
		BYTES("[ \"GET / HTTP/1.1\" 200\n"),
		BYTES("192.0.2.1 192.0.2.2 \"GET / HTTP/1.1\" 200\n"),
		BYTES("a.b \"GET / HTTP/1.1\" 200\n"),
	};
	struct guarded g = guarded_new(1);

	for (size_t i = 0; i < COUNT(cases); i++) {
		char *text = core_describe(guarded_copy(&g, cases[i]), &why);
		if (text)
			fail_msg("'%s': %s", cases[i].at, text);
	}
	guarded_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_has_a_url),
		cmocka_unit_test(forty_formats),
		cmocka_unit_test(names_of_clients),
		cmocka_unit_test(mutated_lines),
		cmocka_unit_test(envelopes),
		cmocka_unit_test(not_described),
		cmocka_unit_test(clients_that_are_names),
	};

	return cmocka_run_group_tests_name("core", tests, NULL, NULL);
}
