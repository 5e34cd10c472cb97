#include "query/line_filter.h"

#include <stdlib.h>

struct pattern *filter_pattern(struct arg re, bool ignore_case, struct complaint *c)
{
	struct pattern *p = pattern_compile(span_text(re.value), ignore_case, c);

	if (!p)
		complaint_about(c, re);
	return p;
}

bool filter_open(struct filter *f, struct arg re, bool ignore_case, const struct scan *scan,
	struct complaint *c)
{
	*f = (struct filter){
		.text = re.value, .pattern = filter_pattern(re, ignore_case, c), .scan = scan};
	if (!f->pattern)
		return false;
	struct span literal = pattern_literal(f->pattern);
	if (literal.len)
		f->needle = needle_of(literal);
	return true;
}

void filter_close(struct filter *f)
{
	pattern_free(f->pattern);
}

enum pattern_result filter_match(const struct filter *f, struct span line, bool has_literal)
{
	if (f->needle.literal.len && !has_literal && f->scan->find(line, &f->needle) == line.len)
		return PATTERN_NO;
	return pattern_match(f->pattern, line);
}

const char *filter_drops(const struct filter *f)
{
	return f->drop ? "matches" : "does not match";
}

bool filters_compile(struct filters *all, const struct args *grep, const struct args *vgrep,
	bool ignore_case, const struct scan *scan, struct complaint *c)
{
	*all = (struct filters){.at = calloc(grep->n + vgrep->n + 1, sizeof *all->at)};
	if (!all->at)
		return complain_memory(c, "query");
	for (size_t i = 0; i < grep->n; i++)
		if (!filter_open(&all->at[all->n++], grep->at[i], ignore_case, scan, c))
			return false;
	for (size_t i = 0; i < vgrep->n; i++) {
		struct filter *f = &all->at[all->n++];
		if (!filter_open(f, vgrep->at[i], ignore_case, scan, c))
			return false;
		f->drop = true;
	}
	return true;
}

void filters_free(struct filters *all)
{
	for (size_t i = 0; i < all->n; i++)
		filter_close(&all->at[i]);
	free(all->at);
}

enum pattern_result filters_pass(const struct filters *all, struct span line,
	const struct needle *known, const struct filter **by)
{
	for (const struct filter *f = all->at; f < all->at + all->n; f++) {
		enum pattern_result match = filter_match(f, line, &f->needle == known);
		if (match == PATTERN_GAVE_UP)
			return PATTERN_GAVE_UP;
		if ((match == PATTERN_YES) != f->drop)
			continue;
		*by = f;
		return PATTERN_NO;
	}
	return PATTERN_YES;
}
