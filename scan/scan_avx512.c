/* scan_avx512.c -- the variant of scan.h for x86-64 with AVX-512BW and VBMI2 (Ice Lake 2019, Zen 4
 * 2022). */
#if defined(__x86_64__)

#include <immintrin.h>
#include <stdint.h>

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

/* See append_marks() in scan_body.h.  The bytes of all[] are the numbers of the bits in the mask.
 * Keep the bytes whose bits are set, then widen 16 bytes at a time to numbers of 32 bits.  64 bytes
 * of a log rarely contain more than 16 marks. */
#define SCAN_APPEND_MARKS
static inline size_t append_marks(uint64_t mask, size_t base, uint32_t *at, size_t n)
{
	static const unsigned char all[64] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
		16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36,
		37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57,
		58, 59, 60, 61, 62, 63};
	size_t marks = (size_t)__builtin_popcountll(mask);
	__m512i places = _mm512_maskz_compress_epi8(mask, _mm512_loadu_si512(all));
	__m512i first = _mm512_set1_epi32((int)base);

	for (size_t i = 0;;) {
		__m512i numbers = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(places));
		_mm512_storeu_si512(at + n + i, _mm512_add_epi32(numbers, first));
		i += 16;
		if (i >= marks)
			return n + marks;
		places = _mm512_alignr_epi32(places, places, 4);
	}
}

#include "scan/scan_body.h"

#endif
