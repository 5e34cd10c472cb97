/* query.c -- fuzz whole queries, from the text of their properties to the keys of a block.
 *
 * Input: lines NAME=VALUE, where NAME is a property of query/spec.c; an empty line; log lines.
 * "section=" begins another ranking.  Either the query is refused with a complaint, or it finds the
 * same keys, sums, verdicts and totals in a block of lines as it finds when it judges each line by
 * itself.
 */
#include "test/fuzz/fuzz.h"

#include "lib/lines.h"
#include "formats/logformat.h"
#include "query/block_keys.h"

enum { MAX_SECTIONS = 4, MAX_LIST = 3, MAX_VALUE = 120, MAX_STRINGS = 64 };

struct input {
	struct query_spec spec;
	struct grouping_spec groupings[MAX_SECTIONS];
	char *strings[MAX_STRINGS];
	size_t n_strings;
};

/* Read one line of the query.  A line that sets no property is skipped. */
static void read_property(struct input *in, struct span line)
{
	const char *equals = memchr(line.at, '=', line.len);

	if (!equals || line.len > MAX_VALUE || in->n_strings + 2 > MAX_STRINGS)
		return;
	char *name = fuzz_string(span_between(line.at, equals));
	char *value = fuzz_string(span_between(equals + 1, line.at + line.len));
	in->strings[in->n_strings++] = name;
	in->strings[in->n_strings++] = value;
	struct query_spec *q = &in->spec;
	if (strcmp(name, "section") == 0 && q->n_groupings < MAX_SECTIONS) {
		q->groupings[q->n_groupings++] = (struct grouping_spec){.name = value};
		return;
	}
	const struct property *p = property_find(SCOPE_GROUPING, name);
	void *spec = &q->groupings[q->n_groupings - 1];
	if (!p || p->kind == PROPERTY_NAME) {
		p = property_find(SCOPE_QUERY, name);
		spec = q;
	}
	if (p && *value && p->kind != PROPERTY_NAME && property_count(p, spec) < MAX_LIST)
		assert(property_set(p, spec, (struct arg){value, name}));
}

/* Read the lines of the query.  Returns the log lines that follow. */
static struct span read_spec(struct input *in, struct span rest)
{
	struct span line;

	in->spec =
		(struct query_spec){.delimiter = -1, .groupings = in->groupings, .n_groupings = 1};
	while (lines_next(&rest, &line) && line.len)
		read_property(in, line);
	return rest;
}

static void free_input(struct input *in)
{
	struct query_spec copy = in->spec;

	/* query_spec_free() frees the array, too. */
	copy.groupings = malloc(sizeof in->groupings);
	assert(copy.groupings);
	memcpy(copy.groupings, in->groupings, sizeof in->groupings);
	query_spec_free(&copy);
	for (size_t i = 0; i < in->n_strings; i++)
		free(in->strings[i]);
}

/* The total of what a query has found in several blocks.  .hash does not depend on the order of the
 * keys. */
struct answer {
	struct verdicts verdicts;
	uint64_t keys, hash;
	struct sum sum;
	struct totals totals;
	bool failed;
};

static void add_keys(struct answer *a, size_t grouping, const struct found_keys *k)
{
	for (size_t i = 0; i < k->n; i++) {
		struct span key = k->keys[i];
		uint64_t hash = 14695981039346656037u + grouping; /* FNV-1a */
		for (size_t at = 0; at < key.len; at++)
			hash = (hash ^ (unsigned char)key.at[at]) * 1099511628211u;
		uint64_t count = k->counts ? k->counts[i] : 1;
		a->keys += count;
		a->hash += count * hash;
		for (size_t n = 0; n < k->n_numbers; n++)
			sum_add(&a->sum, k->numbers[i * k->n_numbers + n]);
	}
}

static void add_block(struct answer *a, struct query *q, struct logformat *f, struct span block,
	struct block_result *b)
{
	if (a->failed || !block.len)
		return;
	if (!block_keys_find(q, f, block, b)) {
		a->failed = true;
		return;
	}
	struct account all = {.verdicts = a->verdicts, .totals = a->totals};
	struct account more = {.verdicts = b->verdicts, .totals = b->totals};
	account_add(&all, &more);
	a->verdicts = all.verdicts;
	a->totals = all.totals;
	for (size_t i = 0; i < b->n_found; i++)
		add_keys(a, i, &b->found[i]);
}

static struct span whole_line(struct span *rest)
{
	const char *newline = memchr(rest->at, '\n', rest->len);
	struct span line = newline ? span_between(rest->at, newline + 1) : *rest;

	*rest = span_from(*rest, line.len);
	return line;
}

/* Compare what a query finds in all lines together with what `judge`, the same query, finds in each
 * line. */
static void compare(struct query *q, struct query *judge, struct logformat *f[2], struct span lines)
{
	struct answer together = {0}, apart = {0};
	struct block_result *b = block_result_new(q), *line = block_result_new(judge);

	assert(b && line);
	add_block(&together, q, f[0], lines, b);
	for (struct span rest = lines; rest.len;)
		add_block(&apart, judge, f[1], whole_line(&rest), line);
	block_result_free(b);
	block_result_free(line);
	/* PCRE2 may give up on a line or not, depending on the place where it begins to match.  The
	 * two ways may begin at different places. */
	if (together.verdicts.gave_up != together.verdicts.too_large || apart.verdicts.steps)
		return;
	assert(together.failed == apart.failed);
	if (together.failed)
		return;
	assert(together.verdicts.lines == apart.verdicts.lines || !query_counts_lines(q));
	assert(together.verdicts.matched == apart.verdicts.matched);
	assert(together.verdicts.filtered == apart.verdicts.filtered || !query_counts_lines(q));
	assert(together.verdicts.unparsed == apart.verdicts.unparsed);
	assert(together.verdicts.too_large == apart.verdicts.too_large);
	assert(together.verdicts.not_numbers == apart.verdicts.not_numbers);
	assert(together.keys == apart.keys && together.hash == apart.hash);
	assert(sum_compare(together.sum, apart.sum) == 0);
	assert(together.totals.requests == apart.totals.requests);
	assert(sum_compare(together.totals.bytes, apart.totals.bytes) == 0);
	assert(memcmp(together.totals.first, apart.totals.first, 19) == 0);
	assert(memcmp(together.totals.last, apart.totals.last, 19) == 0);
}

static void find_keys(struct query *q, struct query *judge, const char *format, struct span lines)
{
	struct complaint c;
	struct logformat *f[2] = {NULL, NULL};

	if (query_needs_format(q)) {
		f[0] = logformat_compile(format, &query_fields(q)->wanted, &c);
		f[1] = logformat_compile(format, &query_fields(judge)->wanted, &c);
		assert(!f[0] == !f[1]);
		if (!f[0]) {
			assert(*c.text);
			return;
		}
	}
	compare(q, judge, f, lines);
	for (size_t i = 0; f[0] && i < 2; i++)
		logformat_free(f[i]);
}

/* Return the functions for one of the kinds of CPU.  Different numbers select different kinds. */
static const struct scan *any_scan(size_t number)
{
	size_t n = 0;

	while (scan_all()[n])
		n++;
	return scan_all()[number % n];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {0};
	struct complaint c = {.offset = 0};
	struct span lines = read_spec(&in, span_of((const char *)data, size));

	in.spec.totals = in.spec.missing_fields_ok = size % 2;
	if (lines.len <= BLOCK_BYTES) {
		struct span copy = fuzz_copy(lines);
		const char *format = in.spec.log_format.value;
		struct query_spec by_line = in.spec;
		by_line.rejects = true; /* then no line may be skipped by a search */
		struct query *q = query_compile(&in.spec, any_scan(size), &c);
		struct query *judge = query_compile(&by_line, any_scan(size), &c);
		assert(!q == !judge);
		if (q)
			find_keys(q, judge,
				format && strcmp(format, "auto") != 0 ? format : "combined", copy);
		else
			assert(*c.text);
		query_free(q);
		query_free(judge);
		free((void *)(uintptr_t)copy.at);
	}
	free_input(&in);
	return 0;
}
