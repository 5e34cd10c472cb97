/* core.c -- fuzz the format that is made from a log's first lines.
 *
 * Input: the lines.  If a format is made and compiles, it cuts any line without reading outside it,
 * and the place where a line stops to fit is in the line.
 */
#include "test/fuzz/fuzz.h"

#include "formats/core.h"
#include "formats/logformat.h"
#include "lib/lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wanted wanted = {.bases = UINT32_MAX};
	struct span lines = fuzz_copy(span_of((const char *)data, size)), rest = lines, line;
	struct span slots[BASES] = {{0}};
	struct arena arena = {0};
	struct cut cut = {.arena = &arena, .slots = slots};
	struct complaint c;
	char *text = core_describe(lines, &c);
	struct logformat *f = text ? logformat_compile(text, &wanted, &c) : NULL;

	while (f && lines_next(&rest, &line))
		if (logformat_cut(f, line, &cut) == CUT_NOT)
			assert(logformat_stop(f, line) <= line.len);
	logformat_free(f);
	free(text);
	arena_free(&arena);
	free((void *)(uintptr_t)lines.at);
	return 0;
}
