#include "lib/wide.h"

#include <stdbool.h>

struct wide wide_of(const uint64_t *words, size_t n)
{
	struct wide w = {0};

	for (size_t i = 0; i < n; i++) {
		w.limbs[2 * i] = (uint32_t)words[i];
		w.limbs[2 * i + 1] = (uint32_t)(words[i] >> 32);
	}
	return w;
}

uint64_t wide_word(struct wide w, size_t i)
{
	return (uint64_t)w.limbs[2 * i + 1] << 32 | w.limbs[2 * i];
}

struct wide wide_add(struct wide a, struct wide b)
{
	uint64_t carry = 0;

	for (int i = 0; i < WIDE_LIMBS; i++) {
		carry += (uint64_t)a.limbs[i] + b.limbs[i];
		a.limbs[i] = (uint32_t)carry;
		carry >>= 32;
	}
	return a;
}

struct wide wide_subtract(struct wide a, struct wide b)
{
	uint64_t borrow = 0;

	for (int i = 0; i < WIDE_LIMBS; i++) {
		uint64_t limb = (uint64_t)a.limbs[i] - b.limbs[i] - borrow;
		a.limbs[i] = (uint32_t)limb;
		borrow = limb >> 63;
	}
	return a;
}

struct wide wide_multiply(struct wide a, struct wide b)
{
	struct wide product = {0};

	for (int i = 0; i < WIDE_LIMBS; i++) {
		uint64_t carry = 0;
		for (int k = 0; i + k < WIDE_LIMBS; k++) {
			carry += (uint64_t)a.limbs[i] * b.limbs[k] + product.limbs[i + k];
			product.limbs[i + k] = (uint32_t)carry;
			carry >>= 32;
		}
	}
	return product;
}

static bool is_less(const struct wide *a, const struct wide *b)
{
	for (int i = WIDE_LIMBS; i-- > 0;)
		if (a->limbs[i] != b->limbs[i])
			return a->limbs[i] < b->limbs[i];
	return false;
}

/* Long division, one limb after the other. */
static struct wide divide_by_limb(struct wide a, uint32_t by)
{
	uint64_t left = 0;

	for (int i = WIDE_LIMBS; i-- > 0;) {
		left = left << 32 | a.limbs[i];
		a.limbs[i] = (uint32_t)(left / by);
		left %= by;
	}
	return a;
}

/* Long division, one bit after the other, unless the divisor is one limb. */
struct wide wide_divide(struct wide a, uint64_t by)
{
	struct wide quotient = {0};

	if (by <= UINT32_MAX)
		return divide_by_limb(a, (uint32_t)by);
	uint64_t left = 0;

	for (int bit = 32 * WIDE_LIMBS; bit-- > 0;) {
		bool over = left >> 63;
		left = left << 1 | (a.limbs[bit / 32] >> bit % 32 & 1);
		if (over || left >= by) {
			left -= by;
			quotient.limbs[bit / 32] |= UINT32_C(1) << bit % 32;
		}
	}
	return quotient;
}

/* Find the bits of the root from the highest to the lowest: a bit is set if the square of the root
 * stays at most `a`. */
struct wide wide_root(struct wide a)
{
	struct wide root = {0};

	for (int bit = 16 * WIDE_LIMBS; bit-- > 0;) {
		struct wide more = root;
		more.limbs[bit / 32] |= UINT32_C(1) << bit % 32;
		struct wide square = wide_multiply(more, more);
		if (!is_less(&a, &square))
			root = more;
	}
	return root;
}
