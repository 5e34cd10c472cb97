#include "store/measures.h"

#include "lib/array.h"
#include "lib/word.h"

/* The number of words of each kind of measure. */
static const unsigned char words[] = {[MEASURE_COUNT] = 1,
	[MEASURE_SUM] = 2,
	[MEASURE_SQUARES] = 4,
	[MEASURE_LEAST] = 2,
	[MEASURE_MOST] = 2};

/* Every number is between these two, which stand for the least and the greatest of no numbers. */
static const struct sum above_all = {UINT64_MAX, INT64_MAX}, below_all = {0, INT64_MIN};

bool group_measures_want(
	struct group_measures *g, enum measure_kind kind, unsigned number, unsigned *at)
{
	for (size_t i = 0; i < g->n; i++) {
		*at = g->at[i].at;
		if (g->at[i].kind == kind && g->at[i].number == number)
			return true;
	}
	if (!ARRAY_GROW(g->at, g->n, &g->room))
		return false;
	*at = (unsigned)g->bytes;
	g->at[g->n++] = (struct measure){kind, number, *at};
	g->bytes += sizeof(uint64_t) * words[kind];
	return true;
}

void group_measures_free(struct group_measures *g)
{
	free(g->at);
	*g = (struct group_measures){0};
}

size_t measures_most_bytes(const struct measures *m)
{
	size_t most = 0;

	for (size_t i = 0; m && i < m->n; i++)
		most = m->groups[i].bytes > most ? m->groups[i].bytes : most;
	return most;
}

bool measures_have_pairs(const struct measures *m)
{
	for (size_t i = 0; m && i < m->n; i++)
		if (m->groups[i].pairs_of != i)
			return true;
	return false;
}

static inline void store_sum(char *at, struct sum sum)
{
	word_store(at, sum.low);
	word_store(at + 8, (uint64_t)sum.high);
}

void measures_begin(const struct group_measures *g, char *to)
{
	memset(to, 0, g->bytes);
	for (size_t i = 0; i < g->n; i++) {
		if (g->at[i].kind == MEASURE_LEAST)
			store_sum(to + g->at[i].at, above_all);
		else if (g->at[i].kind == MEASURE_MOST)
			store_sum(to + g->at[i].at, below_all);
	}
}

static inline bool add_to_sum(char *at, struct sum more)
{
	struct sum sum = measure_sum(at);

	if (!sum_add(&sum, more))
		return false;
	store_sum(at, sum);
	return true;
}

static inline bool add_to_count(char *at, uint64_t more)
{
	uint64_t count;

	if (__builtin_add_overflow(measure_count(at), more, &count))
		return false;
	word_store(at, count);
	return true;
}

/* Add a number of n words, without a sign, to the number of n words at `at`. */
static bool add_words(char *at, const uint64_t *more, size_t n)
{
	uint64_t carry = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t word = word_load(at + 8 * i), sum;
		bool over = __builtin_add_overflow(word, more[i], &sum);
		over |= __builtin_add_overflow(sum, carry, &sum);
		word_store(at + 8 * i, sum);
		carry = over;
	}
	return !carry;
}

/* Compute a * b, which has 128 bits. */
static inline void multiply(uint64_t a, uint64_t b, uint64_t *low, uint64_t *high)
{
	uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
	uint64_t middle = a1 * b0 + (a0 * b0 >> 32), other = a0 * b1 + (uint32_t)middle;

	*low = a * b;
	*high = a1 * b1 + (middle >> 32) + (other >> 32);
}

/* Add the square of a number to the sum of squares at `at`. */
static bool add_square(char *at, struct sum number)
{
	struct sum size = number.high < 0 ? sum_negate(number) : number;
	uint64_t low = size.low, high = (uint64_t)size.high;

	/* (2^64 high + low)^2 = 2^128 high^2 + 2^65 high low + low^2 */
	uint64_t square[4], twice[4] = {0}, carry;
	multiply(low, low, &square[0], &square[1]);
	multiply(high, high, &square[2], &square[3]);
	multiply(high, low, &twice[1], &twice[2]);
	carry = twice[1] >> 63;
	twice[1] <<= 1;
	twice[3] = twice[2] >> 63;
	twice[2] = twice[2] << 1 | carry;
	return add_words(at, square, 4) && add_words(at, twice, 4);
}

static inline void keep_less(char *at, struct sum number)
{
	if (sum_compare(number, measure_sum(at)) < 0)
		store_sum(at, number);
}

static inline void keep_greater(char *at, struct sum number)
{
	if (sum_compare(number, measure_sum(at)) > 0)
		store_sum(at, number);
}

static inline bool take(enum measure_kind kind, char *at, struct sum number)
{
	switch (kind) {
	case MEASURE_COUNT:
		return add_to_count(at, 1);
	case MEASURE_SUM:
		return add_to_sum(at, number);
	case MEASURE_SQUARES:
		return add_square(at, number);
	case MEASURE_LEAST:
		keep_less(at, number);
		return true;
	case MEASURE_MOST:
		keep_greater(at, number);
		break;
	}
	return true;
}

bool measures_take(const struct group_measures *g, char *to, const struct sum *numbers)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct measure *m = &g->at[i];
		struct sum number = numbers[m->number];
		if (!number_is_none(number) && !take(m->kind, to + m->at, number)) {
			errno = EOVERFLOW;
			return false;
		}
	}
	return true;
}

static bool add_squares(char *at, const char *more)
{
	uint64_t squares[4];

	for (size_t i = 0; i < 4; i++)
		squares[i] = word_load(more + 8 * i);
	return add_words(at, squares, 4);
}

static bool add(enum measure_kind kind, char *at, const char *more)
{
	switch (kind) {
	case MEASURE_COUNT:
		return add_to_count(at, measure_count(more));
	case MEASURE_SUM:
		return add_to_sum(at, measure_sum(more));
	case MEASURE_SQUARES:
		return add_squares(at, more);
	case MEASURE_LEAST:
		keep_less(at, measure_sum(more));
		return true;
	case MEASURE_MOST:
		keep_greater(at, measure_sum(more));
		break;
	}
	return true;
}

bool measures_add(const struct group_measures *g, char *to, const char *more)
{
	for (size_t i = 0; i < g->n; i++)
		if (!add(g->at[i].kind, to + g->at[i].at, more + g->at[i].at)) {
			errno = EOVERFLOW;
			return false;
		}
	return true;
}
