/* w3c.c -- fuzz logs of the W3C's extended format: headings, comments and lines in any order.
 *
 * Input: lines.  A value lies in its line or in the arena; and a line is cut the same by a format
 * that has seen all lines before it and by one that is told the last heading only.
 */
#include "test/fuzz/fuzz.h"

#include "formats/guess.h"
#include "lib/lines.h"

enum { NAMES = 3 };

struct cutting {
	struct logformat *format;
	struct arena arena;
	struct span slots[BASES + NAMES];
};

static enum cut_result cut_line(struct cutting *c, struct span line)
{
	struct cut cut = {.arena = &c->arena, .slots = c->slots};

	memset(c->slots, 0, sizeof c->slots);
	arena_reset(&c->arena);
	return logformat_cut(c->format, line, &cut);
}

static void compare(struct cutting *all, struct cutting *one, struct span line)
{
	enum cut_result got = cut_line(all, line);

	assert(got != CUT_FAILED && cut_line(one, line) == got);
	for (size_t i = 0; got == CUT_FITS && i < BASES + NAMES; i++) {
		struct span a = all->slots[i], b = one->slots[i];
		assert(!a.at == !b.at && (!a.at || span_equal(a, b)));
		fuzz_read(a);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *names[NAMES] = {"cs(Cookie)", "x-edge-location", "time-taken"};
	struct wanted wanted = {.bases = UINT32_MAX, .names = {.at = names, .n = NAMES}};
	struct cutting all = {0}, one = {0};
	struct span text = fuzz_copy(span_of((const char *)data, size)), line;
	struct span heading = span_of("", 0);
	struct complaint c;

	all.format = logformat_compile("w3c", &wanted, &c);
	one.format = logformat_compile("w3c", &wanted, &c);
	assert(all.format && one.format);
	for (struct span rest = text; lines_next(&rest, &line);) {
		logformat_restart(one.format, heading);
		compare(&all, &one, line);
		if (guess_is_heading(all.format, line))
			heading = line;
	}
	logformat_free(all.format);
	logformat_free(one.format);
	arena_free(&all.arena);
	arena_free(&one.arena);
	free((void *)(uintptr_t)text.at);
	return 0;
}
