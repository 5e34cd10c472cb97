#include "query/block_columns.h"

#include <errno.h>
#include <stdlib.h>

#include "formats/columns.h"
#include "formats/timestamp.h"
#include "query/field_columns.h"
#include "query/judge.h"
#include "query/query.h"

/* --- Cutting ----------------------------------------------------------------------- */

static struct span nth_line(const struct marked *m, size_t i)
{
	return judge_without_return(cut_nth_line(m, i));
}

static void open_line(struct field_columns *c, size_t i)
{
	c->lines[c->n++] = (uint32_t)i;
}

/* Leave a line over, to be judged. */
static void leave_over(struct field_columns *c, size_t i)
{
	if (!c->is_left[i])
		c->left[c->n_left++] = (uint32_t)i;
	c->is_left[i] = true;
}

/* True if a line begins with NULs.  It is left over, since the columns are for lines without such a
 * hole. */
static bool has_hole(struct span line)
{
	return line.len && !*line.at;
}

/* Cut all usual lines at once; the other lines are left over.  False if the format can't do
 * that. */
static bool cut_usual(struct query *q, struct block_result *b, const struct marked *m)
{
	struct field_columns *c = b->columns;
	struct usual_columns to = {
		.bases = q->fields.wanted.bases, .usual = c->lines, .others = c->left};

	memcpy(to.values, c->slots, sizeof to.values);
	if (!m->has_quotes || !logformat_cut_usual(b->format, m, &to))
		return false;
	c->n = to.n_usual;
	c->n_left = to.n_others;
	c->are_usual = true;
	return true;
}

/* Count a line that cannot be cut. */
static void count_uncut(const struct query *q, struct block_result *b, enum verdict v,
	const struct marked *m, size_t i)
{
	struct span line = cut_nth_line(m, i);

	if (!q->period.is_set && v == VERDICT_UNPARSED) {
		judge_count_unparsed(b, line);
	} else if (!q->period.is_set) {
		b->verdicts.filtered++;
	} else {
		if (v == VERDICT_UNPARSED)
			judge_note_undated(b, line);
		judge_count_outside(b, line);
	}
}

/* Cut one line, and copy the values from the record's slots to the columns.  False on failure. */
static bool cut_line(const struct query *q, struct block_result *b, const struct marked *m,
	size_t i, const struct quotes *quotes)
{
	struct field_columns *c = b->columns;
	enum verdict v = judge_cut(b, nth_line(m, i), quotes);

	if (v == VERDICT_FAILED)
		return false;
	if (v != VERDICT_MATCHED) {
		count_uncut(q, b, v, m, i);
		return true;
	}
	for (size_t k = 0; k < c->n_needed; k++)
		c->slots[c->needed[k]][i] = b->record.slots[c->needed[k]];
	open_line(c, i);
	return true;
}

static bool cut_each(const struct query *q, struct block_result *b, const struct marked *m)
{
	cut_index(m);
	for (size_t i = 0; i < m->lines; i++) {
		struct quotes quotes = judge_quotes(m, i);
		if (has_hole(cut_nth_line(m, i)))
			leave_over(b->columns, i);
		else if (!cut_line(q, b, m, i, &quotes))
			return false;
	}
	return true;
}

static void open_all(struct field_columns *c, const struct marked *m)
{
	cut_index(m);
	for (size_t i = 0; i < m->lines; i++) {
		if (!m->block.at[cut_start(m->marks + m->first[i])])
			leave_over(c, i);
		else
			open_line(c, i);
	}
}

static bool cut_lines(struct query *q, struct block_result *b, const struct marked *m)
{
	struct field_columns *c = b->columns;

	c->n = c->n_left = 0;
	c->are_usual = false;
	memset(c->is_left, 0, m->lines * sizeof *c->is_left);
	memset(c->has_bad_time, 0, m->lines * sizeof *c->has_bad_time);
	for (size_t i = 0; i < c->n_fields; i++) {
		c->fields[i].is_found = q->fields.at[i].slot >= 0;
		c->fields[i].is_read = false;
	}
	if (!q->needs_format) {
		open_all(c, m);
		return true;
	}
	return cut_usual(q, b, m) || cut_each(q, b, m);
}

/* --- The period -------------------------------------------------------------------- */

/* True if two times like 17/Jun/2007:12:00:01 -0700 are in the same minute, and have the same
 * zone.  Such times of usual lines are valid.  A leap second, :60, is the first second of the
 * next minute. */
static inline bool is_same_minute(const char *a, const char *b)
{
	enum { ZONE = TIMESTAMP_CLF - 8, MINUTE = 16, SECOND = 18 };

	return a[MINUTE] == b[MINUTE] && a[SECOND] != '6' &&
	       !((word_load(a) ^ word_load(b)) | (word_load(a + 8) ^ word_load(b + 8)) |
		       (word_load(a + ZONE) ^ word_load(b + ZONE)) >> 16);
}

static void close_outside(struct block_result *b, const struct marked *m, size_t i)
{
	judge_count_outside(b, cut_nth_line(m, i));
}

/* Remove the usual lines outside the period from the open lines. */
static void select_usual(const struct query *q, struct block_result *b, const struct marked *m)
{
	struct field_columns *c = b->columns;
	const struct span *times = c->slots[BASE_TIME];
	const char *last = NULL;
	bool all_inside = false;
	size_t kept = 0;

	for (size_t k = 0; k < c->n; k++) {
		uint32_t i = c->lines[k];
		const char *text = times[i].at;
		bool inside = all_inside && is_same_minute(text, last);
		if (!inside) {
			b->record.line = cut_nth_line(m, i);
			inside = judge_time(q, b, times[i]);
			last = text;
			all_inside = b->period_memo.place == PERIOD_INSIDE;
		}
		if (!inside)
			close_outside(b, m, i);
		c->lines[kept] = i;
		kept += inside;
	}
	c->n = kept;
}

/* Remove lines outside the period from the open lines.  False if out of memory (errno). */
static bool select_in_period(struct query *q, struct block_result *b, const struct marked *m)
{
	struct field_columns *c = b->columns;
	const struct span *times = c->slots[BASE_TIME], *dates = c->slots[BASE_DATE];
	size_t kept = 0;

	if (c->are_usual) {
		select_usual(q, b, m);
		return true;
	}
	for (size_t k = 0; k < c->n; k++) {
		uint32_t i = c->lines[k];
		c->lines[kept] = i;
		if (times[i].at && !dates[i].at &&
			period_is_inside(&b->period_memo, times[i])) {
			kept++;
			continue;
		}
		record_begin(&b->record, nth_line(m, i));
		b->record.slots[BASE_TIME] = times[i];
		b->record.slots[BASE_DATE] = dates[i];
		enum verdict v = judge_period(q, b);
		if (v == VERDICT_FAILED)
			return false;
		if (v == VERDICT_OUTSIDE)
			close_outside(b, m, i);
		kept += v == VERDICT_MATCHED;
	}
	c->n = kept;
	return true;
}

/* --- Columns of derived fields ------------------------------------------------------ */

/* The time of line `i` has just been counted as one that cannot be read.  Undo this if another field
 * of the line has needed the time before. */
static void count_bad_time(struct block_result *b, size_t i)
{
	b->record.bad_times.n -= b->columns->has_bad_time[i];
	b->columns->has_bad_time[i] = true;
}

/* Find the values of any field in the open lines, one by one.  False if out of memory. */
static bool find_each(
	const struct field *f, struct block_result *b, const struct marked *m, struct span *values)
{
	struct field_columns *c = b->columns;
	uint32_t sources = field_sources(f);

	for (size_t k = 0; k < c->n; k++) {
		size_t i = c->lines[k];
		record_begin(&b->record, nth_line(m, i));
		for (uint32_t rest = sources; rest; rest &= rest - 1) {
			int slot = __builtin_ctz(rest);
			b->record.slots[slot] = c->slots[slot][i];
		}
		if (f->kind == FIELD_OWN)
			b->record.slots[BASES + f->n] = c->slots[BASES + f->n][i];
		if (f->n_parts && f->whole >= 0)
			b->record.slots[f->whole] = c->slots[f->whole][i];
		uint64_t bad_times = b->record.bad_times.n;
		switch (record_find_once(f, &b->record, &values[i])) {
		case FIELD_NONE:
			values[i].at = NULL;
			if (b->record.bad_times.n > bad_times)
				count_bad_time(b, i);
			break;
		case FIELD_GAVE_UP: /* only for groups, which are not found by columns */
		case FIELD_FAILED:
			return false;
		case FIELD_VALUE:
			break;
		}
	}
	return true;
}

static bool is_plain_column(const struct field *f)
{
	return f->kind == FIELD_COLUMN && !f->n_parts;
}

/* True if the field is a column that ends at a delimiter. */
static bool is_delimited(const struct query *q, const struct field *f)
{
	return q->spec->delimiter >= 0 && is_plain_column(f);
}

/* Find the values of a column that ends at a blank in the open lines. */
static void find_blanked(
	const struct field_columns *c, const struct marked *m, size_t number, struct span *values)
{
	for (size_t k = 0; k < c->n; k++) {
		size_t i = c->lines[k];
		if (!columns_nth(nth_line(m, i), number, -1, &values[i]))
			values[i].at = NULL;
	}
}

/* Collect the fields that are columns, in the order of their numbers.  Returns how many there are. */
static size_t collect_delimited(const struct query *q, size_t *fields)
{
	size_t n = 0;

	for (size_t i = 0; i < q->fields.n; i++) {
		if (!is_delimited(q, &q->fields.at[i]))
			continue;
		size_t to = n++;
		for (; to && q->fields.at[fields[to - 1]].n > q->fields.at[i].n; to--)
			fields[to] = fields[to - 1];
		fields[to] = i;
	}
	return n;
}

/* Find the values of all fields that are columns in the open lines, line by line. */
static void find_delimited(const struct query *q, struct block_result *b, const struct marked *m)
{
	struct field_columns *c = b->columns;
	size_t fields[COLUMN_FIELDS_MAX], n = collect_delimited(q, fields);
	char delimiter = (char)q->spec->delimiter;

	for (size_t k = 0; k < c->n; k++) {
		size_t i = c->lines[k], column = 0;
		struct span rest = nth_line(m, i), value = span_of(NULL, 0);
		for (size_t f = 0; f < n; f++) {
			size_t number = q->fields.at[fields[f]].n;
			for (; column < number && rest.at; column++)
				value = columns_next_delimited(
					&rest, delimiter, span_end(m->block));
			if (column < number)
				value = span_of(NULL, 0);
			c->fields[fields[f]].values[i] = value;
		}
	}
	for (size_t f = 0; f < n; f++)
		c->fields[fields[f]].is_found = true;
}

/* Return the column of a field; only the open lines have values in it.  NULL if out of memory
 * (errno). */
static const struct span *find_column(
	struct query *q, struct block_result *b, const struct marked *m, size_t field)
{
	struct field_columns *c = b->columns;
	struct column *to = &c->fields[field];
	const struct field *f = &q->fields.at[field];

	if (to->is_found)
		return to->values;
	if (is_delimited(q, f)) {
		find_delimited(q, b, m);
		return to->values;
	}
	if (is_plain_column(f)) {
		find_blanked(c, m, f->n, to->values);
		to->is_found = true;
		return to->values;
	}
	struct record_lines lines = {c->slots, c->lines, c->n};
	if (!(c->are_usual && record_derive_usual(f, &b->record, &lines, to->values)) &&
		!find_each(f, b, m, to->values)) {
		field_failed();
		return NULL;
	}
	to->is_found = true;
	return to->values;
}

/* --- Conditions -------------------------------------------------------------------- */

/* True if the value has two to four bytes, such as a status. */
static inline bool is_short(struct span value)
{
	return value.len - 2 <= 2; /* false for 0 and 1, because size_t wraps around */
}

/* Return the first two and the last two bytes of a short value: of values of the same length, only
 * equal ones have the same. */
static inline uint32_t short_bytes(struct span value)
{
	uint16_t first, last;

	memcpy(&first, value.at, 2);
	memcpy(&last, value.at + value.len - 2, 2);
	return first | (uint32_t)last << 16;
}

static inline bool is_same_short(struct span a, struct span b)
{
	return a.len == b.len && is_short(a) && short_bytes(a) == short_bytes(b);
}

/* Remove from lines[] the lines for which a condition that compares bytes (condition.h) does not
 * hold.  Returns how many lines remain. */
static size_t select_by_bytes(
	const struct condition *condition, const struct span *values, uint32_t *lines, size_t n)
{
	const struct span wanted = condition->value;
	const char first = wanted.len ? wanted.at[0] : '\0';
	const bool holds_if_equal = condition->op == OP_EQUAL;
	size_t kept = 0;

	for (size_t k = 0; k < n; k++) {
		uint32_t i = lines[k];
		struct span value = values[i].at ? values[i] : span_of("", 0);
		bool equal = value.len == wanted.len &&
			     (!value.len || (value.at[0] == first && span_equal(value, wanted)));
		lines[kept] = i;
		kept += equal == holds_if_equal;
	}
	return kept;
}

/* True if the value is in the block, after its first eight bytes.  The value may be anywhere, so
 * addresses are compared as integers. */
static inline bool is_after_eight(struct span block, struct span value)
{
	uintptr_t offset = (uintptr_t)value.at - (uintptr_t)block.at;

	return offset >= 8 && offset < block.len;
}

static inline bool number_passes(struct sum number, const struct number_test *test)
{
	int order = sum_compare(number, test->number);

	return (order < 0 && test->if_less) | (order == 0 && test->if_equal) |
	       (order > 0 && test->if_greater);
}

/* Remove from lines[] the lines for which a condition that compares numbers does not hold.  Returns how
 * many lines remain. */
static size_t select_by_number(struct condition *condition, const struct number_test *test,
	struct span block, const struct span *values, uint32_t *lines, size_t n)
{
	size_t kept = 0;
	struct sum number;
	bool holds;

	for (size_t k = 0; k < n; k++) {
		uint32_t i = lines[k];
		struct span value = values[i].at ? values[i] : span_of("", 0);
		if (is_after_eight(block, value) && sum_read_short(value, &number))
			holds = number_passes(number, test);
		else
			holds = condition_holds(condition, value) == PATTERN_YES;
		lines[kept] = i;
		kept += holds;
	}
	return kept;
}

/* Remove from lines[] the lines for which the condition does not hold.  If the pattern of the
 * condition gives up on a line, that line is left over.  Returns how many lines remain.  Successive
 * lines often have the same value, such as 200, so the last short value and its result are
 * remembered. */
static size_t select_lines(struct field_columns *c, struct span block, struct condition *condition,
	const struct span *values, uint32_t *lines, size_t n)
{
	enum pattern_result holds = PATTERN_NO;
	struct span last = span_of(NULL, 0);
	size_t kept = 0;
	struct number_test test;

	if (condition_compares_bytes(condition))
		return select_by_bytes(condition, values, lines, n);
	if (condition_compares_number(condition, &test))
		return select_by_number(condition, &test, block, values, lines, n);
	for (size_t k = 0; k < n; k++) {
		size_t i = lines[k];
		struct span value = values[i].at ? values[i] : span_of("", 0);
		if (!last.at || !is_same_short(value, last)) {
			holds = condition_holds(condition, value);
			last = value;
		}
		if (holds == PATTERN_GAVE_UP)
			leave_over(c, i);
		lines[kept] = (uint32_t)i;
		kept += holds == PATTERN_YES;
	}
	return kept;
}

/* Remove from lines[] the lines for which an expression does not hold.  A line on which a pattern gives up
 * is left over.  Returns how many lines remain; SIZE_MAX if out of memory (errno). */
static size_t select_by(struct query *q, struct block_result *b, const struct marked *m,
	const struct expression *e, uint32_t *lines, size_t n);

/* Write those of lines[] that are not in taken[], which has the same order, to `out`, which may be
 * lines[].  Returns their number. */
static size_t subtract(
	const uint32_t *lines, size_t n, const uint32_t *taken, size_t n_taken, uint32_t *out)
{
	size_t kept = 0, k = 0;

	for (size_t i = 0; i < n; i++) {
		if (k < n_taken && lines[i] == taken[k])
			k++;
		else
			out[kept++] = lines[i];
	}
	return kept;
}

/* Remove from lines[] those that are left over.  Returns how many lines remain. */
static size_t without_left_over(const struct field_columns *c, uint32_t *lines, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		lines[kept] = lines[i];
		kept += !c->is_left[lines[i]];
	}
	return kept;
}

/* Remove from lines[] the lines for which neither operand of an "or" holds.  The second operand is
 * only looked at for lines for which the first one does not hold. */
static size_t select_by_or(struct query *q, struct block_result *b, const struct marked *m,
	const struct expression *e, uint32_t *lines, size_t n)
{
	uint32_t *held = malloc(2 * (n + 1) * sizeof *held), *rest = held ? held + n + 1 : NULL;
	size_t n_held = SIZE_MAX, n_rest = 0;

	if (held) {
		memcpy(held, lines, n * sizeof *held);
		n_held = select_by(q, b, m, e->first, held, n);
	}
	if (n_held != SIZE_MAX) {
		n_rest = subtract(lines, n, held, n_held, rest);
		memcpy(held, rest, n_rest * sizeof *held);
		n_held = select_by(q, b, m, e->second, held, n_rest);
	}
	if (n_held != SIZE_MAX) {
		n_rest = subtract(rest, n_rest, held, n_held, rest);
		n = subtract(lines, n, rest, n_rest, lines);
	}
	free(held);
	return n_held == SIZE_MAX ? SIZE_MAX : without_left_over(b->columns, lines, n);
}

static size_t select_by_not(struct query *q, struct block_result *b, const struct marked *m,
	const struct expression *e, uint32_t *lines, size_t n)
{
	uint32_t *held = malloc((n + 1) * sizeof *held);
	size_t n_held = SIZE_MAX;

	if (held) {
		memcpy(held, lines, n * sizeof *held);
		n_held = select_by(q, b, m, e->first, held, n);
	}
	if (n_held != SIZE_MAX)
		n = subtract(lines, n, held, n_held, lines);
	free(held);
	return n_held == SIZE_MAX ? SIZE_MAX : without_left_over(b->columns, lines, n);
}

static size_t select_by(struct query *q, struct block_result *b, const struct marked *m,
	const struct expression *e, uint32_t *lines, size_t n)
{
	switch (e->kind) {
	case EXPRESSION_OR:
		return select_by_or(q, b, m, e, lines, n);
	case EXPRESSION_NOT:
		return select_by_not(q, b, m, e, lines, n);
	case EXPRESSION_AND:
		n = select_by(q, b, m, e->first, lines, n);
		return n == SIZE_MAX ? n : select_by(q, b, m, e->second, lines, n);
	case EXPRESSION_CONDITION:
		break;
	}
	const struct span *values = find_column(q, b, m, e->condition->field);
	return values ? select_lines(b->columns, m->block, e->condition, values, lines, n)
		      : SIZE_MAX;
}

/* Remove from lines[] the lines that do not meet all expressions.  Returns how many lines remain;
 * SIZE_MAX if out of memory (errno). */
static size_t apply(struct query *q, struct block_result *b, const struct marked *m,
	const struct expressions *all, uint32_t *lines, size_t n)
{
	for (size_t i = 0; i < all->n && n != SIZE_MAX; i++)
		n = select_by(q, b, m, all->at[i], lines, n);
	return n;
}

/* Apply the conditions of the query.  False if out of memory (errno). */
static bool apply_to_all(struct query *q, struct block_result *b, const struct marked *m)
{
	struct field_columns *c = b->columns;
	size_t before = c->n + c->n_left;

	for (size_t i = 0; i < q->conditions.n; i++) {
		struct expressions one = {.at = &q->conditions.at[i], .n = 1};
		size_t n = apply(q, b, m, &one, c->lines, c->n);
		if (n == SIZE_MAX)
			return false;
		c->n = n;
	}
	b->verdicts.filtered += before - c->n - c->n_left;
	return true;
}

/* Apply the conditions of each grouping.  False if out of memory (errno). */
static bool apply_to_groupings(struct query *q, struct block_result *b, const struct marked *m)
{
	struct field_columns *c = b->columns;

	memset(c->takes, 0, m->lines * sizeof *c->takes);
	for (size_t g = 0; g < q->n_groupings; g++) {
		if (q->groupings[g].takes_all)
			continue;
		memcpy(c->some, c->lines, c->n * sizeof *c->lines);
		size_t n = apply(q, b, m, &q->groupings[g].conditions, c->some, c->n);
		if (n == SIZE_MAX)
			return false;
		for (size_t k = 0; k < n; k++)
			c->takes[c->some[k]] |= UINT64_C(1) << g;
	}
	return true;
}

/* True if line i meets the conditions of grouping g. */
static inline bool takes(const struct query *q, const struct field_columns *c, size_t g, size_t i)
{
	return q->groupings[g].takes_all || (c->takes[i] >> g & 1);
}

/* --- Numbers ----------------------------------------------------------------------- */

/* Read the values of a field as numbers.  Returns the field's column; NULL if out of memory
 * (errno). */
static const struct column *read_numbers(
	struct query *q, struct block_result *b, const struct marked *m, size_t field)
{
	struct field_columns *c = b->columns;
	struct column *f = &c->fields[field];
	const struct field *of = &q->fields.at[field];
	const struct span *values = find_column(q, b, m, field);

	if (!values || f->is_read)
		return values ? f : NULL;
	memset(f->reads, NUMBER_OK, m->lines * sizeof *f->reads);
	f->are_all_read = true;
	for (size_t k = 0; k < c->n; k++) {
		size_t i = c->lines[k];
		struct span value = values[i];
		if (is_after_eight(m->block, value) && sum_read_short(value, &f->numbers[i]))
			continue;
		if (!value.at)
			value = span_of("", 0);
		f->reads[i] = (unsigned char)measured_read(of, value, &f->numbers[i]);
		f->are_all_read &= f->reads[i] == NUMBER_OK;
	}
	f->is_read = true;
	return f;
}

/* Read the numbers that a field gives to grouping g.  Lines whose numbers are too large are left over.
 * False if out of memory (errno). */
static bool read_numbers_for(
	struct query *q, struct block_result *b, const struct marked *m, size_t g, size_t field)
{
	struct field_columns *c = b->columns;
	const struct column *f = read_numbers(q, b, m, field);

	for (size_t k = 0; f && !f->are_all_read && k < c->n; k++) {
		size_t i = c->lines[k];
		if (f->reads[i] == NUMBER_TOO_LARGE && takes(q, c, g, i))
			leave_over(c, i);
	}
	return f != NULL;
}

/* Find the values that the totals need.  A line is left over if its number of bytes is too large.
 * False if out of memory (errno). */
static bool read_totals(struct query *q, struct block_result *b, const struct marked *m)
{
	struct field_columns *c = b->columns;
	const struct column *f = read_numbers(q, b, m, q->bytes);

	for (size_t k = 0; f && !f->are_all_read && k < c->n; k++)
		if (f->reads[c->lines[k]] == NUMBER_TOO_LARGE)
			leave_over(c, c->lines[k]);
	return f && find_column(q, b, m, q->time);
}

/* Find the lines that meet a condition of which a statistic counts the lines.  False if out of memory
 * (errno). */
static bool find_meeting(struct query *q, struct block_result *b, const struct marked *m,
	const struct number_source *source)
{
	struct field_columns *c = b->columns;
	bool *meets = c->meets + source->index * COLUMN_LINES;

	memcpy(c->some, c->lines, c->n * sizeof *c->lines);
	size_t n = apply(q, b, m, &source->condition, c->some, c->n);
	if (n == SIZE_MAX)
		return false;
	memset(meets, 0, m->lines * sizeof *meets);
	for (size_t k = 0; k < n; k++)
		meets[c->some[k]] = true;
	return true;
}

/* Read what grouping g needs besides keys. */
static bool read_measured(struct query *q, struct block_result *b, const struct marked *m, size_t g)
{
	const struct measured *measured = &q->groupings[g].measured;

	for (size_t k = 0; k < measured->n_numbers; k++) {
		const struct number_source *source = &measured->numbers[k];
		bool ok = source->is_condition ? find_meeting(q, b, m, source)
					       : read_numbers_for(q, b, m, g, source->field);
		if (!ok)
			return false;
	}
	for (size_t k = 0; k < measured->n_pairs; k++)
		if (measured->pairs[k].kind != PAIR_CODE &&
			!find_column(q, b, m, measured->pairs[k].of))
			return false;
	return true;
}

static bool read_all_numbers(struct query *q, struct block_result *b, const struct marked *m)
{
	for (size_t g = 0; g < q->n_groupings; g++)
		if (!read_measured(q, b, m, g))
			return false;
	return !q->spec->totals || read_totals(q, b, m);
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Close the lines that are left over: remove them from the open lines, and sort their numbers. */
static void close_left_over(struct field_columns *c)
{
	size_t kept = 0;

	for (size_t k = 0; k < c->n; k++) {
		c->lines[kept] = c->lines[k];
		kept += !c->is_left[c->lines[k]];
	}
	c->n = kept;
	qsort(c->left, c->n_left, sizeof *c->left, compare_numbers);
}

/* --- Keys -------------------------------------------------------------------------- */

/* The keys of one grouping that are being added: key number first + j is that of line lines[j]. */
struct added {
	size_t g; /* the grouping */
	size_t first, n;
	const uint32_t *lines;
};

/* Set the k-th of the numbers of the keys. */
static void set_numbers(struct query *q, struct block_result *b, const struct added *a, size_t k)
{
	const struct measured *m = &q->groupings[a->g].measured;
	const struct number_source *source = &m->numbers[k];
	struct field_columns *c = b->columns;
	size_t step = m->n_numbers;
	struct sum *to = b->found[a->g].numbers + a->first * step + k;

	if (source->is_condition) {
		const bool *meets = c->meets + source->index * COLUMN_LINES;
		for (size_t j = 0; j < a->n; j++)
			to[j * step] = meets[a->lines[j]] ? (struct sum){1, 0} : NUMBER_NONE;
		return;
	}
	const struct column *f = &c->fields[source->field];
	for (size_t j = 0; j < a->n; j++)
		to[j * step] = f->numbers[a->lines[j]];
	for (size_t j = 0; !f->are_all_read && j < a->n; j++)
		c->lacks_number[a->lines[j]] |= f->reads[a->lines[j]] == NUMBER_NO_NUMBER;
}

/* Add the k-th of the pairs of the keys.  False if out of memory (errno). */
static bool add_pairs(struct query *q, struct block_result *b, const struct added *a, size_t k)
{
	const struct grouping *g = &q->groupings[a->g];
	const struct pair_source *source = &g->measured.pairs[k];

	if (source->kind == PAIR_CODE)
		return true;
	for (size_t j = 0; j < a->n; j++) {
		struct span value = b->columns->fields[source->of].values[a->lines[j]];
		if (value.at &&
			!grouping_add_pair(g, k, a->first + j, value, &b->arena, &b->found[a->g])) {
			errno = ENOMEM;
			return false;
		}
	}
	return true;
}

/* Add what belongs to the keys: their numbers and their pairs.  False if out of memory (errno). */
static bool add_measured(struct query *q, struct block_result *b, const struct added *a)
{
	const struct measured *m = &q->groupings[a->g].measured;
	struct found_keys *found = &b->found[a->g];
	struct field_columns *c = b->columns;

	for (size_t k = 0; k < m->n_numbers; k++)
		set_numbers(q, b, a, k);
	for (size_t k = 0; k < m->n_pairs; k++)
		if (!add_pairs(q, b, a, k))
			return false;
	for (size_t j = 0; found->counts && j < a->n; j++)
		found->counts[a->first + j] = 1;
	if (a->n == c->n)
		c->all_have_keys = true;
	for (size_t j = 0; !c->all_have_keys && j < a->n; j++)
		c->has_key[a->lines[j]] = true;
	return true;
}

/* The short keys that were found last, such as statuses: recent[recent_place()] is the index of a
 * key among the found keys, or 0 if there is none. */
enum { RECENT_BITS = 6 };
typedef uint32_t recent_keys[1 << RECENT_BITS];

static inline size_t recent_place(struct span key)
{
	return short_bytes(key) * UINT32_C(2654435761) >> (32 - RECENT_BITS);
}

/* Count the key of a line.  If the key is the one that was found last, or a short key that is found
 * again, increase its count; otherwise add the key.  Keys before number `first` are not
 * searched. */
static inline void count_key(
	struct found_keys *found, size_t first, struct span key, recent_keys recent)
{
	const struct span *keys = found->keys;
	size_t n = found->n, at = n - 1;

	if (n > first && keys[at].at == key.at && keys[at].len == key.len) {
		found->counts[at]++;
		return;
	}
	if (is_short(key)) {
		uint32_t *place = &recent[recent_place(key)];
		if (*place >= first && *place < n && is_same_short(keys[*place], key)) {
			found->counts[*place]++;
			return;
		}
		*place = (uint32_t)n;
	}
	found->keys[n] = key;
	found->counts[n] = 1;
	found->n = n + 1;
}

/* Count the key of each open line that has one.  Returns the number of these lines. */
static size_t count_keys(
	const struct field_columns *c, struct found_keys *found, const struct span *values)
{
	size_t first = found->n, n = 0;
	recent_keys recent = {0};

	for (size_t k = 0; k < c->n; k++) {
		if (!values[c->lines[k]].at)
			continue;
		count_key(found, first, values[c->lines[k]], recent);
		n++;
	}
	return n;
}

/* Add the key of each open line that has one.  Returns the number of these lines. */
static size_t copy_keys(
	const struct field_columns *c, struct found_keys *found, const struct span *values)
{
	size_t first = found->n, n = first;

	for (size_t k = 0; k < c->n; k++) {
		/* found->keys[n] is not read back, because that takes longer. */
		const struct span *value = &values[c->lines[k]];
		found->keys[n] = *value;
		n += value->at != NULL;
	}
	found->n = n;
	return n - first;
}

/* Add the keys of a grouping that takes all lines, and whose keys are one field.  There are no
 * statistics. */
static bool add_all(struct query *q, struct block_result *b, const struct marked *m, size_t g)
{
	struct field_columns *c = b->columns;
	const struct span *values = find_column(q, b, m, q->groupings[g].fields[0]);

	if (!values)
		return false;
	struct found_keys *found = &b->found[g];
	size_t n = found->counts ? count_keys(c, found, values) : copy_keys(c, found, values);
	if (n == c->n)
		c->all_have_keys = true;
	for (size_t k = 0; k < c->n && !c->all_have_keys; k++)
		c->has_key[c->lines[k]] |= values[c->lines[k]].at != NULL;
	return true;
}

/* Add the keys of any other grouping whose keys are one field. */
static bool add_some(struct query *q, struct block_result *b, const struct marked *m, size_t g)
{
	struct field_columns *c = b->columns;
	struct found_keys *found = &b->found[g];
	const struct span *values = find_column(q, b, m, q->groupings[g].fields[0]);
	struct added a = {.g = g, .first = found->n, .lines = c->some};

	if (!values)
		return false;
	for (size_t k = 0; k < c->n; k++) {
		uint32_t i = c->lines[k];
		c->some[a.n] = i;
		found->keys[a.first + a.n] = values[i];
		a.n += values[i].at && takes(q, c, g, i);
	}
	found->n += a.n;
	return add_measured(q, b, &a);
}

/* --- Tuples ------------------------------------------------------------------------- */

/* One of the tuples that were found last: the line in which it was found, and 1 + its index among
 * the found keys, or 0 if there is none. */
struct recent_tuple {
	uint32_t line, key;
};

/* Get the values of a line for a key of n fields, and the place of this key among the recent
 * tuples. Fields that repeat have short values, or values at the same address.  False if the line
 * lacks a value. */
static inline __attribute__((always_inline)) bool get_tuple(const struct span *const *columns,
	size_t n, size_t line, struct span *values, size_t *place)
{
	uint32_t mixed = 0;

	for (size_t f = 0; f < n; f++) {
		struct span value = values[f] = columns[f][line];
		if (!value.at)
			return false;
		uint32_t bits = is_short(value) ? short_bytes(value)
						: (uint32_t)(uintptr_t)value.at;
		mixed = (mixed ^ bits) * UINT32_C(2654435761);
	}
	*place = mixed >> (32 - RECENT_BITS);
	return true;
}

static inline __attribute__((always_inline)) bool is_same_tuple(
	const struct span *const *columns, size_t n, size_t line, const struct span *values)
{
	for (size_t f = 0; f < n; f++) {
		struct span value = columns[f][line];
		if (value.at != values[f].at && !is_same_short(value, values[f]))
			return false;
		if (value.len != values[f].len)
			return false;
	}
	return true;
}

/* Count the tuples of n fields of a grouping that has counts: if a tuple is found again, only
 * increase its count.  False if out of memory (errno). */
static inline __attribute__((always_inline)) bool count_tuples(struct query *q,
	struct block_result *b, size_t g, const struct span *const *columns, size_t n)
{
	struct field_columns *c = b->columns;
	struct found_keys *found = &b->found[g];
	struct recent_tuple recent[1 << RECENT_BITS] = {{0, 0}};
	struct span values[COLUMN_FIELDS_MAX];
	size_t found_in = 0, place;

	for (size_t k = 0; k < c->n; k++) {
		uint32_t line = c->lines[k];
		if (!takes(q, c, g, line) || !get_tuple(columns, n, line, values, &place))
			continue;
		c->has_key[line] = true;
		found_in++;
		struct recent_tuple *r = &recent[place];
		if (r->key && is_same_tuple(columns, n, r->line, values)) {
			found->counts[r->key - 1]++;
			continue;
		}
		*r = (struct recent_tuple){line, (uint32_t)found->n + 1};
		if (!grouping_add_tuple(values, n, &b->arena, found)) {
			errno = ENOMEM;
			return false;
		}
	}
	c->all_have_keys |= found_in == c->n;
	return true;
}

/* Do that for any number of fields.  Two fields are frequent, and faster if the compiler knows that
 * there are two. */
static bool count_any_tuples(
	struct query *q, struct block_result *b, size_t g, const struct span *const *columns)
{
	size_t n = q->groupings[g].n_fields;

	return n == 2 ? count_tuples(q, b, g, columns, 2) : count_tuples(q, b, g, columns, n);
}

/* Add the keys of a grouping whose keys are several fields. */
static bool add_tuples(struct query *q, struct block_result *b, const struct marked *m, size_t g)
{
	struct field_columns *c = b->columns;
	const struct grouping *grouping = &q->groupings[g];
	struct found_keys *found = &b->found[g];
	const struct span *columns[COLUMN_FIELDS_MAX];
	struct span values[COLUMN_FIELDS_MAX];
	struct added a = {.g = g, .first = found->n, .lines = c->some};

	for (size_t f = 0; f < grouping->n_fields; f++) {
		columns[f] = find_column(q, b, m, grouping->fields[f]);
		if (!columns[f])
			return false;
	}
	if (found->counts)
		return count_any_tuples(q, b, g, columns);
	for (size_t k = 0; k < c->n; k++) {
		size_t i = c->lines[k];
		bool has = takes(q, c, g, i);
		for (size_t f = 0; f < grouping->n_fields; f++) {
			values[f] = columns[f][i];
			has &= values[f].at != NULL;
		}
		if (!has)
			continue;
		if (!grouping_add_tuple(values, grouping->n_fields, &b->arena, found)) {
			errno = ENOMEM;
			return false;
		}
		c->some[a.n++] = (uint32_t)i;
	}
	return add_measured(q, b, &a);
}

static bool add_keys(struct query *q, struct block_result *b, const struct marked *m, size_t g)
{
	if (q->groupings[g].n_fields > 1)
		return add_tuples(q, b, m, g);
	bool all = q->groupings[g].takes_all && q->groupings[g].is_one_field;
	return all ? add_all(q, b, m, g) : add_some(q, b, m, g);
}

static bool have_numbers(const struct query *q)
{
	for (size_t g = 0; g < q->n_groupings; g++)
		if (q->groupings[g].measured.n_numbers)
			return true;
	return false;
}

static size_t count_true(const struct field_columns *c, const bool *flags)
{
	size_t n = 0;

	for (size_t k = 0; k < c->n; k++)
		n += flags[c->lines[k]];
	return n;
}

/* Add the keys of all groupings, and count the lines that have a key as matched. */
static bool add_all_keys(struct query *q, struct block_result *b, const struct marked *m)
{
	struct field_columns *c = b->columns;

	c->all_have_keys = false;
	memset(c->has_key, 0, m->lines * sizeof *c->has_key);
	memset(c->lacks_number, 0, m->lines * sizeof *c->lacks_number);
	for (size_t g = 0; g < q->n_groupings; g++)
		if (!add_keys(q, b, m, g))
			return false;
	b->verdicts.matched += c->all_have_keys ? c->n : count_true(c, c->has_key);
	if (have_numbers(q))
		b->verdicts.not_numbers += count_true(c, c->lacks_number);
	return true;
}

/* --- All together ------------------------------------------------------------------- */

static struct sum or_zero(struct sum n)
{
	struct sum zero = {0};

	return number_is_none(n) ? zero : n;
}

static void add_totals(const struct query *q, struct block_result *b)
{
	const struct field_columns *c = b->columns;
	const struct sum *bytes = c->fields[q->bytes].numbers;
	const struct span *times = c->fields[q->time].values;

	for (size_t k = 0; k < c->n; k++)
		judge_add_totals(b, or_zero(bytes[c->lines[k]]), times[c->lines[k]]);
}

bool block_columns_find(struct query *q, struct block_result *b, const struct marked *m)
{
	struct field_columns *c = b->columns;

	if (!cut_lines(q, b, m))
		return false;
	if (q->period.is_set && !select_in_period(q, b, m))
		return false;
	size_t left = c->n_left;
	if (!apply_to_all(q, b, m) || !apply_to_groupings(q, b, m) || !read_all_numbers(q, b, m))
		return false;
	if (c->n_left > left)
		close_left_over(c);
	if (!add_all_keys(q, b, m))
		return false;
	if (q->spec->totals)
		add_totals(q, b);
	return true;
}
