/* test_scan.c -- compare all CPU variants of scan with naive loops, between guard pages. */
#include "unit.h"

#include "scan/scan.h"

enum {
	LENGTHS = 300,
	NEEDLES = 80,
	ROOM = 4096,
};

static size_t naive_count(struct span s, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.at[i] == c;
	return n;
}

static size_t naive_newlines(struct span s, uint32_t *marks)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] == '\n')
			marks[n++] = (uint32_t)i + SCAN_NEWLINE;
	return n;
}

static size_t naive_find(struct span s, struct span literal)
{
	for (size_t i = 0; i + literal.len <= s.len; i++)
		if (memcmp(s.at + i, literal.at, literal.len) == 0)
			return i;
	return s.len;
}

static bool same_marks(const uint32_t *a, const uint32_t *b, size_t n)
{
	return !n || memcmp(a, b, n * sizeof *a) == 0;
}

/* Check newlines() of all variants.  A word after the room for s.len marks must not change. */
static void check_newlines(struct span s)
{
	static uint32_t expected[ROOM + 1], marks[ROOM + 1];
	const uint32_t untouched = 0xdeadbeef;
	size_t n = naive_newlines(s, expected);

	for (const struct scan *const *v = scan_all(); *v; v++) {
		marks[s.len] = untouched;
		if ((*v)->newlines(s, marks) != n || !same_marks(marks, expected, n))
			fail_msg("%s: newlines in %zu bytes", (*v)->name, s.len);
		if (marks[s.len] != untouched)
			fail_msg(
				"%s: newlines wrote behind its room, %zu bytes", (*v)->name, s.len);
	}
}

/* Check count(), and also newlines() if c is a newline. */
static void check_byte(struct span s, char c)
{
	size_t n = naive_count(s, c);

	assert_true(s.len <= ROOM);
	for (const struct scan *const *v = scan_all(); *v; v++)
		if ((*v)->count(s, c) != n)
			fail_msg("%s: count in %zu bytes", (*v)->name, s.len);
	if (c == '\n')
		check_newlines(s);
}

/* Search with the rarest bytes, and with any two. */
static void check_find(struct span s, struct span literal, uint64_t *seed)
{
	size_t expected = naive_find(s, literal);
	struct needle rarest = needle_of(literal), any = rarest;

	any.rare[0] = random_below(seed, literal.len);
	any.rare[1] = random_below(seed, literal.len);
	for (const struct scan *const *v = scan_all(); *v; v++) {
		if ((*v)->find(s, &rarest) != expected)
			fail_msg("%s: needle of %zu in %zu bytes at %zu: found at %zu", (*v)->name,
				literal.len, s.len, expected, (*v)->find(s, &rarest));
		if ((*v)->find(s, &any) != expected)
			fail_msg("%s: needle of %zu in %zu bytes, rare bytes at %zu and %zu",
				(*v)->name, literal.len, s.len, any.rare[0], any.rare[1]);
	}
}

/* A read before or after the bytes is a fault. */
TEST(bytes_right_between_guard_pages)
{
	static const char sought[] = {'\n', '\0', '\xff', '\x7f', '\x80', 'a'};
	struct guarded g = guarded_new(1);
	uint64_t seed = 1;

	for (size_t len = 0; len <= LENGTHS; len++) {
		char *at[] = {g.at, g.at + g.size - len};
		for (size_t i = 0; i < COUNT(at); i++) {
			random_bytes(&seed, at[i], len, span_of(sought, sizeof sought));
			for (size_t c = 0; c < sizeof sought; c++)
				check_byte(span_of(at[i], len), sought[c]);
		}
	}
	check_byte(span_of(g.at, g.size), '\n');
	guarded_free(&g);
}

/* The byte that is searched for is also directly before and after the span, so a result that
 * depends on bytes outside is wrong. */
TEST(all_lengths_at_all_alignments)
{
	static const char sought[] = {'\n', '\0', '\xff'};
	_Alignas(64) static char bytes[64 + LENGTHS + 64];
	uint64_t seed = 2;

	for (size_t align = 0; align < 64; align++)
		for (size_t len = 0; len <= LENGTHS; len++) {
			char c = sought[len % sizeof sought];
			char set[] = {c, (char)(c + 1), (char)(c - 1), (char)(c ^ 0x80), 'x'};
			memset(bytes, c, sizeof bytes);
			random_bytes(&seed, bytes + align, len, span_of(set, sizeof set));
			check_byte(span_of(bytes + align, len), c);
		}
}

TEST(every_byte_is_a_hit)
{
	static const char sought[] = {'\n', '\0', '\xff'};
	static char bytes[ROOM];

	for (size_t i = 0; i < sizeof sought; i++) {
		memset(bytes, sought[i], sizeof bytes);
		for (size_t len = 0; len <= LENGTHS; len++) {
			check_byte(span_of(bytes, len), sought[i]);
			check_byte(span_of(bytes, len), 'x');
		}
		check_byte(span_of(bytes, sizeof bytes), sought[i]);
	}
}

/* A byte whose value differs by 1, next to an equal one, at each place of a word: the quick test
 * for zero bytes in a word is wrong there. */
TEST(neighbours_of_a_hit_are_no_hits)
{
	char bytes[64];

	for (int c = 0; c < 256; c++)
		for (int d = -1; d <= 1; d++)
			for (size_t p = 0; p < sizeof bytes; p++) {
				memset(bytes, c + d, sizeof bytes);
				bytes[p] = (char)c;
				check_byte(span_of(bytes, sizeof bytes), (char)c);
			}
}

/* Few different letters, so that there are many matches, overlapping matches and near matches. */
TEST(needles_in_random_bytes)
{
	static const struct span alphabets[] = {
		BYTES("ab"), BYTES("abc\n"), BYTES("a\0\xff"), BYTES("a")};
	struct guarded g = guarded_new(1);
	char literal[NEEDLES];
	uint64_t seed = 3;

	for (size_t n = 1; n <= NEEDLES; n++)
		for (size_t len = 0; len <= LENGTHS; len++) {
			struct span set = alphabets[random_below(&seed, COUNT(alphabets))];
			char *at = random_below(&seed, 2) ? g.at : g.at + g.size - len;
			random_bytes(&seed, literal, n, set);
			random_bytes(&seed, at, len, set);
			if (len >= n && random_below(&seed, 2))
				memcpy(at + random_below(&seed, len - n + 1), literal, n);
			check_find(span_of(at, len), span_of(literal, n), &seed);
		}
	guarded_free(&g);
}

/* The needle at the start, at the end and at every place between, and cut off at either end. */
TEST(needles_at_every_place)
{
	enum { LEN = 200 };
	struct guarded g = guarded_new(1);
	char literal[NEEDLES], *at = g.at + g.size - LEN;
	uint64_t seed = 4;

	for (size_t n = 1; n <= NEEDLES; n++) {
		random_bytes(&seed, literal, n, span_text("abcdefgh"));
		for (size_t p = 0; p + n <= LEN; p++) {
			memset(at, '-', LEN);
			memcpy(at + p, literal, n);
			check_find(span_of(at, LEN), span_of(literal, n), &seed);
			/* All of it except its first byte, or its last, is in the span. */
			check_find(span_of(at + p + 1, LEN - p - 1), span_of(literal, n), &seed);
			check_find(span_of(at, p + n - 1), span_of(literal, n), &seed);
		}
	}
	guarded_free(&g);
}

/* Many copies of the needle with one wrong byte, then the needle. */
TEST(one_wrong_byte_is_no_hit)
{
	static char bytes[ROOM];
	char literal[NEEDLES];
	uint64_t seed = 5;

	for (size_t n = 1; n <= NEEDLES; n++) {
		random_bytes(&seed, literal, n, span_text("abcd"));
		size_t len = 0;
		for (size_t wrong = 0; wrong < n && len + 2 * n <= ROOM; wrong++) {
			memcpy(bytes + len, literal, n);
			bytes[len + wrong] = 'X';
			len += n;
		}
		check_find(span_of(bytes, len), span_of(literal, n), &seed);
		memcpy(bytes + len, literal, n);
		check_find(span_of(bytes, len + n), span_of(literal, n), &seed);
	}
}

/* Find newlines, and quotes that are not escaped.  A backslash escapes the next byte, but never the
 * first byte of the next line. */
static struct scan_marks naive_marks(struct span s, uint32_t *marks)
{
	struct scan_marks n = {0, 0};
	bool escaped = false;

	for (size_t i = 0; i < s.len; i++) {
		bool backslash = s.at[i] == '\\' && !escaped;
		if (s.at[i] == '\n')
			marks[n.n++] = (uint32_t)i + SCAN_NEWLINE;
		if (s.at[i] == '"' && !escaped)
			marks[n.n++] = (uint32_t)i;
		n.newlines += s.at[i] == '\n';
		escaped = backslash;
	}
	return n;
}

/* Check marks() of all variants.  A word after the room for the marks must not change. */
static void check_marks(struct span s)
{
	static uint32_t expected[ROOM], marks[ROOM + SCAN_AHEAD + 1];
	const uint32_t untouched = 0xdeadbeef;
	struct scan_marks n = naive_marks(s, expected);

	assert_true(s.len <= ROOM);
	for (const struct scan *const *v = scan_all(); *v; v++) {
		marks[s.len + SCAN_AHEAD] = untouched;
		struct scan_marks got = (*v)->marks(s, marks);
		if (got.n != n.n || got.newlines != n.newlines || !same_marks(marks, expected, n.n))
			fail_msg("%s: marks in %zu bytes", (*v)->name, s.len);
		if (marks[s.len + SCAN_AHEAD] != untouched)
			fail_msg("%s: marks wrote behind its room, %zu bytes", (*v)->name, s.len);
	}
}

/* Marks at the first and the last place of each step, at all distances, and as many marks in one
 * step as there can be. */
TEST(few_and_many_marks_in_a_step)
{
	enum { LEN = 160 };
	char bytes[LEN];

	for (size_t first = 0; first < LEN; first++)
		for (size_t n = 1; first + n <= LEN; n++) {
			memset(bytes, '-', LEN);
			for (size_t i = 0; i < n; i++)
				bytes[first + i] = i % 3 ? '"' : '\n';
			check_marks(span_of(bytes, LEN));
			check_marks(span_of(bytes, first + n));
		}
}

TEST(marks_in_random_bytes)
{
	static const struct span alphabets[] = {BYTES("\"\\\n-------"), BYTES("\"\\"),
		BYTES("\\\\\\\""), BYTES("\"\"\"\\\n"), BYTES("\"\\\r\n!#[]\x0b\xa2\xdc\x8a"),
		BYTES("\\\n\"")};
	struct guarded g = guarded_new(1);
	uint64_t seed = 7;

	for (size_t len = 0; len <= LENGTHS; len++)
		for (int round = 0; round < 60; round++) {
			struct span set = alphabets[random_below(&seed, COUNT(alphabets))];
			char *at = round % 2 ? g.at : g.at + g.size - len;
			random_bytes(&seed, at, len, set);
			check_marks(span_of(at, len));
		}
	guarded_free(&g);
}

/* Runs of all lengths that end at all places around two borders of steps, and are followed by a
 * quote, a newline or both. */
TEST(backslashes_across_the_borders)
{
	enum { LEN = 200, RUN = 140 };
	static const char *const behind[] = {"\"", "\n\"", "\"\"", "-\"", "\r\n\""};
	char bytes[LEN];

	for (size_t run = 0; run <= RUN; run++)
		for (size_t end = run; end + 3 <= LEN; end++)
			for (size_t i = 0; i < COUNT(behind); i++) {
				memset(bytes, '-', LEN);
				memset(bytes + end - run, '\\', run);
				memcpy(bytes + end, behind[i], strlen(behind[i]));
				check_marks(span_of(bytes, LEN));
				/* The span ends within the run. */
				if (i == 0)
					check_marks(span_of(bytes, end + 1));
			}
}

TEST(every_byte_is_a_mark)
{
	static char bytes[ROOM];

	for (size_t len = 0; len <= ROOM; len += len < LENGTHS ? 1 : 63) {
		memset(bytes, '"', len);
		check_marks(span_of(bytes, len));
		memset(bytes, '\n', len);
		check_marks(span_of(bytes, len));
		memset(bytes, '\\', len);
		check_marks(span_of(bytes, len));
	}
}

TEST(a_megabyte_with_one_needle)
{
	struct guarded g = guarded_new(1 << 20);
	struct span literal = span_text("needle");
	struct needle needle = needle_of(literal);

	memset(g.at, 'e', g.size);
	for (size_t p = g.size - 200; p + literal.len <= g.size; p++) {
		memcpy(g.at + p, literal.at, literal.len);
		for (const struct scan *const *v = scan_all(); *v; v++)
			assert_int_equal((*v)->find(span_of(g.at, g.size), &needle), p);
		memset(g.at + p, 'e', literal.len);
	}
	guarded_free(&g);
}

/* The needle_weight() of one byte is its rarity. */
TEST(needle_of_takes_the_two_rarest_bytes)
{
	char literal[NEEDLES];
	uint64_t seed = 6;

	for (int round = 0; round < 20000; round++) {
		size_t n = 1 + random_below(&seed, NEEDLES);
		for (size_t i = 0; i < n; i++)
			literal[i] = (char)random_next(&seed);
		struct needle needle = needle_of(span_of(literal, n));
		size_t a = needle.rare[0], b = needle.rare[1];
		assert_true(a < n && b < n && (a != b || n == 1));
		unsigned sum = 0;
		for (size_t i = 0; i < n; i++) {
			unsigned weight = needle_weight(span_of(literal + i, 1));
			sum += weight;
			assert_true(weight > 0);
			assert_true(weight <= needle_weight(span_of(literal + a, 1)));
			if (i != a)
				assert_true(weight <= needle_weight(span_of(literal + b, 1)));
		}
		assert_int_equal(needle_weight(span_of(literal, n)), sum);
	}
	assert_int_equal(needle_weight(span_of(NULL, 0)), 0);
}

TEST(wf_cpu_names_a_variant)
{
	const struct scan *const *all = scan_all();

	for (size_t i = 0; all[i]; i++) {
		setenv("WF_CPU", all[i]->name, 1);
		assert_ptr_equal(scan_choose(), all[i]);
	}
	setenv("WF_CPU", "", 1);
	assert_ptr_equal(scan_choose(), all[0]);
	static const char *const unknown[] = {"z80", "plai", "plainer", "PLAIN", " "};
	for (size_t i = 0; i < COUNT(unknown); i++) {
		setenv("WF_CPU", unknown[i], 1);
		assert_null(scan_choose());
	}
	unsetenv("WF_CPU");
	assert_ptr_equal(scan_choose(), all[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_right_between_guard_pages),
		cmocka_unit_test(all_lengths_at_all_alignments),
		cmocka_unit_test(every_byte_is_a_hit),
		cmocka_unit_test(neighbours_of_a_hit_are_no_hits),
		cmocka_unit_test(needles_in_random_bytes),
		cmocka_unit_test(needles_at_every_place),
		cmocka_unit_test(one_wrong_byte_is_no_hit),
		cmocka_unit_test(few_and_many_marks_in_a_step),
		cmocka_unit_test(marks_in_random_bytes),
		cmocka_unit_test(backslashes_across_the_borders),
		cmocka_unit_test(every_byte_is_a_mark),
		cmocka_unit_test(a_megabyte_with_one_needle),
		cmocka_unit_test(needle_of_takes_the_two_rarest_bytes),
		cmocka_unit_test(wf_cpu_names_a_variant),
	};

	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
