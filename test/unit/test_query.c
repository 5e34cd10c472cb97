/* test_query.c -- a query's keys and verdicts for blocks of lines, compared with a naive program
 * that judges one line after the other without any shortcut. */
#include "compiling.h"
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "formats/logformat.h"
#include "regex/pattern.h"
#include "query/block_keys.h"
#include "query/template.h"

enum { WORDS = 3, GROUPINGS = 3, LINES = 64, FIELDS = 4 };

/* A grouping, or the filters of the whole query: as text, and compiled for the naive program. */
struct naive_grouping {
	const char *regexp, *regexp2, *key, *fields, *sum;
	const char *grep[WORDS], *vgrep[WORDS], *where[WORDS];
	bool ignore_case, every_match;

	struct pattern *keep[WORDS], *drop[WORDS], *patterns[2];
	struct key_template *template; /* of the first pattern */
	struct condition *conditions[WORDS];
	size_t field[FIELDS], n_fields, summed;
};

struct naive {
	struct naive_grouping q[GROUPINGS];
	const char *grep[WORDS], *vgrep[WORDS], *where[WORDS];
	bool ignore_case, totals, rejects;
	char delimiter; /* 0: blanks */
	const char *format;

	/* The same query as a spec, for query_compile(). */
	struct arg words[2 + 2 * GROUPINGS][3 * WORDS], regexps[GROUPINGS][2], sums[GROUPINGS];
	struct grouping_spec groupings[GROUPINGS];
	struct query_spec spec;

	/* For the naive program. */
	struct naive_grouping all; /* filters and conditions of the query */
	size_t bytes, time;
	struct fields fields;
	struct logformat *cutter;
	struct record record;
	struct arena arena;
};

static struct pattern *compile(const char *re, bool ignore_case)
{
	struct complaint error;
	struct pattern *p = pattern_compile(span_text(re), ignore_case, &error);

	if (!p)
		fail_msg("%s: %s", re, error.text);
	return p;
}

static struct args args_of(struct arg *room, const char *const *words)
{
	struct args all = {.at = room};

	for (; all.n < WORDS && words[all.n]; all.n++)
		room[all.n] = (struct arg){words[all.n], "test"};
	return all;
}

static size_t add_field(struct naive *n, const char *name)
{
	struct complaint why;
	size_t index;

	if (!fields_add(&n->fields, (struct arg){name, "test"}, &index, &why))
		fail_msg("%s", why.text);
	return index;
}

static void open_filters(struct naive *n, struct naive_grouping *a)
{
	struct complaint why;

	for (size_t i = 0; i < WORDS && a->grep[i]; i++)
		a->keep[i] = compile(a->grep[i], a->ignore_case);
	for (size_t i = 0; i < WORDS && a->vgrep[i]; i++)
		a->drop[i] = compile(a->vgrep[i], a->ignore_case);
	for (size_t i = 0; i < WORDS && a->where[i]; i++)
		a->conditions[i] = condition_compile(
			(struct arg){a->where[i], "test"}, a->ignore_case, &n->fields, &why);
}

static void open_key(struct naive *n, struct naive_grouping *a, char *list)
{
	struct complaint why;

	if (a->sum)
		a->summed = add_field(n, a->sum);
	if (a->regexp) {
		a->patterns[0] = compile(a->regexp, a->ignore_case);
		if (a->regexp2)
			a->patterns[1] = compile(a->regexp2, a->ignore_case);
		if (a->key)
			a->template = template_compile(a->key, a->patterns[0], &why);
		return;
	}
	strcpy(list, a->fields ? a->fields : "url");
	for (char *name = strtok(list, ","); name; name = strtok(NULL, ","))
		a->field[a->n_fields++] = add_field(n, name);
}

/* `names` is memory for the names of each grouping's fields. */
static void naive_open(struct naive *n, char names[GROUPINGS][100])
{
	n->all = (struct naive_grouping){.ignore_case = n->ignore_case};
	memcpy(n->all.grep, n->grep, sizeof n->grep);
	memcpy(n->all.vgrep, n->vgrep, sizeof n->vgrep);
	memcpy(n->all.where, n->where, sizeof n->where);
	n->spec = (struct query_spec){
		.grep = args_of(n->words[0], n->grep),
		.vgrep = args_of(n->words[0] + WORDS, n->vgrep),
		.where = args_of(n->words[0] + 2 * WORDS, n->where),
		.ignore_case = n->ignore_case,
		.delimiter = n->delimiter ? n->delimiter : -1,
		.totals = n->totals,
		.rejects = n->rejects,
		.groupings = n->groupings,
	};
	open_filters(n, &n->all);
	do {
		struct naive_grouping *a = &n->q[n->spec.n_groupings];
		struct arg *words = n->words[1 + n->spec.n_groupings];
		struct arg *regexps = n->regexps[n->spec.n_groupings];
		struct arg *sum = &n->sums[n->spec.n_groupings];
		*sum = (struct arg){a->sum, "test"};
		regexps[0] = (struct arg){a->regexp, "test"};
		regexps[1] = (struct arg){a->regexp2, "test"};
		n->groupings[n->spec.n_groupings] = (struct grouping_spec){
			.regexps = {.at = regexps,
				.n = (size_t)(a->regexp != NULL) + (size_t)(a->regexp2 != NULL)},
			.every_match = a->every_match,
			.key = {a->key, "test"},
			.fields = {a->fields, "test"},
			.sum = {.at = sum, .n = a->sum != NULL},
			.grep = args_of(words, a->grep),
			.vgrep = args_of(words + WORDS, a->vgrep),
			.where = args_of(words + 2 * WORDS, a->where),
			.ignore_case = a->ignore_case,
		};
		open_filters(n, a);
		open_key(n, a, names[n->spec.n_groupings++]);
	} while (n->spec.n_groupings < GROUPINGS &&
		 (n->q[n->spec.n_groupings].regexp || n->q[n->spec.n_groupings].fields));
	if (n->totals) {
		n->bytes = add_field(n, "bytes");
		n->time = add_field(n, "time");
	}
	if (n->format)
		n->cutter = compile_format(n->format, &n->fields.wanted);
	n->record = (struct record){.fields = &n->fields,
		.number = 1,
		.arena = &n->arena,
		.delimiter = n->spec.delimiter,
		.slots = calloc(BASES + n->fields.wanted.names.n, sizeof(struct span)),
		.memos = calloc(n->fields.n + 1, sizeof(struct memo))};
	assert_true(n->record.slots && n->record.memos);
}

static void naive_grouping_close(struct naive_grouping *a)
{
	for (size_t i = 0; i < WORDS; i++) {
		pattern_free(a->keep[i]);
		pattern_free(a->drop[i]);
		if (a->conditions[i])
			condition_free(a->conditions[i]);
	}
	pattern_free(a->patterns[0]);
	pattern_free(a->patterns[1]);
	template_free(a->template);
}

static void naive_close(struct naive *n)
{
	naive_grouping_close(&n->all);
	for (size_t i = 0; i < n->spec.n_groupings; i++)
		naive_grouping_close(&n->q[i]);
	logformat_free(n->cutter);
	fields_free(&n->fields);
	arena_free(&n->arena);
	free(n->record.slots);
	free(n->record.memos);
}

/* What the query must find: the keys, one after the other, and where each ends. */
struct outcome {
	struct {
		char bytes[1 << 17];
		size_t len, ends[1 << 15], n;
		struct sum sums[1 << 15];
	} q[GROUPINGS];
	struct reject rejects[1 << 15];
	size_t n_rejects;
	struct verdicts verdicts;
	struct totals totals;
};

static bool filtered(const struct naive_grouping *a, struct span line)
{
	for (size_t i = 0; i < WORDS; i++) {
		if (a->keep[i] && pattern_match(a->keep[i], line) != PATTERN_YES)
			return true;
		if (a->drop[i] && pattern_match(a->drop[i], line) != PATTERN_NO)
			return true;
	}
	return false;
}

/* Find the value of a field, never taking it from a memo.  False if the line has no value. */
static bool value_of(struct naive *n, size_t field, struct span *value)
{
	memset(n->record.memos, 0, n->fields.n * sizeof *n->record.memos);
	n->record.timestamp = NULL;
	enum field_result got = record_find(&n->record, field, value);
	assert_int_not_equal(got, FIELD_FAILED);
	return got == FIELD_VALUE;
}

static bool holds(struct naive *n, const struct naive_grouping *a)
{
	for (size_t i = 0; i < WORDS && a->conditions[i]; i++) {
		struct span value;
		if (!value_of(n, a->conditions[i]->field, &value))
			value = span_of(NULL, 0);
		if (condition_holds(a->conditions[i], value) != PATTERN_YES)
			return false;
	}
	return true;
}

static void add_key(struct outcome *a, size_t i, struct span key, struct sum sum)
{
	if (key.len)
		memcpy(a->q[i].bytes + a->q[i].len, key.at, key.len);
	a->q[i].len += key.len;
	a->q[i].sums[a->q[i].n] = sum;
	a->q[i].ends[a->q[i].n++] = a->q[i].len;
}

/* Make a key of several fields: their values, with separators between them.  The values contain no
 * NUL.  False if a value is missing. */
static bool field_key(struct naive *n, const struct naive_grouping *a, char *out, struct span *key)
{
	size_t len = 0;

	for (size_t i = 0; i < a->n_fields; i++) {
		struct span value;
		if (!value_of(n, a->field[i], &value))
			return false;
		if (i) {
			memcpy(out + len, "\0\1", 2);
			len += 2;
		}
		if (value.len)
			memcpy(out + len, value.at, value.len);
		len += value.len;
	}
	*key = span_of(out, len);
	return true;
}

/* Return the key of the pattern's last match. */
static struct span pattern_key(const struct naive_grouping *a, const struct pattern *p, char *out)
{
	if (!a->template)
		return pattern_group(p, pattern_groups(p) ? 1 : 0);
	template_write(a->template, p, out);
	return span_of(out, template_len(a->template, p));
}

/* Return the pattern whose match in the line, from an offset on, begins first; without -o, the first
 * pattern that matches.  NULL if there is no match. */
static struct pattern *first_match(const struct naive_grouping *a, struct span line, size_t from)
{
	struct pattern *first = NULL;

	for (size_t i = 0; i < 2 && a->patterns[i]; i++) {
		if (pattern_match_from(a->patterns[i], line, from) != PATTERN_YES)
			continue;
		if (!first ||
			(a->every_match && pattern_start(a->patterns[i]) < pattern_start(first)))
			first = a->patterns[i];
	}
	return first;
}

static bool naive_grouping(struct naive *n, size_t i, struct outcome *to, bool *no_number)
{
	static char composed[4 * BLOCK_BYTES];
	struct naive_grouping *a = &n->q[i];
	struct span key, number, line = n->record.line;
	struct sum sum = NUMBER_NONE;
	struct pattern *match;
	bool any = false, is_no_number = false;

	if (filtered(a, line) || !holds(n, a))
		return false;
	if (a->sum && value_of(n, a->summed, &number))
		is_no_number =
			measured_read(&n->fields.at[a->summed], number, &sum) == NUMBER_NO_NUMBER;
	if (!a->patterns[0]) {
		any = field_key(n, a, composed, &key);
		if (any)
			add_key(to, i, key, sum);
	} else if (!a->every_match) {
		match = first_match(a, line, 0);
		any = match != NULL;
		if (any)
			add_key(to, i, pattern_key(a, match, composed), sum);
	} else {
		for (size_t at = 0; at < line.len && (match = first_match(a, line, at));) {
			bool empty = pattern_end(match) == pattern_start(match);
			at = pattern_end(match) + empty;
			if (!empty)
				add_key(to, i, pattern_key(a, match, composed), sum);
			any |= !empty;
		}
	}
	*no_number |= any && is_no_number;
	return any;
}

static void naive_totals(struct naive *n, struct totals *t)
{
	struct totals one = {.requests = 1};
	struct span value;

	if (value_of(n, n->bytes, &value))
		sum_read(value, &one.bytes);
	if (value_of(n, n->time, &value)) {
		memcpy(one.first, value.at, value.len);
		memcpy(one.last, value.at, value.len);
	}
	totals_add(t, &one);
}

enum fate { MATCHED, UNMATCHED, UNPARSED, FILTERED };

static enum fate naive_fate(struct naive *n, struct span line, struct outcome *a)
{
	struct cut cut = {.arena = &n->arena, .slots = n->record.slots};
	bool any = false, no_number = false;

	n->record.line = line;
	arena_reset(&n->arena);
	if (n->cutter && logformat_heading(n->cutter).len && line.len && line.at[0] == '#') {
		assert_int_equal(logformat_cut(n->cutter, line, &cut), CUT_COMMENT);
		return FILTERED;
	}
	if (filtered(&n->all, line))
		return FILTERED;
	if (n->fields.need_format && logformat_cut(n->cutter, line, &cut) != CUT_FITS)
		return UNPARSED;
	if (!holds(n, &n->all))
		return FILTERED;
	if (n->totals)
		naive_totals(n, &a->totals);
	for (size_t i = 0; i < n->spec.n_groupings; i++)
		any |= naive_grouping(n, i, a, &no_number);
	a->verdicts.not_numbers += no_number;
	return any ? MATCHED : UNMATCHED;
}

static void naive_ask(struct naive *n, struct span line, struct outcome *a)
{
	struct reject reject = {line, (uint32_t)a->verdicts.lines++};

	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	enum fate fate = naive_fate(n, line, a);
	a->verdicts.matched += fate == MATCHED;
	a->verdicts.unparsed += fate == UNPARSED;
	a->verdicts.filtered += fate == FILTERED;
	if (n->rejects && (fate == UNMATCHED || fate == UNPARSED))
		a->rejects[a->n_rejects++] = reject;
}

/* Takes keys, one by one and in any order, from those that the query has found. */
struct key_taker {
	const struct found_keys *got;
	uint64_t taken[1 << 15]; /* how often each key was taken */
	size_t next; /* where to look first, because most keys are taken in the order in which they
		      * were found */
};

/* Take a key for which the query has found this number. */
static void take_key(struct key_taker *t, struct span key, struct sum number)
{
	const struct found_keys *got = t->got;

	for (size_t tries = 0; tries < got->n; tries++) {
		size_t i = (t->next + tries) % got->n;
		if (t->taken[i] == (got->counts ? got->counts[i] : 1) ||
			!span_equal(got->keys[i], key) ||
			(got->numbers && sum_compare(got->numbers[i], number) != 0))
			continue;
		t->taken[i]++;
		t->next = i + 1;
		return;
	}
	fail_msg("no key '%.*s'", (int)key.len, key.at);
}

/* Return how many lines have a key. */
static uint64_t lines_of(const struct found_keys *got)
{
	uint64_t lines = 0;

	for (size_t i = 0; i < got->n; i++)
		lines += got->counts ? got->counts[i] : 1;
	return lines;
}

static void compare(const struct naive *n, const struct block_result *b, const struct outcome *a)
{
	assert_int_equal(b->verdicts.lines, a->verdicts.lines);
	assert_int_equal(b->verdicts.matched, a->verdicts.matched);
	assert_int_equal(b->verdicts.filtered, a->verdicts.filtered);
	assert_int_equal(b->verdicts.unparsed, a->verdicts.unparsed);
	assert_int_equal(b->verdicts.not_numbers, a->verdicts.not_numbers);
	assert_int_equal(b->verdicts.gave_up, 0);
	assert_null(b->left_out.gave_up);
	assert_int_equal(b->n_found, n->spec.n_groupings);
	for (size_t q = 0; q < n->spec.n_groupings; q++) {
		const struct found_keys *got = &b->found[q];
		assert_int_equal(lines_of(got), a->q[q].n);
		struct key_taker taker = {.got = got};
		for (size_t i = 0, from = 0; i < a->q[q].n; from = a->q[q].ends[i++])
			take_key(&taker, span_of(a->q[q].bytes + from, a->q[q].ends[i] - from),
				n->q[q].sum ? a->q[q].sums[i] : (struct sum){0});
	}
	assert_int_equal(b->n_rejects, a->n_rejects);
	for (size_t i = 0; i < a->n_rejects; i++) {
		assert_ptr_equal(b->rejects[i].line.at, a->rejects[i].line.at);
		assert_int_equal(b->rejects[i].line.len, a->rejects[i].line.len);
		assert_int_equal(b->rejects[i].number, a->rejects[i].number);
	}
	assert_memory_equal(&b->totals, &a->totals, sizeof a->totals);
}

/* A query, and a log format for it.  The naive program has another format, because formats remember
 * headings from block to block, and neither may know a heading that only the other has seen. */
struct pair {
	struct query *query;
	struct logformat *format;
	struct block_result *result;
};

static void pair_open(struct pair *p, struct naive *n, const struct scan *scan)
{
	p->query = compile_query(&n->spec, scan);
	p->result = block_result_new(p->query);
	p->format = n->format ? compile_format(n->format, &query_fields(p->query)->wanted) : NULL;
	assert_non_null(p->result);
	if (n->cutter)
		logformat_restart(n->cutter, span_of("", 0));
}

static void pair_close(struct pair *p)
{
	block_result_free(p->result);
	logformat_free(p->format);
	query_free(p->query);
}

static void check(struct pair *pair, struct naive *n, struct span block)
{
	static struct outcome a;

	for (size_t i = 0; i < GROUPINGS; i++)
		a.q[i].n = a.q[i].len = 0;
	a.n_rejects = 0;
	a.verdicts = (struct verdicts){0};
	a.totals = (struct totals){0};
	for (const char *p = block.at, *end = p + block.len; p < end;) {
		const char *newline = memchr(p, '\n', (size_t)(end - p)),
			   *to = newline ? newline : end;
		naive_ask(n, span_between(p, to), &a);
		p = newline ? newline + 1 : end;
	}
	assert_true(block_keys_find(pair->query, pair->format, block, pair->result));
	compare(n, pair->result, &a);
}

/* Queries with all kinds of patterns (with and without literals, one-pass, literals that contain a
 * line end), templates, filters, conditions, fields, columns, formats with and without marks, sums,
 * and several groupings. */
static const struct naive queries[] = {
	{.q = {{.regexp = "ab"}}},
	{.q = {{.regexp = "ab(.*)"}}},
	{.q = {{.regexp = "ab(\\d+)"}}},
	{.q = {{.regexp = "ab([^ ]+)"}}},
	{.q = {{.regexp = "ab([^ ]*) ?(-)"}}},
	{.q = {{.regexp = "a([^b]*)"}}},
	{.q = {{.regexp = "a(.+?)b"}}},
	{.q = {{.regexp = "(.)ab"}}},
	{.q = {{.regexp = "^ab"}}},
	{.q = {{.regexp = "ab$"}}},
	{.q = {{.regexp = "ab\\b"}}},
	{.q = {{.regexp = "\\bab"}}},
	{.q = {{.regexp = "a\\Kb"}}},
	{.q = {{.regexp = "(a)|(b)"}}},
	{.q = {{.regexp = "(x)?b"}}},
	{.q = {{.regexp = ""}}},
	{.q = {{.regexp = "^$"}}},
	{.q = {{.regexp = "^(.*)$"}}},
	{.q = {{.regexp = "\\r"}}},
	{.q = {{.regexp = "a\\r"}}},
	{.q = {{.regexp = "\r"}}},
	{.q = {{.regexp = "a\r"}}},
	{.q = {{.regexp = "a\r$"}}},
	{.q = {{.regexp = "a[\\r-]+(.)"}}},
	{.q = {{.regexp = "a\nb"}}},
	{.q = {{.regexp = "\n"}}},
	{.q = {{.regexp = "a[^b]b"}}},
	{.q = {{.regexp = "a\\s(b)"}}},
	{.q = {{.regexp = "AB", .ignore_case = true}}},
	{.q = {{.regexp = "a(b)(-)?", .key = "$1$$$2\\t${0}"}}},
	{.q = {{.regexp = "a([^ ]*)", .key = "<$1>"}}},
	{.q = {{.regexp = "a()", .key = "$1"}}},
	/* Every match, and several patterns. */
	{.q = {{.regexp = "ab", .every_match = true}}},
	{.q = {{.regexp = "ab(.)", .every_match = true}}},
	{.q = {{.regexp = "a([^b]*)", .every_match = true}}},
	{.q = {{.regexp = "[ab]+", .every_match = true}}},
	{.q = {{.regexp = "[^ ]+", .every_match = true}}},
	{.q = {{.regexp = "\\S+", .every_match = true}}},
	{.q = {{.regexp = "\\w{2,3}(-)?", .every_match = true}}},
	{.q = {{.regexp = "([ab]+)-", .every_match = true}}},
	{.q = {{.regexp = "b*", .every_match = true}}},
	{.q = {{.regexp = "^a|b$|\\bab", .every_match = true}}},
	{.q = {{.regexp = "(?<=a)b|-", .every_match = true}}},
	{.q = {{.regexp = "a(b)?", .key = "<$1$0>", .every_match = true}}},
	{.q = {{.regexp = "B", .ignore_case = true, .every_match = true}}, .grep = {"a"}},
	{.q = {{.regexp = "b", .every_match = true, .sum = "1"}}},
	{.q = {{.regexp = "a(b)", .regexp2 = "b"}}},
	{.q = {{.regexp = "a(b)", .regexp2 = "b", .every_match = true}}},
	{.q = {{.regexp = "b", .regexp2 = "[ab]+-?", .every_match = true}}},
	{.q = {{.regexp = "b*", .regexp2 = "a", .every_match = true}}},
	{.q = {{.regexp = "[ab]+", .every_match = true}, {.fields = "1"}}, .rejects = true},
	{.q = {{.regexp = "b"}}, .grep = {"a"}},
	{.q = {{.regexp = "b"}}, .grep = {"^a"}},
	{.q = {{.regexp = "b"}}, .grep = {"[ab]", "-"}},
	{.q = {{.regexp = "b"}}, .vgrep = {"a"}},
	{.q = {{.regexp = "b"}}, .vgrep = {"^$", "-"}},
	{.q = {{.regexp = "(b)"}}, .grep = {"a", "a b"}, .vgrep = {"-", "\\d"}},
	{.q = {{.regexp = "b"}}, .grep = {"\r"}},
	{.q = {{.regexp = "b"}}, .grep = {"a\n"}},
	{.q = {{.regexp = "B(.)", .ignore_case = true}},
		.ignore_case = true,
		.grep = {"A"},
		.vgrep = {"-"}},
	/* Filters of the grouping itself. */
	{.q = {{.regexp = "b", .grep = {"a"}}}},
	{.q = {{.regexp = "b", .vgrep = {"a"}}}, .grep = {"b"}},
	{.q = {{.regexp = "ab", .where = {"1=ab"}}}},
	/* Fields of a format that uses marks. */
	{.q = {{0}}, .format = "common"},
	{.q = {{0}}, .format = "common", .grep = {"a"}},
	{.q = {{0}}, .format = "common", .vgrep = {"b"}},
	{.q = {{.fields = "status"}}, .format = "common"},
	{.q = {{.fields = "client"}}, .format = "combined"},
	{.q = {{.fields = "agent"}}, .format = "combined"},
	{.q = {{.fields = "ext"}}, .format = "combined"},
	{.q = {{.fields = "path/fold"}}, .format = "combined"},
	{.q = {{.fields = "path/1,client/24"}}, .format = "combined"},
	{.q = {{.fields = "referrer/host/lower", .where = {"url/?a!=x", "client/8=10.0.0.0/8"}}},
		.format = "combined"},
	{.q = {{.fields = "status,url"}}, .format = "common"},
	{.q = {{.fields = "hour,client,0"}}, .format = "common"},
	{.q = {{.fields = "minute"}}, .format = "combined", .where = {"status=200"}},
	{.q = {{.fields = "url", .sum = "bytes"}}, .format = "common"},
	{.q = {{.fields = "%u", .sum = "%u"}}, .format = "common"},
	{.q = {{.fields = "url"}}, .format = "common", .rejects = true},
	{.q = {{.fields = "url"}}, .format = "common", .totals = true},
	{.q = {{.fields = "url", .where = {"status>=400", "bytes<5"}}},
		.format = "common",
		.rejects = true,
		.where = {"url~a"},
		.grep = {"a"}},
	{.q = {{.regexp = "a(b)?", .sum = "bytes"}}, .format = "combined"},
	{.q = {{.regexp = "ab"}}, .format = "common", .where = {"client!=ab"}, .rejects = true},
	{.q = {{.fields = "%{Referer}i"}}, .format = "%h \"%r\" \"%{Referer}i\""},
	/* Fields of formats that use no marks. */
	{.q = {{.fields = "url"}}, .format = "ltsv"},
	{.q = {{.fields = "status,method", .sum = "size"}}, .format = "ltsv", .rejects = true},
	{.q = {{.fields = "url"}}, .format = "json", .totals = true},
	{.q = {{.fields = "url"}}, .format = "w3c", .rejects = true},
	{.q = {{.fields = "status"}}, .format = "w3c", .grep = {"a"}},
	{.q = {{.regexp = "ab"}}, .format = "w3c", .where = {"url~/"}},
	/* Columns. */
	{.q = {{.fields = "0"}}},
	{.q = {{.fields = "1"}}},
	{.q = {{.fields = "2,1"}}, .rejects = true},
	{.q = {{.fields = "2"}}, .delimiter = '-'},
	{.q = {{.fields = "1,3", .sum = "2"}}, .delimiter = 'b', .vgrep = {"12"}},
	{.q = {{.fields = "1"}}, .where = {"2>3"}},
	{.q = {{.fields = "1"}}, .where = {"1~^a", "1!~b$"}, .rejects = true},
	{.q = {{.fields = "1", .sum = "0"}}},
	/* Several groupings. */
	{.q = {{.fields = "url"}, {.fields = "status"}, {.fields = "client"}}, .format = "common"},
	{.q = {{.regexp = "ab"}, {.regexp = "a(.)"}}},
	{.q = {{.regexp = "a(.)", .sum = "1"}, {.fields = "0"}, {.fields = "2", .sum = "2"}}},
	{.q = {{.fields = "url", .where = {"status=404"}}, {.fields = "site", .sum = "bytes"},
		 {.regexp = "b", .grep = {"a"}}},
		.format = "combined",
		.totals = true,
		.rejects = true,
		.vgrep = {"--"}},
};

#define TIME_ "[17/Jun/2007:12:00:0"

/* Make a block of log lines and of short lines that have few different bytes.  Some lines end with
 * '\r'.  Returns the length of the block. */
static size_t random_block(char *to, uint64_t *seed)
{
	static const char *const lines[] = {
		"ab - - " TIME_ "1 -0700] \"GET /a HTTP/1.1\" 200 12",
		"ab - ab " TIME_ "2 -0700] \"GET /a.b?c HTTP/1.1\" 404 3 \"http://a/\" \"b\"",
		"a - 12 " TIME_ "2 -0700] \"GET /a\\\"b HTTP/1.1\" 200 - \"\\\\\" \"\\\\\\\"\"",
		"a - a b " TIME_ "3 -0700] \"-\" 408 a - -",
		"b - - " TIME_ "4 -0700] \"GET /b a\" 200 1 \"-\" \"-\"",
		"a - - " TIME_ "5 -0700] \"GET /\" 500 18446744073709551615 \"a\" \"",
		"a \"GET /a HTTP/1.1\" \"http://ab.b/-\"",
		"host:ab\turi:/ab\tstatus:200\tsize:12\tmethod:A",
		"uri:/b\tsize:a",
		"{\"url\":\"/a\\u0062\",\"bytes\":12.5,\"time\":1182106801}",
		"{\"url\":\"/ab\"}",
		"#Fields: cs-uri sc-status",
		"#Fields: a cs-uri b",
		"/ab 200",
		"- /ab a",
		"ab",
		"ab12 -",
		"\r",
		"",
		"a\r\r",
		"aab-b",
		"  ab\t12  \"a b\"",
		"a 4.5 b",
	};
	size_t len = 0;

	for (size_t n = random_below(seed, LINES); n > 0; n--) {
		if (random_below(seed, 2) == 0) {
			const char *line = lines[random_below(seed, COUNT(lines))];
			memcpy(to + len, line, strlen(line));
			len += strlen(line);
		} else {
			size_t some = random_below(seed, 12);
			random_bytes(seed, to + len, some, span_text("aaabbb-- 12A\r\"\\"));
			len += some;
		}
		if (random_below(seed, 5) == 0)
			to[len++] = '\r';
		if (n > 1 || random_below(seed, 2))
			to[len++] = '\n';
	}
	return len;
}

TEST(random_blocks_of_all_queries_on_every_cpu)
{
	enum { ROOM = LINES * 120 };
	struct guarded g = guarded_new(ROOM);
	uint64_t seed = 1;
	char bytes[ROOM];

	for (size_t i = 0; i < COUNT(queries); i++)
		for (const struct scan *const *v = scan_all(); *v; v++) {
			struct naive n = queries[i];
			char names[GROUPINGS][100];
			struct pair pair;
			naive_open(&n, names);
			pair_open(&pair, &n, *v);
			for (int round = 0; round < 200; round++) {
				size_t len = random_block(bytes, &seed);
				check(&pair, &n, guarded_copy(&g, span_of(bytes, len)));
			}
			pair_close(&pair);
			naive_close(&n);
		}
	guarded_free(&g);
}

/* As many lines as a block can have, and one line larger than a block. */
TEST(the_largest_blocks)
{
	static char bytes[3 * BLOCK_BYTES];

	for (size_t i = 0; i < COUNT(queries); i++) {
		struct naive n = queries[i];
		char names[GROUPINGS][100];
		struct pair pair;
		naive_open(&n, names);
		pair_open(&pair, &n, *scan_all());
		for (int kind = 0; kind < 5; kind++) {
			memset(bytes, '\n', sizeof bytes);
			if (kind == 1)
				for (size_t p = 0; p < BLOCK_BYTES; p += 2)
					bytes[p] = 'a';
			if (kind >= 2)
				memset(bytes, 'x', sizeof bytes);
			memcpy(bytes + 20000, "ab-b", 4);
			if (kind == 3)
				bytes[sizeof bytes - 1] = '\n';
			if (kind == 4)
				memset(bytes, '"', BLOCK_BYTES);
			bool small = kind < 2 || kind == 4;
			check(&pair, &n, span_of(bytes, small ? BLOCK_BYTES : sizeof bytes));
		}
		pair_close(&pair);
		naive_close(&n);
	}
}

/* A log line that is longer than a block is cut like any other. */
TEST(a_long_line_of_a_format)
{
	static char line[2 * BLOCK_BYTES];
	static const char head[] = "a - - " TIME_ "1 -0700] \"GET /",
			  tail[] = " HTTP/1.1\" 200 12\n";
	struct naive n = {.q = {{.fields = "status,url"}}, .format = "common"};
	char names[GROUPINGS][100];
	struct pair pair;

	memset(line, 'x', sizeof line);
	memcpy(line, head, sizeof head - 1);
	memcpy(line + sizeof line - (sizeof tail - 1), tail, sizeof tail - 1);
	naive_open(&n, names);
	pair_open(&pair, &n, *scan_all());
	check(&pair, &n, span_of(line, sizeof line));
	assert_int_equal(pair.result->verdicts.matched, 1);
	check(&pair, &n, span_of(line, sizeof line - 1));
	assert_int_equal(pair.result->verdicts.matched, 1);
	pair_close(&pair);
	naive_close(&n);
}

/* Values that one format has left in the slots do not show up in lines of another format. */
TEST(a_batch_forgets_the_format_before)
{
	struct naive n = {.q = {{.fields = "user"}}, .format = "common"};
	char names[GROUPINGS][100];
	struct pair pair;
	static const char line[] = "a - ab " TIME_ "1 -0700] \"GET / HTTP/1.1\" 200 12\n";

	naive_open(&n, names);
	pair_open(&pair, &n, *scan_all());
	struct logformat *other = compile_format("%h %s", &query_fields(pair.query)->wanted);
	assert_true(block_keys_find(pair.query, pair.format, span_text(line), pair.result));
	assert_int_equal(pair.result->verdicts.matched, 1);
	assert_true(block_keys_find(pair.query, other, span_text("a 200\n"), pair.result));
	assert_int_equal(pair.result->verdicts.unparsed, 0);
	assert_int_equal(pair.result->verdicts.matched, 0);
	assert_true(block_keys_find(pair.query, pair.format, span_text(line), pair.result));
	assert_span_equal(pair.result->found[0].keys[0], span_text("ab"));
	logformat_free(other);
	pair_close(&pair);
	naive_close(&n);
}

/* Write log lines, each with `tail` at its end.  Some lines are not usual, some have numbers that
 * are too large, and some have a URL on which (a+)+$ gives up. */
static size_t write_lines(uint64_t *seed, char *to, size_t room, const char *tail)
{
	static const char *const urls[] = {"/", "/a.html", "/b?c=d"};
	static const char hard[] = "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";
	static const char *const bytes[] = {"-", "0", "12", "5000", "99999999999999999999"};
	static const char *const sites[] = {"-", "http://a.org/", "https://u@b.org:80/x", ""};
	size_t len = 0;

	while (len + 300 < room)
		len += (size_t)sprintf(to + len,
			"10.0.0.%u - - [%02u/Jun/200%u:1%u:0%u:0%u -0700] \"%s %s HTTP/1.1\" %u %s "
			"\"%s\" \"agent\"%s\n",
			(unsigned)random_below(seed, 3), 17 + (unsigned)random_below(seed, 2),
			(unsigned)random_below(seed, 2), (unsigned)random_below(seed, 2),
			(unsigned)random_below(seed, 2), (unsigned)random_below(seed, 2),
			random_below(seed, 9) ? "GET" : "?",
			random_below(seed, 20) ? urls[random_below(seed, COUNT(urls))] : hard,
			random_below(seed, 2) ? 200 : 404, bytes[random_below(seed, COUNT(bytes))],
			sites[random_below(seed, COUNT(sites))], tail);
	return len;
}

static void compare_results(const struct block_result *a, const struct block_result *b)
{
	assert_memory_equal(&a->verdicts, &b->verdicts, sizeof a->verdicts);
	assert_memory_equal(&a->totals, &b->totals, sizeof a->totals);
	assert_ptr_equal(a->left_out.gave_up, b->left_out.gave_up);
	assert_ptr_equal(a->left_out.too_large, b->left_out.too_large);
	for (size_t g = 0; g < b->n_found; g++) {
		struct key_taker taker = {.got = &a->found[g]};
		const struct found_keys *k = &b->found[g];
		assert_int_equal(lines_of(&a->found[g]), k->n);
		for (size_t i = 0; i < k->n; i++)
			take_key(&taker, k->keys[i], k->numbers ? k->numbers[i] : (struct sum){0});
	}
}

static bool are_equal(const struct verdicts *a, const struct verdicts *b)
{
	return a->lines == b->lines && a->matched == b->matched && a->filtered == b->filtered &&
	       a->unparsed == b->unparsed && a->gave_up == b->gave_up &&
	       a->not_numbers == b->not_numbers && a->holes == b->holes &&
	       a->bad_times == b->bad_times && a->too_large == b->too_large &&
	       a->steps == b->steps;
}

/* Compare what a query finds by columns with what it finds when it judges each line.  A query
 * judges each line if rejects are wanted. */
static void compare_with_judge(struct naive *n, struct span lines)
{
	char names[GROUPINGS][100];
	struct pair columns, judge;

	naive_open(n, names);
	pair_open(&columns, n, *scan_all());
	n->spec.rejects = true;
	pair_open(&judge, n, *scan_all());
	assert_true(block_keys_find(columns.query, columns.format, lines, columns.result));
	assert_true(block_keys_find(judge.query, judge.format, lines, judge.result));
	compare_results(columns.result, judge.result);
	pair_close(&columns);
	pair_close(&judge);
	naive_close(n);
}

TEST(columns_and_lines_agree)
{
	static const struct naive asked[] = {
		{.q = {{.fields = "hour"}, {.fields = "minute"}, {.fields = "day"}}},
		{.q = {{.fields = "time"}, {.fields = "status"}, {.fields = "site"}},
			.totals = true},
		{.q = {{.fields = "url", .where = {"url~(a+)+$"}}, {.fields = "client"}}},
		{.q = {{.fields = "url"}}, .where = {"url!~(a+)+$", "status=200"}},
		{.q = {{.fields = "url", .sum = "bytes", .where = {"status=404"}},
			 {.fields = "status"}}},
		{.q = {{.fields = "client,status", .sum = "bytes"}}, .where = {"bytes<6000"}},
		{.q = {{.fields = "ext,hour", .where = {"site=a.org"}}}},
		{.q = {{.fields = "site", .where = {"site!=-"}}}},
	};
	uint64_t seed = 1;

	for (size_t i = 0; i < 2 * COUNT(asked); i++) {
		struct naive n = asked[i / 2];
		char block[BLOCK_BYTES];
		/* All lines of the second format are cut one by one. */
		size_t len = write_lines(&seed, block, sizeof block, i % 2 ? " 5" : "");
		n.format = i % 2 ? "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %D"
				 : "combined";
		compare_with_judge(&n, span_of(block, len));
	}
}

/* A line is cut by the heading before it, not by a later one, also if its number is too large. */
TEST(a_large_number_before_another_heading)
{
	struct naive n = {.q = {{.fields = "client", .sum = "bytes"}}, .format = "w3c"};
	static const char log[] = "#Fields: c-ip sc-bytes time-taken\n"
				  "9.9.9.9 99999999999999999999999 7\n"
				  "#Fields: c-ip time-taken sc-bytes\n"
				  "1.1.1.1 1 2\n";
	char names[GROUPINGS][100];
	struct pair pair;

	naive_open(&n, names);
	pair_open(&pair, &n, *scan_all());
	assert_true(block_keys_find(pair.query, pair.format, span_text(log), pair.result));
	assert_int_equal(pair.result->verdicts.too_large, 1);
	assert_int_equal(pair.result->found[0].n, 1);
	assert_span_equal(pair.result->found[0].keys[0], span_text("1.1.1.1"));
	pair_close(&pair);
	naive_close(&n);
}

/* A heading after a hole counts for the lines after it, even if all lines but these are found by
 * columns. */
TEST(a_heading_after_a_hole)
{
	struct naive n = {.q = {{.fields = "client"}}, .format = "w3c"};
	static const char heading[] = "#Fields: c-ip time-taken\n9.9.9.9 7\n";
	static const char lines[] = "8.8.8.8 8\n"
				    "\0\0#Fields: time-taken c-ip\n"
				    "8 1.1.1.1\n";
	char names[GROUPINGS][100];
	struct pair pair;

	naive_open(&n, names);
	pair_open(&pair, &n, *scan_all());
	const struct found_keys *found = &pair.result->found[0];
	assert_true(block_keys_find(pair.query, pair.format, span_text(heading), pair.result));
	assert_int_equal(found->n, 1);
	assert_true(block_keys_find(
		pair.query, pair.format, span_of(lines, sizeof lines - 1), pair.result));
	assert_int_equal(found->n, 2);
	assert_span_equal(found->keys[0], span_text("8.8.8.8"));
	assert_span_equal(found->keys[1], span_text("1.1.1.1"));
	pair_close(&pair);
	naive_close(&n);
}

/* --- Expressions ------------------------------------------------------------------- */

/* Write a random expression to `out`. */
static size_t write_expression(uint64_t *seed, unsigned depth, char *out, size_t room)
{
	static const char *const conditions[] = {"status=404", "status in (200,500)", "path=/b",
		"path~^/(a|c)", "client in 10.0.0.0/30", "bytes>100", "bytes<=1K", "user!=-",
		"path~(a+)+$"};
	static const char *const words[] = {" and ", " or ", " && ", " || "};
	size_t n;

	if (!depth || random_below(seed, 3) == 0)
		return (size_t)snprintf(
			out, room, "%s", conditions[random_below(seed, COUNT(conditions))]);
	n = (size_t)snprintf(out, room, "%s(", random_below(seed, 3) ? "" : "not ");
	n += write_expression(seed, depth - 1, out + n, room - n);
	n += (size_t)snprintf(out + n, room - n, "%s", words[random_below(seed, COUNT(words))]);
	n += write_expression(seed, depth - 1, out + n, room - n);
	n += (size_t)snprintf(out + n, room - n, ")");
	return n;
}

static size_t write_log(uint64_t *seed, size_t lines, char *out, size_t room)
{
	static const char *const statuses[] = {"200", "404", "500", "-"};
	static const char *const paths[] = {"/a", "/b", "/c", "/aa", "/"};
	/* On this path, a pattern gives up. */
	static const char bad[] = "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";
	size_t n = 0;

	for (size_t i = 0; i < lines; i++)
		n += (size_t)snprintf(out + n, room - n,
			"10.0.0.%zu - %s " TIME_
			"1 -0700] \"GET %s HTTP/1.1\" %s %zu \"-\" \"x\"\n",
			random_below(seed, 8), random_below(seed, 4) ? "-" : "eve",
			random_below(seed, 40) ? paths[random_below(seed, COUNT(paths))] : bad,
			statuses[random_below(seed, COUNT(statuses))],
			random_below(seed, 3000) / (1 + random_below(seed, 30)));
	return n;
}

/* What a query with this condition finds.  If `rejects` is set, its lines are judged one by one. */
static struct block_result *find_where(struct query **q, struct logformat **f,
	struct query_spec *spec, bool rejects, struct span log)
{
	struct complaint why;

	spec->rejects = rejects;
	*q = query_compile(spec, *scan_all(), &why);
	if (!*q)
		fail_msg("%s", why.text);
	*f = logformat_compile("combined", &query_fields(*q)->wanted, &why);
	struct block_result *b = block_result_new(*q);
	assert_true(*f && b && block_keys_find(*q, *f, log, b));
	return b;
}

static uint64_t hash_keys(const struct found_keys *found)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < found->n; i++) {
		uint64_t hash = 5;
		for (size_t k = 0; k < found->keys[i].len; k++)
			hash = (hash + (unsigned char)found->keys[i].at[k]) *
			       UINT64_C(0x100000001b3);
		sum += hash * (found->counts ? found->counts[i] : 1);
	}
	return sum;
}

/* The same lines meet an expression, whether they are judged one by one or by columns. */
TEST(expressions_by_columns)
{
	static char log[40000];
	uint64_t seed = 11;

	for (unsigned i = 0; i < 400; i++) {
		char text[2000];
		write_expression(&seed, 1 + i % 4, text, sizeof text);
		struct span lines = span_of(
			log, write_log(&seed, 1 + random_below(&seed, 150), log, sizeof log));
		struct arg where = {text, "-w"};
		struct grouping_spec grouping = {.fields = {"client,status", "-f"}};
		struct query_spec spec = {
			.delimiter = -1, .groupings = &grouping, .n_groupings = 1};
		if (i % 2)
			spec.where = (struct args){.at = &where, .n = 1};
		else
			grouping.where = (struct args){.at = &where, .n = 1};
		struct query *q[2];
		struct logformat *f[2];
		struct block_result *b[2];
		for (int k = 0; k < 2; k++)
			b[k] = find_where(&q[k], &f[k], &spec, k == 1, lines);
		if (!are_equal(&b[0]->verdicts, &b[1]->verdicts) ||
			hash_keys(&b[0]->found[0]) != hash_keys(&b[1]->found[0]))
			fail_msg("%s: %zu and %zu keys", text, b[0]->found[0].n, b[1]->found[0].n);
		for (int k = 0; k < 2; k++) {
			block_result_free(b[k]);
			logformat_free(f[k]);
			query_free(q[k]);
		}
	}
}

/* Values are not derived from the lines of one format as if they were usual lines of another. */
TEST(columns_of_another_format)
{
	struct naive n = {.q = {{.fields = "hour"}}, .format = "combined"};
	static const char line[] =
		"a - - " TIME_ "1 -0700] \"GET / HTTP/1.1\" 200 12 \"-\" \"-\"\n"
		"a - - " TIME_ "1 -0700] \"GET / HTTP/1.1\" 200 12 \"-\" \"-\"\n";
	char names[GROUPINGS][100];
	struct pair pair;

	naive_open(&n, names);
	pair_open(&pair, &n, *scan_all());
	struct logformat *other = compile_format("ltsv", &query_fields(pair.query)->wanted);
	assert_true(block_keys_find(pair.query, pair.format, span_text(line), pair.result));
	assert_int_equal(pair.result->verdicts.matched, 2);
	assert_true(block_keys_find(pair.query, other,
		span_text("time:17/Jun/2007:12:00:01 -0700\ntime:17/Jun/2007:12:xx:01 -0700\n"),
		pair.result));
	assert_int_equal(pair.result->verdicts.matched, 1);
	logformat_free(other);
	pair_close(&pair);
	naive_close(&n);
}

static struct query *compile_one(struct grouping_spec *grouping)
{
	static struct query_spec spec;

	spec = (struct query_spec){.delimiter = -1, .groupings = grouping, .n_groupings = 1};
	return compile_query(&spec, *scan_all());
}

/* left_out.gave_up is the start of the line, even if the literal is later in the line. */
TEST(lines_given_up)
{
	static const char *const res[] = {"(a+)+$", "x(a+)+$", "-.*x(a+)+$"};
	char block[300];

	int n = snprintf(block, sizeof block, "b\n-x%0100d-b\n-xa\n-x%090d-b", 0, 0);
	for (char *p = block; *p; p++)
		*p = *p == '0' ? 'a' : *p;
	for (size_t i = 0; i < COUNT(res); i++) {
		struct grouping_spec grouping = {.regexps = ARGS({res[i], "-e"})};
		struct query *q = compile_one(&grouping);
		struct block_result *b = block_result_new(q);
		assert_non_null(b);
		assert_true(block_keys_find(q, NULL, span_of(block, (size_t)n), b));
		assert_int_equal(b->verdicts.lines, 4);
		assert_int_equal(b->verdicts.matched, 1);
		assert_int_equal(b->verdicts.gave_up, 2);
		assert_int_equal(verdicts_unmatched(&b->verdicts), 1);
		assert_ptr_equal(b->left_out.gave_up, block + 2);
		/* The next block begins anew. */
		assert_true(block_keys_find(q, NULL, span_text("b\n"), b));
		assert_int_equal(b->verdicts.gave_up, 0);
		assert_null(b->left_out.gave_up);
		block_result_free(b);
		query_free(q);
	}
}

/* If one grouping gives up on a line, the keys that other groupings have found in the line are
 * removed. */
TEST(a_line_given_up_by_one_grouping_counts_for_none)
{
	char line[200];
	struct grouping_spec groupings[] = {{.fields = {"0", "-f"}, .sum = ARGS({"0", "-s"})},
		{.regexps = ARGS({"(a+)+$", "-e"})}, {.fields = {"1", "-f"}}};
	struct query_spec spec = {
		.delimiter = -1, .groupings = groupings, .n_groupings = 3, .rejects = true};
	struct query *q = compile_query(&spec, *scan_all());
	struct block_result *b = block_result_new(q);

	memset(line, 'a', sizeof line);
	memcpy(line, "1\n", 2);
	memcpy(line + sizeof line - 5, "b\n2\n\n", 5);
	assert_true(block_keys_find(q, NULL, span_of(line, sizeof line), b));
	assert_int_equal(b->verdicts.lines, 4);
	assert_int_equal(b->verdicts.matched, 3);
	assert_int_equal(b->verdicts.gave_up, 1);
	assert_int_equal(b->verdicts.not_numbers, 0);
	assert_ptr_equal(b->left_out.gave_up, line + 2);
	assert_int_equal(b->n_rejects, 1);
	assert_ptr_equal(b->rejects[0].line.at, line + 2);
	assert_int_equal(b->rejects[0].number, 1);
	assert_int_equal(b->found[0].n, 3);
	assert_span_equal(b->found[0].keys[1], span_text("2"));
	assert_int_equal(b->found[1].n, 0);
	assert_int_equal(b->found[2].n, 2); /* an empty line has no columns */
	block_result_free(b);
	query_free(q);
}

TEST(a_number_that_is_too_large)
{
	struct grouping_spec grouping = {.fields = {"1", "-f"}, .sum = ARGS({"2", "-s"})};
	struct query *q = compile_one(&grouping);
	struct block_result *b = block_result_new(q);

	assert_int_equal(measures_bytes(query_measures(q), 0), 16);
	assert_string_equal(query_sum(q).value, "2");
	struct span block = span_text("a 1\nb 18446744073709551616\nc 1\nd -1e99\n");
	assert_true(block_keys_find(q, NULL, block, b));
	assert_int_equal(b->verdicts.gave_up, 2);
	assert_int_equal(b->verdicts.too_large, 2);
	assert_int_equal(b->verdicts.steps, 0);
	assert_ptr_equal(b->left_out.too_large, block.at + 4);
	assert_null(b->left_out.gave_up);
	assert_int_equal(b->found[0].n, 2);
	assert_span_equal(b->found[0].keys[1], span_text("c"));
	assert_true(block_keys_find(q, NULL, span_text("a 1\nb 18446744073709551615\nc x\n"), b));
	assert_int_equal(b->found[0].n, 3);
	assert_int_equal(b->verdicts.not_numbers, 1);
	block_result_free(b);
	query_free(q);
}

/* A line that is left out leaves neither keys nor pairs, whether keys are found by columns or not. */
TEST(pairs_of_a_line_that_is_left_out)
{
	static struct arg sum[] = {{"p50:2", "-s"}, {"uniq,~uniq:1", "-s"}},
			  pattern = {"[a-c]", "-e"};
	static struct grouping_spec groupings[] = {{.fields = {"1", "-f"}},
		{.regexps = {.at = &pattern, .n = 1}, .every_match = true}};

	for (int i = 0; i < 4; i++) {
		struct grouping_spec *g = &groupings[i / 2];
		g->sum = (struct args){.at = sum, .n = 2};
		struct query_spec spec = {
			.delimiter = -1, .groupings = g, .n_groupings = 1, .rejects = i % 2};
		struct query *q = compile_query(&spec, *scan_all());
		struct block_result *b = block_result_new(q);
		struct span block = span_text("a 1\nbc 18446744073709551616\nc x\nd 2\nb -\na 4\n");
		assert_true(block_keys_find(q, NULL, block, b));
		size_t keys = i < 2 ? 5 : 4; /* no pattern matches "d 2" */
		assert_int_equal(b->verdicts.too_large, 1);
		assert_int_equal(b->verdicts.not_numbers, 1);
		assert_int_equal(b->n_found, 4);
		assert_int_equal(lines_of(&b->found[0]), keys);
		assert_int_equal(lines_of(&b->found[1]), 0); /* a table makes the pairs of codes */
		assert_int_equal(lines_of(&b->found[2]), keys);
		assert_int_equal(lines_of(&b->found[3]), keys);
		assert_span_equal(b->found[2].keys[1], (struct span)BYTES("c\0\1c"));
		block_result_free(b);
		query_free(q);
	}
}

/* The first matches of the second line were found before the pattern gives up. */
TEST(pairs_of_a_line_on_which_a_pattern_gives_up)
{
	struct grouping_spec grouping = {.regexps = ARGS({"x|(a+)+$", "-e"}),
		.every_match = true,
		.sum = ARGS({"uniq:1", "-s"})};
	struct query_spec spec = {
		.delimiter = -1, .groupings = &grouping, .n_groupings = 1, .rejects = true};
	struct query *q = compile_query(&spec, *scan_all());
	struct block_result *b = block_result_new(q);
	char lines[200];

	memset(lines, 'a', sizeof lines);
	memcpy(lines, "x\nx x ", 6);
	memcpy(lines + sizeof lines - 5, "b\nx\n", 4);
	lines[sizeof lines - 1] = '\n';
	assert_true(block_keys_find(q, NULL, span_of(lines, sizeof lines), b));
	assert_int_equal(b->verdicts.gave_up, 1);
	assert_int_equal(b->found[0].n, 2);
	assert_int_equal(b->found[1].n, 2);
	block_result_free(b);
	query_free(q);
}

/* Neither the other rankings nor the totals count a line that is left out. */
TEST(a_number_that_is_too_large_for_one_grouping)
{
	static const char log[] =
		"192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] \"GET /a HTTP/1.1\" 200 5\n"
		"192.0.2.1 - - [17/Jun/2007:12:00:02 -0700] \"GET /b HTTP/1.1\" 200 "
		"99999999999999999999\n";
	struct grouping_spec groupings[] = {{.fields = {"url", "-f"}},
		{.fields = {"status", "-f"}, .sum = ARGS({"bytes", "-s"})}};

	for (size_t n = 1; n <= 2; n++) {
		struct query_spec spec = {.delimiter = -1,
			.groupings = groupings,
			.n_groupings = n,
			.totals = n == 1};
		struct query *q = compile_query(&spec, *scan_all());
		struct complaint why;
		struct logformat *f = logformat_compile("common", &query_fields(q)->wanted, &why);
		struct block_result *b = block_result_new(q);
		assert_true(block_keys_find(q, f, span_text(log), b));
		assert_int_equal(b->verdicts.matched, 1);
		assert_int_equal(b->verdicts.too_large, 1);
		assert_int_equal(b->found[0].n, 1);
		assert_int_equal(b->totals.requests, n == 1);
		if (n == 1)
			assert_string_equal(b->totals.last, "2007-06-17T12:00:01");
		block_result_free(b);
		logformat_free(f);
		query_free(q);
	}
}

/* A line without a number counts once, however many groupings find no number in it. */
TEST(not_numbers_are_lines)
{
	struct grouping_spec groupings[] = {{.fields = {"1", "-f"}, .sum = ARGS({"1", "-s"})},
		{.fields = {"2", "-f"}, .sum = ARGS({"2", "-s"})}};
	struct query_spec spec = {.delimiter = -1, .groupings = groupings, .n_groupings = 2};
	struct query *q = compile_query(&spec, *scan_all());
	struct block_result *b = block_result_new(q);

	assert_true(block_keys_find(q, NULL, span_text("a b\n1 x\nx 1\n1 2\n- -\nx\n\n"), b));
	assert_int_equal(b->verdicts.not_numbers, 4);
	assert_int_equal(b->verdicts.matched, 6);
	block_result_free(b);
	query_free(q);
}

/* A match without a key has no number that could be wrong, whatever the match before it had. */
TEST(not_numbers_of_matches_without_a_key)
{
	static struct arg pattern = {"(?<k>a)(?<v>.)|b", "-e"};
	struct grouping_spec grouping = {.fields = {"k", "-f"},
		.regexps = {.at = &pattern, .n = 1},
		.every_match = true,
		.sum = ARGS({"v", "-s"})};
	struct query *q = compile_one(&grouping);
	struct block_result *b = block_result_new(q);

	assert_true(block_keys_find(q, NULL, span_text("ax\nb a1\na2 b\nbax\n"), b));
	assert_int_equal(b->verdicts.matched, 4);
	assert_int_equal(b->verdicts.not_numbers, 2);
	block_result_free(b);
	query_free(q);
}

/* The pattern's first byte is at many places of the line, and its last byte is at none.  PCRE2
 * looks for that last byte first, and needs a millisecond. */
TEST(a_line_of_many_hits_takes_no_quadratic_time)
{
	enum { LINE = 60000 };
	struct grouping_spec grouping = {.regexps = ARGS({"Z([^b]*)b", "-e"})};
	struct query *q = compile_one(&grouping);
	struct block_result *b = block_result_new(q);
	char *line = malloc(LINE);

	assert_true(line && b);
	memset(line, 'Z', LINE);
	clock_t start = clock();
	assert_true(block_keys_find(q, NULL, span_of(line, LINE), b));
	double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	assert_int_equal(b->verdicts.lines, 1);
	assert_int_equal(b->verdicts.matched, 0);
	if (seconds > 0.2)
		fail_msg("%d bytes took %.1f s", LINE, seconds);
	free(line);
	block_result_free(b);
	query_free(q);
}

/* If another process writes newlines into a mapped file, a long line still counts as one line. */
TEST(a_long_line_that_becomes_many)
{
	static const char *const regexps[] = {"x", "(x)", "(?=x)(x)", "(x+)\\b"};
	enum { MANY = 3 * BLOCK_BYTES };
	char *block = malloc(2 * MANY);

	assert_non_null(block);
	memset(block, '\n', 2 * MANY);
	for (size_t i = 0; i < MANY; i++)
		block[2 * i] = 'x';
	for (size_t i = 0; i < COUNT(regexps); i++) {
		struct grouping_spec grouping = {.regexps = ARGS({regexps[i], "-e"})};
		struct query *q = compile_one(&grouping);
		struct block_result *b = block_result_new(q);
		assert_true(b && block_keys_find(q, NULL, span_of(block, 2 * MANY), b));
		assert_int_equal(b->verdicts.lines, 1);
		assert_int_equal(b->found[0].n, 1);
		block_result_free(b);
		query_free(q);
	}
	free(block);
}

TEST(a_delimiter_needs_columns)
{
	static const struct {
		const char *fields;
		bool ok;
	} cases[] = {{"url", false}, {"0", false}, {"url,2", true}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct grouping_spec grouping = {.fields = {cases[i].fields, "-f"}};
		struct query_spec spec = {
			.delimiter = ',', .groupings = &grouping, .n_groupings = 1};
		struct complaint why = {0};
		struct query *q = query_compile(&spec, *scan_all(), &why);
		assert_int_equal(q != NULL, cases[i].ok);
		if (!q)
			assert_non_null(strstr(why.text, "-d: no column is used"));
		query_free(q);
	}
}

/* For every mistake there is a complaint, and everything is freed. */
TEST(mistakes)
{
	static struct arg bad = {"(", "-g"}, good = {"x", "-g"}, condition = {"status<x", "-w"};
	struct grouping_spec groupings[] = {{.fields = {"url", "-f"}, .sum = ARGS({"bytes", "-s"})},
		{.regexps = ARGS({"a(b)", "-e"}), .key = {"$1", "-k"}},
		{.fields = {"client,url,client", "-f"}, .grep = {.at = &good, .n = 1}}};
	const struct {
		struct query_spec spec;
		const char *says;
	} cases[] = {
		{{.grep = {.at = &bad, .n = 1}}, "-g: missing closing parenthesis"},
		{{.grep = {.at = &good, .n = 1}, .vgrep = {.at = &bad, .n = 1}},
			"-g: missing closing parenthesis"},
		{{.grep = {.at = &good, .n = 1}, .where = {.at = &condition, .n = 1}},
			"-w: 'status<x': 'x' is not"},
		{{.grep = {.at = &good, .n = 1}, .groupings = groupings, .n_groupings = 3},
			"-f: 'client' is given twice"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct query_spec spec = cases[i].spec;
		struct complaint why = {0};
		spec.delimiter = -1;
		assert_null(query_compile(&spec, *scan_all(), &why));
		if (!strstr(why.text, cases[i].says))
			fail_msg("%s", why.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_blocks_of_all_queries_on_every_cpu),
		cmocka_unit_test(the_largest_blocks),
		cmocka_unit_test(a_long_line_of_a_format),
		cmocka_unit_test(a_batch_forgets_the_format_before),
		cmocka_unit_test(columns_and_lines_agree),
		cmocka_unit_test(a_large_number_before_another_heading),
		cmocka_unit_test(a_heading_after_a_hole),
		cmocka_unit_test(expressions_by_columns),
		cmocka_unit_test(columns_of_another_format),
		cmocka_unit_test(lines_given_up),
		cmocka_unit_test(a_line_given_up_by_one_grouping_counts_for_none),
		cmocka_unit_test(a_number_that_is_too_large),
		cmocka_unit_test(pairs_of_a_line_that_is_left_out),
		cmocka_unit_test(pairs_of_a_line_on_which_a_pattern_gives_up),
		cmocka_unit_test(a_number_that_is_too_large_for_one_grouping),
		cmocka_unit_test(not_numbers_are_lines),
		cmocka_unit_test(not_numbers_of_matches_without_a_key),
		cmocka_unit_test(a_line_of_many_hits_takes_no_quadratic_time),
		cmocka_unit_test(a_long_line_that_becomes_many),
		cmocka_unit_test(a_delimiter_needs_columns),
		cmocka_unit_test(mistakes),
	};

	return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
