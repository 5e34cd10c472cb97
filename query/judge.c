#include "query/judge.h"

static enum verdict apply_filters(const struct query *q, struct span line, struct record *r)
{
	const struct filter *by;

	switch (filters_pass(&q->filters, line, q->prefilter, &by)) {
	case PATTERN_GAVE_UP:
		return VERDICT_GAVE_UP;
	case PATTERN_NO:
		r->dropped_by = by->text;
		r->dropped_how = filter_drops(by);
		return VERDICT_FILTERED;
	default:
		return VERDICT_MATCHED;
	}
}

void judge_note_outside(struct block_result *b, enum period_place place, struct span text)
{
	struct verdicts *v = &b->verdicts;
	/* Other times of the minute may have the same place. */
	int64_t seconds = b->period_memo.seconds;

	if (place == PERIOD_NONE) {
		record_note_bad_time(&b->record, text);
		v->undated++;
		return;
	}
	covered_add(&v->covered, &(struct covered){true, seconds, seconds});
}

enum verdict judge_period(const struct query *q, struct block_result *b)
{
	struct span text;

	switch (record_time_text(&b->record, &text)) {
	case FIELD_VALUE:
		return judge_time(q, b, text) ? VERDICT_MATCHED : VERDICT_OUTSIDE;
	case FIELD_FAILED:
		errno = ENOMEM;
		return VERDICT_FAILED;
	default:
		b->verdicts.undated++;
		return VERDICT_OUTSIDE;
	}
}

/* Cut a line, and judge whether it is in the period.  A line that does not fit its format has no
 * time, nor has a comment; but only the former is worth noting. */
static enum verdict cut_in_period(const struct query *q, struct block_result *b, struct span line,
	const struct quotes *quotes)
{
	enum verdict v = judge_cut(b, line, quotes);

	if (v == VERDICT_MATCHED)
		return judge_period(q, b);
	if (v == VERDICT_UNPARSED)
		judge_note_undated(b, line);
	return v == VERDICT_FAILED ? v : VERDICT_OUTSIDE;
}

static enum verdict apply_conditions(const struct query *q, struct record *r)
{
	enum pattern_result hold;

	if (!expressions_hold(&q->conditions, r, &hold)) {
		field_failed();
		return VERDICT_FAILED;
	}
	return hold == PATTERN_YES  ? VERDICT_MATCHED
	       : hold == PATTERN_NO ? VERDICT_FILTERED
				    : VERDICT_GAVE_UP;
}

/* What a line adds to the totals. */
struct addend {
	struct sum bytes;
	struct span time; /* .at is NULL if the line has no time */
};

/* Find what a line adds to the totals.  Here VERDICT_MATCHED means only that *a was set. */
static enum verdict find_addend(const struct query *q, struct block_result *b, struct addend *a)
{
	struct span value;

	if (record_value(&b->record, q->bytes, &value) != FIELD_VALUE)
		a->bytes = (struct sum){0};
	else if (measured_read(&q->fields.at[q->bytes], value, &a->bytes) == NUMBER_TOO_LARGE)
		return VERDICT_TOO_LARGE;
	if (number_is_none(a->bytes))
		a->bytes = (struct sum){0};
	enum field_result found = record_value(&b->record, q->time, &a->time);
	if (found == FIELD_FAILED) {
		errno = ENOMEM;
		return VERDICT_FAILED;
	}
	if (found == FIELD_NONE)
		a->time.at = NULL;
	return VERDICT_MATCHED;
}

void judge_add_time(struct block_result *b, struct span time)
{
	struct totals *t = &b->totals;

	b->last_time = time.at;
	if (!t->first[0] || memcmp(time.at, t->first, time.len) < 0)
		memcpy(t->first, time.at, time.len);
	if (memcmp(time.at, t->last, time.len) > 0)
		memcpy(t->last, time.at, time.len);
}

static enum verdict verdict_of(enum grouping_result r)
{
	switch (r) {
	case GROUPING_YES:
		return VERDICT_MATCHED;
	case GROUPING_NO:
		return VERDICT_UNMATCHED;
	case GROUPING_GAVE_UP:
		return VERDICT_GAVE_UP;
	case GROUPING_FAILED:
		field_failed();
		break;
	case GROUPING_TOO_LARGE:
		return VERDICT_TOO_LARGE;
	}
	return VERDICT_FAILED;
}

/* Remove the keys that the first `n` groupings found in the current line.  The last of them has given
 * up or failed, so the line must not count in any ranking. */
static void forget_line(const struct query *q, struct block_result *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		found_forget_line(&b->found[i], q->groupings[i].measured.n_pairs);
}

static enum verdict find_keys(const struct query *q, struct block_result *b)
{
	enum verdict verdict = VERDICT_UNMATCHED;
	bool no_number = false; /* true if any grouping finds no number; counts once per line */

	for (size_t i = 0; i < q->n_groupings; i++) {
		found_begin_line(&b->found[i], q->groupings[i].measured.n_pairs);
		enum grouping_result result =
			grouping_find_key(&q->groupings[i], &b->record, &b->found[i]);
		if (result == GROUPING_YES) {
			verdict = VERDICT_MATCHED;
			no_number |= b->found[i].no_number;
		} else if (result != GROUPING_NO) {
			forget_line(q, b, i + 1);
			return verdict_of(result);
		}
	}
	b->verdicts.not_numbers += no_number;
	return verdict;
}

enum verdict judge_line(
	struct query *q, struct block_result *b, struct span line, const struct quotes *quotes)
{
	line = judge_without_hole(b, judge_without_return(line));
	record_begin(&b->record, line);
	b->was_cut = false;
	enum verdict v = VERDICT_MATCHED;
	/* A heading says how the next lines are cut, so filters do not apply to it. */
	bool is_heading = b->heading_byte && line.len && line.at[0] == b->heading_byte;
	if (q->period.is_set)
		v = cut_in_period(q, b, line, quotes);
	else if (is_heading)
		return judge_cut(b, line, quotes);
	if (v == VERDICT_MATCHED)
		v = apply_filters(q, line, &b->record);
	if (v == VERDICT_MATCHED && q->needs_format && !q->period.is_set)
		v = judge_cut(b, line, quotes);
	if (v != VERDICT_MATCHED)
		return v;
	b->was_cut = true;
	v = apply_conditions(q, &b->record);
	if (v != VERDICT_MATCHED)
		return v;
	struct addend addend;
	if (q->spec->totals)
		v = find_addend(q, b, &addend);
	if (v == VERDICT_MATCHED)
		v = find_keys(q, b);
	/* The line is added to the totals last, because the totals must not include a line that is
	 * given up. */
	if (q->spec->totals && (v == VERDICT_MATCHED || v == VERDICT_UNMATCHED))
		judge_add_totals(b, addend.bytes, addend.time);
	return v;
}

void judge_leave_out(struct block_result *b, enum verdict v, struct span line)
{
	bool gave_up = v == VERDICT_GAVE_UP;
	const char **first = gave_up ? &b->left_out.gave_up : &b->left_out.too_large;

	b->verdicts.gave_up++;
	b->verdicts.too_large += !gave_up;
	b->verdicts.steps += gave_up ? pattern_limit(line.len) : 0;
	if (!*first)
		*first = line.at;
}

bool judge_match(struct query *q, struct block_result *b)
{
	enum grouping_result r = grouping_add_match(&q->groupings[0], &b->record, &b->found[0]);

	return judge_count(b, verdict_of(r), span_of(NULL, 0), 0);
}
