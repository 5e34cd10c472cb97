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
	struct span line;              /* the line that was cut; a copy in .arena */
	struct span slots[CUTS_SLOTS]; /* its values */
	uint64_t seed;
	size_t usual; /* how many times cut_usual has cut the line */
};

/* `own` has the names of the needed fields that only this format knows, separated by blanks; NULL
 * if there are none. */
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

/* True if two values are at the same place of their lines.  Values that are not in their lines must
 * have the same bytes. */
static inline bool cuts_same(struct span x, struct span line, struct span y, struct span other)
{
	if (!x.at || !y.at)
		return !x.at && !y.at;
	bool inside = x.at >= line.at && x.at + x.len <= line.at + line.len;
	if (inside && x.len && x.at - line.at != y.at - other.at)
		return false;
	return span_equal(x, y);
}

/* Cut the line again, and compare the values with those of the first cut. */
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

/* Check that cut_usual finds the same values, or lists the line among the others.  It must also say
 * which quote is the line's first one. */
static inline void cuts_usual(struct cuts *c, enum cut_result expected, struct span line,
	const struct marked *lines, const uint32_t *first_mark)
{
	enum { LINES = CUTS_LINE + 2 * CUTS_AROUND + 2 };
	static struct span values[BASES][LINES];
	static uint32_t usual[LINES], others[LINES];
	struct usual_columns to = {
		.bases = UINT32_MAX >> (32 - BASES), .usual = usual, .others = others};
	size_t i = 0, at = 0;

	if (!line.len || line.at[line.len - 1] == '\r')
		return; /* the '\r' is part of the line's end */
	for (int base = 0; base < BASES; base++)
		to.values[base] = values[base];
	if (!logformat_cut_usual(c->format, lines, &to))
		return;
	while (cut_nth_line(lines, i).at < line.at)
		i++;
	assert_ptr_equal(lines->marks + lines->first[i], first_mark);
	assert_int_equal(to.n_usual + to.n_others, lines->lines);
	while (at < to.n_usual && usual[at] < i)
		at++;
	if (at == to.n_usual || usual[at] != i)
		return;
	c->usual++;
	for (int base = 0; base < BASES; base++)
		if (expected != CUT_FITS ||
			!cuts_same(values[base][i], line, c->slots[base], c->line))
			fail_msg("%s: '%.*s': base %d, at once", c->text, (int)line.len, line.at,
				base);
}

/* Cut the line in a block, with the block's marks. */
static inline void cuts_in_block(
	struct cuts *c, enum cut_result expected, struct span block, size_t from, size_t len)
{
	enum { ROOM = CUTS_LINE + 2 * CUTS_AROUND + 2 + SCAN_AHEAD };
	static uint32_t all[1 + ROOM], first[ROOM];
	uint32_t *marks = all + 1;
	struct span line = span_of(block.at + from, len);

	if (from == block.len)
		return; /* the block does not have this empty line */
	for (const struct scan *const *v = scan_all(); *v; v++) {
		struct scan_marks n = (*v)->marks(block, marks);
		marks[-1] = CUT_FIRST;
		if (block.len && block.at[block.len - 1] != '\n') {
			marks[n.n] = (uint32_t)block.len | SCAN_NEWLINE;
			n.newlines++;
		}
		struct marked marked = {block, n.newlines, marks, true, first};
		size_t i = 0;
		cut_index(&marked);
		while (cut_nth_line(&marked, i).at < line.at)
			i++;
		const uint32_t *of_line = marks + first[i];
		struct cut cut = {.block = block.at,
			.quotes = of_line,
			.n_quotes = cut_nth_quotes(&marked, i),
			.block_end = block.at + block.len};
		cuts_again(c, expected, line, cut, (*v)->name);
		memset(first, 0xff, sizeof first);
		cuts_usual(c, expected, line, &marked, of_line);
	}
}

/* Write random bytes as in logs that end with a newline; perhaps none.  Returns their number. */
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
	char *copy = arena_take(&c->arena, line.len + 1); /* the values point into this copy */
	memcpy(copy, line.at, line.len);
	copy[line.len] = '\0';
	c->line = span_of(copy, line.len);
	enum cut_result result = logformat_cut(c->format, c->line, &cut);

	/* Cut the line alone, at both ends of accessible memory. */
	struct span there = guarded_copy(&c->memory, line);
	cuts_again(c, result, there, (struct cut){0}, "at the end");
	there.at = memmove(c->memory.at, line.at, line.len);
	cuts_again(c, result, there, (struct cut){0}, "at the start");

	/* Cut the line in a block: with and without lines before it and after it, with and without
	 * a newline. */
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

/* Return the value of a base field, or of a field that only this format knows. */
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

/* Check the values of a line.  `expected` is "name=value|name=value"; the field of a name without
 * "=" must have no value.  If `expected` is NULL, the line must not fit the format. */
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
