/* test_ltsv.c -- labeled values, separated by tabs. */
#include "cuts.h"

static const struct {
	struct span line;
	const char *expected; /* see cuts_expect */
} lines[] = {
	{BYTES("host:a"), "client=a|user|x|y"},
	{BYTES("host:a\tident:b\tuser:c\ttime:d\treq:e\tmethod:f\turi:g\tpath:h\tquery:i"),
		"client=a|ident=b|user=c|time=d|request=e|method=f|url=g|path=h|query=i|host"},
	{BYTES("protocol:a\tstatus:b\tsize:c\treferer:d\tua:e\tvhost:f\tport:g"),
		"proto=a|status=b|bytes=c|referrer=d|agent=e|host=f|port=g|client|date"},
	/* Values contain anything but tabs. */
	{BYTES("host:"), "client"},
	{BYTES("host::a: b\"\\\t"), "client=:a: b\"\\"},
	{BYTES("x: a \ty:\xff"), "x= a |y=\xff"},
	/* Fields by their labels, even if these are bases; of equal labels the first one. */
	{BYTES("x:1\tx:2\thost:a\thost:b"), "x=1|client=a|vhost"},
	{BYTES("vhost:v\tx:"), "host=v|vhost=v|x="},
	{BYTES("X:1\tHost:b"), "x|client=b"},
	/* The names of other formats, in their order. */
	{BYTES("uri:/i\trequest_uri:/a?x"), "url=/a?x"},
	{BYTES("host:b\tremote_addr:a"), "client=a|host"},
	{BYTES("remote_addr:\thost:b:80"), "client=b"},
	{BYTES("fwd:a, b"), "client=a"},
	{BYTES("status:ok\tstatus_code:404"), "status=404"},
	{BYTES("status:ok\tcode:12345"), "status=ok"},
	{BYTES("time:[]\tts:2007-06-17T12:00:01Z"), "time=2007-06-17T12:00:01Z"},
	{BYTES("size:-\tbytes_sent:x\tbody_bytes:7"), "bytes=7"},
	{BYTES("x.y-z_9:1"), "x"},
	/* The time may be in brackets. */
	{BYTES("time:[t u]"), "time=t u"},
	{BYTES("time:[t"), "time=[t"},
	{BYTES("time:t]"), "time=t]"},
	{BYTES("time:["), "time=["},
	{BYTES("time:[]"), "time"},
	{BYTES("user:[a]"), "user=[a]"},
	/* Blanks before the line; empty pieces at its end, and nowhere else. */
	{BYTES("  \t host:a"), "client=a"},
	{BYTES("host:a\t\t\t"), "client=a"},
	{BYTES("host:a\t\tx:1"), NULL},
	{BYTES("host:a\t\t\tx"), NULL},
	{BYTES("\thost:a"), "client=a"},
	/* Labels. */
	{BYTES("host"), NULL},
	{BYTES(":a"), NULL},
	{BYTES("host:a\t:b"), NULL},
	{BYTES("host:a\tx"), NULL},
	{BYTES("ho st:a"), NULL},
	{BYTES("ho/st:a"), NULL},
	{BYTES("\"host\":a"), NULL},
	{BYTES("host :a"), NULL},
	{BYTES("\xc3\xa4:a"), NULL},
	{BYTES("host:a\t x:1"), NULL},
	{BYTES("ho\0st:a"), NULL},
	{BYTES(""), NULL},
	{BYTES("\t\t"), NULL},
	{BYTES("  "), NULL},
};

TEST(a_table_of_lines)
{
	struct cuts c;

	cuts_open(&c, "ltsv", "x y vhost");
	for (size_t i = 0; i < COUNT(lines); i++)
		cuts_expect(&c, lines[i].line, lines[i].expected);
	assert_int_equal(cuts_cut(&c, span_of("x:\0", 3)), CUT_FITS);
	assert_span_equal(cuts_value(&c, "x"), span_of("\0", 1));
	cuts_close(&c);
}

/* --- Against splitting ------------------------------------------------------------ */

static bool is_label(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-",
			    s.at[i]) ||
			!s.at[i])
			return false;
	return s.len > 0;
}

/* The value of the first x, .at NULL if there is none.  False if the line does not fit. */
static bool naive(struct span s, struct span *x)
{
	size_t pieces = 0, from = 0;

	*x = span_of(NULL, 0);
	while (s.len && (s.at[0] == ' ' || s.at[0] == '\t'))
		s = span_of(s.at + 1, s.len - 1);
	while (s.len && s.at[s.len - 1] == '\t')
		s.len--;
	for (size_t to = 0; to <= s.len && s.len; to++) {
		if (to < s.len && s.at[to] != '\t')
			continue;
		struct span piece = span_of(s.at + from, to - from), label = piece;
		label.len = 0;
		while (label.len < piece.len && piece.at[label.len] != ':')
			label.len++;
		if (label.len == piece.len || !is_label(label))
			return false;
		if (!x->at && span_equal(label, span_text("x")))
			*x = span_between(label.at + 2, piece.at + piece.len);
		from = to + 1;
		pieces++;
	}
	return pieces > 0;
}

TEST(random_lines)
{
	struct cuts c;
	uint64_t seed = 1;
	size_t fits = 0;

	cuts_open(&c, "ltsv", "x");
	for (int round = 0; round < 60000; round++) {
		char text[20];
		struct span line = span_of(text, random_below(&seed, sizeof text)), x;
		random_bytes(&seed, text, line.len, span_text("xxxxaa:::\t\t -[\xff"));
		bool expected = naive(line, &x);
		if ((cuts_cut(&c, line) == CUT_FITS) != expected)
			fail_msg("'%.*s': %d", (int)line.len, text, !expected);
		if (!expected)
			continue;
		struct span got = cuts_value(&c, "x");
		if ((got.at != NULL) != (x.at != NULL) || (x.at && !span_equal(got, x)))
			fail_msg("'%.*s': '%.*s'", (int)line.len, text, (int)got.len, got.at);
		fits += x.at != NULL;
	}
	assert_true(fits > 300);
	cuts_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_of_lines),
		cmocka_unit_test(random_lines),
	};

	return cmocka_run_group_tests_name("ltsv", tests, NULL, NULL);
}
