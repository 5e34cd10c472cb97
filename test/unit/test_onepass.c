/* test_onepass.c -- one-pass patterns, matched without PCRE2, compared with PCRE2. */
#include "unit.h"

#include <stdio.h>

#include "regex/pattern.h"

/* The bytes from a place on.  PCRE2 gets the bytes up to the end of the line, and
 * pattern_match_here() those up to the end of the block. */
struct place {
	struct span line, bytes;
};

static struct place place_at(struct span block, size_t at)
{
	struct place p = {.bytes = span_of(block.at + at, block.len - at)};
	const char *newline = memchr(p.bytes.at, '\n', p.bytes.len);

	p.line = newline ? span_between(p.bytes.at, newline) : p.bytes;
	if (p.line.len && p.line.at[p.line.len - 1] == '\r')
		p.line.len--;
	return p;
}

static bool ends_in_cr(const struct place *p)
{
	return p->bytes.len > p->line.len && p->bytes.at[p->line.len] == '\r';
}

static void check_place(struct pattern *p, const struct place *place, const char *re)
{
	struct span groups[16];
	unsigned n = pattern_groups(p);
	enum pattern_result here = pattern_match_here(p, place->bytes);

	assert_true(n < COUNT(groups));
	for (unsigned g = 0; here == PATTERN_YES && g <= n; g++)
		groups[g] = pattern_group(p, g);
	if (here == PATTERN_GAVE_UP) {
		/* The only reason to be unsure is a '\r'. */
		assert_true(memchr(place->line.at, '\r', place->line.len) || ends_in_cr(place));
		return;
	}
	bool expected = pattern_match(p, place->line) == PATTERN_YES &&
			pattern_group(p, 0).at == place->line.at;
	if ((here == PATTERN_YES) != expected)
		fail_msg("%s: %d in '%.*s'", re, here, (int)place->bytes.len, place->bytes.at);
	for (unsigned g = 0; expected && g <= n; g++) {
		struct span got = pattern_group(p, g);
		if (got.at != groups[g].at || got.len != groups[g].len)
			fail_msg("%s: group %u in '%.*s'", re, g, (int)place->bytes.len,
				place->bytes.at);
	}
}

/* Check each place of the literal in the block.  Returns the number of places. */
static size_t check_block(struct pattern *p, struct span block, const char *re)
{
	struct span literal = pattern_literal(p);
	size_t n = 0;

	for (size_t at = 0; at + literal.len <= block.len; at++) {
		if (memcmp(block.at + at, literal.at, literal.len) != 0)
			continue;
		struct place place = place_at(block, at);
		check_place(p, &place, re);
		n++;
	}
	return n;
}

/* A random pattern; most are one-pass. */
static void random_pattern(char *re, size_t size, uint64_t *seed)
{
	static const char *const tokens[] = {"a", "b", "-", "\\.", ".", "\\d", "\\w", "\\s",
		"[^ab]", "[^-]", "[ab]", "[\\d.]", "\\D", "\\W", "\\S", "[^\\r]", "\\r", "[\\r-]",
		"\\xff", "[\\n-]", "]", "}", "\\h", "\\v"};
	static const char *const quantifiers[] = {
		"*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}", "{1}", "+?", "*+", "{0}", "{,1}"};
	int open = 0;

	*re = '\0';
	strcat(re, random_below(seed, 2) ? "a" : "ab");
	for (size_t n = 1 + random_below(seed, 6); n > 0 && strlen(re) + 30 < size; n--) {
		if (random_below(seed, 3) == 0) {
			strcat(re, random_below(seed, 3) ? "(" : "(?:");
			open++;
		}
		strcat(re, tokens[random_below(seed, COUNT(tokens))]);
		if (random_below(seed, 2))
			strcat(re, quantifiers[random_below(seed, COUNT(quantifiers))]);
		if (open && random_below(seed, 2)) {
			strcat(re, ")");
			open--;
		}
	}
	while (open-- > 0)
		strcat(re, ")");
}

TEST(random_patterns_in_random_blocks)
{
	struct guarded g = guarded_new(1);
	size_t onepass = 0, places = 0;
	uint64_t seed = 1;

	for (int round = 0; round < 40000; round++) {
		char re[200], bytes[60];
		struct complaint error;
		random_pattern(re, sizeof re, &seed);
		struct pattern *p = pattern_compile(span_text(re), false, &error);
		if (p && pattern_is_onepass(p)) {
			onepass++;
			for (int i = 0; i < 10; i++) {
				size_t len = random_below(&seed, sizeof bytes + 1);
				random_bytes(
					&seed, bytes, len, span_text("aaaabbb--..01 \t\r\n\xff]}"));
				places += check_block(p, guarded_copy(&g, span_of(bytes, len)), re);
			}
		}
		pattern_free(p);
	}
	assert_true(onepass > 3000);
	assert_true(places > 50000);
	guarded_free(&g);
}

/* A '\r' before a '\n' does not belong to the line, even if the '\r' is compared in a word. */
TEST(carriage_returns_in_words)
{
	static const char *const patterns[] = {"ab\\d[\\r]", "ab\\d[\\r]\\d", "ab\\d\\d[\\r]"};
	static const struct span blocks[] = {BYTES("ab1\r\n12345678"), BYTES("ab1\r2345678"),
		BYTES("ab12\r\n12345678"), BYTES("ab12\r2345678\r\n"), BYTES("ab1\r\n")};

	for (size_t i = 0; i < COUNT(patterns); i++) {
		struct complaint error;
		struct pattern *p = pattern_compile(span_text(patterns[i]), false, &error);
		assert_true(p && pattern_is_onepass(p));
		for (size_t k = 0; k < COUNT(blocks); k++)
			assert_int_equal(check_block(p, blocks[k], patterns[i]), 1);
		pattern_free(p);
	}
}

TEST(which_patterns_are_onepass)
{
	static const struct {
		const char *re;
		bool onepass;
	} cases[] = {
		/* Z is rare, so ZZ is the literal, whatever follows. */
		{"ZZ", true},
		{"ZZb(\\d+)", true},
		{"GET ([^ ?]+)", true},
		{"GET ([^ ?]+)[ ?]", true},
		{"ZZ(a)(a)", true},
		{"ZZ(?:a(?<n>a))", true},
		{"ZZb?c", true},
		{"ZZ\\d{1,3}\\.", true},
		/* A repeated step shares a byte with a step that may follow. */
		{"ZZ.*b", false},
		{"ZZb*b", false},
		{"ZZb?b", false},
		{"ZZb*c?b", false},
		{"ZZb*(b)", false},
		{"ZZ\\d+\\w", false},
		/* Not a sequence of steps. */
		{"ZZ|b", false},
		{"ZZ(b|c)", false},
		{"ZZ(b)+", false},
		{"ZZ(b)?", false},
		{"ZZb$", false},
		{"ZZ\\b", false},
		{"ZZ\\Kb", false},
		{"ZZb+?", false},
		{"ZZb*+", false},
		{"ZZb{0}", false},
		{"ZZb{,1}", false},
		{"ZZb{1", false},
		{"ZZ\\Rb", false},
		{"ZZ(?i)b", false},
		{"ZZ(?=b)", false},
		{"ZZ(a)\\1", false},
		/* The pattern does not begin with its literal. */
		{"\\da", false},
		{"(a)b", false},
		{"a\\dbcd", false},
		/* The literal holds a line end. */
		{"a\rb", false},
		{"a\nb", false},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct complaint error;
		struct pattern *p = pattern_compile(span_text(cases[i].re), false, &error);
		assert_non_null(p);
		if (pattern_is_onepass(p) != cases[i].onepass)
			fail_msg("%s: %d", cases[i].re, !cases[i].onepass);
		pattern_free(p);
		p = pattern_compile(span_text(cases[i].re), true, &error);
		assert_false(pattern_is_onepass(p));
		pattern_free(p);
	}
}

/* Patterns with more steps, sets or open groups than there is room for. */
TEST(large_patterns)
{
	enum { MOST = 600 };
	char re[8 * MOST + 8], subject[MOST + 8];

	for (int kind = 0; kind < 3; kind++)
		for (size_t n = 1; n < (kind == 2 ? 200 : MOST); n += n < 140 ? 1 : 31) {
			struct complaint error;
			size_t len = 0;
			re[len++] = subject[0] = 'x';
			for (size_t i = 0; i < n; i++) {
				char c = (char)('A' + i % 26);
				len += (size_t)sprintf(re + len,
					kind == 0   ? "%c"
					: kind == 1 ? "[%c%c]"
						    : "(%c",
					c, (char)(33 + i % 50));
				subject[1 + i] = c;
			}
			for (size_t i = 0; kind == 2 && i < n; i++)
				re[len++] = ')';
			struct pattern *p = pattern_compile(span_of(re, len), false, &error);
			if (p && pattern_is_onepass(p) && pattern_groups(p) < 16) {
				struct place place = place_at(span_of(subject, n + 1), 0);
				check_place(p, &place, "large");
			}
			pattern_free(p);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_patterns_in_random_blocks),
		cmocka_unit_test(carriage_returns_in_words),
		cmocka_unit_test(which_patterns_are_onepass),
		cmocka_unit_test(large_patterns),
	};

	return cmocka_run_group_tests_name("onepass", tests, NULL, NULL);
}
