#include "report/report_common.h"

#include <inttypes.h>
#include <stdlib.h>

#include "formats/timestamp.h"
#include "lib/rounded.h"
#include "rank/likelihood.h"
#include "store/tuple.h"

size_t report_columns(const struct grouping *q)
{
	size_t n = q->n_fields > 1 ? q->n_fields - q->is_over_time : q->n_fields;

	return n ? n : 1;
}

const char *report_column_name(const struct grouping *q, size_t column)
{
	if (q->is_over_time && q->n_fields == 1)
		return "time";
	return q->n_fields ? q->names.at[column + q->is_over_time] : "key";
}

const char *report_name(const struct grouping *q)
{
	if (q->spec->name)
		return q->spec->name;
	if (q->is_over_time && q->n_fields == 1)
		return "time";
	return q->n_fields ? grouping_spec_fields(q->spec) : "match";
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Return the length of the longest text that .room has to hold: a key, or the name of a column. */
static size_t longest_text(const struct report *r)
{
	size_t longest = 1;

	/* The columns of a table over time can have the heading "rest". */
	longest = larger(longest, sizeof "rest");
	for (size_t i = 0; r->rankings && i < r->n; i++) {
		const struct grouping *q = &r->groupings[i];
		for (size_t k = 0; k < report_columns(q); k++)
			longest = larger(longest, strlen(report_column_name(q, k)));
		bool joins = report_columns(q) > 1 || q->is_over_time;
		for (size_t k = 0; joins && k < r->rankings[i].n; k++)
			longest = larger(longest, r->rankings[i].rows[k].key.len);
	}
	return longest;
}

bool report_reserve(struct report *r)
{
	struct report_room *room = &r->room;
	size_t columns = 1, longest = longest_text(r);

	for (size_t i = 0; i < r->n; i++) {
		const struct grouping *q = &r->groupings[i];
		columns = larger(columns, report_columns(q));
		if (q->is_over_time && r->over)
			columns = larger(columns, over_time_columns(&r->over[i].table));
		columns = larger(columns, q->measured.statistics.n);
	}
	*room = (struct report_room){.values = calloc(columns, sizeof *room->values),
		.widths = calloc(columns, sizeof *room->widths),
		.numbers = calloc(columns, sizeof *room->numbers),
		.split = malloc(longest),
		.other = malloc(longest),
		.over = malloc(longest + WIDTH_TIME)};
	return room->values && room->widths && room->numbers && room->split && room->other &&
	       room->over;
}

void report_release(struct report *r)
{
	free(r->room.values);
	free(r->room.widths);
	free(r->room.numbers);
	free(r->room.split);
	free(r->room.other);
	free(r->room.over);
	r->room = (struct report_room){0};
}

const struct span *report_values(
	const struct report *r, const struct grouping *q, const struct row *row)
{
	size_t columns = report_columns(q);

	if (columns == 1)
		r->room.values[0] = row->key;
	else
		tuple_split(row->key, columns, r->room.split, r->room.values);
	return r->room.values;
}

/* .room.other has room for keys of several values, which have longer separators, so the text fits. */
struct span report_joined(
	const struct report *r, const struct grouping *q, const struct row *row, char between)
{
	const struct span *values = report_values(r, q, row);
	size_t n = report_columns(q);
	char *to = r->room.other;

	if (n == 1)
		return values[0];
	for (size_t i = 0; i < n; i++) {
		if (i)
			*to++ = between;
		memcpy(to, values[i].at, values[i].len);
		to += values[i].len;
	}
	return span_between(r->room.other, to);
}

double report_weight(const struct ranking *r, const struct row *row)
{
	struct sum value;

	if (r->by == BY_COUNT)
		return (double)row->count;
	value = row->values[r->by];
	return number_is_none(value) ? 0 : sum_double(value);
}

double report_whole(const struct ranking *r)
{
	return ranking_by_sum(r) ? sum_double(r->sum) : (double)r->matched;
}

double report_largest(const struct ranking *r)
{
	double largest = 0;

	for (size_t i = 0; i < r->n; i++)
		if (report_weight(r, &r->rows[i]) > largest)
			largest = report_weight(r, &r->rows[i]);
	return largest;
}

double report_share(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

void report_totals(const struct report *r, struct total totals[TOTALS])
{
	const struct totals *t = &r->account->totals;
	char sum[SUM_TEXT];

	memset(totals, 0, TOTALS * sizeof *totals);
	totals[0] = (struct total){.name = "requests", .number = true};
	snprintf(totals[0].value, sizeof totals[0].value, "%" PRIu64, t->requests);
	totals[1] = (struct total){.name = "bytes", .number = true};
	snprintf(totals[1].value, sizeof totals[1].value, "%s", sum_print(t->bytes, sum));
	totals[2] = (struct total){.name = "unparsed", .number = true};
	snprintf(
		totals[2].value, sizeof totals[2].value, "%" PRIu64, r->account->verdicts.unparsed);
	totals[3] = (struct total){.name = "from"};
	snprintf(totals[3].value, sizeof totals[3].value, "%s", t->first);
	totals[4] = (struct total){.name = "to"};
	snprintf(totals[4].value, sizeof totals[4].value, "%s", t->last);
}

bool report_has_statistics(const struct report *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->groupings[i].measured.statistics.n)
			return true;
	return false;
}

/* --- Statistics ------------------------------------------------------------------- */

size_t report_statistics(const struct statistics *all)
{
	return all ? all->n + all->n_more : 0;
}

/* Return a value of a comparison. */
static struct sum compared_value(const struct ranking *r, const struct row *row, size_t i)
{
	switch (r->statistics->at[i].side) {
	case SIDE_CHANGE:
		if (statistic_is_shift(&r->statistics->at[i]))
			return statistic_difference(row->values[i - 1], row->values[i - 2]);
		return statistic_quotient(row->values[i - 1], row->values[i - 2]);
	case SIDE_RATIO:
		return likelihood_number(row->values[i]);
	default:
		return row->values[i];
	}
}

struct sum report_value(const struct ranking *r, const struct row *row, size_t i)
{
	if (r->statistics->at[i].side)
		return compared_value(r, row, i);
	if (r->statistics->at[i].kind == STATISTIC_SHARE)
		return statistic_share(row->count, r->matched);
	if (r->statistics->at[i].kind == STATISTIC_RATE)
		return statistic_rate(row->count, r->first, r->last);
	return row->values[i];
}

/* Write seconds since 1970 as a time. */
static const char *print_time(struct sum seconds, char out[SUM_TEXT])
{
	if (timestamp_write(strtoll(sum_print(seconds, out), NULL, 10), out))
		out[TIMESTAMP_SECOND] = '\0';
	return out;
}

const char *report_value_text(
	const struct ranking *r, const struct row *row, size_t i, char out[SUM_TEXT])
{
	struct sum value = report_value(r, row, i);

	*out = '\0';
	if (number_is_none(value))
		return out;
	return statistic_is_time(&r->statistics->at[i]) ? print_time(value, out)
							: sum_print(value, out);
}

/* True if the key was counted on a side of a comparison. */
static bool count_on(const struct ranking *r, const struct row *row, enum statistic_side side)
{
	const struct statistics *s = r->statistics;

	for (size_t i = 0; i < s->n_all; i++)
		if (s->at[i].kind == STATISTIC_COUNT && s->at[i].side == side)
			return row->values[i].low || row->values[i].high;
	return false;
}

/* Return how many decimal places a quotient is printed with: two digits matter, or three if it is near
 * 1. */
static int places_of(double quotient)
{
	int places = quotient < 1.995 ? 2 : quotient < 9.95 ? 1 : 0;

	while (places < 9 && quotient > 0 && quotient < 0.0995) {
		quotient *= 10;
		places++;
	}
	return places;
}

const char *report_change_text(
	const struct ranking *r, const struct row *row, size_t i, bool utf8, char out[HUMAN_TEXT])
{
	struct sum change = compared_value(r, row, i);
	char digits[HUMAN_TEXT], grouped[HUMAN_TEXT];

	if (!count_on(r, row, SIDE_OLD) || !count_on(r, row, SIDE_NEW)) {
		snprintf(out, HUMAN_TEXT, count_on(r, row, SIDE_OLD) ? "gone" : "new");
	} else if (number_is_none(change)) {
		snprintf(out, HUMAN_TEXT, "-");
	} else if (statistic_is_shift(&r->statistics->at[i])) {
		human_group(sum_print(change, digits), grouped);
		snprintf(out, HUMAN_TEXT, "%s%.40ss", change.high < 0 ? "" : "+", grouped);
	} else {
		double quotient = sum_double(change);
		snprintf(digits, sizeof digits, "%.*f", places_of(quotient), quotient);
		snprintf(
			out, HUMAN_TEXT, "%s%.40s", utf8 ? "×" : "x", human_group(digits, grouped));
	}
	return out;
}

/* True if the absolute value is less than 1,000. */
static bool is_short(struct sum n)
{
	static const struct sum thousand = {UINT64_C(1000000000000), 0};

	return sum_compare(n, thousand) < 0 && sum_compare((struct sum){-thousand.low, -1}, n) < 0;
}

/* Write a number rounded to a whole one, a half away from 0. */
static void print_whole(struct sum n, char out[SUM_TEXT])
{
	static const struct sum half = {500000000, 0};

	/* If this does not fit, the number stays as it is. */
	sum_add(&n, n.high < 0 ? sum_negate(half) : half);
	sum_print(n, out);
	out[strcspn(out, ".")] = '\0';
}

/* Write a percentage with two decimals, as in the column SHARE.  If that is 0.00 without being 0, write
 * it with three digits. */
static void print_percentage(struct sum n, char out[SUM_TEXT])
{
	uint64_t hundredths = (n.low + 5000000) / 10000000;

	if (!hundredths && n.low)
		sum_print(rounded_number(rounded_code(n)), out);
	else
		snprintf(out, SUM_TEXT, "%" PRIu64 ".%02u", hundredths / 100,
			(unsigned)(hundredths % 100));
}

const char *report_value_for_people(
	const struct ranking *r, const struct row *row, size_t i, char out[HUMAN_TEXT])
{
	struct sum value = report_value(r, row, i);
	enum statistic_kind kind = r->statistics->at[i].kind;
	char text[SUM_TEXT];
	bool is_percentage = kind == STATISTIC_SHARE || kind == STATISTIC_PERCENTAGE;

	if (r->statistics->at[i].side == SIDE_CHANGE)
		return report_change_text(r, row, i, true, out);
	if (number_is_none(value)) {
		snprintf(out, HUMAN_TEXT, "-");
		return out;
	}
	if (statistic_is_time(&r->statistics->at[i])) {
		snprintf(out, HUMAN_TEXT, "%s", print_time(value, text));
		return out;
	}
	if (is_percentage)
		print_percentage(value, text);
	else if (kind == STATISTIC_SUM)
		sum_print(value, text);
	else if (is_short(value))
		sum_print(rounded_number(rounded_code(value)), text);
	else
		print_whole(value, text);
	human_group(text, out);
	if (is_percentage)
		strncat(out, "%", HUMAN_TEXT - strlen(out) - 1);
	return out;
}

/* True if another statistic has the same function. */
static bool is_ambiguous(const struct statistics *s, size_t i)
{
	struct span title = span_of(s->at[i].title, s->at[i].title_len);

	for (size_t k = 0; k < s->n; k++)
		if (k != i && span_equal(title, span_of(s->at[k].title, s->at[k].title_len)))
			return true;
	return false;
}

/* The heading of a column of a comparison: the side's name, after the heading of the statistic. */
static const char *compared_heading(
	const struct statistics *all, size_t i, char out[REPORT_HEADING])
{
	const struct statistics *base = all->base;
	enum statistic_side side = all->at[i].side;
	char heading[REPORT_HEADING] = "";

	if (side == SIDE_CHANGE) {
		snprintf(out, REPORT_HEADING, "change");
		return out;
	}
	if (base && i / 3 < base->n && base->only_sum)
		strcpy(heading, "sum");
	else if (base && i / 3 < base->n)
		report_heading(base, i / 3, heading);
	snprintf(out, REPORT_HEADING, "%.50s%s%s", heading, *heading ? " " : "",
		all->side_names[side == SIDE_NEW]);
	return out;
}

const char *report_heading(const struct statistics *all, size_t i, char out[REPORT_HEADING])
{
	if (all->at[i].side)
		return compared_heading(all, i, out);
	const struct statistic *s = &all->at[i];
	bool whole = s->kind == STATISTIC_UNIQ || s->kind == STATISTIC_SKETCH ||
		     s->kind == STATISTIC_MEETING || s->kind == STATISTIC_PERCENTAGE ||
		     is_ambiguous(all, i);

	snprintf(out, REPORT_HEADING, "%.*s%s%s", (int)s->title_len, s->title,
		whole && *s->operand ? " " : "", whole ? s->operand : "");
	return out;
}
