#include "lib/decimal.h"

#include <inttypes.h>
#include <stdio.h>

enum { BILLION = 1000000000, PLACES = 9, WHOLE_DIGITS = 20 };

static size_t count_digits(struct span s)
{
	return (size_t)(swar_digits_end(s.at, span_end(s)) - s.at);
}

/* The parts of a number.  Leading zeros of .whole and trailing zeros of .fraction are left out. */
struct decimal {
	bool negative;
	struct span whole, fraction;
};

/* Read the number at the start of s, without its exponent.  *rest becomes the text after it.  False
 * if s does not begin with a number. */
static bool read_decimal(struct span s, struct decimal *d, struct span *rest)
{
	*d = (struct decimal){.negative = s.len && s.at[0] == '-'};
	s = span_from(s, d->negative);
	size_t n = count_digits(s);
	if (!n)
		return false;
	d->whole = span_of(s.at, n);
	s = span_from(s, n);
	d->fraction = span_of(s.at, 0);
	if (s.len && s.at[0] == '.') {
		n = count_digits(span_from(s, 1));
		if (!n)
			return false;
		d->fraction = span_of(s.at + 1, n);
		s = span_from(s, n + 1);
	}
	while (d->whole.len && d->whole.at[0] == '0')
		d->whole = span_from(d->whole, 1);
	while (d->fraction.len && d->fraction.at[d->fraction.len - 1] == '0')
		d->fraction.len--;
	if (!d->whole.len && !d->fraction.len)
		d->negative = false;
	*rest = s;
	return true;
}

/* Return the value of the digits, but at most a billion. */
static long up_to_a_billion(struct span digits)
{
	uint64_t n = 0;

	for (size_t i = 0; i < digits.len && n < BILLION; i++)
		n = 10 * n + (uint64_t)(digits.at[i] - '0');
	return n < BILLION ? (long)n : BILLION;
}

/* Read all of s as an exponent such as "e-5".  If s is empty, *exponent is unchanged.  False if s
 * is not an exponent. */
static bool read_exponent(struct span s, long *exponent)
{
	if (!s.len)
		return true;
	if (s.at[0] != 'e' && s.at[0] != 'E')
		return false;
	s = span_from(s, 1);
	bool negative = s.len && s.at[0] == '-';
	s = span_from(s, s.len && (s.at[0] == '-' || s.at[0] == '+'));
	if (!s.len || count_digits(s) != s.len)
		return false;
	*exponent = up_to_a_billion(s);
	if (negative)
		*exponent = -*exponent;
	return true;
}

static char digit_at(const struct decimal *d, size_t i)
{
	if (i < d->whole.len)
		return d->whole.at[i];
	i -= d->whole.len;
	return i < d->fraction.len ? d->fraction.at[i] : '0';
}

/* Return the number of zeros before the first digit that is not 0.  All of them are in the
 * fraction, since the whole part has no leading zeros. */
static size_t leading_zeros(const struct decimal *d)
{
	size_t n = 0;

	while (!d->whole.len && n < d->fraction.len && d->fraction.at[n] == '0')
		n++;
	return n;
}

/* Read all of s as a number and its exponent.  False if s is not a number. */
static bool read_number(struct span s, struct decimal *d, long *exponent)
{
	*exponent = 0;
	return read_decimal(s, d, &s) && read_exponent(s, exponent);
}

bool decimal_is(struct span s)
{
	struct decimal d;
	long exponent;

	return read_number(s, &d, &exponent);
}

static size_t digits_of(const struct decimal *d)
{
	return d->whole.len + d->fraction.len;
}

/* Compare absolute values; ex and ey are the exponents of x and y.  Each number is equal to
 * 0.DIGITS times a power of ten, where the first digit is not 0.  The number with the larger power
 * is larger.  If the powers are equal, the digits decide. */
static int compare_scaled(const struct decimal *x, long ex, const struct decimal *y, long ey)
{
	size_t i = leading_zeros(x), k = leading_zeros(y);
	long long px = (long long)x->whole.len + ex - (long long)i;
	long long py = (long long)y->whole.len + ey - (long long)k;

	if (i == digits_of(x) || k == digits_of(y))
		return (i < digits_of(x)) - (k < digits_of(y));
	if (px != py)
		return px < py ? -1 : 1;
	for (; i < digits_of(x) || k < digits_of(y); i++, k++)
		if (digit_at(x, i) != digit_at(y, k))
			return digit_at(x, i) < digit_at(y, k) ? -1 : 1;
	return 0;
}

int decimal_compare(struct span a, struct span b)
{
	struct decimal x, y;
	long ex, ey;

	read_number(a, &x, &ex);
	read_number(b, &y, &ey);
	if (x.negative != y.negative)
		return x.negative ? -1 : 1;
	int order = compare_scaled(&x, ex, &y, ey);
	return x.negative ? -order : order;
}

/* Add up the digits of a number that is not 0 and is less than 10^WHOLE_DIGITS.  The first digit
 * counts 10^(point - 1) times, the next digit 10^(point - 2) times, and so on. */
static enum sum_result from_digits(const struct decimal *d, long point, struct sum *sum)
{
	uint64_t whole = 0;
	uint32_t billionths = 0;

	for (long i = 0; i < point; i++) {
		uint64_t digit = (uint64_t)(digit_at(d, (size_t)i) - '0');
		if (__builtin_mul_overflow(whole, 10, &whole) ||
			__builtin_add_overflow(whole, digit, &whole))
			return SUM_TOO_LARGE;
	}
	for (long i = point; i < point + PLACES; i++)
		billionths =
			10 * billionths + (i < 0 ? 0u : (uint32_t)(digit_at(d, (size_t)i) - '0'));
	*sum = sum_of_parts(whole, billionths);
	if (d->negative)
		*sum = sum_negate(*sum);
	return SUM_OK;
}

static enum sum_result read_any(struct span s, int shift, struct sum *sum)
{
	struct decimal d;
	long exponent;

	if (!read_number(s, &d, &exponent))
		return SUM_NO_NUMBER;
	size_t zeros = leading_zeros(&d);
	if (zeros == d.fraction.len && !d.whole.len)
		return SUM_OK;
	/* A number with millions of digits counts as too large, or as 0, whatever its exponent is.
	 * So `point` fits in a long of 32 bits. */
	if (d.whole.len > 2000000 || zeros > 2000000)
		return d.whole.len ? SUM_TOO_LARGE : SUM_OK;
	long point =
		(long)d.whole.len + exponent + shift; /* the number of digits before the point */
	if (point - (long)zeros > WHOLE_DIGITS)
		return SUM_TOO_LARGE;
	if (point < -PLACES)
		return SUM_OK;
	return from_digits(&d, point, sum);
}

/* How many billionths a one is if it is the last of so many decimal places. */
static const uint32_t place_billionths[] = {
	1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};

/* The point is removed from the word: the bytes before it move up. */
bool sum_read_pointed(struct span s, struct sum *sum)
{
	bool negative = s.at[0] == '-';
	size_t len = s.len - negative, places = 0;

	if (len - 1 >= 8)
		return false;
	uint64_t word =
		(word_load(s.at + s.len - 8) ^ swar_digits.bytes) >> 8 * (8 - len) << 8 * (8 - len);
	uint64_t point = swar_equal(word, '.' ^ '0');
	if (point) {
		unsigned bits =
			(unsigned)__builtin_ctzll(point) & 56u; /* the bits before the point */
		uint64_t before = (UINT64_C(1) << bits) - 1, after = ~(before << 8 | 0xff);
		places = 7 - bits / 8;
		if (!places || places + 1 == len)
			return false;
		word = (word & before) << 8 | (word & after);
	}
	if (swar_mismatch_by(word, swar_digits))
		return false;
	/* The sign is not a reason for a branch. */
	uint64_t low = sum_combine_digits(word) * place_billionths[places];
	uint64_t minus = -(uint64_t)negative;
	*sum = (struct sum){(low ^ minus) - minus, -(int64_t)(negative & (low != 0))};
	return true;
}

/* Read the digits at *p, and move *p behind them. */
static inline uint64_t read_digits(const char **p, const char *end)
{
	uint64_t n = 0;

	for (; *p < end && decimal_is_digit(**p); ++*p)
		n = 10 * n + (uint64_t)(**p - '0');
	return n;
}

/* Read a number like most: -?digits[.digits], at most 18 bytes, at most nine digits after the point.
 * False if it is not such a number. */
static bool read_usual(struct span s, struct sum *sum)
{
	const char *end = span_end(s), *whole_at = s.at + (s.at[0] == '-'), *p = whole_at;

	if (s.len > 18)
		return false;
	uint64_t whole = read_digits(&p, end), fraction = 0;
	if (p == whole_at)
		return false;
	if (p < end && *p == '.') {
		const char *point = p++;
		fraction = read_digits(&p, end);
		size_t digits = (size_t)(p - point) - 1;
		if (!digits || digits > PLACES)
			return false;
		fraction *= place_billionths[digits];
	}
	if (p < end)
		return false;
	*sum = sum_of_parts(whole, (uint32_t)fraction);
	if (s.at[0] == '-')
		*sum = sum_negate(*sum);
	return true;
}

enum sum_result sum_read(struct span s, struct sum *sum)
{
	*sum = (struct sum){0};
	if (s.len == 0 || (s.len == 1 && s.at[0] == '-') || read_usual(s, sum))
		return SUM_OK;
	return read_any(s, 0, sum);
}

enum sum_result sum_read_shifted(struct span s, int shift, struct sum *sum)
{
	*sum = (struct sum){0};
	return read_any(s, shift, sum);
}

/* An absolute value in pieces of 32 bits, the highest first. */
struct limbs {
	uint32_t at[4];
};

static struct limbs limbs_of(struct sum s)
{
	if (s.high < 0)
		s = sum_negate(s);
	uint64_t high = (uint64_t)s.high;
	return (struct limbs){
		{(uint32_t)(high >> 32), (uint32_t)high, (uint32_t)(s.low >> 32), (uint32_t)s.low}};
}

/* Divide *n by a billion, by long division.  Returns the remainder. */
static uint32_t divide_by_billion(struct limbs *n)
{
	uint64_t rest = 0;

	for (int i = 0; i < 4; i++) {
		rest = rest << 32 | n->at[i];
		n->at[i] = (uint32_t)(rest / BILLION);
		rest %= BILLION;
	}
	return (uint32_t)rest;
}

/* Print a whole number, nine digits at a time.  Returns the length of the text. */
static int print_whole(struct limbs whole, bool negative, char out[SUM_TEXT])
{
	uint32_t nines[4]; /* the number in groups of nine digits, the last group first */
	int n = 0, len;

	do
		nines[n++] = divide_by_billion(&whole);
	while (whole.at[0] | whole.at[1] | whole.at[2] | whole.at[3]);
	len = snprintf(out, SUM_TEXT, "%s%" PRIu32, negative ? "-" : "", nines[--n]);
	while (n)
		len += snprintf(out + len, SUM_TEXT - (size_t)len, "%09" PRIu32, nines[--n]);
	return len;
}

const char *sum_print(struct sum s, char out[SUM_TEXT])
{
	struct limbs whole = limbs_of(s);
	uint32_t billionths = divide_by_billion(&whole);
	int len = print_whole(whole, s.high < 0, out);

	if (billionths) {
		len += snprintf(out + len, SUM_TEXT - (size_t)len, ".%09" PRIu32, billionths);
		while (out[len - 1] == '0')
			out[--len] = '\0';
	}
	return out;
}

double sum_double(struct sum s)
{
	return ((double)s.high * 18446744073709551616.0 + (double)s.low) / BILLION;
}
