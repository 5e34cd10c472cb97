#include "query/key_pattern.h"

#include <stdlib.h>

#include "lib/decimal.h"

static bool compile(struct key_pattern *p, struct arg regexp, struct arg template, bool ignore_case,
	const struct scan *scan, struct complaint *c)
{
	if (!filter_open(&p->filter, regexp, ignore_case, scan, c))
		return false;
	p->capture = pattern_groups(p->filter.pattern) ? 1 : 0;
	if (!template.value)
		return true;
	p->template = template_compile(template.value, p->filter.pattern, c);
	return p->template || complaint_about(c, template);
}

bool key_patterns_compile(struct key_patterns *all, const struct args *regexps, struct arg template,
	bool ignore_case, const struct scan *scan, struct complaint *c)
{
	*all = (struct key_patterns){.at = calloc(regexps->n + 1, sizeof *all->at)};
	if (!all->at)
		return complain_memory(c, "query");
	for (size_t i = 0; i < regexps->n; i++) {
		if (!compile(&all->at[all->n++], regexps->at[i], template, ignore_case, scan, c))
			return false;
		if (i)
			pattern_share_stack(all->at[i].filter.pattern, all->at[0].filter.pattern);
	}
	all->matched = all->at;
	return true;
}

void key_patterns_free(struct key_patterns *all)
{
	for (size_t i = 0; i < all->n; i++) {
		template_free(all->at[i].template);
		filter_close(&all->at[i].filter);
	}
	free(all->at);
}

enum pattern_result key_patterns_match(struct key_patterns *all, struct span line, bool has_literal)
{
	enum pattern_result match = PATTERN_NO;

	for (size_t i = 0; i < all->n && match == PATTERN_NO; i++) {
		match = filter_match(&all->at[i].filter, line, has_literal);
		all->matched = &all->at[i];
	}
	return match;
}

void key_patterns_found(struct key_patterns *all, const void *record, uint64_t number)
{
	all->record = record;
	all->number = number;
	all->result = PATTERN_YES;
}

enum pattern_result key_patterns_match_line(
	struct key_patterns *all, struct span line, const void *record, uint64_t number)
{
	if (all->record == record && all->number == number)
		return all->result;
	key_patterns_found(all, record, number);
	all->result = key_patterns_match(all, line, false);
	return all->result;
}

/* Return the number of the group in a pattern, as pattern_group_named() does. */
static int group_in(const struct pattern *p, const char *name)
{
	if (*name != '$')
		return pattern_group_named(p, name);
	unsigned long n = strtoul(name + 1, NULL, 10);
	return n <= pattern_groups(p) ? (int)n : -1;
}

int *key_patterns_group(
	const struct key_patterns *all, const char *name, bool *failed, struct complaint *c)
{
	int *groups = calloc(all->n + 1, sizeof *groups);
	bool is_number = *name == '$' && decimal_is_digits(span_text(name + 1));
	bool any = false, is_unclear = false;

	for (size_t i = 0; groups && i < all->n; i++) {
		groups[i] =
			is_number || *name != '$' ? group_in(all->at[i].filter.pattern, name) : -1;
		is_unclear |= groups[i] == -2;
		any |= groups[i] >= 0;
	}
	*failed = !groups || is_unclear || (is_number && !any);
	if (!groups)
		complain(c, "out of memory");
	else if (is_unclear)
		complain(c, "several groups are named '%.64s': use their numbers", name);
	else if (*failed)
		complain(c, "'%.64s': the pattern has no such group", name);
	if (!*failed && any)
		return groups;
	free(groups);
	return NULL;
}

bool key_patterns_value(const struct key_patterns *all, const int *group, struct span *value)
{
	const struct pattern *p = all->matched->filter.pattern;
	int n = group[all->matched - all->at];

	if (n < 0 || !pattern_group_is_set(p, (unsigned)n))
		return false;
	*value = pattern_group(p, (unsigned)n);
	return true;
}

void key_patterns_begin(struct key_patterns *all, struct span line)
{
	all->line = line;
	all->from = 0;
	for (size_t i = 0; i < all->n; i++) {
		const struct needle *needle = &all->at[i].filter.needle;
		bool lacks = needle->literal.len &&
			     all->at[i].filter.scan->find(line, needle) == line.len;
		all->at[i].next = lacks ? KEY_NONE : KEY_UNKNOWN;
	}
}

/* Let the pattern's next match be its first one that begins at `from` or later.  False if PCRE2 has
 * given up. */
static bool find_next(struct key_pattern *p, struct span line, size_t from)
{
	if (p->next == KEY_NONE || (p->next == KEY_FOUND && p->start >= from))
		return true;
	switch (pattern_match_from(p->filter.pattern, line, from)) {
	case PATTERN_YES:
		p->next = KEY_FOUND;
		p->start = pattern_start(p->filter.pattern);
		p->end = pattern_end(p->filter.pattern);
		/* With \K in a lookaround, PCRE2 may find a match that begins before `from`. */
		if (p->start < from)
			p->start = from;
		return true;
	case PATTERN_NO:
		p->next = KEY_NONE;
		return true;
	default:
		return false;
	}
}

enum pattern_result key_patterns_next(struct key_patterns *all)
{
	while (all->from < all->line.len) {
		const struct key_pattern *first = NULL;
		for (struct key_pattern *p = all->at; p < all->at + all->n; p++) {
			if (!find_next(p, all->line, all->from))
				return PATTERN_GAVE_UP;
			if (p->next == KEY_FOUND && (!first || p->start < first->start))
				first = p;
		}
		if (!first)
			break;
		bool is_empty = first->end <= first->start;
		all->from = is_empty ? first->start + 1 : first->end;
		all->matched = first;
		if (!is_empty)
			return PATTERN_YES;
	}
	return PATTERN_NO;
}
