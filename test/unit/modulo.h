/* modulo.h -- checks arithmetic with numbers of more than 128 bits: it must be right modulo several
 * numbers of 61 bits. */
#ifndef MODULO_H
#define MODULO_H

#include "int128.h"

enum { MODULI = 6 };

static inline uint64_t modulus(size_t i)
{
	return (UINT64_C(1) << 61) - 1 - 2 * (uint64_t)i;
}

/* The number of n words, the lowest first, modulo m. */
static inline uint64_t words_modulo(const uint64_t *words, size_t n, uint64_t m)
{
	uint128 left = 0;

	while (n-- > 0)
		left = modulo128(left << 64 | words[n], m);
	return (uint64_t)left;
}

static inline uint64_t times_modulo(uint64_t a, uint64_t b, uint64_t m)
{
	return (uint64_t)modulo128((uint128)a * b, m);
}

#endif
