/* cuts.h -- cut lines by a format in all ways that must give the same result: at the start and at
 * the end of accessible memory, with the marks of every CPU variant and without, and with any other
 * lines around them in a block. */
#ifndef TEST_UNIT_CUTS_H
#define TEST_UNIT_CUTS_H

#include "unit.h"

#include <stdio.h>

#include "scan/scan.h"
#include "formats/logformat.h"

enum { CUTS_SLOTS = BASES + 16, CUTS_LINE = 1500, CUTS_AROUND = 200 };

struct cuts {
	const char *text;
	struct wanted wanted;
	struct logformat *format;
	struct guarded memory;
	struct arena arena, other_arena;
	struct span line;              /* the line that was cut, in memory */
	struct span slots[CUTS_SLOTS]; /* its values */
	uint64_t seed;
	size_t usual; /* values that cut_usual has found */
};

/* own: names of the format's own fields that are needed, separated by blanks; or NULL. */
static inline void cuts_open(struct cuts *c, const char *text, const char *own)
{
	struct complaint why = {0};

	*c = (struct cuts){.text = text, .wanted = {.bases = UINT32_MAX}, .seed = 1};
	c->memory = guarded_new(1);
	char *names = strdup(own ? own : ""), *rest;
	for (char *name = strtok_r(names, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
		assert_true(strlist_add(&c->wanted.names, strdup(name)));
	free(names);
	assert_true(c->wanted.names.n <= CUTS_SLOTS - BASES);
	c->format = logformat_compile(text, &c->wanted, &why);
	if (!c->format)
		fail_msg("%s: %s", text, why.text);
}

static inline void cuts_close(struct cuts *c)
{
	logformat_free(c->format);
	for (size_t i = 0; i < c->wanted.names.n; i++)
		free((char *)(uintptr_t)c->wanted.names.at[i]);
	strlist_free(&c->wanted.names);
	arena_free(&c->arena);
	arena_free(&c->other_arena);
	guarded_free(&c->memory);
}

/* True if two values are at the same place of the line; or, if they are elsewhere, have the same
 * bytes. */
static inline bool cuts_same(struct span x, struct span line, struct span y, struct span other)
{
	if (!x.at || !y.at)
		return !x.at && !y.at;
	bool inside = x.at >= line.at && x.at + x.len <= line.at + line.len;
	if (inside && x.len && x.at - line.at != y.at - other.at)
		return false;
	return span_equal(x, y);
}

/* Cut the line again, and compare. */
static inline void cuts_again(
	struct cuts *c, enum cut_result expected, struct span line, struct cut cut, const char *how)
{
	struct span slots[CUTS_SLOTS] = {0};

	cut.slots = slots;
	cut.arena = &c->other_arena;
	arena_reset(&c->other_arena);
	enum cut_result got = logformat_cut(c->format, line, &cut);
	if (got != expected)
		fail_msg("%s: '%.*s': %s: %d, not %d", c->text, (int)line.len, line.at, how, got,
			expected);
	for (size_t i = 0; got == CUT_FITS && i < logformat_slots(c->format); i++)
		if (!cuts_same(slots[i], line, c->slots[i], c->line))
			fail_msg("%s: '%.*s': %s: slot %zu", c->text, (int)line.len, line.at, how,
				i);
}

/* cut_usual must find the same value, or none; and tell where the line's quotes begin. */
static inline void cuts_usual(struct cuts *c, enum cut_result expected, struct span line,
	const struct marked *lines, size_t first_quote)
{
	static struct span values[CUTS_LINE + 2 * CUTS_AROUND + 2];
	static uint32_t firsts[CUTS_LINE + 2 * CUTS_AROUND + 2];

	if (!line.len || line.at[line.len - 1] == '\r')
		return; /* the '\r' is part of the line's end */
	for (int base = 0; base < BASES; base++) {
		if (!logformat_cut_usual(c->format, lines, (enum base)base, values, firsts))
			continue;
		size_t i = 0;
		while (lines->block.at + lines->newlines[i] < line.at + line.len)
			i++;
		assert_int_equal(firsts[i], first_quote);
		c->usual += values[i].at != NULL;
		if (values[i].at && (expected != CUT_FITS ||
					    !cuts_same(values[i], line, c->slots[base], c->line)))
			fail_msg("%s: '%.*s': base %d, at once", c->text, (int)line.len, line.at,
				base);
	}
}

/* Cut the line in a block, with the block's marks. */
static inline void cuts_in_block(
	struct cuts *c, enum cut_result expected, struct span block, size_t from, size_t len)
{
	enum { ROOM = CUTS_LINE + 2 * CUTS_AROUND + 2 + SCAN_AHEAD };
	static uint32_t newlines[ROOM], quotes[ROOM];
	struct span line = span_of(block.at + from, len);

	for (const struct scan *const *v = scan_all(); *v; v++) {
		struct scan_marks n = (*v)->marks(block, newlines, quotes);
		if (block.len && block.at[block.len - 1] != '\n')
			newlines[n.newlines++] = (uint32_t)block.len;
		for (size_t i = 0; i < CUT_QUOTES; i++)
			quotes[n.quotes + i] = (uint32_t)block.len;
		size_t first = 0, of_line = 0;
		while (quotes[first] < from)
			first++;
		while (quotes[first + of_line] < from + len)
			of_line++;
		struct cut cut = {.block = block.at,
			.quotes = quotes + first,
			.n_quotes = of_line,
			.block_end = block.at + block.len};
		cuts_again(c, expected, line, cut, (*v)->name);
		struct marked marked = {block, newlines, n.newlines, quotes};
		cuts_usual(c, expected, line, &marked, first);
	}
}

/* Some bytes as in logs, up to a newline. */
static inline size_t cuts_noise(struct cuts *c, char *to, size_t most)
{
	size_t n = random_below(&c->seed, most);

	random_bytes(&c->seed, to, n, span_text("a\"\\\\ ]-1\n"));
	if (n)
		to[n - 1] = '\n';
	return n;
}

/* Cut a line, which must not contain '\n'. */
static inline enum cut_result cuts_cut(struct cuts *c, struct span line)
{
	char bytes[CUTS_LINE + 2 * CUTS_AROUND];
	struct cut cut = {.slots = c->slots, .arena = &c->arena};

	assert_true(line.len < CUTS_LINE - 4 && !memchr(line.at, '\n', line.len));
	memset(c->slots, 0, sizeof c->slots);
	arena_reset(&c->arena);
	char *copy = arena_take(&c->arena, line.len + 1); /* the values point into it */
	memcpy(copy, line.at, line.len);
	copy[line.len] = '\0';
	c->line = span_of(copy, line.len);
	enum cut_result result = logformat_cut(c->format, c->line, &cut);

	/* Alone, at both ends of accessible memory. */
	struct span there = guarded_copy(&c->memory, line);
	cuts_again(c, result, there, (struct cut){0}, "at the end");
	there.at = memmove(c->memory.at, line.at, line.len);
	cuts_again(c, result, there, (struct cut){0}, "at the start");

	/* In a block: first or not, last or not, with a newline or without. */
	static const char *const ends[] = {"", "\n", "\r\n", "\r"};
	for (size_t i = 0; i < COUNT(ends); i++) {
		size_t from = cuts_noise(c, bytes, i % 2 ? CUTS_AROUND : 3);
		memcpy(bytes + from, line.at, line.len);
		size_t len = from + line.len + strlen(ends[i]);
		memcpy(bytes + from + line.len, ends[i], strlen(ends[i]));
		if (strchr(ends[i], '\n'))
			len += cuts_noise(
				c, bytes + len, random_below(&c->seed, 2) ? 12 : CUTS_AROUND);
		struct span block = guarded_copy(&c->memory, span_of(bytes, len));
		cuts_in_block(c, result, block, from, line.len);
		block.at = memmove(c->memory.at, block.at, block.len);
		cuts_in_block(c, result, block, from, line.len);
	}
	return result;
}

/* The value of a base, or of a field of the format's own. */
static inline struct span cuts_value(const struct cuts *c, const char *name)
{
	for (size_t i = 0; i < c->wanted.names.n; i++)
		if (strcmp(c->wanted.names.at[i], name) == 0)
			return c->slots[BASES + i];
	for (size_t i = 0; i < BASES; i++)
		if (strcmp(base_names[i], name) == 0)
			return c->slots[i];
	fail_msg("%s: nobody asks for it", name);
	return span_of(NULL, 0);
}

/* Check the values of a line: "name=value|name=value"; a name without "=" must have no value. NULL:
 * the line must not fit. */
static inline void cuts_expect(struct cuts *c, struct span line, const char *expected)
{
	char text[CUTS_LINE];
	enum cut_result result = cuts_cut(c, line);

	if ((result == CUT_FITS) != (expected != NULL))
		fail_msg("%s: '%.*s': %s", c->text, (int)line.len, line.at,
			expected ? "does not fit" : "fits");
	if (!expected)
		return;
	strcpy(text, expected);
	for (char *p = text, *next; p; p = next) {
		next = strchr(p, '|');
		if (next)
			*next++ = '\0';
		if (!*p)
			continue;
		char *equals = strchr(p, '=');
		if (equals)
			*equals++ = '\0';
		struct span got = cuts_value(c, p);
		if ((got.at != NULL) != (equals != NULL) ||
			(equals && !span_equal(got, span_text(equals))))
			fail_msg("%s: '%.*s': %s is '%.*s'%s", c->text, (int)line.len, line.at, p,
				(int)got.len, got.at, got.at ? "" : ", no value");
	}
}

#endif
