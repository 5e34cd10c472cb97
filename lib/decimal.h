/* decimal.h -- decimal numbers as logs contain them, compared and added exactly.
 *
 * There is no floating point: 0.1 + 0.2 is 0.3, and a sum does not depend on the order of
 * additions.
 */
#ifndef LIB_DECIMAL_H
#define LIB_DECIMAL_H

#include <errno.h>
#include <stdint.h>

#include "lib/span.h"
#include "lib/swar.h"

/* True if the whole text is a number: -?digits[.digits][e[+-]digits], like numbers in JSON (RFC
 * 8259), except that leading zeros are allowed. */
bool decimal_is(struct span);

static inline bool decimal_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* True if all bytes are digits, and there is at least one. */
static inline bool decimal_is_digits(struct span s)
{
	return s.len > 0 && swar_digits_end(s.at, span_end(s)) == span_end(s);
}

/* True for a whole number without a sign and without leading zeros.  To compare two such numbers,
 * compare their lengths and then their bytes. */
static inline bool decimal_is_plain(struct span s)
{
	return decimal_is_digits(s) && (s.at[0] != '0' || s.len == 1);
}

/* Compare two numbers of any length: < 0, 0 or > 0.  decimal_is() must be true for both.  An
 * exponent of more than a billion counts as a billion, and one of less than minus a billion as
 * minus a billion. */
int decimal_compare(struct span a, struct span b);

/* A sum, stored as a number of billionths: 128 bits in two's complement. */
struct sum {
	uint64_t low;
	int64_t high;
};

enum sum_result {
	SUM_OK,
	SUM_NO_NUMBER, /* the text is not a number; *sum is 0 */
	SUM_TOO_LARGE, /* the absolute value is 2^64 or more */
};

/* Read a number of the form that decimal_is() accepts.  Digits after the ninth decimal place are
 * ignored.  "-" and an empty text count as 0, because logs write them for "none". */
enum sum_result sum_read(struct span, struct sum *);

/* Like sum_read(), but read the number times 10^shift, -9 <= shift <= 0. */
enum sum_result sum_read_shifted(struct span, int shift, struct sum *);

/* Convert eight digits to a number.  Each byte of the word is a digit, 0 to 9; the first one is the lowest
 * byte.
 *
 * Neighbouring digits are combined into numbers of two, four and eight digits: in each step, one
 * multiplication adds ten, a hundred or ten thousand times the lower neighbour to the upper one. */
static inline uint64_t sum_combine_digits(uint64_t word)
{
	word = (word * (1 + (10 << 8))) >> 8 & UINT64_C(0x00ff00ff00ff00ff);
	word = (word * (1 + (UINT64_C(100) << 16))) >> 16 & UINT64_C(0x0000ffff0000ffff);
	return (word * (1 + (UINT64_C(10000) << 32))) >> 32;
}

/* Like sum_read_short(), for a text that is not only digits. */
bool sum_read_pointed(struct span, struct sum *);

/* Like sum_read(), but only for numbers without an exponent, of at most eight bytes; false for any other
 * text.  Fast, since it loads the eight bytes before the end of the text, which must be readable.
 *
 * The text is at the upper end of the word, and zeros are shifted in below it. */
static inline bool sum_read_short(struct span s, struct sum *sum)
{
	if (s.len - 1 >= 8) /* also true if the length is 0, because size_t wraps around */
		return false;
	uint64_t word = (word_load(s.at + s.len - 8) ^ swar_digits.bytes) >>
			8 * (8 - s.len) << 8 * (8 - s.len);
	if (swar_mismatch_by(word, swar_digits))
		return sum_read_pointed(s, sum);
	*sum = (struct sum){.low = sum_combine_digits(word) * 1000000000};
	return true;
}

/* Return a whole number plus less than a billion billionths. */
static inline struct sum sum_of_parts(uint64_t whole, uint32_t billionths)
{
	uint64_t low = (whole & UINT32_MAX) * 1000000000 + billionths;
	uint64_t high = (whole >> 32) * 1000000000;
	struct sum s = {.low = low + (high << 32), .high = (int64_t)(high >> 32)};

	s.high += s.low < low;
	return s;
}

/* Change the sign.  The least sum of all stays as it is. */
static inline struct sum sum_negate(struct sum s)
{
	return (struct sum){-s.low, (int64_t)(~(uint64_t)s.high + !s.low)};
}

/* Add b to *a.  False if the result does not fit in 128 bits: then *a is unchanged. */
static inline bool sum_add(struct sum *a, struct sum b)
{
	int64_t high;
	uint64_t low = a->low + b.low;

	if (__builtin_add_overflow(a->high, b.high, &high) ||
		__builtin_add_overflow(high, (int64_t)(low < b.low), &high))
		return false;
	*a = (struct sum){low, high};
	return true;
}

/* Add `more` to a count and `more_sum` to a sum.  False with EOVERFLOW if either overflows: then
 * neither has a meaningful value. */
static inline bool sum_add_counted(
	uint64_t *count, struct sum *sum, uint64_t more, struct sum more_sum)
{
	if (!__builtin_add_overflow(*count, more, count) && sum_add(sum, more_sum))
		return true;
	errno = EOVERFLOW;
	return false;
}

/* Compare two sums: < 0, 0 or > 0. */
static inline int sum_compare(struct sum a, struct sum b)
{
	if (a.high != b.high)
		return a.high < b.high ? -1 : 1;
	return (a.low > b.low) - (a.low < b.low);
}

/* True if a < b.  Without branches, which are often mispredicted if signs differ. */
static inline bool sum_is_less(struct sum a, struct sum b)
{
	return (a.high < b.high) | ((a.high == b.high) & (a.low < b.low));
}

/* A buffer of this size holds the text of any sum, with its NUL. */
enum { SUM_TEXT = 48 };

/* Write a sum as "-12.5", without trailing zeros in the fraction.  Returns out. */
const char *sum_print(struct sum, char out[SUM_TEXT]);

/* Return a sum as a floating-point number, approximately. */
double sum_double(struct sum);

#endif
