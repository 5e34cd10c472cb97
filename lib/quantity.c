#include "lib/quantity.h"

#include <string.h>

static const struct quantity_unit units[] = {
	{"ns", 1, -9, QUANTITY_TIME},
	{"us", 1, -6, QUANTITY_TIME},
	{"\xc2\xb5s", 1, -6, QUANTITY_TIME},
	{"ms", 1, -3, QUANTITY_TIME},
	{"s", 1, 0, QUANTITY_TIME},
	{"m", 60, 0, QUANTITY_TIME},
	{"min", 60, 0, QUANTITY_TIME},
	{"h", 3600, 0, QUANTITY_TIME},
	{"d", 86400, 0, QUANTITY_TIME},
	{"w", UINT64_C(7) * 86400, 0, QUANTITY_TIME},
	{"k", UINT64_C(1) << 10, 0, QUANTITY_SIZE},
	{"K", UINT64_C(1) << 10, 0, QUANTITY_SIZE},
	{"M", UINT64_C(1) << 20, 0, QUANTITY_SIZE},
	{"G", UINT64_C(1) << 30, 0, QUANTITY_SIZE},
	{"T", UINT64_C(1) << 40, 0, QUANTITY_SIZE},
	{"KiB", UINT64_C(1) << 10, 0, QUANTITY_SIZE},
	{"MiB", UINT64_C(1) << 20, 0, QUANTITY_SIZE},
	{"GiB", UINT64_C(1) << 30, 0, QUANTITY_SIZE},
	{"TiB", UINT64_C(1) << 40, 0, QUANTITY_SIZE},
	{"B", 1, 0, QUANTITY_SIZE},
	{"kB", 1000, 0, QUANTITY_SIZE},
	{"KB", 1000, 0, QUANTITY_SIZE},
	{"MB", 1000000, 0, QUANTITY_SIZE},
	{"GB", 1000000000, 0, QUANTITY_SIZE},
	{"TB", UINT64_C(1000000000000), 0, QUANTITY_SIZE},
};

static const struct quantity_unit *find_unit(struct span name)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (span_equal(name, span_text(units[i].name)))
			return &units[i];
	return NULL;
}

/* Multiply a sum by a number.  False if the result does not fit. */
static bool multiply(struct sum *sum, uint64_t by)
{
	struct sum result = {0};

	/* The bits of the number, from the highest one on. */
	for (int bit = 63; bit >= 0; bit--) {
		if (!sum_add(&result, result) || ((by >> bit & 1) && !sum_add(&result, *sum)))
			return false;
	}
	*sum = result;
	return true;
}

/* Return the end of digits with commas between groups of three; NULL if a comma is elsewhere.  The
 * first digit is not 0: "0,123" may be a list, or a fraction as many countries write it. */
static const char *after_groups(const char *p, const char *end)
{
	size_t digits = 0, commas = 0;

	if (p == end || *p == '0')
		return NULL;
	for (; p < end && (decimal_is_digit(*p) || *p == ','); p++) {
		if (*p != ',') {
			digits++;
			continue;
		}
		if (digits == 0 || digits > 3 || (commas && digits < 3))
			return NULL;
		commas++;
		digits = 0;
	}
	return commas && digits == 3 ? p : NULL;
}

/* Remove the commas between groups of three digits.  False if a comma is elsewhere, or if the
 * number also has an exponent. */
static bool remove_commas(struct span *number, char *out, size_t room)
{
	const char *p = number->at, *end = span_end(*number);
	size_t n = 0;

	if (!span_first(*number, ','))
		return true;
	const char *to = after_groups(p + (*p == '-'), end);
	if (!to || number->len > room || span_first(span_between(to, end), ',') ||
		span_first(*number, 'e') || span_first(*number, 'E'))
		return false;
	for (; p < end; p++)
		if (*p != ',')
			out[n++] = *p;
	*number = span_of(out, n);
	return true;
}

const struct quantity_unit *quantity_split(struct span text, struct span *number)
{
	const char *p = span_end(text);

	/* The unit is what follows the last digit, but in "1e3" this is part of the number. */
	while (p > text.at && !decimal_is_digit(p[-1]))
		p--;
	struct span name = span_between(p, span_end(text));
	*number = span_between(text.at, p);
	return name.len ? find_unit(span_trim_start(name, " ")) : NULL;
}

bool quantity_read(struct span text, struct sum *sum, enum quantity_kind *kind)
{
	char plain[64];
	struct span number;
	const struct quantity_unit *unit = quantity_split(text, &number);

	if (!number.len || (number.len < text.len && !unit) ||
		!remove_commas(&number, plain, sizeof plain) || !decimal_is(number) ||
		sum_read(number, sum) != SUM_OK)
		return false;
	*kind = unit ? unit->kind : QUANTITY_PLAIN;
	if (!unit)
		return true;
	if (unit->shift)
		return sum_read_shifted(number, unit->shift, sum) == SUM_OK;
	return multiply(sum, unit->factor);
}
