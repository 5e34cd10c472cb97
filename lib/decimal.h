/* decimal.h -- numbers as logs write them: compared and added up exactly.
 *
 * No floating point: 0.1 + 0.2 is 0.3 here, and the sum does not depend on the order
 * in which it was made.
 */
#ifndef LIB_DECIMAL_H
#define LIB_DECIMAL_H

#include <errno.h>
#include <stdint.h>

#include "lib/span.h"
#include "lib/swar.h"

/* True for -?digits[.digits][e[+-]digits], as JSON writes numbers (RFC 8259, but for leading
 * zeros), and nothing around it. */
bool decimal_is(struct span);

static inline bool decimal_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* True for one digit or more, and nothing else. */
static inline bool decimal_is_digits(struct span s)
{
	return s.len > 0 && swar_digits_end(s.at, span_end(s)) == span_end(s);
}

/* True for a whole number from 0 on, without needless zeros: two of them compare by their
 * lengths, then bytewise. */
static inline bool decimal_is_plain(struct span s)
{
	return decimal_is_digits(s) && (s.at[0] != '0' || s.len == 1);
}

/* Compare two that are: < 0, 0 or > 0.  Of any length; exponents beyond a billion count as
 * one. */
int decimal_compare(struct span a, struct span b);

/* A sum in billionths: 128 bits, two's complement. */
struct sum {
	uint64_t low;
	int64_t high;
};

enum sum_result {
	SUM_OK,
	SUM_NO_NUMBER, /* *sum is 0 */
	SUM_TOO_LARGE, /* 2^64 or beyond, either way */
};

/* Read what decimal_is; what is smaller than a billionth is cut off.  "-" and nothing are 0, as
 * logs write "none". */
enum sum_result sum_read(struct span, struct sum *);

/* False, and *a is unchanged, if 128 bits are not enough. */
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

/* A count with its sum, to which others are added.  False with EOVERFLOW if one of them gets out
 * of all bounds; both are of no use then. */
static inline bool sum_add_counted(
	uint64_t *count, struct sum *sum, uint64_t more, struct sum more_sum)
{
	if (!__builtin_add_overflow(*count, more, count) && sum_add(sum, more_sum))
		return true;
	errno = EOVERFLOW;
	return false;
}

/* < 0, 0 or > 0 */
static inline int sum_compare(struct sum a, struct sum b)
{
	if (a.high != b.high)
		return a.high < b.high ? -1 : 1;
	return (a.low > b.low) - (a.low < b.low);
}

/* True if it is between -2^64 and 2^64, both excluded. */
bool sum_fits(struct sum);

/* Room for any sum's text and its NUL. */
enum { SUM_TEXT = 48 };

/* "-12.5": without zeros at the end of the fraction.  Returns out. */
const char *sum_print(struct sum, char out[SUM_TEXT]);

/* As a floating point number, nearly. */
double sum_double(struct sum);

#endif
