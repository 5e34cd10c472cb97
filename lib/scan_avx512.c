/* scan_avx512.c -- x86-64 with AVX-512BW (Skylake-SP 2017, Zen 4 2022). */
#if defined(__x86_64__)

#include <immintrin.h>
#include <stdint.h>

#define SCAN_NAME    "avx512"
#define SCAN_VARIANT scan_avx512

static inline uint64_t equal64(const char *p, char c)
{
	return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(p), _mm512_set1_epi8(c));
}

#include "lib/scan_body.h"

#endif
