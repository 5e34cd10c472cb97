#include "query/query.h"

#include <errno.h>
#include <stdlib.h>

struct query {
	const struct query_spec *spec;
	const struct scan *scan;
	struct filters filters;
	struct conditions conditions;
	struct grouping *groupings;
	size_t n_groupings;
	struct fields fields;
	bool needs_format;
	const struct field *plain; /* nothing but this is asked of each line; NULL: more */
	int usual_base;            /* from which it comes in usual lines; -1: that is not known */
	size_t bytes, time;        /* fields, for totals */

	/* Of a line without this needle's literal the verdict is known: filtered out
	 * if a filter asks for it, else unmatched.  NULL: ask every line. */
	const struct needle *prefilter;
	bool prefilter_filters;
	bool prefilter_begins; /* what is before the literal in its line does not matter */
	bool simple;           /* and the rest can be matched without PCRE2 */

	/* Finds where it matches by itself, and nothing else is asked.  NULL: it does not. */
	struct pattern *finder;
};

/* --- Compiling ------------------------------------------------------------------- */

static bool key_can_drive(const struct query *q)
{
	const struct grouping *one = &q->groupings[0];

	/* With a filter before it, a line without the key's literal may be either. */
	return q->n_groupings == 1 && one->key.pattern && !q->filters.n && !q->conditions.n &&
	       !one->filters.n && !one->conditions.n && !q->needs_format && !one->sums;
}

static bool is_plain(const struct query *q)
{
	const struct grouping *one = &q->groupings[0];

	return q->n_groupings == 1 && one->n_fields == 1 && !one->sums && !q->filters.n &&
	       !q->conditions.n && !one->filters.n && !one->conditions.n && !q->spec->totals &&
	       !q->spec->rejects;
}

static void choose_prefilter(struct query *q)
{
	if (q->spec->rejects)
		return;
	for (size_t i = 0; i < q->filters.n; i++) {
		if (q->filters.at[i].drop || !q->filters.at[i].needle.literal.len)
			continue;
		q->prefilter = &q->filters.at[i].needle;
		q->prefilter_filters = true;
		return;
	}
	if (!key_can_drive(q))
		return;
	struct grouping *one = &q->groupings[0];
	if (!one->key.needle.literal.len) {
		q->finder = pattern_is_found(one->key.pattern) ? one->key.pattern : NULL;
		return;
	}
	one->has_literal = true;
	q->prefilter = &one->key.needle;
	q->prefilter_begins = pattern_starts_with_literal(one->key.pattern);
	q->simple = pattern_is_onepass(one->key.pattern);
}

static bool compile_groupings(struct query *q, struct complaint *c)
{
	const struct query_spec *spec = q->spec;

	q->groupings = calloc(spec->n_groupings + 1, sizeof *q->groupings);
	if (!q->groupings)
		return complain_memory(c, "query");
	for (size_t i = 0; i < spec->n_groupings; i++) {
		struct grouping *g = &q->groupings[q->n_groupings++];
		if (!grouping_compile(g, &spec->groupings[i], &q->fields, q->scan, c))
			return false;
	}
	return true;
}

/* The fields that totals are made of; -r overview asks for totals. */
static bool add_totals_fields(struct query *q, struct complaint *c)
{
	return fields_add(&q->fields, (struct arg){"bytes", "totals"}, &q->bytes, c) &&
	       fields_add(&q->fields, (struct arg){"time", "totals"}, &q->time, c);
}

static bool compile(struct query *q, struct complaint *c)
{
	const struct query_spec *spec = q->spec;

	if (!filters_compile(
		    &q->filters, &spec->grep, &spec->vgrep, spec->ignore_case, q->scan, c) ||
		!conditions_compile(&q->conditions, &spec->where, spec->ignore_case, &q->fields, c))
		return false;
	q->fields.missing_fields_ok = spec->missing_fields_ok; /* from here on */
	if (!compile_groupings(q, c) || (spec->totals && !add_totals_fields(q, c)))
		return false;
	if (spec->delimiter >= 0 && !q->fields.have_columns)
		return complain(c, "-d: no column is used; select columns by number, as in -f 2");
	q->needs_format = q->fields.need_format;
	if (spec->all)
		q->fields.wanted.bases = UINT32_MAX;
	return true;
}

struct query *query_compile(
	const struct query_spec *spec, const struct scan *scan, struct complaint *c)
{
	struct query *q = calloc(1, sizeof *q);

	if (!q) {
		complain_memory(c, "query");
		return NULL;
	}
	q->spec = spec;
	q->scan = scan;
	if (!compile(q, c)) {
		query_free(q);
		return NULL;
	}
	if (is_plain(q))
		q->plain = &q->fields.at[q->groupings[0].fields[0]];
	q->usual_base = q->plain ? record_usual_base(q->plain) : -1;
	choose_prefilter(q);
	return q;
}

void query_free(struct query *q)
{
	if (!q)
		return;
	filters_free(&q->filters);
	conditions_free(&q->conditions);
	for (size_t i = 0; i < q->n_groupings; i++)
		grouping_free(&q->groupings[i]);
	free(q->groupings);
	fields_free(&q->fields);
	free(q);
}

const struct fields *query_fields(const struct query *q)
{
	return &q->fields;
}

bool query_needs_format(const struct query *q)
{
	return q->needs_format;
}

bool query_counts_lines(const struct query *q)
{
	bool by_literal = q->prefilter && !q->prefilter_filters && !q->needs_format;

	return !q->spec->may_skip_lines || !(by_literal || q->finder);
}

bool query_sums(const struct query *q)
{
	for (size_t i = 0; i < q->n_groupings; i++)
		if (q->groupings[i].sums)
			return true;
	return false;
}

struct arg query_sum(const struct query *q)
{
	for (size_t i = 0; i < q->n_groupings; i++)
		if (q->groupings[i].sums)
			return q->groupings[i].spec->sum;
	if (q->spec->totals)
		return (struct arg){"bytes", "-r overview:"};
	return (struct arg){0};
}

const struct grouping *query_groupings(const struct query *q, size_t *n)
{
	*n = q->n_groupings;
	return q->groupings;
}

/* --- Batches --------------------------------------------------------------------- */

/* Not cleared: most of it is never touched, and so takes no memory. */
static bool open_found_keys(struct found_keys *a, bool sums)
{
	a->keys = malloc((QUERY_BLOCK + 1) * sizeof *a->keys);
	if (sums)
		a->sums = malloc((QUERY_BLOCK + 1) * sizeof *a->sums);
	return a->keys && (!sums || a->sums);
}

struct batch *batch_new(const struct query *q)
{
	struct batch *b = calloc(1, sizeof *b);
	size_t slots = BASES + q->fields.wanted.names.n;
	bool sums = query_sums(q);

	if (!b)
		return NULL;
	b->answers = calloc(q->n_groupings + 1, sizeof *b->answers);
	b->record = (struct record){.fields = &q->fields,
		.slots = calloc(slots, sizeof *b->record.slots),
		.memos = calloc(q->fields.n + 1, sizeof *b->record.memos),
		.arena = &b->arena,
		.delimiter = q->spec->delimiter};
	if (q->spec->rejects)
		b->rejects = malloc((QUERY_BLOCK + 1) * sizeof *b->rejects);
	bool ok = b->answers && b->record.slots && b->record.memos &&
		  (b->rejects || !q->spec->rejects);
	for (; ok && b->n_found < q->n_groupings; b->n_found++)
		ok = open_found_keys(&b->answers[b->n_found], sums);
	if (ok)
		return b;
	batch_free(b);
	return NULL;
}

void batch_free(struct batch *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->n_found; i++) {
		free(b->answers[i].keys);
		free(b->answers[i].sums);
	}
	free(b->answers);
	free(b->record.slots);
	free(b->record.memos);
	free(b->rejects);
	arena_free(&b->arena);
	free(b);
}

/* --- One line -------------------------------------------------------------------- */

enum verdict { MATCHED, UNMATCHED, UNPARSED, FILTERED, GAVE_UP, FAILED };

static enum verdict ask_filters(const struct query *q, struct span line, struct record *r)
{
	const struct filter *by;

	switch (filters_pass(&q->filters, line, q->prefilter, &by)) {
	case PATTERN_GAVE_UP:
		return GAVE_UP;
	case PATTERN_NO:
		r->dropped_by = by->text;
		r->dropped_how = filter_drops(by);
		return FILTERED;
	default:
		return MATCHED;
	}
}

static enum verdict ask_conditions(const struct query *q, struct record *r)
{
	enum pattern_result got;

	if (!conditions_hold(&q->conditions, r, &got)) {
		errno = ENOMEM;
		return FAILED;
	}
	return got == PATTERN_YES ? MATCHED : got == PATTERN_NO ? FILTERED : GAVE_UP;
}

/* The quotes of a line, as struct cut has them; .at NULL: not known. */
struct quotes {
	const uint32_t *at;
	size_t n;
};

static const struct quotes unknown = {NULL, 0};

static enum verdict cut_line(
	struct batch *b, struct span line, struct span block, struct quotes quotes)
{
	struct cut cut = {
		block.at, quotes.at, quotes.n, block.at + block.len, &b->arena, b->record.slots};

	switch (logformat_cut(b->format, line, &cut)) {
	case CUT_FITS:
		break;
	case CUT_NOT:
		return UNPARSED;
	case CUT_COMMENT:
		return FILTERED;
	case CUT_FAILED:
		errno = ENOMEM;
		return FAILED;
	}
	return MATCHED;
}

static enum verdict verdict_of(enum grouping_result r)
{
	switch (r) {
	case GROUPING_YES:
		return MATCHED;
	case GROUPING_NO:
		return UNMATCHED;
	case GROUPING_GAVE_UP:
		return GAVE_UP;
	case GROUPING_FAILED:
		errno = ENOMEM;
		break;
	case GROUPING_TOO_LARGE:
		errno = EOVERFLOW;
		break;
	}
	return FAILED;
}

/* What a question took of a line before another gave up on it. */
static void forget_line(struct batch *b, const size_t *before, size_t n)
{
	for (size_t i = 0; i < n; i++)
		b->answers[i].n = before[i];
}

static enum verdict ask_groupings(struct query *q, struct batch *b)
{
	enum verdict verdict = UNMATCHED;
	bool no_number = false;
	size_t before[q->n_groupings];

	for (size_t i = 0; i < q->n_groupings; i++) {
		before[i] = b->answers[i].n;
		enum grouping_result got =
			grouping_find_key(&q->groupings[i], &b->record, &b->answers[i]);
		if (got == GROUPING_YES) {
			verdict = MATCHED;
			no_number |= b->answers[i].no_number;
		} else if (got != GROUPING_NO) {
			forget_line(b, before, i);
			return verdict_of(got);
		}
	}
	b->verdicts.not_numbers += no_number;
	return verdict;
}

static bool add_to_totals(struct query *q, struct batch *b)
{
	struct totals *t = &b->totals;
	struct span value;
	struct sum bytes;

	t->requests++;
	if (record_value(&b->record, q->bytes, &value) == FIELD_VALUE) {
		if (sum_read(value, &bytes) == SUM_TOO_LARGE || !sum_add(&t->bytes, bytes)) {
			errno = EOVERFLOW;
			return false;
		}
	}
	/* Lines of one second share their time. */
	if (record_value(&b->record, q->time, &value) == FIELD_VALUE && value.at != b->last_time) {
		b->last_time = value.at;
		if (!t->first[0] || memcmp(value.at, t->first, value.len) < 0)
			memcpy(t->first, value.at, value.len);
		if (memcmp(value.at, t->last, value.len) > 0)
			memcpy(t->last, value.at, value.len);
	}
	return true;
}

/* A '\r' before the '\n' belongs to neither. */
static struct span without_return(struct span line)
{
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* One line without its '\n', in its block; quotes as cut_line's. */
static enum verdict judge(
	struct query *q, struct span line, struct span block, struct quotes quotes, struct batch *b)
{
	line = without_return(line);
	record_begin(&b->record, line);
	b->was_cut = false;
	if (b->heading_byte && line.len && line.at[0] == b->heading_byte)
		return cut_line(b, line, block, quotes); /* whatever the filters are */
	enum verdict v = ask_filters(q, line, &b->record);
	if (v == MATCHED && q->needs_format)
		v = cut_line(b, line, block, quotes);
	if (v != MATCHED)
		return v;
	b->was_cut = true;
	v = ask_conditions(q, &b->record);
	if (v != MATCHED)
		return v;
	if (q->spec->totals && !add_to_totals(q, b))
		return FAILED;
	return ask_groupings(q, b);
}

static void give_up(struct batch *b, const char *line)
{
	if (b->verdicts.gave_up++ == 0)
		b->gave_up_at = line;
}

/* Count the verdict of the line, the n-th of its block; false for FAILED. */
static bool count_verdict(struct batch *b, enum verdict v, struct span line, size_t n)
{
	switch (v) {
	case MATCHED:
		b->verdicts.matched++;
		return true;
	case FILTERED:
		b->verdicts.filtered++;
		return true;
	case FAILED:
		return false;
	case UNPARSED:
		b->verdicts.unparsed++;
		break;
	case GAVE_UP:
		give_up(b, line.at);
		break;
	case UNMATCHED:
		break;
	}
	if (b->rejects)
		b->rejects[b->n_rejects++] = (struct reject){line, (uint32_t)n};
	return true;
}

/* --- Blocks ---------------------------------------------------------------------- */

static uint64_t count_lines(const struct query *q, struct span block)
{
	bool unfinished = block.len && block.at[block.len - 1] != '\n';

	return q->scan->count(block, '\n') + unfinished;
}

/* The start of the line that p is in. */
static const char *line_start(const char *block, const char *p)
{
	const char *before = span_last(span_between(block, p), '\n');

	return before ? before + 1 : block;
}

/* The simple matcher's hit, counted. */
static bool add_simple(struct query *q, struct batch *b)
{
	enum verdict v =
		verdict_of(grouping_add_match(&q->groupings[0], &b->record, &b->answers[0]));

	return count_verdict(b, v, span_of(NULL, 0), 0);
}

/* A block that is too long was one line when it was cut off, and is one whatever has been written
 * to a mapped file since: there is no room for the answers of more. */
static bool is_one_line(struct span block)
{
	return block.len > QUERY_BLOCK;
}

/* Ask the line in which the literal was found at hit.  *next becomes where to go on:
 * the next line, or the same where only this place of it has been ruled out. */
static bool ask_at(struct query *q, struct span rest, const char *hit, const char **next,
	struct batch *b, bool one_line)
{
	const char *end = rest.at + rest.len, *from = hit;
	enum pattern_result got = PATTERN_GAVE_UP;

	if (q->simple)
		got = pattern_match_here(q->groupings[0].key.pattern, span_between(hit, end));
	if (got == PATTERN_NO) {
		*next = hit + 1;
		return true;
	}
	const char *to = memchr(hit, '\n', (size_t)(end - hit));
	*next = to && !one_line ? to + 1 : end;
	if (got == PATTERN_YES)
		return add_simple(q, b);
	if (!q->prefilter_begins)
		from = line_start(rest.at, hit);
	struct span line = span_between(from, to ? to : end);
	return count_verdict(b, judge(q, line, line, unknown, b), line, 0);
}

static bool ask_by_literal(struct query *q, struct span block, struct batch *b)
{
	const char *next = block.at, *end = block.at + block.len;
	uint64_t asked = 0;
	bool one_line = is_one_line(block);

	while (next < end) {
		struct span rest = span_between(next, end);
		size_t at = q->scan->find(rest, q->prefilter);
		if (at == rest.len)
			break;
		if (!ask_at(q, rest, rest.at + at, &next, b, one_line))
			return false;
		asked++;
	}
	if (b->gave_up_at)
		b->gave_up_at = line_start(block.at, b->gave_up_at);
	if (!query_counts_lines(q))
		b->verdicts.lines = asked;
	else
		b->verdicts.lines = one_line ? 1 : count_lines(q, block);
	if (q->prefilter_filters)
		b->verdicts.filtered += b->verdicts.lines - asked;
	return true;
}

/* What ask_by_literal does, with places that the pattern finds by itself. */
static bool ask_by_finding(struct query *q, struct span block, struct batch *b)
{
	const char *next = block.at, *end = block.at + block.len, *at;
	bool one_line = is_one_line(block);
	uint64_t asked = 0;

	for (; (at = pattern_find(q->finder, span_between(next, end))); asked++) {
		enum pattern_result got = pattern_match_here(q->finder, span_between(at, end));
		if (got == PATTERN_NO) {
			next = pattern_next(q->finder, span_between(at, end));
			continue;
		}
		const char *to = memchr(at, '\n', (size_t)(end - at));
		next = to && !one_line ? to + 1 : end;
		struct span line = span_between(line_start(block.at, at), to ? to : end);
		bool ok = got == PATTERN_YES
				  ? add_simple(q, b)
				  : count_verdict(b, judge(q, line, line, unknown, b), line, 0);
		if (!ok)
			return false;
	}
	if (!query_counts_lines(q))
		b->verdicts.lines = asked;
	else
		b->verdicts.lines = one_line ? 1 : count_lines(q, block);
	return true;
}

static bool ask_one_line(struct query *q, struct span block, struct batch *b)
{
	struct span line = block;

	if (line.len && line.at[line.len - 1] == '\n')
		line.len--;
	b->verdicts.lines = 1;
	return count_verdict(b, judge(q, line, line, unknown, b), line, 0);
}

/* judge for the most common query: one field, and that is all. */
static inline enum verdict judge_plain(
	struct query *q, struct span line, struct span block, struct quotes quotes, struct batch *b)
{
	struct found_keys *a = &b->answers[0];

	line = without_return(line);
	if (q->needs_format) {
		enum verdict v = cut_line(b, line, block, quotes);
		if (v != MATCHED)
			return v;
	}
	if (q->plain->slot >= 0) {
		struct span key = b->record.slots[q->plain->slot];
		if (!key.at)
			return UNMATCHED;
		a->keys[a->n++] = key;
		return MATCHED;
	}
	b->record.line = line;
	switch (record_find_once(q->plain, &b->record, &a->keys[a->n])) {
	case FIELD_NONE:
		return UNMATCHED;
	case FIELD_FAILED:
		errno = ENOMEM;
		return FAILED;
	case FIELD_VALUE:
		break;
	}
	a->n++;
	return MATCHED;
}

/* With the places of newlines alone. */
static bool ask_each_line(struct query *q, struct span block, struct batch *b)
{
	const char *p = block.at, *end = block.at + block.len;
	size_t n = q->scan->places(block, '\n', b->newlines), i = 0;
	bool plain = q->plain && !b->heading_byte;

	for (; p < end; i++) {
		const char *to = i < n ? block.at + b->newlines[i] : end;
		struct span line = span_between(p, to);
		enum verdict v = plain ? judge_plain(q, line, line, unknown, b)
				       : judge(q, line, line, unknown, b);
		if (!count_verdict(b, v, line, i))
			return false;
		p = to + 1;
	}
	b->verdicts.lines = i;
	return true;
}

/* Where the lines end, and their quotes. */
static struct marked find_marks(const struct query *q, struct span block, struct batch *b)
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

static bool ask_marked_line(
	struct query *q, const struct marked *m, size_t i, const uint32_t *quotes, struct batch *b)
{
	struct span line = nth_line(m, i);
	struct quotes of_line = {quotes, 0};

	while (quotes[of_line.n] < m->newlines[i])
		of_line.n++;
	enum verdict v = q->plain ? judge_plain(q, line, m->block, of_line, b)
				  : judge(q, line, m->block, of_line, b);
	if (v != MATCHED)
		return count_verdict(b, v, line, i);
	b->verdicts.matched++;
	return true;
}

/* One field is asked for, and it is found in all usual lines at once. */
static bool ask_usual_lines(struct query *q, const struct marked *m, struct batch *b)
{
	struct found_keys *a = &b->answers[0];
	struct span *found = a->keys; /* no answer comes before its line */

	record_derive_usual(q->plain, found, m->lines);
	for (size_t i = 0; i < m->lines; i++) {
		if (found[i].at) {
			a->keys[a->n++] = found[i];
			b->verdicts.matched++;
		} else if (!ask_marked_line(q, m, i, b->quotes + b->first_quotes[i], b)) {
			return false;
		}
	}
	return true;
}

/* With the places of quotes too, for formats that have quotes. */
static bool ask_marked_lines(struct query *q, struct span block, struct batch *b)
{
	struct marked m = find_marks(q, block, b);
	const uint32_t *quotes = b->quotes;

	b->verdicts.lines = m.lines;
	if (q->usual_base >= 0 && logformat_cut_usual(b->format, &m, (enum base)q->usual_base,
					  b->answers[0].keys, b->first_quotes))
		return ask_usual_lines(q, &m, b);
	for (size_t i = 0; i < m.lines; i++) {
		if (!ask_marked_line(q, &m, i, quotes, b))
			return false;
		while (*quotes < m.newlines[i])
			quotes++;
	}
	return true;
}

static void begin(struct batch *b, struct logformat *format)
{
	for (size_t i = 0; i < b->n_found; i++)
		b->answers[i].n = 0;
	b->verdicts = (struct verdicts){0};
	b->totals = (struct totals){0};
	b->gave_up_at = NULL;
	b->n_rejects = 0;
	record_reset(&b->record);
	b->last_time = NULL;
	/* What another format had found. */
	if (format && format != b->format)
		memset(b->record.slots, 0, logformat_slots(format) * sizeof *b->record.slots);
	b->format = format;
	struct span heading = format ? logformat_heading(format) : span_of(NULL, 0);
	b->heading_byte = heading.len ? heading.at[0] : '\0';
}

bool query_ask(struct query *q, struct logformat *format, struct span block, struct batch *b)
{
	begin(b, format);
	if (q->prefilter && !b->heading_byte)
		return ask_by_literal(q, block, b);
	if (q->finder && !b->heading_byte)
		return ask_by_finding(q, block, b);
	if (is_one_line(block))
		return ask_one_line(q, block, b);
	if (q->needs_format && logformat_uses_marks(format))
		return ask_marked_lines(q, block, b);
	return ask_each_line(q, block, b);
}
