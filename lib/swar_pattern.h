/* swar_pattern.h -- compares eight bytes with a constant pattern, as one 64-bit word.
 *
 * This must be fast, because times and other fields of a fixed form are checked in each line.
 */
#ifndef LIB_SWAR_PATTERN_H
#define LIB_SWAR_PATTERN_H

#include <stdbool.h>

#include "lib/swar.h"

/* True if the eight bytes at p match eight characters: '0' stands for any digit, '5' for a digit up
 * to 5, '?' for any byte, and any other character for itself. */
#define SWAR_MATCH(p, ...)                                                                         \
	(swar_mismatch(word_load(p), (struct swar_pattern){SWAR_WORD(SWAR_BYTE, __VA_ARGS__),      \
					     SWAR_WORD(SWAR_MASK, __VA_ARGS__),                    \
					     SWAR_WORD(SWAR_ADD, __VA_ARGS__)}) == 0)

/* A 64-bit word whose eight bytes are the results of the macro `byte` for eight characters.  The
 * first character yields the lowest byte, as in word_load(). */
#define SWAR_WORD(byte, ...) SWAR_WORD_OF(byte, __VA_ARGS__)
#define SWAR_WORD_OF(byte, a, b, c, d, e, f, g, h)                                                 \
	((uint64_t)byte(a) | (uint64_t)byte(b) << 8 | (uint64_t)byte(c) << 16 |                    \
		(uint64_t)byte(d) << 24 | (uint64_t)byte(e) << 32 | (uint64_t)byte(f) << 40 |      \
		(uint64_t)byte(g) << 48 | (uint64_t)byte(h) << 56)
#define SWAR_BYTE(c) ((c) == '5' ? '0' : (c))
#define SWAR_MASK(c) ((c) == '?' ? 0 : (c) == '0' || (c) == '5' ? 0xf0 : 0xff)
#define SWAR_ADD(c)  ((c) == '0' ? 6 : (c) == '5' ? 10 : 0)

#endif
