#include "query/filter.h"

#include <stdlib.h>

#include "lib/die.h"

/* Columns that the first n bytes of text take in a message. */
static int columns(const char *text, size_t n)
{
	int width = 0;

	for (size_t i = 0; i < n && text[i]; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c < 0x20 || c == 0x7f)
			width += 4; /* printed as \xNN */
		else if ((c & 0xc0) != 0x80)
			width++; /* not a continuation of UTF-8 */
	}
	return width;
}

struct pattern *filter_pattern(struct arg re, bool ignore_case)
{
	struct complaint c;
	struct pattern *p = pattern_compile(span_text(re.value), ignore_case, &c);

	if (p)
		return p;
	warn("%s: %s", re.origin, c.text);
	warn("  %s", re.value);
	die("  %*s^", columns(re.value, c.offset), "");
}

struct filter filter_compile(struct arg re, bool ignore_case)
{
	struct filter f = {.text = re.value, .pattern = filter_pattern(re, ignore_case)};
	struct span literal = pattern_literal(f.pattern);

	if (literal.len)
		f.needle = needle_of(literal);
	return f;
}

enum pattern_result filter_ask(
	const struct filter *f, const struct scan *scan, struct span line, bool known)
{
	if (f->needle.literal.len && !known && scan->find(line, &f->needle) == line.len)
		return PATTERN_NO;
	return pattern_match(f->pattern, line);
}

struct filters filters_compile(const struct args *grep, const struct args *vgrep, bool ignore_case)
{
	struct filters all = {.at = calloc(grep->n + vgrep->n + 1, sizeof *all.at)};

	if (!all.at)
		die("query: out of memory");
	for (size_t i = 0; i < grep->n; i++)
		all.at[all.n++] = filter_compile(grep->at[i], ignore_case);
	for (size_t i = 0; i < vgrep->n; i++) {
		all.at[all.n] = filter_compile(vgrep->at[i], ignore_case);
		all.at[all.n++].drop = true;
	}
	return all;
}

enum pattern_result filters_ask(const struct filters *all, const struct scan *scan,
	struct span line, const struct needle *known, const struct filter **by)
{
	for (const struct filter *f = all->at; f < all->at + all->n; f++) {
		enum pattern_result got = filter_ask(f, scan, line, &f->needle == known);
		if (got == PATTERN_GAVE_UP)
			return got;
		if ((got == PATTERN_YES) != f->drop)
			continue;
		*by = f;
		return PATTERN_NO;
	}
	return PATTERN_YES;
}

const char *filter_how(const struct filter *f)
{
	return f->drop ? "matches" : "does not match";
}

void filters_free(struct filters *all)
{
	for (size_t i = 0; i < all->n; i++)
		pattern_free(all->at[i].pattern);
	free(all->at);
}
