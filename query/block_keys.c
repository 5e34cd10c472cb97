/* There are six ways to find the keys in a block:
 *
 *	by every match	for -o and a one-pass pattern: search for places where it may match, by its
 *			literal if it has one; lines without a match are at most counted
 *	by literal	search for a literal that every line of interest contains, and judge only
 *			the lines that contain it; other lines are at most counted
 *	by finding	for a pattern without a literal: search for places where it may match, and
 *			judge only the lines of these places; other lines are at most counted
 *	by columns	find all newlines, and all quotes if the format has quotes, then the values
 *			of one field after the other (block_columns.h)
 *	by lines	find all newlines and quotes, then judge each line
 *	one line	judge a line that is longer than BLOCK_BYTES
 */
#include "query/block_keys.h"

#include "query/block_columns.h"
#include "query/field_columns.h"
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

/* Count the lines that begin with NULs. */
static uint64_t count_holes(struct span block)
{
	uint64_t n = block.len && !*block.at;
	const char *end = span_end(block);

	if (is_one_line(block))
		return n;
	for (const char *p = span_first(block, '\0'); p;
		p = span_first(span_between(p, end), '\0')) {
		n += p > block.at && p[-1] == '\n';
		p++;
	}
	return n;
}

/* Complete the result of a block in which only `judged` lines were judged, because a search has
 * skipped the other lines.  Skipped lines are filtered out if the search was for the literal of a
 * filter.  A place in .left_out may be the place of the literal, so move it to the start of the
 * literal's line. */
static void count_skipped(
	const struct query *q, struct block_result *b, struct span block, uint64_t judged)
{
	if (!block.at || !block.len)
		return;
	b->verdicts.lines += judged; /* the lines outside the period were subtracted before */
	if (query_counts_lines(q)) {
		b->verdicts.lines += count_lines(q, block) - judged;
		b->verdicts.holes = count_holes(block);
	}
	if (q->prefilter_is_filter)
		b->verdicts.filtered += b->verdicts.lines + b->verdicts.outside - judged;
	if (b->left_out.gave_up)
		b->left_out.gave_up = line_start(block.at, b->left_out.gave_up);
	if (b->left_out.too_large)
		b->left_out.too_large = line_start(block.at, b->left_out.too_large);
	if (b->left_out.unparsed)
		b->left_out.unparsed = line_start(block.at, b->left_out.unparsed);
}

static struct pattern *only_pattern(const struct query *q)
{
	return q->groupings[0].patterns.at[0].filter.pattern;
}

/* Judge the line that contains the literal at `hit`.  *next becomes the place where the search
 * continues.  This is the start of the next line, or hit + 1 if the pattern does not match at `hit`
 * but may match later in the line.  False on failure. */
static bool judge_hit(struct query *q, struct block_result *b, struct span rest, const char *hit,
	const char **next, bool one_line)
{
	const char *end = rest.at + rest.len, *from = hit;
	enum pattern_result match = PATTERN_GAVE_UP;

	if (q->is_onepass && *hit) /* a NUL may be in a hole, which judge_line() skips */
		match = pattern_match_here(only_pattern(q), span_between(hit, end));
	if (match == PATTERN_NO) {
		*next = hit + 1;
		return true;
	}
	const char *to = memchr(hit, '\n', (size_t)(end - hit));
	*next = to && !one_line ? to + 1 : end;
	if (match == PATTERN_YES)
		return judge_match(q, b);
	if (!q->prefilter_starts_match || !*hit)
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
		enum pattern_result match =
			*at ? pattern_match_here(q->finder, span_between(at, end))
			    : PATTERN_GAVE_UP;
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

/* --- Every match -------------------------------------------------------------------- */

/* A search for every match of a one-pass pattern. */
struct every_match {
	struct query *query;
	struct block_result *result;
	struct pattern *pattern;
	struct span block;
	struct span line; /* the line of the last place that was looked at */
	bool has_match;   /* true if a match was found in this line */
	bool is_one_line; /* true if the block is one line */
	uint64_t judged;  /* number of lines with a place that was looked at */
};

/* Find the next place where a match may begin, at `next` or later; NULL if there is none. */
static const char *next_place(const struct every_match *m, const char *next)
{
	const struct query *q = m->query;
	struct span rest = span_between(next, span_end(m->block));

	if (q->finder)
		return pattern_find(q->finder, rest);
	size_t at = q->scan->find(rest, q->prefilter);
	return at < rest.len ? rest.at + at : NULL;
}

/* Begin the line that contains the place. */
static void begin_line(struct every_match *m, const char *place)
{
	const char *end = span_end(m->block);
	const char *to = m->is_one_line ? NULL : span_first(span_between(place, end), '\n');
	struct found_keys *k = &m->result->found[0];

	m->line = span_between(m->is_one_line ? m->block.at : place, to ? to : end);
	m->has_match = false;
	m->judged++;
	k->before = k->n;
}

/* Judge the whole line of a place with PCRE2, because it is unclear whether a match begins there. */
static bool judge_again(struct every_match *m)
{
	struct block_result *b = m->result;
	struct span line = span_between(line_start(m->block.at, m->line.at), span_end(m->line));

	if (line.len && line.at[line.len - 1] == '\n') /* of the only line */
		line.len--;
	b->found[0].n = b->found[0].before;
	b->verdicts.matched -= m->has_match;
	return judge_count(b, judge_line(m->query, b, line, NULL), line, 0);
}

/* Add the match that begins at a place.  *next becomes its end.  False on failure. */
static bool add_match(struct every_match *m, const char *place, const char **next)
{
	struct block_result *b = m->result;
	size_t len = pattern_end(m->pattern);

	*next = place + (len ? len : 1);
	if (!len)
		return true;
	if (!found_keys_reserve(&b->found[0]) ||
		grouping_add_match(&m->query->groupings[0], &b->record, &b->found[0]) !=
			GROUPING_YES) {
		errno = ENOMEM;
		return false;
	}
	b->verdicts.matched += !m->has_match;
	m->has_match = true;
	return true;
}

static bool by_every_match(struct query *q, struct block_result *b, struct span block)
{
	struct every_match m = {.query = q,
		.result = b,
		.pattern = only_pattern(q),
		.block = block,
		.line = span_of(block.at, 0),
		.is_one_line = is_one_line(block)};
	const char *next = block.at, *end = span_end(block), *at;

	while ((at = next_place(&m, next))) {
		if (at >= span_end(m.line))
			begin_line(&m, at);
		enum pattern_result match = PATTERN_GAVE_UP;
		if (*at) /* a NUL may be in a hole, which judge_line() skips */
			match = pattern_match_here(m.pattern, span_between(at, end));
		if (match == PATTERN_NO) {
			next = q->finder ? pattern_next(q->finder, span_between(at, end)) : at + 1;
			continue;
		}
		if (!(match == PATTERN_YES ? add_match(&m, at, &next) : judge_again(&m)))
			return false;
		if (match == PATTERN_GAVE_UP)
			next = span_end(m.line);
	}
	count_skipped(q, b, block, m.judged);
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

/* Find the line ends in a block, and its quotes if they are wanted. */
static struct marked find_marks(
	const struct query *q, struct block_result *b, struct span block, bool quotes)
{
	uint32_t *marks = b->marks + 1;
	struct scan_marks n;

	marks[-1] = CUT_FIRST;
	if (quotes)
		n = q->scan->marks(block, marks);
	else
		n.n = n.newlines = q->scan->newlines(block, marks);
	if (block.len && block.at[block.len - 1] != '\n') { /* end the last line */
		marks[n.n++] = (uint32_t)block.len | SCAN_NEWLINE;
		n.newlines++;
	}
	return (struct marked){.block = block,
		.lines = n.newlines,
		.marks = marks,
		.has_quotes = quotes,
		.first = b->first};
}

/* Judge line number `i`.  False on failure. */
static bool nth_line_judged(
	struct query *q, struct block_result *b, const struct marked *m, size_t i)
{
	struct span line = cut_nth_line(m, i);
	struct quotes quotes = judge_quotes(m, i);

	return judge_count(b, judge_line(q, b, line, &quotes), line, i);
}

/* Find the keys in some lines by columns, then judge the lines that are left over. */
static bool some_by_columns(struct query *q, struct block_result *b, const struct marked *m)
{
	const struct field_columns *c = b->columns;
	bool ok = block_columns_find(q, b, m);

	for (size_t k = 0; ok && k < c->n_left; k++) {
		uint64_t bad_times = b->record.bad_times.n;
		ok = nth_line_judged(q, b, m, c->left[k]);
		if (c->has_bad_time[c->left[k]])
			b->record.bad_times.n = bad_times; /* the line has been counted */
	}
	return ok;
}

static bool by_columns(struct query *q, struct block_result *b, struct marked rest)
{
	while (rest.lines > COLUMN_LINES) {
		struct marked some = rest;
		some.lines = COLUMN_LINES;
		if (!some_by_columns(q, b, &some))
			return false;
		cut_skip(&rest, COLUMN_LINES);
	}
	return some_by_columns(q, b, &rest);
}

static bool by_lines(struct query *q, struct block_result *b, const struct marked *m)
{
	cut_index(m);
	for (size_t i = 0; i < m->lines; i++)
		if (!nth_line_judged(q, b, m, i))
			return false;
	return true;
}

/* True if a line of the block may be a heading, perhaps after a hole.  Formats with headings do not
 * use quotes, so each mark is the end of a line. */
static bool may_have_heading(const struct block_result *b, const struct marked *m)
{
	for (size_t i = 0; b->heading_byte && i < m->lines; i++) {
		char first = m->block.at[cut_start(m->marks + i)];
		if (first == b->heading_byte || !first)
			return true;
	}
	return false;
}

/* --- The whole block ---------------------------------------------------------------- */

static bool find_keys(
	struct query *q, struct logformat *format, struct span block, struct block_result *b)
{
	if (q->counts_every_match && !b->heading_byte)
		return by_every_match(q, b, block);
	if (q->prefilter && !b->heading_byte)
		return by_literal(q, b, block);
	if (q->finder && !b->heading_byte)
		return by_finding(q, b, block);
	if (is_one_line(block))
		return one_line(q, b, block);
	struct marked m = find_marks(q, b, block, q->needs_format && logformat_uses_marks(format));
	b->verdicts.lines = m.lines;
	/* Columns are for lines of one heading: a line that is left over is cut again later. */
	return q->by_columns && !may_have_heading(b, &m) ? by_columns(q, b, m) : by_lines(q, b, &m);
}

bool block_keys_find(
	struct query *q, struct logformat *format, struct span block, struct block_result *b)
{
	block_result_begin(b, format);
	b->end = span_end(block);
	bool ok = find_keys(q, format, block, b);
	const struct bad_times *bad = &b->record.bad_times;
	b->verdicts.bad_times = bad->n;
	b->left_out.bad_time = bad->first;
	memcpy(b->left_out.time, bad->text, sizeof bad->text);
	return ok;
}
