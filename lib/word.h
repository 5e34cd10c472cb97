/* word.h -- eight bytes at any address as a 64-bit number.
 */
#ifndef LIB_WORD_H
#define LIB_WORD_H

#include <stdint.h>
#include <string.h>

/* The other byte order than this machine's, if it stores numbers as big-endian. */
static inline uint64_t word_little_endian(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap64(word);
#else
	return word;
#endif
}

/* Little-endian, on every machine: the first byte is the lowest. */
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

/* Big-endian: such numbers compare as memcmp() compares the bytes. */
static inline uint64_t word_load_be(const char *at)
{
	return __builtin_bswap64(word_load(at));
}

#endif
