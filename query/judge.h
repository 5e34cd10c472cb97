/* judge.h -- finds the keys in one line, and decides on its verdict.
 *
 *	line -> filters -> format -> conditions -> totals -> each grouping
 *
 * All functions store what they find in the block result.  They never print, and never exit.
 */
#ifndef QUERY_JUDGE_H
#define QUERY_JUDGE_H

#include <errno.h>

#include "query/block_result.h"
#include "query/compiled.h"

enum verdict {
	VERDICT_MATCHED,
	VERDICT_UNMATCHED,
	VERDICT_UNPARSED,
	VERDICT_FILTERED,
	VERDICT_GAVE_UP,
	VERDICT_TOO_LARGE, /* counted as given up: a number to sum up needs more than 64 bits */
	VERDICT_FAILED,    /* an error; errno is ENOMEM */
};

/* The quotes of a line, which scan->marks() has found together with all quotes of the block. */
struct quotes {
	struct span block;
	const uint32_t *at; /* the offsets of quotes in the block, from the line's first quote on */
	size_t n;           /* number of quotes in the line */
};

/* Judge a line, given without its '\n'.  If `quotes` is NULL, the line is searched for quotes when
 * they are needed. */
enum verdict judge_line(
	struct query *, struct block_result *, struct span line, const struct quotes *);

/* Add the key that pattern_match_here() has just matched in a line, and count the line as matched.
 * Only for queries that need nothing but this one key.  False on failure; errno is ENOMEM. */
bool judge_match(struct query *, struct block_result *);

/* Count a line that is given up: its verdict is VERDICT_GAVE_UP or VERDICT_TOO_LARGE. */
void judge_leave_out(struct block_result *, enum verdict, struct span line);

/* Count the verdict on line number `n` of its block, and keep the line if it is a reject and
 * rejects are wanted.  False if the verdict is VERDICT_FAILED. */
static inline bool judge_count(struct block_result *b, enum verdict v, struct span line, size_t n)
{
	switch (v) {
	case VERDICT_MATCHED:
		b->verdicts.matched++;
		return true;
	case VERDICT_FILTERED:
		b->verdicts.filtered++;
		return true;
	case VERDICT_FAILED:
		return false;
	case VERDICT_UNPARSED:
		b->verdicts.unparsed++;
		break;
	case VERDICT_GAVE_UP:
	case VERDICT_TOO_LARGE:
		judge_leave_out(b, v, line);
		break;
	case VERDICT_UNMATCHED:
		break;
	}
	if (b->rejects)
		b->rejects[b->n_rejects++] = (struct reject){line, (uint32_t)n};
	return true;
}

/* --- Inline, because most queries spend their time here ----------------------------- */

/* Strip a '\r' at the end of the line: it belongs neither to the line nor to the last field. */
static inline struct span judge_without_return(struct span line)
{
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* Cut a line by the block's log format.  Here VERDICT_MATCHED means only that the line fits the
 * format. */
static inline enum verdict judge_cut(
	struct block_result *b, struct span line, const struct quotes *quotes)
{
	struct cut cut = {.block = line.at,
		.block_end = line.at + line.len,
		.arena = &b->arena,
		.slots = b->record.slots};

	if (quotes) {
		cut.block = quotes->block.at;
		cut.block_end = quotes->block.at + quotes->block.len;
		cut.quotes = quotes->at;
		cut.n_quotes = quotes->n;
	}
	switch (logformat_cut(b->format, line, &cut)) {
	case CUT_FITS:
		break;
	case CUT_NOT:
		return VERDICT_UNPARSED;
	case CUT_COMMENT:
		return VERDICT_FILTERED;
	case CUT_FAILED:
		errno = ENOMEM;
		return VERDICT_FAILED;
	}
	return VERDICT_MATCHED;
}

/* Judge a line as judge_line() does, for a query that has an only_field. */
static inline enum verdict judge_only_field(
	struct query *q, struct block_result *b, struct span line, const struct quotes *quotes)
{
	struct found_keys *k = &b->found[0];

	line = judge_without_return(line);
	if (q->needs_format) {
		enum verdict v = judge_cut(b, line, quotes);
		if (v != VERDICT_MATCHED)
			return v;
	}
	if (q->only_field->slot >= 0) {
		struct span key = b->record.slots[q->only_field->slot];
		if (!key.at)
			return VERDICT_UNMATCHED;
		k->keys[k->n++] = key;
		return VERDICT_MATCHED;
	}
	b->record.line = line;
	switch (record_find_once(q->only_field, &b->record, &k->keys[k->n])) {
	case FIELD_NONE:
		return VERDICT_UNMATCHED;
	case FIELD_FAILED:
		errno = ENOMEM;
		return VERDICT_FAILED;
	case FIELD_VALUE:
		break;
	}
	k->n++;
	return VERDICT_MATCHED;
}

#endif
