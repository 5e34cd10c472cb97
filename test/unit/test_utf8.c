/* test_utf8.c -- compare with the definition of UTF-8: every character, and every ill-formed
 * beginning of one. */
#include "unit.h"

#include "characters.h"
#include "lib/utf8.h"

/* The two-byte and three-byte beginnings of all characters. */
struct beginnings {
	bool two[1 << 16];
	unsigned char three[1 << 21]; /* one bit each */
};

static uint32_t number(const unsigned char *bytes, size_t n)
{
	uint32_t all = 0;

	for (size_t i = 0; i < n; i++)
		all = all << 8 | bytes[i];
	return all;
}

static struct beginnings *all_beginnings(void)
{
	struct beginnings *b = calloc(1, sizeof *b);
	unsigned char bytes[4];

	assert_non_null(b);
	for (uint32_t code = 0; code <= LAST; code++) {
		if (!is_character(code))
			continue;
		size_t n = encode(code, bytes);
		if (n > 1)
			b->two[number(bytes, 2)] = true;
		if (n > 2)
			b->three[number(bytes, 3) >> 3] |= (unsigned char)(1 << (bytes[2] & 7));
	}
	return b;
}

TEST(every_character_is_read_back)
{
	struct guarded g = guarded_new(1);
	unsigned char bytes[5];

	for (uint32_t code = 0; code <= LAST; code++) {
		if (!is_character(code))
			continue;
		size_t n = encode(code, bytes);
		/* Alone, and with more bytes after it. */
		for (size_t more = 0; more <= 1; more++) {
			bytes[n] = 0x80;
			struct utf8 got =
				utf8_read(guarded_copy(&g, span_of((char *)bytes, n + more)));
			if (got.len != n || got.code != code)
				fail_msg("U+%04X: %u bytes, U+%04X", code, got.len, got.code);
		}
	}
	guarded_free(&g);
}

/* How many bytes some character begins with: the definition's length of ill-formed bytes. */
static unsigned expected_len(const struct beginnings *b, const unsigned char *s, size_t len)
{
	if (len < 2 || !b->two[number(s, 2)])
		return 1;
	if (len < 3 || !(b->three[number(s, 3) >> 3] >> (s[2] & 7) & 1))
		return 2;
	return 3;
}

/* All pairs of first bytes, then all bytes at the limits of what may follow, cut off at every
 * length. */
TEST(ill_formed_bytes_are_taken_up_to_where_they_go_wrong)
{
	static const unsigned char borders[] = {
		0, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
	struct beginnings *b = all_beginnings();
	struct guarded g = guarded_new(1);
	unsigned char s[4], back[4];

	for (uint32_t first = 0; first < 1 << 16; first++)
		for (size_t i = 0; i < COUNT(borders) * COUNT(borders); i++) {
			s[0] = (unsigned char)(first >> 8);
			s[1] = (unsigned char)first;
			s[2] = borders[i / COUNT(borders)];
			s[3] = borders[i % COUNT(borders)];
			for (size_t len = i == 0 ? 1 : 3; len <= 4; len++) {
				struct utf8 got =
					utf8_read(guarded_copy(&g, span_of((char *)s, len)));
				if (got.code == UTF8_INVALID) {
					if (got.len != expected_len(b, s, len))
						fail_msg("%08x/%zu: %u bytes", number(s, len), len,
							got.len);
					continue;
				}
				/* A character that is read as well-formed is well-formed. */
				assert_true(is_character(got.code));
				assert_int_equal(encode(got.code, back), got.len);
				assert_true(got.len <= len);
				assert_memory_equal(back, s, got.len);
			}
		}
	guarded_free(&g);
	free(b);
}

/* '?' for U+FFFD.  The first four are tables 3-8 to 3-11 of The Unicode Standard. */
TEST(one_replacement_for_each_maximal_part)
{
	static const struct {
		struct span bytes;
		const char *expected;
	} cases[] = {
		{BYTES("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41"), "????????A"},
		{BYTES("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41"), "????????A"},
		{BYTES("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42"), "?????A??B"},
		{BYTES("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41"), "????A"},
		{BYTES("\xc2\x41"), "?A"},
		{BYTES("\xe0\xa0\x41"), "?A"},
		{BYTES("\xf0\x90\x80\x41"), "?A"},
		{BYTES("\xf5\x80\x80\x80\x41"), "????A"},
		{BYTES("\xfe\xff"), "??"},
		{BYTES("\x80\x80"), "??"},
		{BYTES("\xc1\x81\x41"), "??A"},
		/* Truncated. */
		{BYTES("\xc3"), "?"},
		{BYTES("\xe2\x82"), "?"},
		{BYTES("\xf0\x9f\x98"), "?"},
		{BYTES("A\xf0\x9f"), "A?"},
		{BYTES("\xe0"), "?"},
		{BYTES("\0A\x7f"), NULL},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span s = cases[i].bytes;
		char got[32];
		size_t n = 0;
		while (s.len) {
			struct utf8 u = utf8_read(s);
			assert_in_range(u.len, 1, s.len);
			got[n++] = u.code == UTF8_INVALID ? '?' : (char)u.code;
			s.at += u.len;
			s.len -= u.len;
		}
		if (cases[i].expected)
			assert_span_equal(span_of(got, n), span_text(cases[i].expected));
		else
			assert_span_equal(span_of(got, n), cases[i].bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_is_read_back),
		cmocka_unit_test(ill_formed_bytes_are_taken_up_to_where_they_go_wrong),
		cmocka_unit_test(one_replacement_for_each_maximal_part),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
