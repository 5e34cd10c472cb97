#include "lib/sketch.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* The seed must stay the same, because sketches are saved. */
enum { SEED = 0x736b };

struct sketch_mark sketch_mark(struct span value)
{
	uint64_t hash = XXH3_64bits_withSeed(value.len ? value.at : "", value.len, SEED);
	uint64_t others = hash << SKETCH_BITS;

	return (struct sketch_mark){(uint16_t)(hash >> (64 - SKETCH_BITS)),
		(uint8_t)(others ? __builtin_clzll(others) + 1 : SKETCH_RANKS)};
}

/* The sum of x^(2^k) 2^(k - 1) over k = 1, 2, ..., plus x. */
static double sigma(double x)
{
	double sum = x, before, power = 1;

	do {
		before = sum;
		x *= x;
		sum += x * power;
		power += power;
	} while (sum > before);
	return sum;
}

/* (1 - x - the sum of (1 - x^(2^-k))^2 2^-k over k = 1, 2, ...) / 3.  The square root of x is found by
 * Newton's method, so that the result is the same with every C library. */
static double root(double x)
{
	double r = 1, before = 2;

	while (r < before) {
		before = r;
		r = (r + x / r) / 2;
	}
	return before;
}

static double tau(double x)
{
	double sum = 1 - x, before, power = 1;

	if (x <= 0 || x >= 1)
		return 0;
	do {
		before = sum;
		x = root(x);
		power /= 2;
		sum -= (1 - x) * (1 - x) * power;
	} while (sum < before);
	return sum / 3;
}

uint64_t sketch_estimate(const uint32_t ranks[SKETCH_RANKS + 1])
{
	const double m = SKETCH_REGISTERS, alpha = 0.72134752044448170368; /* 1 / (2 ln 2) */
	double z;

	if (ranks[0] == SKETCH_REGISTERS)
		return 0;
	z = m * tau(1 - ranks[SKETCH_RANKS] / m);
	for (int i = SKETCH_RANKS - 1; i > 0; i--)
		z = (z + ranks[i]) / 2;
	z += m * sigma(ranks[0] / m);
	double n = alpha * m * m / z + 0.5;
	/* Registers of a damaged snapshot may stand for more values than a number can have. */
	return n < 18446744073709551616.0 ? (uint64_t)n : UINT64_MAX;
}
