/* scan_avx2.c -- the variant of scan.h for x86-64 with AVX2, BMI and POPCNT (Haswell 2013, Zen
 * 2017). */
#if defined(__x86_64__)

#include <immintrin.h>
#include <stdint.h>

#define SCAN_NAME    "avx2"
#define SCAN_VARIANT scan_avx2

static inline uint64_t equal32(const char *p, __m256i c)
{
	__m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)p);

	return (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, c));
}

static inline uint64_t equal64(const char *p, char c)
{
	__m256i all = _mm256_set1_epi8(c);

	return equal32(p, all) | equal32(p + 32, all) << 32;
}

#define SCAN_BOTH64
static inline uint64_t both32(const char *p, __m256i c, const char *q, __m256i d)
{
	__m256i x = _mm256_loadu_si256((const __m256i *)(const void *)p);
	__m256i y = _mm256_loadu_si256((const __m256i *)(const void *)q);
	__m256i both = _mm256_and_si256(_mm256_cmpeq_epi8(x, c), _mm256_cmpeq_epi8(y, d));

	return (uint64_t)(uint32_t)_mm256_movemask_epi8(both);
}

static inline uint64_t both64(const char *p, char c, const char *q, char d)
{
	__m256i x = _mm256_set1_epi8(c), y = _mm256_set1_epi8(d);

	return both32(p, x, q, y) | both32(p + 32, x, q + 32, y) << 32;
}

#include "scan/scan_body.h"

#endif
