/* human.h -- numbers, sizes and durations, written for people and read from them.
 *
 * Functions that write text take a buffer of HUMAN_TEXT bytes and return it.
 */
#ifndef LIB_HUMAN_H
#define LIB_HUMAN_H

#include <stdint.h>

enum { HUMAN_TEXT = 48 };

/* Insert thousands separators: "-1234567.5" -> "-1,234,567.5".  A text that does not fit is cut
 * off. */
const char *human_group(const char *digits, char out[HUMAN_TEXT]);

/* Write a number with thousands separators: 1234567 -> "1,234,567". */
const char *human_count(uint64_t n, char out[HUMAN_TEXT]);

/* "s" unless n is 1, to append to a noun. */
const char *human_plural(uint64_t n);

/* A number, written as .number times the power of 1000 that .prefix stands for. */
struct human_scaled {
	double number;      /* less than 1000 even after rounding, unless the prefix is E */
	const char *prefix; /* "", "k", "M", "G", "T", "P" or "E" */
};

/* 1234567 -> 1.234567 and "M". */
struct human_scaled human_scale(double n);

/* Parse a size in bytes: "512", "64K", "2M", "1G" or "1T", where K is 1024 and lower case will do.
 * 0 if text is not a size, is 0, or is 2^63 or more. */
uint64_t human_parse_size(const char *text);

/* Write minutes and seconds, or hours, minutes and seconds: "1:05", "2:01:05". */
const char *human_clock(uint64_t seconds, char out[HUMAN_TEXT]);

/* Units of time, the shortest first. */
enum { HUMAN_SECOND, HUMAN_MINUTE, HUMAN_HOUR, HUMAN_DAY, HUMAN_WEEK, HUMAN_UNITS };

extern const struct human_duration {
	int64_t seconds;
	const char *name; /* singular */
	const char *abbreviation;
} human_units[HUMAN_UNITS];

#endif
