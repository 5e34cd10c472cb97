/* scan_plain.c -- for any CPU: eight bytes at a time in a 64-bit word.
 *
 * The test for a zero byte is exact, not the quicker one that can err in the byte
 * above a hit (Warren, Hacker's Delight, 6-1).
 */
#include <stdint.h>
#include <string.h>

#define SCAN_NAME    "plain"
#define SCAN_VARIANT scan_plain

static inline uint64_t load64(const char *p)
{
	uint64_t word;

	memcpy(&word, p, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/* Eight bits, one for each byte of word that is 0. */
static inline uint64_t zero_bytes(uint64_t word)
{
	const uint64_t low7 = UINT64_C(0x7f7f7f7f7f7f7f7f);
	uint64_t high = ~(((word & low7) + low7) | word | low7);

	/* Gather bits 7, 15, ... 63 in the highest byte. */
	return ((high >> 7) * UINT64_C(0x0102040810204080)) >> 56;
}

static inline uint64_t equal64(const char *p, char c)
{
	uint64_t all = UINT64_C(0x0101010101010101) * (unsigned char)c, mask = 0;

	for (size_t i = 0; i < 8; i++)
		mask |= zero_bytes(load64(p + 8 * i) ^ all) << (8 * i);
	return mask;
}

#include "lib/scan_body.h"
