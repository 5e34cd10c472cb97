/* scan_scalar.c -- the variant of scan.h for any CPU.  It looks at eight bytes at a time in a
 * 64-bit word. */
#include <stdint.h>

#include "lib/swar.h"

#define SCAN_NAME    "plain"
#define SCAN_VARIANT scan_scalar

/* A mask of eight bits: bit i is set if p[i] == c. */
static inline uint64_t equal8(const char *p, char c)
{
	/* The multiplication collects bits 0, 8, ... 56 in the highest byte. */
	return ((swar_equal(word_load(p), c) >> 7) * UINT64_C(0x0102040810204080)) >> 56;
}

static inline uint64_t equal64(const char *p, char c)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < 8; i++)
		mask |= equal8(p + 8 * i, c) << (8 * i);
	return mask;
}

#include "scan/scan_body.h"
