#include "lib/human.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *human_group(const char *digits, char out[HUMAN_TEXT])
{
	bool negative = *digits == '-';
	size_t n = 0;

	if (negative)
		out[n++] = *digits++;
	for (size_t left = strcspn(digits, "."); left && n + 2 < HUMAN_TEXT; left--) {
		out[n++] = *digits++;
		if (left > 1 && left % 3 == 1)
			out[n++] = ',';
	}
	snprintf(out + n, HUMAN_TEXT - n, "%s", digits);
	return out;
}

const char *human_count(uint64_t n, char out[HUMAN_TEXT])
{
	char digits[24];

	snprintf(digits, sizeof digits, "%" PRIu64, n);
	return human_group(digits, out);
}

const char *human_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

struct human_scaled human_scale(double n)
{
	static const char *const prefixes[] = {"", "k", "M", "G", "T", "P", "E"};
	size_t i = 0;

	for (; n >= 999.5 && i + 1 < sizeof prefixes / sizeof *prefixes; i++)
		n /= 1000;
	return (struct human_scaled){n, prefixes[i]};
}

uint64_t human_parse_size(const char *text)
{
	static const char units[] = "KMGT";
	unsigned shift = 0;
	char *end;

	if (!isdigit((unsigned char)*text))
		return 0;
	/* If the number does not fit in 64 bits, strtoull() returns the largest 64-bit number,
	 * which is rejected below as too large. */
	uint64_t n = strtoull(text, &end, 10);
	const char *unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
	if (unit) {
		shift = 10 * (unsigned)(unit - units + 1);
		end++;
	}
	return *end || n > (uint64_t)INT64_MAX >> shift ? 0 : n << shift;
}

const char *human_clock(uint64_t seconds, char out[HUMAN_TEXT])
{
	unsigned second = (unsigned)(seconds % 60), minute = (unsigned)(seconds / 60 % 60);

	if (seconds >= 3600)
		snprintf(out, HUMAN_TEXT, "%" PRIu64 ":%02u:%02u", seconds / 3600, minute, second);
	else
		snprintf(out, HUMAN_TEXT, "%u:%02u", minute, second);
	return out;
}

const struct human_duration human_units[HUMAN_UNITS] = {
	[HUMAN_SECOND] = {1, "second", "s"},
	[HUMAN_MINUTE] = {60, "minute", "min"},
	[HUMAN_HOUR] = {3600, "hour", "h"},
	[HUMAN_DAY] = {86400, "day", "d"},
	[HUMAN_WEEK] = {604800, "week", "w"},
};
