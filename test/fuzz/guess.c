/* guess.c -- fuzz the guess of a format from a log's first lines.
 *
 * Input: the lines.  A format is guessed only if some line fits it, or if all lines are blank;
 * the guess is the same a second time; and a complaint quotes a line.
 */
#include "test/fuzz/fuzz.h"

#include "formats/guess.h"
#include "lib/lines.h"

/* Does any of the lines that are looked at fit? */
static bool fits_any(struct logformat *f, struct span lines)
{
	struct arena arena = {0};
	struct span slots[BASES] = {{0}}, line;
	struct cut cut = {.arena = &arena, .slots = slots};
	bool any = false;

	logformat_restart(f, span_of("", 0));
	while (!any && lines_next(&lines, &line))
		any = logformat_cut(f, line, &cut) == CUT_FITS || guess_is_heading(f, line);
	arena_free(&arena);
	return any;
}

static bool is_blank(struct span lines)
{
	struct span line;

	while (lines_next(&lines, &line))
		if (!lines_is_blank(line))
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wanted wanted = {.bases = UINT32_MAX};
	struct logformat *formats[GUESS_FORMATS], *found, *again;
	struct span lines = fuzz_copy(span_of((const char *)data, size));
	struct complaint c = {.offset = 0};
	size_t n = 0;

	for (; logformat_known[n]; n++)
		assert((formats[n] = logformat_compile(logformat_known[n], &wanted, &c)));
	assert(guess_format(formats, n, lines, &found, &c));
	assert(found ? fits_any(found, lines) || is_blank(lines) : *c.text != '\0');
	assert(guess_format(formats, n, lines, &again, &c) && again == found);
	for (size_t i = 0; i < n; i++)
		logformat_free(formats[i]);
	free((void *)(uintptr_t)lines.at);
	return 0;
}
