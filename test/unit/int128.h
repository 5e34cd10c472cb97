/* int128.h -- numbers of 128 bits, to check sums with.  gcc has them on 64-bit machines only;
 * clang has C23's everywhere. */
#ifndef TEST_UNIT_INT128_H
#define TEST_UNIT_INT128_H

#include <stdbool.h>

#include "lib/decimal.h"

#if defined(__SIZEOF_INT128__)
typedef __int128 int128;
typedef unsigned __int128 uint128;
#else
typedef _BitInt(128) int128;
typedef unsigned _BitInt(128) uint128;
#endif

/* Divide by a number that is not 0, and return the quotient; *left becomes the remainder.  The operators
 * / and % need a library that 32-bit systems do not have. */
static inline uint128 divided(uint128 n, uint128 by, uint128 *left)
{
	uint128 quotient = 0, rest = 0;

	for (int bit = 127; bit >= 0; bit--) {
		bool over = (bool)(rest >> 127);
		rest = rest << 1 | (n >> bit & 1);
		if (over || rest >= by) {
			rest -= by;
			quotient |= (uint128)1 << bit;
		}
	}
	*left = rest;
	return quotient;
}

static inline uint128 modulo128(uint128 n, uint128 by)
{
	uint128 left;

	divided(n, by, &left);
	return left;
}

static inline int128 number(struct sum s)
{
	return (int128)((uint128)(uint64_t)s.high << 64 | s.low);
}

static inline struct sum sum_of(int128 n)
{
	return (struct sum){(uint64_t)n, (int64_t)(n >> 64)};
}

#endif
