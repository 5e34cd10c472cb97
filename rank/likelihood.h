/* likelihood.h -- how unlikely it is that a key became more or less frequent by chance: the
 * log-likelihood ratio G^2 of a key's counts on two sides.
 *
 *	            the key   other keys
 *	old side      a         A - a		A and B are the totals of the sides
 *	new side      b         B - b
 *
 *	G^2 = 2 (h(A, a) + h(B, b) - h(A + B, a + b)),
 *	h(N, n) = n ln n + (N - n) ln (N - n) - N ln N
 *
 * G^2 is 0 if the key has the same share of both totals.  It grows with the difference of the
 * shares and with the counts: a change from 1 to 2 means little, and one from 1,000 to 2,000 much.
 * (Dunning: Accurate Methods for the Statistics of Surprise and Coincidence, Computational
 * Linguistics 19:1, 1993.)
 *
 * Everything is computed with whole numbers: logarithms to the base 2 with 56 binary places, found
 * by repeated squaring (Knuth, TAOCP vol. 1, 1.2.2, exercise 28).  So a ratio is the same on every
 * machine, whatever its libm and compiler do with floating-point numbers.
 */
#ifndef RANK_LIKELIHOOD_H
#define RANK_LIKELIHOOD_H

#include <stdbool.h>

#include "lib/decimal.h"

struct likelihood;

/* Prepare for counts on two sides with these totals.  NULL (errno) if out of memory, or if the sum
 * of the totals does not fit in 64 bits (EOVERFLOW). */
struct likelihood *likelihood_new(uint64_t old_total, uint64_t new_total);
void likelihood_free(struct likelihood *);

/* Return the likelihood ratio of a key, which is G^2 in another unit: sum_compare() compares
 * ratios, and likelihood_number() converts them.  The counts must not be greater than the totals.
 *
 * A ratio is rounded to about a millionth, so that equal ratios do not differ by errors of
 * computation.  That holds for totals of less than about 2^34.  The error is about the 2^-55th part
 * of the totals, so larger totals can make equal ratios differ. */
struct sum likelihood_ratio(struct likelihood *, uint64_t old_count, uint64_t new_count);

/* Return G^2 for a ratio: a number of billionths, rounded to thousandths. */
struct sum likelihood_number(struct sum ratio);

#endif
