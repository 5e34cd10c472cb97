/* test_swar.c -- compare with naive loops, between guard pages. */
#include "unit.h"

#include "lib/swar.h"

enum { LENGTHS = 70 };

static const char *naive_find(const char *p, const char *end, char c)
{
	for (; p < end; p++)
		if (*p == c)
			return p;
	return NULL;
}

static const char *naive_digits_end(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

/* At the start and at the end of the memory.  The byte that is searched for is also before and
 * after the span. */
TEST(a_byte_in_random_bytes)
{
	static const char sought[] = {'"', ' ', '\0', '\xff', '\x7f', '\x80'};
	struct guarded g = guarded_new(1);
	uint64_t seed = 1;

	for (int round = 0; round < 300; round++)
		for (size_t len = 0; len <= LENGTHS; len++) {
			char c = sought[random_below(&seed, sizeof sought)];
			char set[] = {
				c, (char)(c + 1), (char)(c - 1), (char)(c ^ 0x80), 'x', 'y', 'z'};
			char *at[] = {g.at, g.at + 64, g.at + g.size - len};
			memset(g.at, c, g.size);
			for (size_t i = 0; i < COUNT(at); i++) {
				size_t some = random_below(&seed, 2) ? sizeof set : 1;
				random_bytes(&seed, at[i], len, span_of(set + 7 - some, some));
				assert_ptr_equal(swar_find(at[i], at[i] + len, c),
					naive_find(at[i], at[i] + len, c));
				assert_ptr_equal(swar_find_far(at[i], at[i] + len, c),
					naive_find(at[i], at[i] + len, c));
				const char *limit = at[i] + len + random_below(&seed, 40);
				if (limit > g.at + g.size)
					limit = g.at + g.size;
				assert_ptr_equal(swar_find_before(at[i], at[i] + len, limit, c),
					naive_find(at[i], at[i] + len, c));
				assert_int_equal(swar_contains(at[i], len, c),
					naive_find(at[i], at[i] + len, c) != NULL);
			}
		}
	guarded_free(&g);
}

TEST(a_byte_at_every_place)
{
	struct guarded g = guarded_new(1);

	for (int c = 0; c < 256; c++)
		for (size_t len = 1; len <= LENGTHS; len++) {
			char *at = g.at + g.size - len;
			/* More of them may follow. */
			memset(at, c + 1, len);
			assert_null(swar_find(at, at + len, (char)c));
			assert_null(swar_find_before(at, at + len, at + len, (char)c));
			assert_false(swar_contains(at, len, (char)c));
			for (size_t p = len; p-- > 0;) {
				at[p] = (char)c;
				assert_ptr_equal(swar_find(at, at + len, (char)c), at + p);
				assert_ptr_equal(swar_find_far(at, at + len, (char)c), at + p);
				assert_true(swar_contains(at, len, (char)c));
			}
		}
	guarded_free(&g);
}

/* The bytes of the set are also before and after the span. */
TEST(one_of_several_bytes_in_random_bytes)
{
	static const char set[] = "/?#\\@:", others[] = "xyz.09-\x7f\x80\xffQRSTUVWXYZ/";
	struct guarded g = guarded_new(1);
	uint64_t seed = 5;

	for (int round = 0; round < 300; round++)
		for (size_t len = 0; len <= LENGTHS; len++) {
			char *at = random_below(&seed, 2) ? g.at + 64 : g.at + g.size - len;
			memset(g.at, '@', g.size);
			random_bytes(&seed, at, len, span_of(others, sizeof others - 1));
			if (len)
				at[random_below(&seed, len)] = set[random_below(&seed, 6)];
			const char *expected = at;
			while (expected < at + len && !strchr(set, *expected))
				expected++;
			assert_ptr_equal(swar_find_any(at, at + len, "/?#\\@:"), expected);
		}
	guarded_free(&g);
}

/* Every byte at every place, between digits. */
TEST(digits_up_to_any_other_byte)
{
	struct guarded g = guarded_new(1);
	uint64_t seed = 2;

	for (int c = 0; c < 256; c++)
		for (size_t len = 0; len <= 40; len++) {
			char *at[] = {g.at, g.at + g.size - len};
			for (size_t i = 0; i < COUNT(at); i++) {
				memset(g.at, '7', g.size);
				random_bytes(&seed, at[i], len, span_text("0123456789"));
				for (size_t p = len + 1; p-- > 0;) {
					if (p < len)
						at[i][p] = (char)c;
					assert_ptr_equal(swar_digits_end(at[i], at[i] + len),
						naive_digits_end(at[i], at[i] + len));
				}
			}
		}
	guarded_free(&g);
}

TEST(digits_in_random_bytes)
{
	struct guarded g = guarded_new(1);
	uint64_t seed = 3;
	char bytes[40];

	for (int round = 0; round < 200000; round++) {
		size_t len = random_below(&seed, sizeof bytes);
		random_bytes(&seed, bytes, len,
			span_of("0123456789012345678901234567890123456789/:\0\xff\xb0", 45));
		struct span s = guarded_copy(&g, span_of(bytes, len));
		assert_ptr_equal(
			swar_digits_end(s.at, s.at + len), naive_digits_end(s.at, s.at + len));
	}
	guarded_free(&g);
}

static const char *naive_blank(const char *p, const char *end)
{
	while (p < end && *p != ' ' && *p != '\t')
		p++;
	return p;
}

static void check_blank(const char *p, const char *end)
{
	assert_ptr_equal(swar_blank(p, end), naive_blank(p, end));
}

/* Every byte at every place, with blanks before and after the span. */
TEST(a_blank_at_every_place)
{
	struct guarded g = guarded_new(1);

	for (int c = 0; c < 256; c++)
		for (size_t len = 0; len <= LENGTHS; len++) {
			char *at[] = {g.at + 3, g.at + g.size - len};
			for (size_t i = 0; i < COUNT(at); i++) {
				memset(g.at, i ? ' ' : '\t', g.size);
				memset(at[i], 'x', len);
				check_blank(at[i], at[i] + len);
				for (size_t p = len; p-- > 0;) {
					at[i][p] = (char)c;
					check_blank(at[i], at[i] + len);
				}
			}
		}
	guarded_free(&g);
}

TEST(a_blank_in_random_bytes)
{
	struct guarded g = guarded_new(1);
	uint64_t seed = 4;
	char bytes[LENGTHS];

	for (int round = 0; round < 200000; round++) {
		size_t len = random_below(&seed, sizeof bytes);
		random_bytes(&seed, bytes, len,
			span_of("\0\n\v\b!\x1f\x89\xa0xyzxyzxyzxyzxyzxyzxyzxyz \t", 34));
		struct span s = guarded_copy(&g, span_of(bytes, len));
		check_blank(s.at, s.at + len);
	}
	guarded_free(&g);
}

/* swar_find_ahead() may read 32 bytes, but must not find a byte after the end. */
TEST(a_byte_ahead_at_every_place)
{
	enum { AHEAD = 32 };
	static const char sought[] = {' ', '\0', '\xff', '\x80'};
	struct guarded g = guarded_new(1);

	for (size_t k = 0; k < COUNT(sought); k++)
		for (size_t len = 0; len <= LENGTHS; len++) {
			char c = sought[k];
			char *p = g.at + g.size - (len > AHEAD ? len : AHEAD), *end = p + len;
			memset(g.at, c, g.size);
			memset(p, c + 1, len);
			assert_null(swar_find_ahead(p, end, c));
			for (size_t place = len; place-- > 0;) {
				p[place] = c;
				assert_ptr_equal(swar_find_ahead(p, end, c), p + place);
			}
			for (size_t place = 0; place < len; place++) {
				p[place] = (char)(c - 1);
				assert_ptr_equal(swar_find_ahead(p, end, c), naive_find(p, end, c));
			}
		}
	guarded_free(&g);
}

TEST(eight_bytes_as_a_number)
{
	static const char bytes[] = "\1\2\3\4\5\6\7\xff";

	char copy[8];

	assert_true(word_load(bytes) == UINT64_C(0xff07060504030201));
	assert_true(word_load_be(bytes) == UINT64_C(0x01020304050607ff));
	word_store(copy, word_load(bytes));
	assert_memory_equal(copy, bytes, 8);
	assert_true(swar_equal(word_load(bytes), '\3') == UINT64_C(0x800000));
	assert_true(swar_equal(word_load(bytes), '\xff') == UINT64_C(1) << 63);
	assert_true(swar_equal(word_load(bytes), '\0') == 0);
	assert_true(swar_equal(word_load("aaaaaaaa"), 'a') == UINT64_C(0x8080808080808080));
}

static bool naive_match(const char *p, const char *pattern)
{
	for (size_t i = 0; i < 8; i++) {
		char c = pattern[i], last = c == '5' ? '5' : '9';
		bool digit = c == '0' || c == '5';
		if (c != '?' && (digit ? p[i] < '0' || p[i] > last : p[i] != c))
			return false;
	}
	return true;
}

/* Every pair of bytes at every place, with matching bytes at all other places. */
TEST(eight_bytes_that_match)
{
	char bytes[8];

	for (int c = 0; c < 1 << 16; c++)
		for (size_t place = 0; place < 7; place++) {
			memcpy(bytes,
				"94:\xff/5\x80"
				"3",
				8);
			bytes[place] = (char)c;
			bytes[place + 1] = (char)(c >> 8);
			bool match = SWAR_MATCH(bytes, '0', '5', ':', '?', '/', '5', '?', '0');
			if (match != naive_match(bytes, "05:?/5?0"))
				fail_msg("bytes %x at %zu", c, place);
		}
}

static const char *naive_stop(const char *p, const char *end)
{
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
		p++;
	return p;
}

TEST(the_end_of_a_string)
{
	struct guarded g = guarded_new(1);
	uint64_t seed = 1;

	for (int stop = 0; stop < 256; stop++)
		for (size_t len = 0; len <= LENGTHS; len++) {
			char *at = g.at + g.size - len;
			memset(g.at, '"', g.size);
			random_bytes(&seed, at, len, span_text("abc \x7f\x80\xff!#[]"));
			assert_ptr_equal(swar_string_stop(at, at + len), at + len);
			memmove(g.at, at, len);
			assert_ptr_equal(swar_string_stop(g.at, g.at + len), g.at + len);
			if (!len)
				continue;
			at[random_below(&seed, len)] = (char)stop;
			assert_ptr_equal(swar_string_stop(at, at + len), naive_stop(at, at + len));
		}
	guarded_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_byte_in_random_bytes),
		cmocka_unit_test(a_byte_at_every_place),
		cmocka_unit_test(one_of_several_bytes_in_random_bytes),
		cmocka_unit_test(digits_up_to_any_other_byte),
		cmocka_unit_test(digits_in_random_bytes),
		cmocka_unit_test(a_blank_at_every_place),
		cmocka_unit_test(a_blank_in_random_bytes),
		cmocka_unit_test(a_byte_ahead_at_every_place),
		cmocka_unit_test(eight_bytes_as_a_number),
		cmocka_unit_test(eight_bytes_that_match),
		cmocka_unit_test(the_end_of_a_string),
	};

	return cmocka_run_group_tests_name("swar", tests, NULL, NULL);
}
