/* widefinder.c -- cuts lines as the Wide Finder 2 contest did: at each run of white space, even
 * within quotes or brackets.
 *
 *	f[0] client  f[5] "\"GET"  f[6] url  f[8] status  f[9] bytes  f[10] "\"referrer\""
 *
 * Bytes count as sent only if the status is 200, whatever the log says.
 * http://wikis.sun.com/display/WideFinder (2008)
 */
#include "formats/cutter.h"
#include "lib/decimal.h"

enum { COLUMNS = 11 };

static void *widefinder_compile(const char *text, const struct wanted *wanted, struct complaint *c)
{
	(void)text, (void)c;
	return (void *)(uintptr_t)wanted;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Split a line into columns.  Returns the number of columns found, at most COLUMNS. */
static size_t split(struct span line, struct span *column)
{
	const char *p = line.at, *end = span_end(line);
	size_t n = 0;

	for (;;) {
		while (p < end && is_space(*p))
			p++;
		if (p == end || n == COLUMNS)
			return n;
		const char *start = p;
		while (p < end && !is_space(*p))
			p++;
		column[n++] = span_between(start, p);
	}
}

static struct span unquoted(struct span s)
{
	if (s.len && s.at[0] == '"')
		s = span_from(s, 1);
	if (s.len && s.at[s.len - 1] == '"')
		s.len--;
	return s;
}

static enum cut_result widefinder_cut(void *compiled, struct span line, const struct cut *cut)
{
	struct span column[COLUMNS], *slot = cut->slots;
	size_t n = split(line, column);

	(void)compiled;
	if (n < 9 || !span_equal(column[5], span_text("\"GET")))
		return CUT_NOT;
	bool sent =
		span_equal(column[8], span_text("200")) && n > 9 && decimal_is_digits(column[9]);
	slot[BASE_CLIENT] = column[0];
	slot[BASE_URL] = column[6];
	slot[BASE_STATUS] = column[8];
	slot[BASE_BYTES] = sent ? column[9] : span_text("0");
	slot[BASE_REFERRER] = n > 10 ? unquoted(column[10]) : span_text("-");
	return CUT_FITS;
}

static uint32_t widefinder_bases(const void *compiled)
{
	(void)compiled;
	return base_bit(BASE_CLIENT) | base_bit(BASE_URL) | base_bit(BASE_STATUS) |
	       base_bit(BASE_BYTES) | base_bit(BASE_REFERRER);
}

static bool widefinder_has(const void *compiled, const char *name)
{
	(void)compiled, (void)name;
	return false;
}

const struct cutter widefinder_cutter = {
	.compile = widefinder_compile,
	.cut = widefinder_cut,
	.bases = widefinder_bases,
	.has = widefinder_has,
};
