/* wide.h -- whole numbers of 320 bits without a sign, for exact statistics.
 *
 * The caller makes sure that results fit.
 */
#ifndef LIB_WIDE_H
#define LIB_WIDE_H

#include <stddef.h>
#include <stdint.h>

enum { WIDE_LIMBS = 10 };

struct wide {
	uint32_t limbs[WIDE_LIMBS]; /* the lowest comes first */
};

/* Make a number of n 64-bit words, the lowest first; n is at most 5. */
struct wide wide_of(const uint64_t *words, size_t n);

struct wide wide_add(struct wide, struct wide);

/* Subtract the second number, which is not greater than the first. */
struct wide wide_subtract(struct wide, struct wide);

struct wide wide_multiply(struct wide, struct wide);

/* Divide by a number that is not 0.  The result is rounded down. */
struct wide wide_divide(struct wide, uint64_t);

/* The square root, rounded down. */
struct wide wide_root(struct wide);

/* Return a word of the number; word 0 is the lowest. */
uint64_t wide_word(struct wide, size_t i);

#endif
