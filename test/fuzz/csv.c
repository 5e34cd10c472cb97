/* csv.c -- fuzz CSV and TSV: the header and the lines after it.
 *
 * Input: lines; the first one is the header.  A value lies in its line or in the arena; a line fits
 * or does not fit whatever the query needs; and a line with an open quote never fits.
 */
#include "test/fuzz/fuzz.h"

#include <stdio.h>

#include "formats/csv.h"
#include "formats/logformat.h"
#include "lib/lines.h"

enum { NAMES = 3 };

static enum cut_result cut_line(
	struct logformat *format, struct span line, struct arena *arena, struct span *slots)
{
	struct cut cut = {.arena = arena, .slots = slots};

	arena_reset(arena);
	return logformat_cut(format, line, &cut);
}

static void compare(struct logformat *all, struct logformat *few, struct span header,
	struct span line, struct arena *arena)
{
	struct span slots[BASES + NAMES] = {{0}}, others[BASES + NAMES] = {{0}};
	enum cut_result got = cut_line(all, line, arena, slots);

	assert(got != CUT_FAILED && (got != CUT_FITS || !csv_is_open(header, line)));
	for (size_t i = 0; got == CUT_FITS && i < BASES + NAMES; i++)
		fuzz_read(slots[i]);
	assert(cut_line(few, line, arena, others) == got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *names[NAMES] = {"note", "a", "Client IP"};
	const struct wanted wanted = {.bases = UINT32_MAX, .names = {.at = names, .n = NAMES}};
	const struct wanted nothing = {0};
	struct span text = fuzz_copy(span_of((const char *)data, size)), line = span_of("", 0);
	struct span rest = text;
	struct arena arena = {0};
	struct complaint c;

	lines_next(&rest, &line);
	char *name = malloc(line.len + 5);
	assert(name);
	snprintf(name, line.len + 5, "csv:%.*s", (int)line.len, line.at);
	struct logformat *all = logformat_compile(name, &wanted, &c);
	struct logformat *few = logformat_compile(name, &nothing, &c);
	assert((all != NULL) == (few != NULL));
	assert(all || !csv_is_header(line));
	/* The format's name ends at the first NUL. */
	for (struct span header = span_text(name + 4); all && lines_next(&rest, &line);)
		compare(all, few, header, line, &arena);
	logformat_free(all);
	logformat_free(few);
	arena_free(&arena);
	free(name);
	free((void *)(uintptr_t)text.at);
	return 0;
}
