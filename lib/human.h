/* human.h -- writes numbers, sizes and durations for people, and reads sizes that people write.
 *
 * Functions that write text take a buffer of HUMAN_TEXT bytes and return it.
 */
#ifndef LIB_HUMAN_H
#define LIB_HUMAN_H

#include <stdint.h>

enum { HUMAN_TEXT = 56 };

/* Insert thousands separators into a decimal number: "-1234567.5" -> "-1,234,567.5".  If the result
 * does not fit in `out`, it is cut off. */
const char *human_group(const char *digits, char out[HUMAN_TEXT]);

/* Write a number with thousands separators: 1234567 -> "1,234,567". */
const char *human_count(uint64_t n, char out[HUMAN_TEXT]);

/* Return the ending of a noun that follows the number n: "" if n is 1, else "s". */
const char *human_plural(uint64_t n);

/* A number, written as .number times the power of 1000 that .prefix stands for. */
struct human_scaled {
	double number;      /* less than 1000, even when it is rounded, unless the prefix is E */
	const char *prefix; /* "", "k", "M", "G", "T", "P" or "E" */
};

/* Choose the prefix for a number: 1234567 becomes 1.234567 and "M". */
struct human_scaled human_scale(double n);

/* Parse a size in bytes: "512", "64K", "2M", "1G" or "1T", where K is 1024.  The unit may be in
 * lower case.  Returns 0 if the text is not a size, or if the size is 0 or is 2^63 or more. */
uint64_t human_parse_size(const char *text);

/* Write minutes and seconds, or hours, minutes and seconds: "1:05", "2:01:05". */
const char *human_clock(uint64_t seconds, char out[HUMAN_TEXT]);

/* Units of time, the shortest first. */
enum { HUMAN_SECOND, HUMAN_MINUTE, HUMAN_HOUR, HUMAN_DAY, HUMAN_WEEK, HUMAN_UNITS };

extern const struct human_duration {
	int64_t seconds;
	const char *name; /* in the singular: "day" */
	const char *abbreviation;
} human_units[HUMAN_UNITS];

#endif
