/* chunker.c -- fuzz the cutting: the chunks put together are the input, byte for byte,
 * each begins where a line does, and they hold the keys that the whole input does.
 *
 * Input: one byte for the chunk size, then the bytes to cut.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "chunker.h"
#include "tally.h"

static uint64_t lines_of(struct span s)
{
	uint64_t n = s.len && s.at[s.len - 1] != '\n';

	for (size_t i = 0; i < s.len; i++)
		n += s.at[i] == '\n';
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	struct chunker_spec spec = {.chunk_size = 1 + (size_t)data[0] % 64};
	/* Of its own, so that a read past its end is seen. */
	char *copy = malloc(size - 1);
	assert(copy);
	memcpy(copy, data + 1, size - 1);
	struct input input = {.name = "fuzz", .bytes = span_of(copy, size - 1), .fd = -1};
	struct inputs inputs = {.at = &input, .n = 1};
	struct question_spec line = {.regexp = {"^.*", "-e"}};
	struct query_spec every_line = {.delimiter = -1, .questions = &line, .n_questions = 1};
	struct query *query = query_compile(&every_line, *scan_all());
	struct table *table = table_new(&(struct table_spec){.seed = 1});
	struct chunker *chunker = chunker_new(&inputs, &spec);
	struct tally tally;
	struct chunk chunk;
	const char *next = copy, *gave_up = NULL;

	assert(chunker && table && tally_open(&tally, query, table));
	while (chunker_next(chunker, 1, &chunk)) {
		struct span lines = chunker_lines(chunker, &chunk);
		if (lines.len) {
			assert(lines.at == next);
			assert(next == copy || next[-1] == '\n');
			next += lines.len;
		}
		assert(tally_lines(&tally, NULL, lines, &gave_up));
	}
	assert(next == copy + size - 1);
	assert(tally.account.bytes == size - 1);
	assert(tally.account.verdicts.lines == lines_of(input.bytes));
	assert(tally.account.verdicts.matched == tally.account.verdicts.lines);

	tally_close(&tally);
	chunker_free(chunker);
	table_free(table);
	query_free(query);
	free(copy);
	return 0;
}
