/* test_shape.c -- lines that have the shape of an earlier line are cut as if there had been no
 * earlier line. */
#include "compiling.h"
#include "cuts.h"

/* Lines of a log, of which most have one of a few shapes. */
static const struct {
	const char *format;
	const char *lines[16];
	const char *bytes; /* with which bytes of the lines are replaced */
} logs[] = {
	{"json",
		{"{\"ip\":\"192.0.2.1\",\"status\":200,\"url\":\"/a?b=c\",\"x\":0.5,\"y\":null}",
			"{\"ip\":\"\",\"status\":404,\"url\":\"/"
			"\\u00e4\\\"\",\"x\":-1e3,\"y\":true}",
			"{\"ip\":\"198.51.100.7:80\",\"status\":\"\",\"url\":[\"/"
			"\"],\"x\":[],\"y\":\"\"}",
			"{\"ip\":{\"a\":1},\"status\":\"200\",\"url\":null,\"x\":{},\"y\":[1,\"2\"]"
			"}",
			"{\"request\":{\"host\":\"h\",\"headers\":{\"Referer\":[\"r\"]}},\"a\":{"
			"\"b\":1},"
			"\"client\":\"c\",\"remote_addr\":\"d\",\"e\":{}}",
			"{\"request\":\"GET / "
			"HTTP/1.1\",\"a\":{\"b\":2,\"b\":3},\"A\":7,\"bytes\":12}",
			"{\"a\":[1,2],\"x\":1,\"x\":2}", "{\"a\":\"s\",\"x\":1,\"x\":\"\"}",
			" { \"status\" : 200 , \"x\" : \"1\" , \"Status\" : \"\" } ",
			" { \"status\" : 12345678901234567890 , \"x\" : \"1\" , \"Status\" : 5 } ",
			"{\"a.b\":\"1\",\"a\":{\"b\":\"2\"},\"sourceIPs\":[\"3\"],\"\":4}", "{}",
			"{\"sourceIPs\":\"3\",\"a\":\"4\",\"x\":5}",
			"{\"sourceIPs\":[\"6\"],\"a\":[\"7\",8],\"x\":9}",
			"{\"http.request\":{\"method\":\"A\"},\"http\":{\"request.method\":\"B\"}}",
			"{\"http.request\":{\"method\":\"C\"},\"http\":{\"request.method\":\"\"}}"},
		"\"\\{}[]:,0-1e.E+ nt\t\x01u\xff"},
	{"ltsv",
		{"host:192.0.2.1\tstatus:200\turi:/a\tx:1\ttime:[t u]",
			"host:\tstatus:404\turi:/b\tx:\ttime:[v", "host:a\thost:b\tx:1\tx:2",
			"host:\thost:b\tx:\tx:2", "\tremote_addr:a:1\tHost:b\t\t",
			"remote_addr:\tHost:b\t\t", "req:GET / HTTP/1.1\tsize:5\ty:1\ta.b:2",
			"uri:/a\trequest_uri:/b\tstatus:1", "uri:/a\trequest_uri:\tstatus:", "x:1",
			"x", "a b"},
		":\t ax-_.\x01\xff"},
	{"logfmt",
		{"ip=192.0.2.1 status=200 path=\"/a b\" x=1 debug",
			"ip= status=\"\" path=/ x= debug",
			"ip=192.0.2.2:80 status=\"4\\x30\" path=\"\\\"\" x=\"\" debug",
			"ip=a ip=b x=1 x=2", "ip= ip=b x= x=2", "  a.b=1  status=200 ",
			"  a.b=\"=\"  status=2 ", "debug y=1 t=[t]", "debug y=\"2\" t=t",
			"x=\"\\u00e4\\q\" uri=/", "x=\"a\"b uri=/", "y=\"1"},
		"=\" \\axu\t0]\x01\xff"},
};

/* Change some bytes of a text, or none. */
static size_t mutate(uint64_t *seed, char *text, size_t len, const char *bytes)
{
	for (size_t n = random_below(seed, 4); n > 1; n--) {
		size_t at = random_below(seed, len + 1);
		char c = bytes[random_below(seed, strlen(bytes))];
		switch (random_below(seed, 3)) {
		case 0:
			if (at < len)
				text[at] = c;
			break;
		case 1:
			memmove(text + at + 1, text + at, len++ - at);
			text[at] = c;
			break;
		case 2:
			if (at < len)
				memmove(text + at, text + at + 1, --len - at);
			break;
		}
	}
	return len;
}

static void compare(struct logformat *used, struct span line, const char *format,
	const struct wanted *wanted, size_t *fits)
{
	struct span slots[2][BASES + 5] = {0};
	struct arena arenas[2] = {0};
	struct logformat *unused = compile_format(format, wanted);
	struct cut cuts[] = {
		{.slots = slots[0], .arena = &arenas[0]}, {.slots = slots[1], .arena = &arenas[1]}};
	enum cut_result expected = logformat_cut(unused, line, &cuts[1]);

	if (logformat_cut(used, line, &cuts[0]) != expected)
		fail_msg("%s: '%.*s': not %d", format, (int)line.len, line.at, expected);
	for (size_t i = 0; expected == CUT_FITS && i < BASES + 5; i++)
		if (!cuts_same(slots[0][i], line, slots[1][i], line))
			fail_msg("%s: '%.*s': slot %zu: '%.*s', not '%.*s'", format, (int)line.len,
				line.at, i, (int)slots[0][i].len, slots[0][i].at,
				(int)slots[1][i].len, slots[1][i].at);
	*fits += expected == CUT_FITS;
	logformat_free(unused);
	arena_free(&arenas[0]);
	arena_free(&arenas[1]);
}

static struct wanted wanted_of(uint32_t bases)
{
	static const char *names[] = {"x", "a.b", "a.0", "y", "debug"};

	return (struct wanted){.bases = bases, .names = {.at = names, .n = 5}};
}

/* With each set of fields, cut lines of random shapes one after the other. */
static void check_log(size_t log, uint32_t bases, uint64_t *seed)
{
	struct wanted wanted = wanted_of(bases);
	struct guarded memory = guarded_new(1);
	struct logformat *used = compile_format(logs[log].format, &wanted);
	size_t fits = 0;

	for (int round = 0; round < 3000; round++) {
		char text[400];
		/* A few neighbours of the same shapes come one after the other. */
		size_t n = (size_t)round / 100 % (log ? 6 : 8) * 2 + random_below(seed, 2);
		n = random_below(seed, 8) ? n : random_below(seed, log ? 12 : 16);
		strcpy(text, logs[log].lines[n]);
		size_t len = mutate(seed, text, strlen(text), logs[log].bytes);
		compare(used, guarded_copy(&memory, span_of(text, len)), logs[log].format, &wanted,
			&fits);
	}
	assert_true(fits > 1000 && fits < 2999);
	logformat_free(used);
	guarded_free(&memory);
}

TEST(lines_after_others_of_their_shape)
{
	uint64_t seed = 1;

	for (size_t i = 0; i < COUNT(logs); i++) {
		check_log(i, UINT32_MAX, &seed);
		check_log(i, base_bit(BASE_CLIENT) | base_bit(BASE_URL), &seed);
	}
}

/* Lines that differ in everything are cut, too, and so are lines with very many names. */
TEST(lines_that_have_no_shape)
{
	struct wanted wanted = wanted_of(UINT32_MAX);
	struct logformat *used = compile_format("json", &wanted);
	size_t fits = 0;

	for (int round = 0; round < 3000; round++) {
		char text[4000] = "{";
		size_t len = 1, members = round % 7 ? 3 : 120;
		for (size_t i = 0; i < members; i++)
			len += (size_t)sprintf(
				text + len, "\"n%zu\":%d,", i * (size_t)round, round);
		len += (size_t)sprintf(text + len, "\"x\":%d}", round);
		compare(used, span_of(text, len), "json", &wanted, &fits);
		compare(used, span_of(text, len), "json", &wanted, &fits);
	}
	assert_int_equal(fits, 6000);
	logformat_free(used);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_after_others_of_their_shape),
		cmocka_unit_test(lines_that_have_no_shape),
	};

	return cmocka_run_group_tests_name("shape", tests, NULL, NULL);
}
