/* word.h -- loads and stores eight bytes at any address as a 64-bit number.
 */
#ifndef LIB_WORD_H
#define LIB_WORD_H

#include <stdint.h>
#include <string.h>

/* Convert a word between this machine's byte order and little-endian. */
static inline uint64_t word_little_endian(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap64(word);
#else
	return word;
#endif
}

/* Load eight bytes as a little-endian number, even on a big-endian machine: the first byte is the
 * lowest one. */
static inline uint64_t word_load(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof word);
	return word_little_endian(word);
}

static inline void word_store(char *at, uint64_t word)
{
	word = word_little_endian(word);
	memcpy(at, &word, sizeof word);
}

/* Load eight bytes as a big-endian number.  Two such numbers compare in the same way as memcmp()
 * compares their bytes. */
static inline uint64_t word_load_be(const char *at)
{
	return __builtin_bswap64(word_load(at));
}

#endif
