/* There are five ways to find the keys in a block, from the fastest to the slowest:
 *
 *	by literal	search for a literal that every line of interest contains, and judge only
 *			the lines that contain it; other lines are at most counted
 *	by finding	for a pattern without a literal: search for places where it may match, and
 *			judge only the lines of these places; other lines are at most counted
 *	one line	judge a line that is longer than BLOCK_BYTES
 *	marked lines	for formats with quotes: find all newlines and quotes, then judge each line
 *	each line	find all newlines, then judge each line
 */
#include "query/block_keys.h"

#include "query/judge.h"

/* True if the block must be treated as one line.  A block of more than BLOCK_BYTES was one line
 * when the input was cut into blocks.  If another program has since written newlines into the
 * mapped file, the block is still treated as one line, because the block result may not have enough
 * room for the keys of all new lines. */
static bool is_one_line(struct span block)
{
	return block.len > BLOCK_BYTES;
}

/* Return the start of the line that contains `p`. */
static const char *line_start(const char *block, const char *p)
{
	const char *newline = span_last(span_between(block, p), '\n');

	return newline ? newline + 1 : block;
}

/* --- By literal, by finding --------------------------------------------------------- */

static uint64_t count_lines(const struct query *q, struct span block)
{
	if (is_one_line(block))
		return 1;
	bool unfinished = block.len && block.at[block.len - 1] != '\n';
	return q->scan->count(block, '\n') + unfinished;
}

/* Complete the result of a block in which only `judged` lines were judged, because a search has
 * skipped the other lines.  Skipped lines are filtered out if the search was for the literal of a
 * filter.  A line that was left out may have been judged only from the literal on, so find the
 * line's start. */
static void count_skipped(
	const struct query *q, struct block_result *b, struct span block, uint64_t judged)
{
	b->verdicts.lines = query_counts_lines(q) ? count_lines(q, block) : judged;
	if (q->prefilter_is_filter)
		b->verdicts.filtered += b->verdicts.lines - judged;
	if (b->left_out.gave_up)
		b->left_out.gave_up = line_start(block.at, b->left_out.gave_up);
	if (b->left_out.too_large)
		b->left_out.too_large = line_start(block.at, b->left_out.too_large);
}

/* Judge the line that contains the literal at `hit`.  *next becomes the place where the search
 * continues.  This is the start of the next line, or hit + 1 if the pattern does not match at `hit`
 * but may match later in the line.  False on failure. */
static bool judge_hit(struct query *q, struct block_result *b, struct span rest, const char *hit,
	const char **next, bool one_line)
{
	const char *end = rest.at + rest.len, *from = hit;
	enum pattern_result match = PATTERN_GAVE_UP;

	if (q->is_onepass)
		match = pattern_match_here(q->groupings[0].key.pattern, span_between(hit, end));
	if (match == PATTERN_NO) {
		*next = hit + 1;
		return true;
	}
	const char *to = memchr(hit, '\n', (size_t)(end - hit));
	*next = to && !one_line ? to + 1 : end;
	if (match == PATTERN_YES)
		return judge_match(q, b);
	if (!q->prefilter_starts_match)
		from = line_start(rest.at, hit);
	struct span line = span_between(from, to ? to : end);
	return judge_count(b, judge_line(q, b, line, NULL), line, 0);
}

static bool by_literal(struct query *q, struct block_result *b, struct span block)
{
	const char *next = block.at, *end = block.at + block.len;
	bool one_line = is_one_line(block);
	uint64_t judged = 0;

	while (next < end) {
		struct span rest = span_between(next, end);
		size_t at = q->scan->find(rest, q->prefilter);
		if (at == rest.len)
			break;
		if (!judge_hit(q, b, rest, rest.at + at, &next, one_line))
			return false;
		judged++;
	}
	count_skipped(q, b, block, judged);
	return true;
}

static bool by_finding(struct query *q, struct block_result *b, struct span block)
{
	const char *next = block.at, *end = block.at + block.len, *at;
	bool one_line = is_one_line(block);
	uint64_t judged = 0;

	for (; (at = pattern_find(q->finder, span_between(next, end))); judged++) {
		enum pattern_result match = pattern_match_here(q->finder, span_between(at, end));
		if (match == PATTERN_NO) {
			next = pattern_next(q->finder, span_between(at, end));
			continue;
		}
		const char *to = memchr(at, '\n', (size_t)(end - at));
		next = to && !one_line ? to + 1 : end;
		struct span line = span_between(line_start(block.at, at), to ? to : end);
		bool ok = match == PATTERN_YES
				  ? judge_match(q, b)
				  : judge_count(b, judge_line(q, b, line, NULL), line, 0);
		if (!ok)
			return false;
	}
	count_skipped(q, b, block, judged);
	return true;
}

/* --- Line by line ------------------------------------------------------------------- */

static bool one_line(struct query *q, struct block_result *b, struct span line)
{
	if (line.len && line.at[line.len - 1] == '\n')
		line.len--;
	b->verdicts.lines = 1;
	return judge_count(b, judge_line(q, b, line, NULL), line, 0);
}

static bool each_line(struct query *q, struct block_result *b, struct span block)
{
	const char *p = block.at, *end = block.at + block.len;
	size_t n = q->scan->places(block, '\n', b->newlines), i = 0;
	bool one_field = q->only_field && !b->heading_byte;

	for (; p < end; i++) {
		const char *to = i < n ? block.at + b->newlines[i] : end;
		struct span line = span_between(p, to);
		enum verdict v = one_field ? judge_only_field(q, b, line, NULL)
					   : judge_line(q, b, line, NULL);
		if (!judge_count(b, v, line, i))
			return false;
		p = to + 1;
	}
	b->verdicts.lines = i;
	return true;
}

/* Find the line ends and the quotes in a block. */
static struct marked find_marks(const struct query *q, struct block_result *b, struct span block)
{
	struct scan_marks n = q->scan->marks(block, b->newlines, b->quotes);

	if (block.len && block.at[block.len - 1] != '\n')
		b->newlines[n.newlines++] = (uint32_t)block.len;
	for (size_t i = 0; i < CUT_QUOTES; i++)
		b->quotes[n.quotes + i] = (uint32_t)block.len;
	return (struct marked){block, b->newlines, n.newlines, b->quotes};
}

static struct span nth_line(const struct marked *m, size_t i)
{
	size_t from = i ? m->newlines[i - 1] + 1 : 0;

	return span_of(m->block.at + from, m->newlines[i] - from);
}

/* Judge line number `i`.  `first` points to the offset of the line's first quote.  False on
 * failure. */
static bool marked_line(struct query *q, struct block_result *b, const struct marked *m, size_t i,
	const uint32_t *first)
{
	struct span line = nth_line(m, i);
	struct quotes quotes = {m->block, first, 0};

	while (first[quotes.n] < m->newlines[i])
		quotes.n++;
	enum verdict v = q->only_field ? judge_only_field(q, b, line, &quotes)
				       : judge_line(q, b, line, &quotes);
	if (v != VERDICT_MATCHED)
		return judge_count(b, v, line, i);
	b->verdicts.matched++;
	return true;
}

/* Judge all lines of a block after logformat_cut_usual() has returned true.  For each usual line i,
 * that function has stored the value of the base field in k->keys[i], which is values[i] here.
 * Every other line is judged by itself.  All keys are added to k->keys, too.  A key never
 * overwrites a value that is still needed, because there are at most i keys before line i. */
static bool usual_lines(struct query *q, struct block_result *b, const struct marked *m)
{
	struct found_keys *k = &b->found[0];
	struct span *values = k->keys;

	record_derive_usual(q->only_field, values, m->lines);
	for (size_t i = 0; i < m->lines; i++) {
		if (values[i].at) {
			k->keys[k->n++] = values[i];
			b->verdicts.matched++;
		} else if (!marked_line(q, b, m, i, b->quotes + b->first_quotes[i])) {
			return false;
		}
	}
	return true;
}

static bool marked_lines(struct query *q, struct block_result *b, struct span block)
{
	struct marked m = find_marks(q, b, block);
	const uint32_t *quotes = b->quotes;

	b->verdicts.lines = m.lines;
	if (q->usual_base >= 0 && logformat_cut_usual(b->format, &m, (enum base)q->usual_base,
					  b->found[0].keys, b->first_quotes))
		return usual_lines(q, b, &m);
	for (size_t i = 0; i < m.lines; i++) {
		if (!marked_line(q, b, &m, i, quotes))
			return false;
		while (*quotes < m.newlines[i])
			quotes++;
	}
	return true;
}

/* --- The whole block ---------------------------------------------------------------- */

bool block_keys_find(
	struct query *q, struct logformat *format, struct span block, struct block_result *b)
{
	block_result_begin(b, format);
	if (q->prefilter && !b->heading_byte)
		return by_literal(q, b, block);
	if (q->finder && !b->heading_byte)
		return by_finding(q, b, block);
	if (is_one_line(block))
		return one_line(q, b, block);
	if (q->needs_format && logformat_uses_marks(format))
		return marked_lines(q, b, block);
	return each_line(q, b, block);
}
