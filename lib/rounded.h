/* rounded.h -- numbers rounded to three significant digits, as codes of 16 bits.
 *
 * Greater codes are greater numbers.  A number of less than a millionth has all its digits, since
 * numbers have nine decimal places.  Halves are rounded away from 0, so the error is at most 0.5 %:
 * 1,005 becomes 1,010.
 */
#ifndef LIB_ROUNDED_H
#define LIB_ROUNDED_H

#include "lib/decimal.h"

/* Return the code of a number, which may be the result of sum_read(): its absolute value must be less
 * than 2^64. */
uint16_t rounded_code(struct sum);

/* Write the codes of n numbers: the i-th is numbers[i * step].  The code is 0, which no number has, if
 * .high is INT64_MIN, which stands for no number. */
void rounded_codes(const struct sum *numbers, size_t step, size_t n, uint16_t *codes);

/* Return the number that has this code; 0 if none has. */
struct sum rounded_number(uint16_t code);

#endif
