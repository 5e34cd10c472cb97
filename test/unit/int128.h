/* int128.h -- numbers of 128 bits, to check sums with.  gcc has them on 64-bit machines only;
 * clang has C23's everywhere. */
#ifndef TEST_UNIT_INT128_H
#define TEST_UNIT_INT128_H

#include "lib/decimal.h"

#if defined(__SIZEOF_INT128__)
typedef __int128 int128;
typedef unsigned __int128 uint128;
#else
typedef _BitInt(128) int128;
typedef unsigned _BitInt(128) uint128;
#endif

static inline int128 number(struct sum s)
{
	return (int128)((uint128)(uint64_t)s.high << 64 | s.low);
}

static inline struct sum sum_of(int128 n)
{
	return (struct sum){(uint64_t)n, (int64_t)(n >> 64)};
}

#endif
