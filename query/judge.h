/* judge.h -- finds the keys in one line, and decides on its verdict.
 *
 *	line -> filters -> format -> conditions -> totals -> each grouping
 *
 * All functions store what they find in the block result.  They never print, and never exit.
 */
#ifndef QUERY_JUDGE_H
#define QUERY_JUDGE_H

#include <errno.h>

#include "lib/lines.h"
#include "query/block_result.h"
#include "query/compiled.h"

enum verdict {
	VERDICT_MATCHED,
	VERDICT_UNMATCHED,
	VERDICT_UNPARSED,
	VERDICT_FILTERED,
	VERDICT_OUTSIDE,   /* the line is outside the period of --since and --until */
	VERDICT_GAVE_UP,
	VERDICT_TOO_LARGE, /* counted as given up: a number to sum up needs more than 64 bits */
	VERDICT_FAILED,    /* an error; errno is ENOMEM */
};

/* The block of a line, and the line's quotes, which scan->marks() has found together with all quotes
 * of the block. */
struct quotes {
	struct span block;
	const uint32_t *at; /* the offsets of quotes in the block, from the line's first quote on;
			     * NULL if they are not known */
	size_t n;           /* number of quotes in the line */
};

/* Return the block and the quotes of line number i.  Needs m->first. */
static inline struct quotes judge_quotes(const struct marked *m, size_t i)
{
	if (!m->has_quotes)
		return (struct quotes){.block = m->block};
	return (struct quotes){m->block, m->marks + m->first[i], cut_nth_quotes(m, i)};
}

/* Judge a line, given without its '\n'.  If `quotes` or its .at is NULL, the line is searched for
 * quotes when they are needed. */
enum verdict judge_line(
	struct query *, struct block_result *, struct span line, const struct quotes *);

/* Add the key that pattern_match_here() has just matched in a line, and count the line as matched.
 * Only for queries that need nothing but this one key.  False on failure; errno is ENOMEM. */
bool judge_match(struct query *, struct block_result *);

/* Add a time to the totals. */
void judge_add_time(struct block_result *, struct span time);

/* Add a line to the totals: the number of its bytes, and its time.  time.at is NULL if the line has
 * no time. */
static inline void judge_add_totals(struct block_result *b, struct sum bytes, struct span time)
{
	b->totals.requests++;
	sum_add(&b->totals.bytes, bytes); /* no overflow: see totals_add() */
	/* The record returns the same pointer for successive lines of the same second.  So if the
	 * pointer is equal to .last_time, the time is already in the totals. */
	if (time.at && time.at != b->last_time)
		judge_add_time(b, time);
}

/* Count a line that is given up: its verdict is VERDICT_GAVE_UP or VERDICT_TOO_LARGE. */
void judge_leave_out(struct block_result *, enum verdict, struct span line);

/* Count a line that does not fit its format. */
static inline void judge_count_unparsed(struct block_result *b, struct span line)
{
	b->verdicts.unparsed++;
	if (!b->left_out.unparsed || line.at < b->left_out.unparsed)
		b->left_out.unparsed = line.at;
}

/* Count a line that is outside the period. */
static inline void judge_count_outside(struct block_result *b, struct span line)
{
	b->verdicts.lines--; /* it was counted with the lines of its block */
	b->verdicts.outside++;
	b->outside_bytes += line.len + (span_end(line) < b->end);
}

/* Note that a line has no time, because it does not fit its format. */
static inline void judge_note_undated(struct block_result *b, struct span line)
{
	b->verdicts.undated++;
	if (!b->left_out.unparsed || line.at < b->left_out.unparsed)
		b->left_out.unparsed = line.at;
}

/* Note that the line with this time is outside the period.  The place is PERIOD_OUTSIDE or
 * PERIOD_NONE. */
void judge_note_outside(struct block_result *, enum period_place, struct span text);

/* Judge whether a line has a time in the period: VERDICT_MATCHED or VERDICT_OUTSIDE, or
 * VERDICT_FAILED if out of memory.  The record has the line. */
enum verdict judge_period(const struct query *, struct block_result *);

/* Judge a time as it is written in the record's line. */
static inline bool judge_time(const struct query *q, struct block_result *b, struct span text)
{
	enum period_place place =
		period_place(&q->period, &b->period_memo, text, &b->record.times);

	if (place == PERIOD_INSIDE)
		return true;
	judge_note_outside(b, place, text);
	return false;
}

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
	case VERDICT_OUTSIDE:
		judge_count_outside(b, line);
		return true;
	case VERDICT_FAILED:
		return false;
	case VERDICT_UNPARSED:
		judge_count_unparsed(b, line);
		break;
	case VERDICT_GAVE_UP:
	case VERDICT_TOO_LARGE:
		judge_leave_out(b, v, line);
		break;
	case VERDICT_UNMATCHED:
		break;
	}
	if (b->rejects)
		b->rejects[b->n_rejects++] = (struct reject){lines_after_hole(line), (uint32_t)n};
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

/* Skip the hole at the start of the line. */
static inline struct span judge_without_hole(struct block_result *b, struct span line)
{
	if (!line.len || *line.at)
		return line;
	b->verdicts.holes++;
	return lines_after_hole(line);
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

#endif
