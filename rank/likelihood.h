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
 * G^2 is 0 if the key has the same share of both totals, and grows with the difference of the shares
 * and with the counts, so that a change from 1 to 2 means little, and one from 1,000 to 2,000 much.
 * (Dunning: Accurate Methods for the Statistics of Surprise and Coincidence, Computational Linguistics
 * 19:1, 1993.)
 *
 * Everything is computed with whole numbers: logarithms to the base 2 with 56 binary places, found by
 * repeated squaring (Knuth, TAOCP vol. 1, 1.2.2, exercise 28).  So a ratio is the same on each machine,
 * whatever its libm and its compiler do with floating-point numbers.
 */
#ifndef RANK_LIKELIHOOD_H
#define RANK_LIKELIHOOD_H

#include <stdbool.h>

#include "lib/decimal.h"

struct likelihood;

/* Prepare for counts on two sides with these totals.  NULL (errno) if out of memory, or if the sum of
 * the totals does not fit in 64 bits (EOVERFLOW). */
struct likelihood *likelihood_new(uint64_t old_total, uint64_t new_total);
void likelihood_free(struct likelihood *);

/* Return G^2 of a key's counts, which are not greater than the totals, in a unit of its own: ratios can be
 * compared by sum_compare().  It is a multiple of about a millionth, so that rounding does not make
 * ratios that are equal differ, at least if the totals are less than about 2^34; beyond that, the error grows
 * with the totals: it is about their 2^-55th part. */
struct sum likelihood_ratio(struct likelihood *, uint64_t old_count, uint64_t new_count);

/* Return such a ratio as a number of billionths, rounded to thousandths. */
struct sum likelihood_number(struct sum ratio);

#endif
