#include "rank/likelihood.h"

#include <stdlib.h>

#include "lib/wide.h"
#include "store/measures.h"

enum {
	PLACES = 56, /* binary places of a logarithm */
	KEPT = 20,   /* binary places of a ratio */
	SMALL = 1024 /* h(N, n) is remembered if n is less than this: most counts are small */
};

/* A total N, and h(N, n) for small n: NUMBER_NONE until it is needed. */
struct side {
	uint64_t total;
	struct sum whole; /* N log N */
	struct sum small[SMALL];
};

struct likelihood {
	struct side sides[2], both; /* .both has the sum of the totals */
};

/* Multiply two numbers; *high becomes the upper half of the product. */
static uint64_t multiply(uint64_t a, uint64_t b, uint64_t *high)
{
	uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX);
	uint64_t left = (a >> 32) * (b & UINT32_MAX) + (low >> 32);
	uint64_t right = (a & UINT32_MAX) * (b >> 32) + (left & UINT32_MAX);

	*high = (a >> 32) * (b >> 32) + (left >> 32) + (right >> 32);
	return right << 32 | (low & UINT32_MAX);
}

/* Return the logarithm of n to the base 2, rounded down to PLACES binary places; n is not 0.
 *
 * n is 2^exponent * x, where x = m / 2^63 is at least 1 and less than 2.  Squaring x doubles its
 * logarithm.  If the square is 2 or more, the next binary place of the logarithm is 1, and the
 * square is halved. */
static uint64_t logarithm(uint64_t n)
{
	int exponent = 63 - __builtin_clzll(n);
	uint64_t m = n << (63 - exponent), log = (uint64_t)exponent, high;

	for (int i = 0; i < PLACES; i++) {
		uint64_t low = multiply(m, m, &high);
		bool one = high >> 63;
		m = one ? high : high << 1 | low >> 63;
		log = log << 1 | one;
	}
	return log;
}

/* Return n log n; 0 if n is 0. */
static struct sum times_logarithm(uint64_t n)
{
	uint64_t high = 0, low = n ? multiply(n, logarithm(n), &high) : 0;

	return (struct sum){low, (int64_t)high};
}

static struct sum add(struct sum a, struct sum b)
{
	/* This can't overflow: if several n add up to N, the sum of their n log n is at most
	 * N log N. */
	sum_add(&a, b);
	return a;
}

static struct sum compute(const struct side *s, uint64_t n)
{
	struct sum h = add(times_logarithm(n), times_logarithm(s->total - n));

	return add(h, sum_negate(s->whole));
}

static struct sum h_of(struct side *s, uint64_t n)
{
	if (n >= SMALL)
		return compute(s, n);
	if (number_is_none(s->small[n]))
		s->small[n] = compute(s, n);
	return s->small[n];
}

static void begin(struct side *s, uint64_t total)
{
	s->total = total;
	s->whole = times_logarithm(total);
	for (size_t i = 0; i < SMALL; i++)
		s->small[i] = NUMBER_NONE;
}

struct likelihood *likelihood_new(uint64_t old_total, uint64_t new_total)
{
	struct likelihood *l = malloc(sizeof *l);
	uint64_t both;

	if (__builtin_add_overflow(old_total, new_total, &both)) {
		free(l);
		errno = EOVERFLOW;
		return NULL;
	}
	if (!l)
		return NULL;
	begin(&l->sides[0], old_total);
	begin(&l->sides[1], new_total);
	begin(&l->both, both);
	return l;
}

void likelihood_free(struct likelihood *l)
{
	free(l);
}

struct sum likelihood_ratio(struct likelihood *l, uint64_t old_count, uint64_t new_count)
{
	struct sum h = add(h_of(&l->sides[0], old_count), h_of(&l->sides[1], new_count));
	static const struct sum half = {UINT64_C(1) << (PLACES - KEPT - 1), 0};

	h = add(h, sum_negate(h_of(&l->both, old_count + new_count)));
	h = add(h, half);
	if (h.high < 0) /* because the logarithms are rounded */
		return (struct sum){0};
	h.low &= ~((UINT64_C(1) << (PLACES - KEPT)) - 1);
	return h;
}

/* A ratio has PLACES binary places, and lacks the factor 2 of G^2.  Its logarithms are to the base
 * 2, those of G^2 to the base e.  So it is multiplied by 2 ln 2. */
struct sum likelihood_number(struct sum ratio)
{
	/* 2 ln 2 in thousandths, times 2^50 */
	static const uint64_t factor = UINT64_C(1560828692041339802), million = 1000000;
	uint64_t words[2] = {ratio.low, (uint64_t)ratio.high}, half = UINT64_C(1) << (PLACES - 1);
	struct wide w = wide_multiply(wide_of(words, 2), wide_of(&factor, 1));

	w = wide_divide(w, UINT64_C(1) << 50);
	w = wide_divide(wide_add(w, wide_of(&half, 1)), UINT64_C(1) << PLACES);
	w = wide_multiply(w, wide_of(&million, 1));
	return (struct sum){wide_word(w, 0), (int64_t)wide_word(w, 1)};
}
