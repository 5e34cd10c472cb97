/* scan_avx512.c -- the variant of scan.h for x86-64 with AVX-512BW, VBMI and VBMI2 (Ice Lake 2019,
 * Zen 4 2022). */
#if defined(__x86_64__)

#include <immintrin.h>
#include <stdint.h>

#include "scan/scan_variants.h"

#define SCAN_NAME    "avx512"
#define SCAN_VARIANT scan_avx512

static inline uint64_t equal64(const char *p, char c)
{
	return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(p), _mm512_set1_epi8(c));
}

#define SCAN_BOTH64
static inline uint64_t both64(const char *p, char c, const char *q, char d)
{
	__mmask64 first = _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(p), _mm512_set1_epi8(c));

	return _mm512_mask_cmpeq_epi8_mask(first, _mm512_loadu_si512(q), _mm512_set1_epi8(d));
}

/* Return the first 16 of these bytes as marks.  Each byte is the number of a bit; those of newlines
 * have the highest bit, too.  Copy each byte to the lowest and to the highest byte of 32 bits: this
 * is faster than sign extension. */
static inline __m512i widen(__m512i bytes, size_t base)
{
	const __m512i from = _mm512_set_epi32(0x0f00000f, 0x0e00000e, 0x0d00000d, 0x0c00000c,
		0x0b00000b, 0x0a00000a, 0x09000009, 0x08000008, 0x07000007, 0x06000006, 0x05000005,
		0x04000004, 0x03000003, 0x02000002, 0x01000001, 0);
	__m512i copies = _mm512_permutexvar_epi8(from, bytes);
	__m512i kept = _mm512_and_si512(copies, _mm512_set1_epi32((int)(SCAN_NEWLINE | 63)));

	return _mm512_or_si512(kept, _mm512_set1_epi32((int)base));
}

/* See append_marks() in scan_body.h.  The bytes of all[] are the numbers of the bits in the masks.
 * Set the highest bit of those of newlines, and keep the bytes whose bits are set.  64 bytes of a
 * log rarely contain more than 16 marks.  If the first 16 marks were written in the loop, gcc 12
 * would make it take twice as long. */
#define SCAN_APPEND_MARKS
static inline size_t append_marks(
	uint64_t newlines, uint64_t quotes, size_t base, uint32_t *marks, size_t n)
{
	static const unsigned char all[64] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
		16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36,
		37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57,
		58, 59, 60, 61, 62, 63};
	size_t end = n + (size_t)__builtin_popcountll(newlines | quotes);
	__m512i bits = _mm512_loadu_si512(all), highest = _mm512_set1_epi8((char)0x80);
	__m512i tagged = _mm512_mask_add_epi8(bits, newlines, bits, highest);
	__m512i kept = _mm512_maskz_compress_epi8(newlines | quotes, tagged);

	_mm512_storeu_si512(marks + n, widen(kept, base));
	while (__builtin_expect(n + 16 < end, false)) {
		n += 16;
		kept = _mm512_alignr_epi32(kept, kept, 4);
		_mm512_storeu_si512(marks + n, widen(kept, base));
	}
	return end;
}

#include "scan/scan_body.h"

#endif
