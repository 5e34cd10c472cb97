/* scan_sse2.c -- the variant of scan.h for x86-64 with SSE2, which all x86-64 CPUs have. */
#if defined(__x86_64__)

#include <emmintrin.h>
#include <stdint.h>

#define SCAN_NAME    "sse2"
#define SCAN_VARIANT scan_sse2

static inline uint64_t equal16(const char *p, __m128i c)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);

	return (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, c));
}

static inline uint64_t equal64(const char *p, char c)
{
	__m128i all = _mm_set1_epi8(c);

	return equal16(p, all) | equal16(p + 16, all) << 16 | equal16(p + 32, all) << 32 |
	       equal16(p + 48, all) << 48;
}

#include "scan/scan_body.h"

#endif
