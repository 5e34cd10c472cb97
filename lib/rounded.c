#include "lib/rounded.h"

/* The code of 0, and the codes of the numbers with three digits and the same exponent.  Of n
 * billionths, the code is ZERO + n if n is less than 1,000.  Greater numbers are digits * 10^e
 * billionths, and their code is ZERO + e * EACH + digits: digits of 1,000 are the first code of the
 * next e. */
enum { ZERO = 0x8000, EACH = 900, FIRST = 100, EXPONENTS = 27 };

static const uint64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
	1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000,
	1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
	UINT64_C(10000000000000000000)};

/* Return the number of decimal digits of n, which is not 0. */
static unsigned count_digits(uint64_t n)
{
	unsigned bits = 64 - (unsigned)__builtin_clzll(n);
	unsigned digits = bits * 1233 >> 12; /* bits * log10(2) */

	return digits + (n >= powers[digits]);
}

/* Divide a number of less than 2^94 by ten. */
static void divide_by_ten(uint64_t *high, uint64_t *low)
{
	uint64_t left = *high % 10, middle, last;

	*high /= 10;
	middle = left << 32 | *low >> 32;
	last = middle % 10 << 32 | (uint32_t)*low;
	*low = middle / 10 << 32 | last / 10;
}

/* Return the code, less ZERO, of this many billionths. */
static inline unsigned code_of_word(uint64_t low)
{
	if (low < 1000)
		return (unsigned)low;
	unsigned more = count_digits(low) - 3;
	uint64_t half = powers[more] / 2, digits = low / powers[more];
	digits += low % powers[more] >= half && half;
	return more * EACH + (unsigned)digits;
}

/* The same for a number of 2^64 or more: digits after the one that decides about rounding do not
 * matter, so they can be cut off. */
static unsigned code_of_large(uint64_t high, uint64_t low)
{
	unsigned e = 0;

	for (; high; e++)
		divide_by_ten(&high, &low);
	return e * EACH + code_of_word(low);
}

/* Return the code, less ZERO, of this many billionths. */
static inline unsigned code_of(uint64_t high, uint64_t low)
{
	return high ? code_of_large(high, low) : code_of_word(low);
}

static inline uint16_t code(struct sum n)
{
	if (n.high >= 0)
		return (uint16_t)(ZERO + code_of((uint64_t)n.high, n.low));
	n = sum_negate(n);
	return (uint16_t)(ZERO - code_of((uint64_t)n.high, n.low));
}

uint16_t rounded_code(struct sum n)
{
	return code(n);
}

void rounded_codes(const struct sum *numbers, size_t step, size_t n, uint16_t *codes)
{
	for (size_t i = 0; i < n; i++, numbers += step)
		codes[i] = numbers->high == INT64_MIN ? 0 : code(*numbers);
}

/* Multiply a sum by ten. */
static void multiply_by_ten(struct sum *n)
{
	struct sum twice = *n;

	sum_add(&twice, twice);
	*n = twice;
	sum_add(n, *n);
	sum_add(n, *n);
	sum_add(n, twice);
}

struct sum rounded_number(uint16_t code)
{
	unsigned n = code < ZERO ? (unsigned)(ZERO - code) : (unsigned)(code - ZERO);
	unsigned e = n < 1000 ? 0 : (n - FIRST) / EACH;
	struct sum number = {.low = n - e * EACH};

	if (e >= EXPONENTS)
		return (struct sum){0};
	while (e--)
		multiply_by_ten(&number);
	return code < ZERO ? sum_negate(number) : number;
}
