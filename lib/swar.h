/* swar.h -- searches and compares 8 or 16 bytes at a time, with inline functions.
 *
 * "SWAR" is SIMD within a register.  The words in a log line are so short that calling memchr()
 * takes longer than searching them.
 */
#ifndef LIB_SWAR_H
#define LIB_SWAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "lib/word.h"

/* Return a word in which the highest bit of a byte is set if that byte of `word` is c; all other
 * bits are 0.  (There is a quicker test, but it can be wrong for bytes above a byte that is c:
 * Warren, Hacker's Delight, 6-1.) */
static inline uint64_t swar_equal(uint64_t word, char c)
{
	const uint64_t low7 = UINT64_C(0x7f7f7f7f7f7f7f7f);

	word ^= UINT64_C(0x0101010101010101) * (unsigned char)c;
	return ~(((word & low7) + low7) | word | low7);
}

/* A pattern for eight bytes.  Each byte of the pattern matches one of these:
 *
 *	matches		.bytes	.mask	.add
 *	one byte	itself	0xff	0
 *	any digit	'0'	0xf0	6
 *	a digit up to 5	'0'	0xf0	10
 *	any byte	any	0	0
 */
struct swar_pattern {
	uint64_t bytes, mask, add;
};

/* Compare a word with a pattern.  `difference` is the word XOR .bytes.  Returns 0 if the word
 * matches.  Otherwise the lowest bit that is set is in the first byte that does not match.
 *
 * A digit XOR '0' is 0 to 9.  If 6 is added, the result is at most 15, so there is no carry to the
 * upper half of the byte.  For bytes from ':' to '?', whose upper half is the same as that of '0',
 * there is a carry.  Only a byte that does not match can carry into the next byte, so only bytes
 * after the first mismatch can be wrong. */
static inline uint64_t swar_mismatch_by(uint64_t difference, struct swar_pattern pattern)
{
	return (difference | (difference + pattern.add)) & pattern.mask;
}

static inline uint64_t swar_mismatch(uint64_t word, struct swar_pattern pattern)
{
	return swar_mismatch_by(word ^ pattern.bytes, pattern);
}

/* True if the eight bytes at p match eight characters: '0' stands for any digit, '5' for a digit up
 * to 5, '?' for any byte, and any other character for itself. */
#define SWAR_MATCH(p, ...) (SWAR_MISMATCH(p, __VA_ARGS__) == 0)
#define SWAR_MISMATCH(p, ...)                                                                      \
	swar_mismatch(word_load(p),                                                                \
		(struct swar_pattern){SWAR_WORD(SWAR_BYTE, __VA_ARGS__),                           \
			SWAR_WORD(SWAR_MASK, __VA_ARGS__), SWAR_WORD(SWAR_ADD, __VA_ARGS__)})

/* Makes a 64-bit word whose eight bytes are the results of the macro `byte` for eight characters.
 * The first character yields the lowest byte, as in word_load(). */
#define SWAR_WORD(byte, ...) SWAR_WORD_OF(byte, __VA_ARGS__)
#define SWAR_WORD_OF(byte, a, b, c, d, e, f, g, h)                                                 \
	((uint64_t)byte(a) | (uint64_t)byte(b) << 8 | (uint64_t)byte(c) << 16 |                    \
		(uint64_t)byte(d) << 24 | (uint64_t)byte(e) << 32 | (uint64_t)byte(f) << 40 |      \
		(uint64_t)byte(g) << 48 | (uint64_t)byte(h) << 56)
#define SWAR_BYTE(c) ((c) == '5' ? '0' : (c))
#define SWAR_MASK(c) ((c) == '?' ? 0 : (c) == '0' || (c) == '5' ? 0xf0 : 0xff)
#define SWAR_ADD(c)  ((c) == '0' ? 6 : (c) == '5' ? 10 : 0)

/* The pattern that matches eight digits. */
static const struct swar_pattern swar_digits = {
	UINT64_C(0x3030303030303030), UINT64_C(0xf0f0f0f0f0f0f0f0), UINT64_C(0x0606060606060606)};

/* Find the first byte in [p, end) that is not a digit; `end` if all bytes are digits.  For each
 * eight bytes there is only one branch, since a branch on the number of digits would often be
 * mispredicted. */
static inline const char *swar_digits_end(const char *p, const char *end)
{
	for (; end - p >= 8; p += 8) {
		uint64_t mismatch = swar_mismatch(word_load(p), swar_digits);
		if (mismatch)
			return p + (__builtin_ctzll(mismatch) >> 3);
	}
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

/* Find the first byte in [p, end) that is c; NULL if there is none. */
static inline const char *swar_find(const char *p, const char *end, char c)
{
#if defined(__SSE2__)
	const __m128i all = _mm_set1_epi8(c);
	for (; end - p >= 16; p += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
		unsigned mask = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, all));
		if (mask)
			return p + __builtin_ctz(mask);
	}
#endif
	for (; end - p >= 8; p += 8) {
		uint64_t places = swar_equal(word_load(p), c);
		if (places)
			return p + (__builtin_ctzll(places) >> 3);
	}
	for (; p < end; p++)
		if (*p == c)
			return p;
	return NULL;
}

#if defined(__SSE2__)
/* Return a mask of 32 bits, in which bit i is set if p[i] is c. */
static inline unsigned swar_equal32(const char *p, char c)
{
	const __m128i all = _mm_set1_epi8(c), *at = (const __m128i *)(const void *)p;
	__m128i low = _mm_cmpeq_epi8(_mm_loadu_si128(at), all);
	__m128i high = _mm_cmpeq_epi8(_mm_loadu_si128(at + 1), all);

	return (unsigned)_mm_movemask_epi8(low) | (unsigned)_mm_movemask_epi8(high) << 16;
}
#endif

#if defined(__SSE2__)
/* Load a text of 8 to 15 bytes; zeros follow. */
static inline __m128i swar_load_short(const char *p, size_t len)
{
	size_t missing = 8 * (16 - len); /* bits; at most 64 */
	uint64_t low = word_load(p), high = word_load(p + len - sizeof high);

	return _mm_set_epi64x((long long)(high >> (missing - 1) >> 1), (long long)low);
}
#endif

/* Like swar_find(), but faster if c is usually among the next 17 to 32 bytes, because their number
 * is not a reason for a branch. */
static inline const char *swar_find_far(const char *p, const char *end, char c)
{
#if defined(__SSE2__)
	for (; end - p >= 32; p += 32) {
		unsigned mask = swar_equal32(p, c);
		if (mask)
			return p + __builtin_ctz(mask);
	}
#endif
	return swar_find(p, end, c);
}

/* Like swar_find(), but fast if c or `end` is among the next 32 bytes, because their number is not a
 * reason for a branch; otherwise memchr() searches the rest.  The bytes up to `limit` must be readable; end <= limit. */
static inline const char *swar_find_before(
	const char *p, const char *end, const char *limit, char c)
{
#if defined(__SSE2__)
	if (limit - p >= 32) {
		unsigned mask = swar_equal32(p, c);
		const char *at = p + (mask ? __builtin_ctz(mask) : 32);
		if (mask || end - p <= 32)
			return at < end ? at : NULL;
		p += 32;
	}
#else
	(void)limit;
#endif
	return p < end ? memchr(p, c, (size_t)(end - p)) : NULL;
}

/* True if one of the `len` bytes at p is c.  Fast for 16 to 32 bytes, whose number is not a reason for
 * a branch. */
static inline bool swar_contains(const char *p, size_t len, char c)
{
#if defined(__SSE2__)
	if (len - 16 <= 16) { /* false for less than 16, because size_t wraps around */
		const __m128i all = _mm_set1_epi8(c);
		__m128i first = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i last = _mm_loadu_si128((const __m128i *)(const void *)(p + len - 16));
		__m128i are = _mm_or_si128(_mm_cmpeq_epi8(first, all), _mm_cmpeq_epi8(last, all));
		return _mm_movemask_epi8(are);
	}
#endif
	if (len - 8 <= 8)
		return swar_equal(word_load(p), c) | swar_equal(word_load(p + len - 8), c);
	return swar_find(p, p + len, c);
}

/* Find the first blank or tab in [p, end); `end` if there is none. */
static inline const char *swar_blank(const char *p, const char *end)
{
#if defined(__SSE2__)
	const __m128i blanks = _mm_set1_epi8(' '), tabs = _mm_set1_epi8('\t');
	for (; end - p >= 16; p += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i are = _mm_or_si128(_mm_cmpeq_epi8(x, blanks), _mm_cmpeq_epi8(x, tabs));
		unsigned mask = (unsigned)_mm_movemask_epi8(are);
		if (mask)
			return p + __builtin_ctz(mask);
	}
#endif
	while (p < end && *p != ' ' && *p != '\t')
		p++;
	return p;
}

/* Find the first byte in [p, end) that is one of the bytes of the string `set`, which should be a
 * short constant; `end` if there is none. */
static inline __attribute__((always_inline)) const char *swar_find_any(
	const char *p, const char *end, const char *set)
{
#if defined(__SSE2__)
	for (; end - p >= 16; p += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i are = _mm_setzero_si128();
#pragma GCC unroll 8
		for (const char *c = set; *c; c++)
			are = _mm_or_si128(are, _mm_cmpeq_epi8(x, _mm_set1_epi8(*c)));
		unsigned mask = (unsigned)_mm_movemask_epi8(are);
		if (mask)
			return p + __builtin_ctz(mask);
	}
#endif
	for (; p < end; p++)
		for (const char *c = set; *c; c++)
			if (*p == *c)
				return p;
	return p;
}

/* Like swar_find(), but the 32 bytes from p on must be readable, even those past `end`.  Fast if c
 * is among these 32 bytes. */
static inline const char *swar_find_ahead(const char *p, const char *end, char c)
{
#if defined(__SSE2__)
	unsigned mask = swar_equal32(p, c);
	if (mask) {
		p += __builtin_ctz(mask);
		return p < end ? p : NULL;
	}
	return end - p > 32 ? swar_find(p + 32, end, c) : NULL;
#else
	return swar_find(p, end, c);
#endif
}

#if defined(__SSE2__)
/* Return 16 bytes, of which byte i is 0xff if p[i] is a backslash or a control character, else 0. */
static inline __m128i swar_is_special(const char *p)
{
	__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i control = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(0x1f)), x);

	return _mm_or_si128(control, _mm_cmpeq_epi8(x, _mm_set1_epi8('\\')));
}

/* Return a mask of 16 bits, in which bit i is set if p[i] is a quote, a backslash or a control
 * character. */
static inline unsigned swar_string_stops(const char *p)
{
	__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i quote = _mm_cmpeq_epi8(x, _mm_set1_epi8('"'));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(swar_is_special(p), quote));
}
#endif

/* Find the first byte in [p, end) that is a quote, a backslash or a control character, that is, less
 * than a blank; `end` if there is none. */
static inline const char *swar_string_stop(const char *p, const char *end)
{
#if defined(__SSE2__)
	for (; end - p >= 32; p += 32) {
		unsigned mask = swar_string_stops(p) | swar_string_stops(p + 16) << 16;
		if (mask)
			return p + __builtin_ctz(mask);
	}
	if (end - p >= 16) {
		unsigned mask = swar_string_stops(p);
		if (mask)
			return p + __builtin_ctz(mask);
		p += 16;
	}
#endif
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
		p++;
	return p;
}

#endif
