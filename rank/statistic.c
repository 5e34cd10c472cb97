#include "rank/statistic.h"

#include <stdlib.h>

#include "lib/rounded.h"
#include "lib/wide.h"
#include "store/pair.h"

enum { BILLION = 1000000000 };

/* --- Whole numbers ----------------------------------------------------------------- */

static struct wide wide_u64(uint64_t n)
{
	return wide_of(&n, 1);
}

static struct sum sum_of_wide(struct wide w)
{
	return (struct sum){wide_word(w, 0), (int64_t)wide_word(w, 1)};
}

/* The absolute value. */
static struct wide magnitude(struct sum n)
{
	struct sum positive = n.high < 0 ? sum_negate(n) : n;
	uint64_t words[2] = {positive.low, (uint64_t)positive.high};

	return wide_of(words, 2);
}

/* Divide by n, which is not 0, and round to the nearest whole number; a half is rounded up. */
static struct wide divide_rounded(struct wide a, uint64_t n)
{
	return wide_divide(wide_add(a, wide_u64(n / 2)), n);
}

static struct sum quotient(struct sum a, uint64_t n)
{
	struct sum positive = sum_of_wide(divide_rounded(magnitude(a), n));

	return a.high < 0 ? sum_negate(positive) : positive;
}

static struct sum halve(struct sum n)
{
	return (struct sum){n.low >> 1 | (uint64_t)n.high << 63, n.high >> 1};
}

struct sum statistic_share(uint64_t n, uint64_t all)
{
	struct wide w = wide_multiply(wide_u64(n), wide_u64(UINT64_C(100) * BILLION));

	return all ? sum_of_wide(divide_rounded(w, all)) : NUMBER_NONE;
}

struct sum statistic_rate(uint64_t n, struct sum first, struct sum last)
{
	if (number_is_none(first) || number_is_none(last) || sum_compare(first, last) >= 0)
		return NUMBER_NONE;
	if (!sum_add(&last, sum_negate(first)))
		return NUMBER_NONE;
	uint64_t seconds = wide_word(wide_divide(magnitude(last), BILLION), 0);
	struct wide w = divide_rounded(wide_multiply(wide_u64(n), wide_u64(BILLION)), seconds);
	return sum_of_wide(w);
}

struct sum statistic_quotient(struct sum dividend, struct sum divisor)
{
	if (number_is_none(dividend) || number_is_none(divisor) || dividend.high < 0 || divisor.high < 0)
		return NUMBER_NONE;
	/* Halve both until the divisor has 64 bits. */
	while (divisor.high) {
		divisor = halve(divisor);
		dividend = halve(dividend);
	}
	if (!divisor.low)
		return NUMBER_NONE;
	struct wide w = wide_multiply(magnitude(dividend), wide_u64(BILLION));
	w = divide_rounded(w, divisor.low);
	bool fits = !wide_word(w, 2) && wide_word(w, 1) <= INT64_MAX;
	return fits ? sum_of_wide(w) : NUMBER_NONE;
}

struct sum statistic_difference(struct sum a, struct sum b)
{
	if (number_is_none(a) || number_is_none(b))
		return NUMBER_NONE;
	return sum_add(&a, sum_negate(b)) ? a : NUMBER_NONE;
}

/* --- From measures ------------------------------------------------------------------ */

/* The sample standard deviation is the root of (n S2 - S1^2) / (n (n - 1)), where S1 is the sum of the
 * n numbers, and S2 the sum of their squares.  The root of four times this is twice the deviation, so
 * that it can be rounded to the nearest billionth. */
static struct sum deviation(const struct statistic *s, const char *measures)
{
	uint64_t n = measure_count(measures + s->count), squares[4];

	if (n < 2)
		return NUMBER_NONE;
	for (size_t i = 0; i < 4; i++)
		squares[i] = word_load(measures + s->squares + 8 * i);
	struct wide sum = magnitude(measure_sum(measures + s->sum));
	struct wide top = wide_subtract(wide_multiply(wide_of(squares, 4), wide_u64(n)),
		wide_multiply(sum, sum));
	top = wide_multiply(top, wide_u64(4));
	struct wide twice = wide_root(wide_divide(wide_divide(top, n), n - 1));
	struct wide rounded = wide_divide(wide_add(twice, wide_u64(1)), 2);
	return sum_of_wide(rounded);
}

/* --- From pairs --------------------------------------------------------------------- */

/* The rank, counting from 1, of the number that is the percentile of n numbers: n * percent / 100,
 * rounded up. */
static uint64_t nearest_rank(struct sum percent, uint64_t n)
{
	const uint64_t all = UINT64_C(100) * BILLION;
	struct wide w = wide_multiply(magnitude(percent), wide_u64(n));

	/* Dividing in two steps is faster, since both divisors have less than 32 bits. */
	w = wide_divide(wide_add(w, wide_u64(all - 1)), BILLION);
	return wide_word(wide_divide(w, 100), 0);
}

/* Rounding may have moved a number beyond the least or the greatest one. */
static struct sum clamp(struct sum n, const char *least, const char *most)
{
	if (sum_compare(n, measure_sum(least)) < 0)
		return measure_sum(least);
	return sum_compare(n, measure_sum(most)) > 0 ? measure_sum(most) : n;
}

void statistic_take_code(const struct statistic *s, struct statistic_pairs *p, uint16_t code,
	uint64_t count, const struct counted *key)
{
	if (!p->wanted)
		p->wanted = nearest_rank(s->percent, measure_count(key->measures + s->count));
	p->n += count;
	if (!number_is_none(p->value) || p->n < p->wanted)
		return;
	p->value = clamp(rounded_number(code), key->measures + s->least, key->measures + s->most);
}

/* A damaged snapshot may have a pair without a code. */
static void take_number(const struct statistic *s, struct statistic_pairs *p,
	const struct counted *pair, const struct counted *key)
{
	struct span code = pair_second(pair->key);

	if (code.len == 2)
		statistic_take_code(s, p,
			(uint16_t)((unsigned char)code.at[0] << 8 | (unsigned char)code.at[1]),
			pair->count, key);
}

/* The last pair had the greatest rank of its register. */
static void end_register(struct statistic_pairs *p)
{
	if (p->index < 0)
		return;
	p->ranks[p->rank]++;
	p->ranks[0]--;
}

static void take_mark(struct statistic_pairs *p, struct span mark)
{
	const unsigned char *at = (const unsigned char *)mark.at;

	/* A damaged snapshot may have other bytes. */
	if (mark.len != 3 || at[0] >= SKETCH_REGISTERS >> 8 || at[2] > SKETCH_RANKS)
		return;
	if (!p->n++) {
		memset(p->ranks, 0, (SKETCH_RANKS + 1) * sizeof *p->ranks);
		p->ranks[0] = SKETCH_REGISTERS;
		p->index = -1;
	}
	int index = at[0] << 8 | at[1];
	if (index != p->index)
		end_register(p);
	p->index = index;
	p->rank = at[2];
}

void statistic_take_pair(const struct statistic *s, struct statistic_pairs *p,
	const struct counted *pair, const struct counted *key)
{
	if (s->kind == STATISTIC_PERCENTILE)
		take_number(s, p, pair, key);
	else if (s->kind == STATISTIC_SKETCH)
		take_mark(p, pair_second(pair->key));
	else
		p->n++;
}

static struct sum estimate(const struct statistic_pairs *pairs)
{
	struct statistic_pairs p = *pairs;

	if (!p.n)
		return (struct sum){0};
	end_register(&p);
	return sum_of_parts(sketch_estimate(p.ranks), 0);
}

/* ---------------------------------------------------------------------------------- */

struct sum statistic_value(
	const struct statistic *s, const struct counted *key, const struct statistic_pairs *pairs)
{
	const char *m = key->measures;

	switch (s->kind) {
	case STATISTIC_COUNT:
		return sum_of_parts(key->count, 0);
	case STATISTIC_SHARE:
	case STATISTIC_RATE:
		return NUMBER_NONE;
	case STATISTIC_FIRST:
		return measure_is_empty(m + s->least) ? NUMBER_NONE : measure_sum(m + s->least);
	case STATISTIC_LAST:
		return measure_sum(m + s->most);
	case STATISTIC_SUM:
		return measure_sum(m + s->sum);
	case STATISTIC_MEETING:
		return sum_of_parts(measure_count(m + s->count), 0);
	case STATISTIC_PERCENTAGE:
		return statistic_share(measure_count(m + s->count), key->count);
	case STATISTIC_UNIQ:
		return sum_of_parts(pairs->n, 0);
	case STATISTIC_SKETCH:
		return estimate(pairs);
	case STATISTIC_PERCENTILE:
		return pairs->value;
	default:
		break;
	}
	uint64_t n = measure_count(m + s->count);
	if (!n)
		return NUMBER_NONE;
	switch (s->kind) {
	case STATISTIC_MIN:
		return measure_sum(m + s->least);
	case STATISTIC_MAX:
		return measure_sum(m + s->most);
	case STATISTIC_SD:
		return deviation(s, m);
	default:
		return quotient(measure_sum(m + s->sum), n);
	}
}

void statistics_free(struct statistics *s)
{
	for (size_t i = 0; s->at && (i < s->n || i < s->n_all); i++)
		free(s->at[i].name);
	free(s->at);
	*s = (struct statistics){0};
}
