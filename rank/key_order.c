#include "rank/key_order.h"

#include "lib/ascii.h"
#include "lib/decimal.h"
#include "store/tuple.h"

/* Return the end of the value that begins at `p` in a tuple. */
static const char *value_end(const char *p, const char *end)
{
	for (; p < end; p++)
		if (p[0] == 0 && end - p > 1 && p[1] == 1)
			break;
	return p;
}

static bool is_letter(char c)
{
	return ascii_is_letter(c) || (c & 0x80);
}

/* Remove the letters at the end, which are a unit.  They may be letters beyond ASCII. */
static struct span without_unit(struct span s)
{
	while (s.len && is_letter(s.at[s.len - 1]))
		s.len--;
	return s;
}

/* Find the first number of a range.  False if the value is not a range. */
static bool read_range(struct span value, struct span *first)
{
	enum { LONGEST = 127 }; /* no range of FIELD/WHAT is that long */
	const char *dot = value.len <= LONGEST ? span_first(value, '.') : NULL,
		   *end = span_end(value);

	/* The first dot may be one of a fraction. */
	while (dot && !(end - dot > 1 && dot[1] == '.'))
		dot = span_first(span_between(dot + 1, end), '.');
	if (!dot)
		return false;
	*first = without_unit(span_between(value.at, dot));
	return decimal_is(*first) && decimal_is(without_unit(span_between(dot + 2, end)));
}

/* Return the number of bytes at the start of both keys that are equal. */
static size_t common(struct span a, struct span b)
{
	size_t i = 0, n = a.len < b.len ? a.len : b.len;

	while (n - i >= sizeof(uint64_t) && word_load(a.at + i) == word_load(b.at + i))
		i += sizeof(uint64_t);
	while (i < n && a.at[i] == b.at[i])
		i++;
	return i;
}

/* Return where the value begins that contains byte i of a tuple. */
static size_t value_start(struct span tuple, size_t i)
{
	struct span before = span_of(tuple.at, i);
	const char *one;

	while ((one = span_last(before, 1))) {
		size_t at = (size_t)(one - tuple.at);
		if (at && one[-1] == 0)
			return at + 1;
		before.len = at;
	}
	return 0;
}

/* True unless the value is clearly not a range.  This is faster than read_range(), because it does
 * not look beyond the first number: "10.1.2.3" is rejected at the second dot. */
static bool may_be_range(struct span value)
{
	const char *p = value.at, *end = span_end(value);

	if (p < end && *p == '-')
		p++;
	if (p == end || !decimal_is_digit(*p))
		return false;
	while (p < end && decimal_is_digit(*p))
		p++;
	if (end - p > 1 && *p == '.' && decimal_is_digit(p[1]))
		for (p++; p < end && decimal_is_digit(*p);)
			p++;
	/* An exponent, or a unit. */
	while (p < end && (is_letter(*p) || decimal_is_digit(*p) || *p == '-' || *p == '+'))
		p++;
	return end - p > 1 && p[0] == '.' && p[1] == '.';
}

/* Compare keys from the start of the first values that differ. */
static int values_order(struct span a, struct span b)
{
	struct span a_first, b_first;
	bool a_is_range = read_range(span_between(a.at, value_end(a.at, span_end(a))), &a_first);
	bool b_is_range = read_range(span_between(b.at, value_end(b.at, span_end(b))), &b_first);

	if (a_is_range != b_is_range)
		return a_is_range ? 1 : -1;
	int order = a_is_range ? decimal_compare(a_first, b_first) : 0;
	return order ? order : span_compare(a, b);
}

int key_order(struct span a, struct span b)
{
	size_t same = common(a, b), start = value_start(a, same);
	struct span a_rest = span_from(a, start), b_rest = span_from(b, start);

	if (may_be_range(a_rest) || may_be_range(b_rest))
		return values_order(a_rest, b_rest);
	return span_compare(span_from(a, same), span_from(b, same));
}
