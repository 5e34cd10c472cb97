/* test_query.c -- blocks of lines against asking each line by itself, without any of the
 * query's short cuts. */
#include "unit.h"

#include <stdio.h>
#include <time.h>

#include "logformat.h"
#include "pattern.h"
#include "query.h"
#include "template.h"

enum { WORDS = 3, LINES = 64 };

/* A query as the options say it, with what the naive reading needs. */
struct naive {
	struct query_spec spec;
	const char *grep[WORDS], *vgrep[WORDS];
	struct pattern *keep[WORDS], *drop[WORDS], *key;
	struct template *template;
};

static struct pattern *compile(const char *re, bool ignore_case)
{
	struct pattern_error error;
	struct pattern *p = pattern_compile(span_text(re), ignore_case, &error);

	if (!p)
		fail_msg("%s: %s", re, error.why);
	return p;
}

static void naive_open(struct naive *n)
{
	char why[100];

	n->spec.grep.at = n->grep;
	n->spec.vgrep.at = n->vgrep;
	while (n->spec.grep.n < WORDS && n->grep[n->spec.grep.n])
		n->keep[n->spec.grep.n] = compile(n->grep[n->spec.grep.n], n->spec.ignore_case),
		n->spec.grep.n++;
	while (n->spec.vgrep.n < WORDS && n->vgrep[n->spec.vgrep.n])
		n->drop[n->spec.vgrep.n] = compile(n->vgrep[n->spec.vgrep.n], n->spec.ignore_case),
		n->spec.vgrep.n++;
	if (!n->spec.regexp)
		return;
	n->key = compile(n->spec.regexp, n->spec.ignore_case);
	if (n->spec.key)
		n->template = template_compile(n->spec.key, n->key, why, sizeof why);
}

static void naive_close(struct naive *n)
{
	for (size_t i = 0; i < WORDS; i++) {
		pattern_free(n->keep[i]);
		pattern_free(n->drop[i]);
	}
	pattern_free(n->key);
	template_free(n->template);
}

/* What the query must answer: keys one behind the other, with their lengths. */
struct answer {
	char bytes[1 << 16];
	size_t len, ends[1 << 15], n;
	struct verdicts verdicts;
};

static bool filtered(struct naive *n, struct span line)
{
	for (size_t i = 0; i < n->spec.grep.n; i++)
		if (pattern_match(n->keep[i], line) != PATTERN_YES)
			return true;
	for (size_t i = 0; i < n->spec.vgrep.n; i++)
		if (pattern_match(n->drop[i], line) != PATTERN_NO)
			return true;
	return false;
}

static void add_key(struct answer *a, struct span key)
{
	if (key.len)
		memcpy(a->bytes + a->len, key.at, key.len);
	a->len += key.len;
	a->ends[a->n++] = a->len;
	a->verdicts.matched++;
}

static void naive_ask(struct naive *n, struct span line, struct answer *a)
{
	struct span key;

	a->verdicts.lines++;
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	if (filtered(n, line)) {
		a->verdicts.filtered++;
	} else if (!n->key) {
		if (logformat_url(line, &key))
			add_key(a, key);
	} else if (pattern_match(n->key, line) == PATTERN_YES) {
		if (n->template) {
			char composed[1000];
			template_write(n->template, n->key, composed);
			add_key(a, span_of(composed, template_len(n->template, n->key)));
		} else {
			add_key(a, pattern_group(n->key, pattern_groups(n->key) ? 1 : 0));
		}
	}
}

static void check(struct query *q, struct naive *n, struct span block, struct batch *b)
{
	static struct answer a;

	a.len = a.n = 0;
	a.verdicts = (struct verdicts){0};
	for (const char *p = block.at, *end = p + block.len; p < end;) {
		const char *newline = memchr(p, '\n', (size_t)(end - p)),
			   *to = newline ? newline : end;
		naive_ask(n, span_between(p, to), &a);
		p = newline ? newline + 1 : end;
	}
	assert_true(query_ask(q, block, b));
	assert_int_equal(b->verdicts.lines, a.verdicts.lines);
	assert_int_equal(b->verdicts.matched, a.verdicts.matched);
	assert_int_equal(b->verdicts.filtered, a.verdicts.filtered);
	assert_int_equal(b->verdicts.gave_up, 0);
	assert_null(b->gave_up_at);
	assert_int_equal(b->n, a.n);
	for (size_t i = 0, from = 0; i < a.n; from = a.ends[i++])
		assert_span_equal(b->keys[i], span_of(a.bytes + from, a.ends[i] - from));
}

/* With and without literals, prefixes, simple ones, filters, templates, and bytes that
 * end a line in the literal itself. */
static const struct naive queries[] = {
	{.spec = {.regexp = "ab"}},
	{.spec = {.regexp = "ab(.*)"}},
	{.spec = {.regexp = "ab(\\d+)"}},
	{.spec = {.regexp = "ab([^ ]+)"}},
	{.spec = {.regexp = "ab([^ ]*) ?(-)"}},
	{.spec = {.regexp = "a([^b]*)"}},
	{.spec = {.regexp = "a(.+?)b"}},
	{.spec = {.regexp = "(.)ab"}},
	{.spec = {.regexp = "^ab"}},
	{.spec = {.regexp = "ab$"}},
	{.spec = {.regexp = "ab\\b"}},
	{.spec = {.regexp = "\\bab"}},
	{.spec = {.regexp = "a\\Kb"}},
	{.spec = {.regexp = "(a)|(b)"}},
	{.spec = {.regexp = "(x)?b"}},
	{.spec = {.regexp = ""}},
	{.spec = {.regexp = "^$"}},
	{.spec = {.regexp = "^(.*)$"}},
	{.spec = {.regexp = "\\r"}},
	{.spec = {.regexp = "a\\r"}},
	{.spec = {.regexp = "\r"}},
	{.spec = {.regexp = "a\r"}},
	{.spec = {.regexp = "a\r$"}},
	{.spec = {.regexp = "a[\\r-]+(.)"}},
	{.spec = {.regexp = "a\nb"}},
	{.spec = {.regexp = "\n"}},
	{.spec = {.regexp = "a[^b]b"}},
	{.spec = {.regexp = "a\\s(b)"}},
	{.spec = {.regexp = "AB", .ignore_case = true}},
	{.spec = {.regexp = "a(b)(-)?", .key = "$1$$$2\\t${0}"}},
	{.spec = {.regexp = "a([^ ]*)", .key = "<$1>"}},
	{.spec = {.regexp = "a()", .key = "$1"}},
	{.spec = {.regexp = "b"}, .grep = {"a"}},
	{.spec = {.regexp = "b"}, .grep = {"^a"}},
	{.spec = {.regexp = "b"}, .grep = {"[ab]", "-"}},
	{.spec = {.regexp = "b"}, .vgrep = {"a"}},
	{.spec = {.regexp = "b"}, .vgrep = {"^$", "-"}},
	{.spec = {.regexp = "(b)"}, .grep = {"a", "a b"}, .vgrep = {"-", "\\d"}},
	{.spec = {.regexp = "b"}, .grep = {"\r"}},
	{.spec = {.regexp = "b"}, .grep = {"a\n"}},
	{.spec = {.ignore_case = true, .regexp = "B(.)"}, .grep = {"A"}, .vgrep = {"-"}},
	{.spec = {0}},
	{.spec = {0}, .grep = {"a"}},
	{.spec = {0}, .vgrep = {"b"}},
};

/* Short lines of few bytes, some with CR, some logs. */
static size_t random_block(char *to, uint64_t *seed)
{
	static const char *const lines[] = {"[t] \"GET /a HTTP/1.1\" 200", "[t] \"GET /b a\" 200",
		"ab", "ab12 -", "\r", "", "a\r\r", "aab-b"};
	size_t len = 0;

	for (size_t n = random_below(seed, LINES); n > 0; n--) {
		if (random_below(seed, 4) == 0) {
			const char *line = lines[random_below(seed, COUNT(lines))];
			memcpy(to + len, line, strlen(line));
			len += strlen(line);
		} else {
			size_t some = random_below(seed, 12);
			random_bytes(seed, to + len, some, span_text("aaabbb-- 12A\r"));
			len += some;
		}
		if (random_below(seed, 5) == 0)
			to[len++] = '\r';
		if (n > 1 || random_below(seed, 2))
			to[len++] = '\n';
	}
	return len;
}

TEST(random_blocks_of_all_queries_on_every_cpu)
{
	struct guarded g = guarded_new(LINES * 40);
	struct batch *b = batch_new();
	uint64_t seed = 1;
	char bytes[LINES * 40];

	assert_non_null(b);
	for (size_t i = 0; i < COUNT(queries); i++)
		for (const struct scan *const *v = scan_all(); *v; v++) {
			struct naive n = queries[i];
			naive_open(&n);
			struct query *q = query_compile(&n.spec, *v);
			for (int round = 0; round < 300; round++) {
				size_t len = random_block(bytes, &seed);
				check(q, &n, guarded_copy(&g, span_of(bytes, len)), b);
			}
			query_free(q);
			naive_close(&n);
		}
	batch_free(b);
	guarded_free(&g);
}

/* As many lines as a block can have, and one line larger than a block. */
TEST(the_largest_blocks)
{
	static char bytes[3 * QUERY_BLOCK];
	struct batch *b = batch_new();

	assert_non_null(b);
	for (size_t i = 0; i < COUNT(queries); i++) {
		struct naive n = queries[i];
		naive_open(&n);
		if (n.spec.key && *n.spec.key) /* keys larger than the naive buffer */
			goto next;
		struct query *q = query_compile(&n.spec, *scan_all());
		for (int kind = 0; kind < 4; kind++) {
			memset(bytes, '\n', sizeof bytes);
			if (kind == 1)
				for (size_t p = 0; p < QUERY_BLOCK; p += 2)
					bytes[p] = 'a';
			if (kind >= 2)
				memset(bytes, 'x', sizeof bytes);
			memcpy(bytes + 20000, "ab-b", 4);
			if (kind == 3)
				bytes[sizeof bytes - 1] = '\n';
			check(q, &n, span_of(bytes, kind < 2 ? QUERY_BLOCK : sizeof bytes), b);
		}
		query_free(q);
next:
		naive_close(&n);
	}
	batch_free(b);
}

/* The line is named by its start, also where the literal is behind it. */
TEST(lines_given_up)
{
	static const char *const res[] = {"(a+)+$", "x(a+)+$", "-.*x(a+)+$"};
	struct batch *b = batch_new();
	char block[300];

	assert_non_null(b);
	int n = snprintf(block, sizeof block, "b\n-x%0100d-b\n-xa\n-x%090d-b", 0, 0);
	for (char *p = block; *p; p++)
		*p = *p == '0' ? 'a' : *p;
	for (size_t i = 0; i < COUNT(res); i++) {
		struct query *q =
			query_compile(&(struct query_spec){.regexp = res[i]}, *scan_all());
		assert_true(query_ask(q, span_of(block, (size_t)n), b));
		assert_int_equal(b->verdicts.lines, 4);
		assert_int_equal(b->verdicts.matched, 1);
		assert_int_equal(b->verdicts.gave_up, 2);
		assert_int_equal(verdicts_unmatched(&b->verdicts), 1);
		assert_ptr_equal(b->gave_up_at, block + 2);
		/* Forgotten by the next. */
		assert_true(query_ask(q, span_text("b\n"), b));
		assert_int_equal(b->verdicts.gave_up, 0);
		assert_null(b->gave_up_at);
		query_free(q);
	}
	batch_free(b);
}

/* A key that ends with a byte which is missing, tried from each of many places: PCRE2 knows
 * that without the byte there is no match, and needs a millisecond. */
TEST(a_line_of_many_hits_takes_no_quadratic_time)
{
	enum { LINE = 60000 };
	struct query *q = query_compile(&(struct query_spec){.regexp = "Z([^b]*)b"}, *scan_all());
	struct batch *b = batch_new();
	char *line = malloc(LINE);

	assert_true(line && b);
	memset(line, 'Z', LINE);
	clock_t start = clock();
	assert_true(query_ask(q, span_of(line, LINE), b));
	double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	assert_int_equal(b->verdicts.lines, 1);
	assert_int_equal(b->verdicts.matched, 0);
	if (seconds > 0.2)
		fail_msg("%d bytes took %.1f s", LINE, seconds);
	free(line);
	batch_free(b);
	query_free(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_blocks_of_all_queries_on_every_cpu),
		cmocka_unit_test(the_largest_blocks),
		cmocka_unit_test(lines_given_up),
		cmocka_unit_test(a_line_of_many_hits_takes_no_quadratic_time),
	};

	return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
