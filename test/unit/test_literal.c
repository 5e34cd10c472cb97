/* test_literal.c -- every match must hold the literal that is found: a table of PCRE2's syntax, and
 * random expressions, whose matches PCRE2 finds. */
#include "unit.h"

#include "regex/literal.h"
#include "regex/pattern.h"

enum { SUBJECT = 24 };

/* The expected literal; or the longest one that is right, where a shorter one would be, too. */
static const struct {
	struct span re;
	struct span literal;
	bool prefix;
} required[] = {
	{BYTES(""), BYTES(""), false},
	{BYTES("abc"), BYTES("abc"), true},
	{BYTES("a"), BYTES("a"), true},
	{BYTES("a\0b"), BYTES("a\0b"), true},
	{BYTES("\xff\x80"), BYTES("\xff\x80"), true},
	{BYTES("a]b}c"), BYTES("a]b}c"), true},
	{BYTES("a-b,c:d<e>f=g!h#i&j~k"), BYTES("a-b,c:d<e>f=g!h#i&j~k"), true},
	{BYTES("a b\tc"), BYTES("a b\tc"), true}, /* not extended */
	/* Escaped bytes stand for themselves unless they are letters or digits. */
	{BYTES("a\\.b\\*c\\\\d\\[e\\]f\\(g\\)"), BYTES("a.b*c\\d[e]f(g)"), true},
	{BYTES("\\-\\<\\>\\ \\#\\_"), BYTES("-<> #_"), true},
	{BYTES("\\\xe4\\\x01\\\x00"), BYTES("\xe4\x01\0"), true},
	{BYTES("ab\\dcde"), BYTES("cde"), false},
	{BYTES("abc\\d"), BYTES("abc"), true},
	{BYTES("abc\\tde"), BYTES("abc"), true},
	{BYTES("abc\\Rde"), BYTES("abc"), true},
	{BYTES("\\babc"), BYTES("abc"), false},
	{BYTES("abc\\b"), BYTES("abc"), true},
	{BYTES("\\Babc"), BYTES("abc"), false},
	{BYTES("\\Aabc"), BYTES("abc"), false},
	{BYTES("\\Gabc"), BYTES("abc"), false},
	{BYTES("abc\\K"), BYTES("abc"), true},
	{BYTES("\\Kabc"), BYTES("abc"), false},
	{BYTES("^abc"), BYTES("abc"), false},
	{BYTES("abc$"), BYTES("abc"), true},
	{BYTES(".abc"), BYTES("abc"), false},
	{BYTES("abc.de"), BYTES("abc"), true},
	/* Quantified. */
	{BYTES("abc*"), BYTES("ab"), true},
	{BYTES("abc?"), BYTES("ab"), true},
	{BYTES("abc+"), BYTES("abc"), true},
	{BYTES("abc*?d"), BYTES("ab"), true},
	{BYTES("abc+?"), BYTES("abc"), true},
	{BYTES("abc++"), BYTES("abc"), true},
	{BYTES("abc?+"), BYTES("ab"), true},
	{BYTES("abc{0}"), BYTES("ab"), true},
	{BYTES("abc{0,}"), BYTES("ab"), true},
	{BYTES("abc{0,1}"), BYTES("ab"), true},
	{BYTES("abc{00}"), BYTES("ab"), true},
	{BYTES("abc{2}"), BYTES("abc"), true},
	{BYTES("abc{2,3}"), BYTES("abc"), true},
	{BYTES("abc{2,}+"), BYTES("abc"), true},
	{BYTES("abc{1}d"), BYTES("abc"), true},
	{BYTES("abc{2, 3}"), BYTES("ab"), true}, /* a quantifier since 10.43 */
	{BYTES("abc{ 2}"), BYTES("ab"), true},
	{BYTES("abc{,3}"), BYTES("ab"), true}, /* since 10.43 */
	{BYTES("ab{x}"), BYTES("x}"), false},
	{BYTES("abc{"), BYTES("ab"), true},
	{BYTES("abc{1"), BYTES("ab"), true},
	{BYTES("abc{}"), BYTES("ab"), true},
	{BYTES("abcx{1}2}"), BYTES("abcx"), true},
	{BYTES("abcd\\.*"), BYTES("abcd"), true},
	{BYTES("abc\\.?"), BYTES("abc"), true},
	{BYTES("abc\\.{0}"), BYTES("abc"), true},
	{BYTES("abc\\*?"), BYTES("abc"), true},
	{BYTES("\\d*abc"), BYTES("abc"), false},
	{BYTES("[x]?abc"), BYTES("abc"), false},
	{BYTES("x?abc"), BYTES("abc"), false},
	{BYTES("x{0}abc"), BYTES("abc"), false},
	{BYTES("a+b"), BYTES("b"), false},
	/* Alternatives. */
	{BYTES("abc|def"), BYTES(""), false},
	{BYTES("abc|"), BYTES(""), false},
	{BYTES("|abc"), BYTES(""), false},
	{BYTES("abc|abc"), BYTES(""), false},
	{BYTES("abc\\|def"), BYTES("abc|def"), true},
	{BYTES("abc[|]def"), BYTES("def"), false},
	{BYTES("ab(x|y)cde"), BYTES("cde"), false},
	{BYTES("(a|b)|(c)"), BYTES(""), false},
	{BYTES("(abc|d)"), BYTES(""), false},
	/* Groups. */
	{BYTES("(abc)"), BYTES("abc"), false},
	{BYTES("(?:abc)"), BYTES("abc"), false},
	{BYTES("(?<n>abc)"), BYTES("abc"), false},
	{BYTES("(?P<n>abc)"), BYTES("abc"), false},
	{BYTES("abc(d)"), BYTES("abc"), true},
	{BYTES("a(bcd)"), BYTES("bcd"), false},
	{BYTES("(abc)?"), BYTES(""), false},
	{BYTES("(abc)*"), BYTES(""), false},
	{BYTES("(abc)+"), BYTES("abc"), false},
	{BYTES("(abc){0}"), BYTES(""), false},
	{BYTES("(abc){0,1}"), BYTES(""), false},
	{BYTES("(abc){,1}"), BYTES(""), false},
	{BYTES("(abc){ 0}"), BYTES(""), false},
	{BYTES("(abc)??"), BYTES(""), false},
	{BYTES("(abc)*+"), BYTES(""), false},
	{BYTES("((abc))?x"), BYTES("x"), false},
	{BYTES("((abc)?x)+"), BYTES("x"), false},
	{BYTES("(a(bcd)?e)f"), BYTES("f"), false},
	{BYTES("(a(b(cde)))"), BYTES("cde"), false},
	{BYTES("x(?:(?:abc)?)"), BYTES("x"), true},
	{BYTES("()abc"), BYTES("abc"), false},
	{BYTES("(?:)*abc"), BYTES("abc"), false},
	/* Classes. */
	{BYTES("[abc]"), BYTES(""), false},
	{BYTES("[]abc]xyz"), BYTES("xyz"), false},
	{BYTES("[^]abc]xyz"), BYTES("xyz"), false},
	{BYTES("[]]xyz"), BYTES("xyz"), false},
	{BYTES("[^^]xyz"), BYTES("xyz"), false},
	{BYTES("[a\\]abc]xyz"), BYTES("xyz"), false},
	{BYTES("[\\\\]xyz]"), BYTES("xyz]"), false},
	{BYTES("[[]xyz]"), BYTES("xyz]"), false},
	{BYTES("[[abc]xyz"), BYTES("xyz"), false},
	{BYTES("[[:alpha:]abc]xyz"), BYTES("xyz"), false},
	{BYTES("[[:^alpha:][:digit:]]xyz"), BYTES("xyz"), false},
	{BYTES("[+-\\]b]xyz"), BYTES("xyz"), false},
	{BYTES("[(]xyz[)]"), BYTES("xyz"), false},
	{BYTES("[\\p{L}]xyz"), BYTES("xyz"), false},
	{BYTES("[\\Q]\\E]xyz"), BYTES(""), false},
	{BYTES("[\\E]]xyz"), BYTES(""), false},
	{BYTES("[\\c]]xyz"), BYTES(""), false},
	{BYTES("[\\x{5d}]xyz"), BYTES(""), false},
	{BYTES("[\\o{135}]xyz"), BYTES(""), false},
	{BYTES("[[:<:]]xyz"), BYTES(""), false},
	{BYTES("[[:]xyz:]]"), BYTES(""), false},
	/* Escapes and groups that take arguments, or change the text that follows: no literal. */
	{BYTES("abc\\Qd.e\\E"), BYTES(""), false},
	{BYTES("abc\\Qd|e\\Ef"), BYTES(""), false},
	{BYTES("abc\\E*"), BYTES(""), false},
	{BYTES("abc\\Q\\E?"), BYTES(""), false},
	{BYTES("abc\\x41"), BYTES(""), false},
	{BYTES("abc\\x{41}"), BYTES(""), false},
	{BYTES("abc\\x"), BYTES(""), false},
	{BYTES("abc\\101"), BYTES(""), false},
	{BYTES("abc\\0"), BYTES(""), false},
	{BYTES("abc\\o{101}"), BYTES(""), false},
	{BYTES("abc\\cA"), BYTES(""), false},
	{BYTES("abc\\c("), BYTES(""), false},
	{BYTES("(abc)\\1"), BYTES(""), false},
	{BYTES("(abc)\\g1"), BYTES(""), false},
	{BYTES("(abc)\\g{1}"), BYTES(""), false},
	{BYTES("(abc)\\g{-1}"), BYTES(""), false},
	{BYTES("(?<n>abc)\\k<n>"), BYTES(""), false},
	{BYTES("(?<n>abc)(?P=n)"), BYTES(""), false},
	{BYTES("(abc)(?1)"), BYTES(""), false},
	{BYTES("(?<n>abc){0}(?&n)"), BYTES(""), false},
	{BYTES("(?<n>abc)(?P>n)"), BYTES(""), false},
	{BYTES("abc(?R)?"), BYTES(""), false},
	{BYTES("abc\\Nd"), BYTES(""), false},
	{BYTES("abc\\pLd"), BYTES(""), false},
	{BYTES("abc\\Xd"), BYTES(""), false},
	{BYTES("abc\\Cd"), BYTES(""), false},
	{BYTES("(?i)abc"), BYTES(""), false},
	{BYTES("abc(?i)def"), BYTES(""), false},
	{BYTES("abc(?i:def)"), BYTES(""), false},
	{BYTES("(?^)abc"), BYTES(""), false},
	{BYTES("(?x)a b c"), BYTES(""), false},
	{BYTES("(?-i)abc"), BYTES(""), false},
	{BYTES("(?m)^abc"), BYTES(""), false},
	{BYTES("ab(?#c)d"), BYTES(""), false},
	{BYTES("abc(?#(x)*"), BYTES(""), false},
	{BYTES("(?>abc)"), BYTES(""), false},
	{BYTES("(?=abc)d"), BYTES(""), false},
	{BYTES("(?!abc)d"), BYTES(""), false},
	{BYTES("(?<=abc)d"), BYTES(""), false},
	{BYTES("(?<!abc)d"), BYTES(""), false},
	{BYTES("(?<!a>bc)d"), BYTES(""), false}, /* no name */
	{BYTES("(?<=a>bc)d"), BYTES(""), false},
	{BYTES("(?|(abc)|(d))"), BYTES(""), false},
	{BYTES("(?'n'abc)"), BYTES(""), false},
	{BYTES("(x)?(?(1)abc|d)"), BYTES(""), false},
	{BYTES("(?(DEFINE)(abc))d"), BYTES(""), false},
	{BYTES("(?C)abc"), BYTES(""), false},
	{BYTES("(*ACCEPT)abc"), BYTES(""), false},
	{BYTES("ab(*ACCEPT)c"), BYTES(""), false},
	{BYTES("ab(*FAIL)c|d"), BYTES(""), false},
	{BYTES("(*NO_JIT)abc"), BYTES(""), false},
	{BYTES("(*COMMIT)abc"), BYTES(""), false},
	{BYTES("(*atomic:abc)?d"), BYTES(""), false},
	{BYTES("(*pla:abc)d"), BYTES(""), false},
};

/* The expression and the literal are in memory that ends with them. */
TEST(literals_of_a_table_of_expressions)
{
	struct guarded memory = guarded_new(1), room = guarded_new(1);
	struct complaint error;

	for (size_t i = 0; i < COUNT(required); i++) {
		struct span re = guarded_copy(&memory, required[i].re);
		struct pattern *p = pattern_compile(re, false, &error);
		if (!p)
			fail_msg("%.*s: %s", (int)re.len, re.at, error.text);
		pattern_free(p);
		char *out = room.at + room.size - re.len;
		struct literal got = literal_required(re, out);
		struct span literal = span_of(out, got.len);
		if (!span_equal(literal, required[i].literal))
			fail_msg("%.*s requires '%.*s', got '%.*s'", (int)re.len, re.at,
				(int)required[i].literal.len, required[i].literal.at,
				(int)literal.len, literal.at);
		if (got.prefix != required[i].prefix)
			fail_msg("%.*s: prefix is %d", (int)re.len, re.at, got.prefix);
	}
	guarded_free(&memory);
	guarded_free(&room);
}

/* A text that grows. */
struct text {
	char at[200];
	size_t len;
};

static void append(struct text *t, const char *more)
{
	size_t n = strlen(more);

	if (t->len + n < sizeof t->at) {
		memcpy(t->at + t->len, more, n + 1);
		t->len += n;
	}
}

static const char *any(uint64_t *seed, const char *const *of, size_t n)
{
	return of[random_below(seed, n)];
}

static void random_alternatives(struct text *t, uint64_t *seed, int depth);

/* Syntax that literal.c understands comes often; syntax on which it gives up, or which it might
 * misunderstand, comes now and then. */
static void random_atom(struct text *t, uint64_t *seed, int depth)
{
	static const char *const bytes[] = {"a", "b", "b", "-", "ab", "ba", "b-", "]", "}", "\\-"};
	static const char *const sets[] = {".", "[ab]", "[^a]", "[]a]", "[^]b]", "[a\\]b]",
		"[[:alpha:]-]", "[[]", "[b[]", "[a-]", "\\w", "\\W", "\\d", "\\D", "\\S", "[\\w-]",
		"[\\]]", "[\\\\]", "\\h*"};
	static const char *const assertions[] = {
		"^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z", "\\G", "\\K"};
	static const char *const rare[] = {"\\x61", "\\x{62}", "\\141", "\\Qa-\\E", "\\Q|\\E",
		"\\E", "(?#a)", "(?i)", "(?i:a)", "(?=a)", "(?!b)", "(?<=a)", "(?<!b)", "(*ACCEPT)",
		"\\1", "\\N", "(?1)", "(?:a|(*F))", "[\\Q]a\\E]", "[\\E]a]", "{", "{2", "{,1}",
		"{1,x}", "{ 1}", "\\R", "(?(1)a|b)", "(?|(a)|b)", "(?x) a #", "\\cA", "\\o{141}"};
	static const char *const groups[] = {"(", "(", "(?:", "(?:", "(?<", "(?P<", "(?>"};
	static const char *const names[] = {"n", "m", "o", "p", "q", "r"};

	switch (random_below(seed, depth > 0 ? 20 : 14)) {
	case 10:
	case 11:
		append(t, any(seed, sets, COUNT(sets)));
		return;
	case 12:
		append(t, any(seed, assertions, COUNT(assertions)));
		return;
	case 13:
		if (random_below(seed, 3) == 0)
			append(t, any(seed, rare, COUNT(rare)));
		return;
	case 14:
	case 15:
	case 16:
	case 17:
	case 18: {
		const char *open = any(seed, groups, COUNT(groups));
		append(t, open);
		if (strchr(open, '<')) {
			append(t, any(seed, names, COUNT(names)));
			append(t, ">");
		}
		random_alternatives(t, seed, depth - 1);
		append(t, ")");
		return;
	}
	default:
		append(t, any(seed, bytes, COUNT(bytes)));
	}
}

static void random_alternatives(struct text *t, uint64_t *seed, int depth)
{
	static const char *const quantifiers[] = {"*", "+", "?", "*?", "+?", "??", "*+", "++", "?+",
		"{0}", "{1}", "{2}", "{0,1}", "{1,2}", "{1,}", "{0,}", "{,2}", "{2}?", "{0}+",
		"{ 1}", "{1,2}+"};

	do {
		for (size_t n = random_below(seed, 4) + (depth > 1); n > 0; n--) {
			random_atom(t, seed, depth);
			if (random_below(seed, 3) == 0)
				append(t, any(seed, quantifiers, COUNT(quantifiers)));
		}
		if (random_below(seed, 6))
			return;
		append(t, "|");
	} while (true);
}

static bool holds(struct span s, struct span literal, size_t *at)
{
	const char *found = memmem(s.at, s.len, literal.at, literal.len);

	*at = found ? (size_t)(found - s.at) : s.len;
	return found;
}

/* Matching from the literal's place must find the same match, group by group, as matching from the
 * start of the subject. */
static void check_from_literal(struct pattern *p, struct span subject, size_t at, const char *re)
{
	struct span before[64], tail = span_of(subject.at + at, subject.len - at);
	unsigned groups = pattern_groups(p);
	enum pattern_result whole = pattern_match(p, subject);

	assert_true(groups < COUNT(before));
	for (unsigned g = 0; whole == PATTERN_YES && g <= groups; g++)
		before[g] = pattern_group(p, g);
	if (pattern_match(p, tail) != whole)
		fail_msg("%s: other from its prefix in '%.*s'", re, (int)subject.len, subject.at);
	for (unsigned g = 0; whole == PATTERN_YES && g <= groups; g++) {
		struct span after = pattern_group(p, g);
		if (after.len != before[g].len || (after.len && after.at != before[g].at))
			fail_msg("%s: group %u other from its prefix in '%.*s'", re, g,
				(int)subject.len, subject.at);
	}
}

/* How much was tried: a test must not pass because nothing was. */
struct tried {
	size_t pairs, with_literal, matched, with_prefix;
};

static void check_pair(struct pattern *p, struct span subject, const char *re, struct tried *tried)
{
	struct span literal = pattern_literal(p);
	size_t at;

	tried->pairs++;
	if (!literal.len) {
		assert_false(pattern_starts_with_literal(p));
		return;
	}
	tried->with_literal++;
	bool held = holds(subject, literal, &at);
	if (pattern_match(p, subject) == PATTERN_YES) {
		tried->matched++;
		if (!held)
			fail_msg("%s matches '%.*s' without its literal '%.*s'", re,
				(int)subject.len, subject.at, (int)literal.len, literal.at);
	}
	if (held && pattern_starts_with_literal(p)) {
		tried->with_prefix++;
		check_from_literal(p, subject, at, re);
	}
}

static void check_pattern(
	const struct text *re, size_t subjects, uint64_t *seed, struct tried *tried)
{
	struct complaint error;
	struct pattern *p = pattern_compile(span_of(re->at, re->len), false, &error);
	char subject[SUBJECT];

	for (size_t i = 0; p && i < subjects; i++) {
		size_t len = random_below(seed, SUBJECT + 1);
		random_bytes(seed, subject, len, span_text("aaabbbb--]}|{AB1, "));
		check_pair(p, span_of(subject, len), re->at, tried);
	}
	pattern_free(p);
}

TEST(random_expressions_of_a_grammar)
{
	struct tried tried = {0};
	uint64_t seed = 1;

	while (tried.pairs < 300000) {
		struct text re = {0};
		random_alternatives(&re, &seed, 3);
		check_pattern(&re, 10, &seed, &tried);
	}
	assert_true(tried.with_literal > 100000);
	assert_true(tried.matched > 20000);
	assert_true(tried.with_prefix > 10000);
}

/* The bytes of the syntax in any order; most of these texts are not expressions. */
TEST(random_expressions_of_random_bytes)
{
	static const char *const tokens[] = {"a", "a", "b", "b", "b", "-", "[", "]", "{", "}", "(",
		"(", ")", ")", "\\", "*", "?", "+", "|", "^", "$", ".", ",", ":", "0", "1", "Q",
		"E", "<", ">", "P", "=", "!", "#", "[:", ":]", "(?", "\\Q", "\\E"};
	struct tried tried = {0};
	uint64_t seed = 2;

	while (tried.pairs < 100000) {
		struct text re = {0};
		for (size_t n = 1 + random_below(&seed, 9); n > 0; n--)
			append(&re, any(&seed, tokens, COUNT(tokens)));
		check_pattern(&re, 8, &seed, &tried);
	}
	assert_true(tried.with_literal > 50000);
	assert_true(tried.matched > 4000);
	assert_true(tried.with_prefix > 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(literals_of_a_table_of_expressions),
		cmocka_unit_test(random_expressions_of_a_grammar),
		cmocka_unit_test(random_expressions_of_random_bytes),
	};

	return cmocka_run_group_tests_name("literal", tests, NULL, NULL);
}
