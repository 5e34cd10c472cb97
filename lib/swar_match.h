/* swar_match.h -- eight bytes against a pattern, as one 64-bit word: this is asked of every line.
 */
#ifndef LIB_SWAR_MATCH_H
#define LIB_SWAR_MATCH_H

#include "lib/swar.h"

/* True if there are eight such bytes at p: '0' stands for a digit, '5' for one up to 5, '?' for
 * any byte, all else for itself. */
#define SWAR_MATCH(p, ...)                                                                         \
	swar_match(swar_load(p), SWAR_OF(SWAR_BYTE, __VA_ARGS__), SWAR_OF(SWAR_MASK, __VA_ARGS__), \
		SWAR_OF(SWAR_ADD, __VA_ARGS__))

/* The first is the lowest, as swar_load has them. */
#define SWAR_OF(of, ...) SWAR_WORD(of, __VA_ARGS__)
#define SWAR_WORD(of, a, b, c, d, e, f, g, h)                                                      \
	((uint64_t)of(a) | (uint64_t)of(b) << 8 | (uint64_t)of(c) << 16 | (uint64_t)of(d) << 24 |  \
		(uint64_t)of(e) << 32 | (uint64_t)of(f) << 40 | (uint64_t)of(g) << 48 |            \
		(uint64_t)of(h) << 56)
#define SWAR_BYTE(c) ((c) == '5' ? '0' : (c))
#define SWAR_MASK(c) ((c) == '?' ? 0 : (c) == '0' || (c) == '5' ? 0xf0 : 0xff)
#define SWAR_ADD(c)  ((c) == '0' ? 6 : (c) == '5' ? 10 : 0)

/* What is left of a digit is 0 to 9: adding 6 must not reach the upper half.  What a byte
 * carries over makes it wrong already. */
static inline bool swar_match(uint64_t word, uint64_t pattern, uint64_t mask, uint64_t add)
{
	word ^= pattern;
	return ((word | (word + add)) & mask) == 0;
}

#endif
