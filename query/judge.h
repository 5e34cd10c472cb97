/* judge.h -- finds the keys of one line, and its verdict.
 *
 *	line -> filters -> format -> conditions -> totals -> each grouping
 *
 * The functions add to the block result.  They never print, and never exit.
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
	VERDICT_FAILED, /* no verdict; errno is ENOMEM, or EOVERFLOW if a number is too large */
};

/* The quotes of a line, which the scan's marks() has found together with those of the whole
 * block. */
struct quotes {
	struct span block;
	const uint32_t *at; /* offsets in the block, beginning with the line's first quote */
	size_t n;           /* how many quotes the line has */
};

/* Judge a line, given without its '\n'.  `quotes` may be NULL: then they are searched for where
 * they are needed. */
enum verdict judge_line(
	struct query *, struct block_result *, struct span line, const struct quotes *);

/* Add the key of the line in which pattern_match_here() has just matched it, and count the verdict.
 * Only for queries that need nothing but this one key.  False on failure, as for VERDICT_FAILED. */
bool judge_match(struct query *, struct block_result *);

/* Count the verdict on a line, which is line `n` of its block.  False for VERDICT_FAILED. */
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
		if (b->verdicts.gave_up++ == 0)
			b->gave_up_at = line.at;
		break;
	case VERDICT_UNMATCHED:
		break;
	}
	if (b->rejects)
		b->rejects[b->n_rejects++] = (struct reject){line, (uint32_t)n};
	return true;
}

/* --- Inline, because most queries spend their time here ----------------------------- */

/* Strip a final '\r': it belongs neither to the line nor to its last field. */
static inline struct span judge_without_return(struct span line)
{
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* Cut a line by the block's log format.  VERDICT_MATCHED only means that the line fits the
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

/* The same as judge_line(), but only for a query that has an only_field. */
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
