/* pattern.c -- fuzz patterns and queries: whatever shortcut the query takes over a
 * block, it must find in each line what the pattern alone finds in that line.
 *
 * Input: one byte of choices, the expression up to a newline, then the block.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/lines.h"
#include "regex/pattern.h"
#include "query/block_keys.h"

enum { MAX_RE = 80, MAX_BLOCK = 600 };

/* The answer to compare with: each line by itself, no literal, no vectors, no JIT. */
struct expected {
	struct span key[MAX_BLOCK + 1];
	size_t n, lines, gave_up;
};

static void ask_plainly(struct pattern *p, struct span block, struct expected *a)
{
	const char *at = block.at, *end = at + block.len;

	while (at < end) {
		const char *to = memchr(at, '\n', (size_t)(end - at));
		struct span line = span_between(at, to ? to : end);
		at = to ? to + 1 : end;
		a->lines++;
		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		line = lines_after_hole(line);
		enum pattern_result got = pattern_match(p, line);
		if (got == PATTERN_YES)
			a->key[a->n++] = pattern_group(p, pattern_groups(p) ? 1 : 0);
		a->gave_up += got == PATTERN_GAVE_UP;
	}
}

static void compare(const struct block_result *b, const struct expected *a)
{
	assert(b->verdicts.lines == a->lines);
	/* Starting in other places, PCRE2 may give up on other lines. */
	if (b->verdicts.gave_up || a->gave_up)
		return;
	assert(b->found[0].n == a->n && b->verdicts.matched == a->n);
	for (size_t i = 0; i < a->n; i++)
		assert(span_equal(b->found[0].keys[i], a->key[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct expected expected;
	struct span all = {(const char *)data, size};
	const char *newline = size ? memchr(all.at, '\n', size) : NULL;

	if (!newline || newline == all.at || newline - all.at > MAX_RE)
		return 0;
	bool ignore_case = all.at[0] & 1;
	char re[MAX_RE + 1] = {0};
	memcpy(re, all.at + 1, (size_t)(newline - all.at - 1));
	struct span block = span_between(newline + 1, all.at + size);
	if (strlen(re) != (size_t)(newline - all.at - 1) || block.len > MAX_BLOCK)
		return 0;

	struct complaint error;
	char interpreted[MAX_RE + 16];
	snprintf(interpreted, sizeof interpreted, "(*NO_JIT)%s", re);
	struct pattern *pattern = pattern_compile(span_text(interpreted), ignore_case, &error);
	if (!pattern)
		return 0;
	expected.n = expected.lines = expected.gave_up = 0;
	ask_plainly(pattern, block, &expected);
	pattern_free(pattern);

	struct arg regexp = {re, "-e"};
	struct grouping_spec grouping = {
		.regexps = {.at = &regexp, .n = 1}, .ignore_case = ignore_case};
	struct query_spec spec = {.delimiter = -1, .groupings = &grouping, .n_groupings = 1};
	for (const struct scan *const *scan = scan_all(); *scan; scan++) {
		struct query *query = query_compile(&spec, *scan, &error);
		struct block_result *result = block_result_new(query);
		assert(result && block_keys_find(query, NULL, block, result));
		compare(result, &expected);
		block_result_free(result);
		query_free(query);
	}
	return 0;
}
