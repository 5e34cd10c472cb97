/* scan_neon.c -- the variant of scan.h for arm64, where all CPUs have NEON. */
#if defined(__aarch64__)

#include <arm_neon.h>
#include <stdint.h>

#define SCAN_NAME    "neon"
#define SCAN_VARIANT scan_neon

/* NEON has no movemask.  Instead, replace byte i by 1 << (i % 8) if it is c, else by 0.  Then add
 * up neighbouring bytes, three times, until 64 bytes have become 8: the mask. */
static inline uint64_t equal64(const char *p, char c)
{
	static const uint8_t weights[16] = {
		1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
	const uint8_t *bytes = (const uint8_t *)p;
	uint8x16_t all = vdupq_n_u8((uint8_t)c), bit = vld1q_u8(weights);
	uint8x16_t m0 = vandq_u8(vceqq_u8(vld1q_u8(bytes), all), bit);
	uint8x16_t m1 = vandq_u8(vceqq_u8(vld1q_u8(bytes + 16), all), bit);
	uint8x16_t m2 = vandq_u8(vceqq_u8(vld1q_u8(bytes + 32), all), bit);
	uint8x16_t m3 = vandq_u8(vceqq_u8(vld1q_u8(bytes + 48), all), bit);
	uint8x16_t sum = vpaddq_u8(vpaddq_u8(m0, m1), vpaddq_u8(m2, m3));

	return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sum, sum)), 0);
}

#include "scan/scan_body.h"

#endif
