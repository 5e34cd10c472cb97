/* chunker.c -- fuzz the cutting: the chunks put together are the input, byte for byte,
 * each begins where a line does, and the same is counted of them as of the whole input.
 *
 * Input: one byte for the chunk size, then the bytes to cut.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "chunker.h"
#include "count/tally.h"

static uint64_t lines_of(struct span s)
{
	uint64_t n = s.len && s.at[s.len - 1] != '\n';

	for (size_t i = 0; i < s.len; i++)
		n += s.at[i] == '\n';
	return n;
}

/* What is counted of bytes; each line is a key. */
struct counting {
	struct arg regexp;
	struct grouping_spec line;
	struct query_spec asked;
	struct query *query;
	struct table *table;
	struct tally tally;
};

static void counting_open(struct counting *c)
{
	c->regexp = (struct arg){"^.*", "-e"};
	c->line = (struct grouping_spec){.regexps = {.at = &c->regexp, .n = 1}};
	c->asked = (struct query_spec){.delimiter = -1, .groupings = &c->line, .n_groupings = 1};
	struct complaint why;
	c->query = query_compile(&c->asked, *scan_all(), &why);
	c->table = table_new(&(struct table_spec){.seed = 1});
	assert(c->query && c->table && tally_open(&c->tally, c->query, c->table));
}

static void counting_add(struct counting *c, struct span lines)
{
	struct left_out left_out = {0};

	assert(tally_lines(&c->tally, NULL, lines, &left_out));
	assert(!left_out.gave_up);
}

static void counting_close(struct counting *c)
{
	tally_close(&c->tally);
	table_free(c->table);
	query_free(c->query);
}

/* Small tables that were filled in the same order are in the same order. */
static void assert_same_keys(const struct table *a, const struct table *b)
{
	const struct entry *e = NULL, *f = NULL;

	assert(table_keys(a) == table_keys(b));
	while ((e = table_next(a, e))) {
		f = table_next(b, f);
		assert(f && e->count == f->count && e->len == f->len);
		assert(memcmp(e->key, f->key, (size_t)e->len) == 0);
	}
	assert(!table_next(b, f));
}

static void count_chunks(struct counting *c, const struct inputs *inputs, size_t chunk_size)
{
	struct chunker *chunker = chunker_new(inputs, &(struct chunker_spec){chunk_size, 0});
	const struct span all = inputs->at[0].bytes;
	const char *next = all.at;
	struct chunk chunk;

	assert(chunker);
	while (chunker_next(chunker, 1, &chunk)) {
		struct span lines = chunker_lines(chunker, &chunk);
		if (lines.len) {
			assert(lines.at == next);
			assert(next == all.at || next[-1] == '\n');
			next += lines.len;
		}
		counting_add(c, lines);
	}
	assert(next == all.at + all.len);
	chunker_free(chunker);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	/* Of its own, so that a read past its end is seen. */
	char *copy = malloc(size - 1);
	assert(copy);
	memcpy(copy, data + 1, size - 1);
	struct input input = {.name = "fuzz", .bytes = span_of(copy, size - 1), .fd = -1};
	struct inputs inputs = {.at = &input, .n = 1};
	struct counting chunks, whole;

	counting_open(&chunks);
	counting_open(&whole);
	count_chunks(&chunks, &inputs, 1 + (size_t)data[0] % 64);
	counting_add(&whole, input.bytes);

	const struct account *account = &chunks.tally.account;
	assert(account->bytes == size - 1);
	assert(account->verdicts.lines == lines_of(input.bytes));
	assert(account->verdicts.matched == account->verdicts.lines);
	assert_same_keys(chunks.table, whole.table);

	counting_close(&chunks);
	counting_close(&whole);
	free(copy);
	return 0;
}
