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
	while (g->of_n <= number) {
		if (!ARRAY_GROW(g->of, g->of_n, &g->of_room))
			return false;
		g->of[g->of_n++] = (struct number_measures){0};
	}
	struct number_measures *of = &g->of[number];
	if (!(of->kinds >> kind & 1)) {
		of->kinds |= 1u << kind;
		of->at[kind] = (unsigned)g->bytes;
		g->bytes += sizeof(uint64_t) * words[kind];
		g->n++;
	}
	*at = of->at[kind];
	return true;
}

bool group_measures_want_codes(struct group_measures *g, unsigned number, size_t *coded)
{
	for (size_t i = 0; i < g->coded_n; i++) {
		*coded = i;
		if (g->coded[i].number == number)
			return true;
	}
	if (!ARRAY_GROW(g->coded, g->coded_n, &g->coded_room))
		return false;
	*coded = g->coded_n;
	g->coded[g->coded_n++] = (struct coded_number){.number = number};
	return true;
}

void group_measures_free(struct group_measures *g)
{
	free(g->of);
	free(g->coded);
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

bool measures_pairs_are_codes(const struct measures *m)
{
	size_t pairs = 0, coded = 0;

	for (size_t i = 0; m && i < m->n; i++) {
		pairs += m->groups[i].pairs_of != i;
		coded += m->groups[i].coded_n;
	}
	return pairs == coded;
}

static inline bool has(const struct number_measures *m, enum measure_kind kind)
{
	return m->kinds >> kind & 1;
}

static inline void store_sum(char *at, struct sum n)
{
	word_store(at, n.low);
	word_store(at + 8, (uint64_t)n.high);
}

/* Add to a count.  False if the result does not fit. */
static inline bool add_to_count(char *at, uint64_t more)
{
	uint64_t count;
	bool fits = !__builtin_add_overflow(measure_count(at), more, &count);

	word_store(at, count);
	return fits;
}

/* Add to a sum.  False if the result does not fit. */
static inline bool add_to_sum(char *at, struct sum more)
{
	struct sum sum = measure_sum(at);
	bool fits = sum_add(&sum, more);

	store_sum(at, sum);
	return fits;
}

static inline void keep_less(char *at, struct sum n)
{
	if (sum_is_less(n, measure_sum(at)))
		store_sum(at, n);
}

static inline void keep_greater(char *at, struct sum n)
{
	if (sum_is_less(measure_sum(at), n))
		store_sum(at, n);
}

void measures_begin(const struct group_measures *g, char *to)
{
	memset(to, 0, g->bytes);
	for (size_t i = 0; i < g->of_n; i++) {
		const struct number_measures *of = &g->of[i];
		if (has(of, MEASURE_LEAST))
			store_sum(to + of->at[MEASURE_LEAST], above_all);
		if (has(of, MEASURE_MOST))
			store_sum(to + of->at[MEASURE_MOST], below_all);
	}
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

/* The functions below are loops over lines that do one thing, since such loops are fast. */

/* The numbers that are taken from n lines: those of the i-th line are first[i * step]. */
struct taken {
	char *const *to;
	size_t n;
	const struct sum *first;
	size_t step;
};

static bool take_counts(const struct taken *t, unsigned at)
{
	bool fit = true;

	for (size_t i = 0; i < t->n; i++)
		if (!number_is_none(t->first[i * t->step]))
			fit &= add_to_count(t->to[i] + at, 1);
	return fit;
}

static bool take_sums(const struct taken *t, unsigned at)
{
	bool fit = true;

	for (size_t i = 0; i < t->n; i++)
		if (!number_is_none(t->first[i * t->step]))
			fit &= add_to_sum(t->to[i] + at, t->first[i * t->step]);
	return fit;
}

static bool take_squares(const struct taken *t, unsigned at)
{
	bool fit = true;

	for (size_t i = 0; i < t->n; i++)
		if (!number_is_none(t->first[i * t->step]))
			fit &= add_square(t->to[i] + at, t->first[i * t->step]);
	return fit;
}

static void take_least(const struct taken *t, unsigned at)
{
	for (size_t i = 0; i < t->n; i++)
		if (!number_is_none(t->first[i * t->step]))
			keep_less(t->to[i] + at, t->first[i * t->step]);
}

/* Numbers that are none are less than all others. */
static void take_most(const struct taken *t, unsigned at)
{
	for (size_t i = 0; i < t->n; i++)
		keep_greater(t->to[i] + at, t->first[i * t->step]);
}

/* Let the measures of one number take it. */
static bool take(const struct number_measures *of, const struct taken *t)
{
	bool fit = true;

	if (has(of, MEASURE_COUNT))
		fit = take_counts(t, of->at[MEASURE_COUNT]);
	if (has(of, MEASURE_SUM))
		fit &= take_sums(t, of->at[MEASURE_SUM]);
	if (has(of, MEASURE_SQUARES))
		fit &= take_squares(t, of->at[MEASURE_SQUARES]);
	if (has(of, MEASURE_LEAST))
		take_least(t, of->at[MEASURE_LEAST]);
	if (has(of, MEASURE_MOST))
		take_most(t, of->at[MEASURE_MOST]);
	return fit;
}

bool measures_take_all(
	const struct group_measures *g, char *const *to, size_t n, const struct sum *numbers)
{
	bool fit = true;

	for (size_t i = 0; i < g->of_n; i++)
		fit &= take(&g->of[i], &(struct taken){to, n, numbers + i, g->numbers});
	if (!fit)
		errno = EOVERFLOW;
	return fit;
}

bool measures_take(const struct group_measures *g, char *to, const struct sum *numbers)
{
	return measures_take_all(g, &to, 1, numbers);
}

static bool add_squares(char *at, const char *more)
{
	uint64_t squares[4];

	for (size_t i = 0; i < 4; i++)
		squares[i] = word_load(more + 8 * i);
	return add_words(at, squares, 4);
}

/* Add the measures of one number. */
static bool add(const struct number_measures *of, char *to, const char *more)
{
	const unsigned *at = of->at;
	bool ok = true;

	if (has(of, MEASURE_COUNT))
		ok = add_to_count(to + at[MEASURE_COUNT], measure_count(more + at[MEASURE_COUNT]));
	if (has(of, MEASURE_SUM))
		ok &= add_to_sum(to + at[MEASURE_SUM], measure_sum(more + at[MEASURE_SUM]));
	if (has(of, MEASURE_LEAST))
		keep_less(to + at[MEASURE_LEAST], measure_sum(more + at[MEASURE_LEAST]));
	if (has(of, MEASURE_MOST))
		keep_greater(to + at[MEASURE_MOST], measure_sum(more + at[MEASURE_MOST]));
	if (has(of, MEASURE_SQUARES))
		ok &= add_squares(to + at[MEASURE_SQUARES], more + at[MEASURE_SQUARES]);
	return ok;
}

bool measures_add(const struct group_measures *g, char *to, const char *more)
{
	for (size_t i = 0; i < g->of_n; i++)
		if (!add(&g->of[i], to, more)) {
			errno = EOVERFLOW;
			return false;
		}
	return true;
}
