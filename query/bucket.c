#include "query/bucket.h"

#include <string.h>

enum { BILLION = 1000000000 };

/* The least number that is not 0, a billionth. */
static const struct sum least = {1, 0};

/* --- Arithmetic ---------------------------------------------------------------------- */

static struct sum minus(struct sum a)
{
	return (struct sum){-a.low, (int64_t)(~(uint64_t)a.high + (a.low == 0))};
}

/* Add numbers whose sum is known to fit. */
static struct sum plus(struct sum a, struct sum b)
{
	bool fits = sum_add(&a, b);

	(void)fits;
	return a;
}

/* True if the absolute value is less than 2^64, so that it can be multiplied by a billion. */
static bool is_small(struct sum a)
{
	return (a.high < 0 ? minus(a) : a).high < BILLION;
}

static bool is_zero(struct sum a)
{
	return !a.low && !a.high;
}

/* Divide n >= 0 by d > 0, one bit after the other if they are large.  *rest becomes the
 * remainder. */
static struct sum divide(struct sum n, struct sum d, struct sum *rest)
{
	struct sum quotient = {0};

	if (!n.high && !d.high) {
		*rest = (struct sum){.low = n.low % d.low};
		return (struct sum){.low = n.low / d.low};
	}
	*rest = quotient;
	for (int i = 127; i >= 0; i--) {
		uint64_t bit = (i < 64 ? n.low >> i : (uint64_t)n.high >> (i - 64)) & 1;
		quotient = plus(quotient, quotient);
		*rest = plus(plus(*rest, *rest), (struct sum){.low = bit});
		if (sum_compare(*rest, d) < 0)
			continue;
		*rest = plus(*rest, minus(d));
		quotient.low |= 1;
	}
	return quotient;
}

static struct sum times_ten(struct sum a)
{
	struct sum two = plus(a, a), four = plus(two, two);

	return plus(plus(four, four), two);
}

/* Convert seconds or bytes to the unit.  The result is exact for multiples of the width. */
static struct sum in_unit(const struct bucket *b, struct sum a)
{
	struct sum rest;
	bool negative = a.high < 0;

	if (!b->unit)
		return a;
	for (int i = b->unit->shift; i < 0; i++)
		a = times_ten(a);
	if (b->unit->factor == 1)
		return a;
	a = divide(negative ? minus(a) : a, (struct sum){.low = b->unit->factor}, &rest);
	return negative ? minus(a) : a;
}

/* --- Reading -------------------------------------------------------------------------- */

bool bucket_read(struct span text, struct bucket *b)
{
	enum quantity_kind kind;
	struct span number;
	struct sum read;
	char exact[SUM_TEXT];

	*b = (struct bucket){0};
	if (span_equal(text, span_text("log")))
		return true;
	if (!text.len || text.at[0] == '-' || span_first(text, ',') || span_first(text, ' ') ||
		!quantity_read(text, &b->width, &kind) || is_zero(b->width) || !is_small(b->width))
		return false;
	b->unit = quantity_split(text, &number);
	/* Compare with the text, of which digits were ignored if there are too many of them. */
	read = in_unit(b, b->width);
	return decimal_compare(span_text(sum_print(read, exact)), number) == 0;
}

static bool read_value(const struct bucket *b, struct span value, struct sum *number)
{
	enum quantity_kind kind, wanted = b->unit ? b->unit->kind : QUANTITY_PLAIN;

	return quantity_read(value, number, &kind) && is_small(*number) &&
	       (kind == QUANTITY_PLAIN || wanted == QUANTITY_PLAIN || kind == wanted);
}

bool bucket_is_number(struct span value)
{
	struct bucket any = {0};
	struct sum number;

	return read_value(&any, value, &number);
}

/* --- Ranges ---------------------------------------------------------------------------- */

struct range {
	struct sum from, to;
};

static struct range range_of_width(struct sum number, struct sum width)
{
	bool negative = number.high < 0;
	struct sum rest, from = negative ? minus(number) : number;

	divide(from, width, &rest);
	from = plus(from, minus(rest));
	if (negative && !is_zero(rest))
		from = plus(from, width);
	from = negative ? minus(from) : from;
	return (struct range){from, plus(from, width)};
}

/* The range of a number > 0 between two of 1, 2, 5, 10, 20 ... times a power of ten. */
static struct range positive_range(struct sum number)
{
	struct sum one = least, ten = times_ten(one);

	while (sum_compare(ten, number) <= 0) {
		one = ten;
		ten = times_ten(one);
	}
	struct sum two = plus(one, one), five = plus(plus(two, two), one);
	if (sum_compare(number, two) < 0)
		return (struct range){one, two};
	if (sum_compare(number, five) < 0)
		return (struct range){two, five};
	return (struct range){five, ten};
}

static struct range range_of_log(struct sum number)
{
	if (is_zero(number))
		return (struct range){number, number};
	if (number.high >= 0)
		return positive_range(number);
	/* The range a..b of -x, with a < -x <= b, is that of the next smaller number than x. */
	struct sum below = plus(minus(number), minus(least));
	struct range r = is_zero(below) ? (struct range){below, least} : positive_range(below);
	return (struct range){minus(r.to), minus(r.from)};
}

/* --- Texts ------------------------------------------------------------------------------- */

/* Write the digits of a whole number of at most 64 bits.  Returns the end of the text. */
static char *put_digits(uint64_t n, char *out)
{
	char digits[20], *p = digits + sizeof digits;

	do
		*--p = (char)('0' + n % 10);
	while (n /= 10);
	size_t len = (size_t)(digits + sizeof digits - p);
	memcpy(out, p, len);
	return out + len;
}

/* Write a number with its unit; 0 needs no unit.  Returns the end of the text. */
static char *put(const struct bucket *b, struct sum number, char *out)
{
	number = in_unit(b, number);
	if (is_zero(number))
		return put_digits(0, out);
	if (!number.high && number.low % BILLION == 0)
		out = put_digits(number.low / BILLION, out); /* faster than sum_print() */
	else
		out += strlen(sum_print(number, out));
	if (!b->unit)
		return out;
	size_t len = strlen(b->unit->name);
	memcpy(out, b->unit->name, len);
	return out + len;
}

bool bucket_of(const struct bucket *b, struct span *value, struct arena *arena)
{
	enum { UNIT_TEXT = 4, ROOM = 2 * (SUM_TEXT + UNIT_TEXT) + 2 };
	struct sum number;

	if (!read_value(b, *value, &number)) {
		*value = span_of("-", 1);
		return true;
	}
	struct range r =
		is_zero(b->width) ? range_of_log(number) : range_of_width(number, b->width);
	char text[ROOM], *end = put(b, r.from, text);
	*end++ = '.';
	*end++ = '.';
	end = put(b, r.to, end);
	size_t len = (size_t)(end - text);
	char *at = arena_take(arena, len);
	if (at)
		*value = span_of(memcpy(at, text, len), len);
	return at != NULL;
}
