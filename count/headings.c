#include "count/headings.h"

#include <stdlib.h>

#include "lib/lines.h"
#include "lib/array.h"

struct heading {
	uint64_t at; /* offset in the input */
	struct span line;
};

static bool add(struct headings *h, uint64_t at, struct span line)
{
	char *copy = arena_take(&h->lines, line.len);

	if (!copy || !ARRAY_GROW(h->at, h->n, &h->room))
		return false;
	if (line.len)
		memcpy(copy, line.at, line.len);
	h->at[h->n++] = (struct heading){at, span_of(copy, line.len)};
	return true;
}

/* True if `p` is the start of a line, or if only NULs are before it in its line. */
static bool is_start(const char *start, const char *p)
{
	while (p > start && !p[-1])
		p--;
	return p == start || p[-1] == '\n';
}

bool headings_find(struct headings *h, const struct scan *scan, struct span start,
	struct span lines, uint64_t from)
{
	struct needle needle = needle_of(start);

	for (struct span rest = lines, line = {NULL, 0};;) {
		size_t at = scan->find(rest, &needle);
		if (at == rest.len)
			return true;
		const char *p = rest.at + at;
		rest = span_between(p, span_end(lines));
		if (!is_start(lines.at, p)) {
			rest = span_from(rest, 1);
			continue;
		}
		lines_next(&rest, &line);
		if (!add(h, from + (uint64_t)(p - lines.at), line))
			return false;
	}
}

struct span headings_before(const struct headings *h, uint64_t offset)
{
	size_t low = 0, high = h->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (h->at[middle].at < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? h->at[low - 1].line : span_of("", 0);
}

void headings_free(struct headings *h)
{
	free(h->at);
	arena_free(&h->lines);
	*h = (struct headings){0};
}
