/* logformat.c -- fuzz formats and their lines: what a line is cut into lies in the line or in
 * the arena, and is the same with marks and without, whatever was cut before.
 *
 * Input: one byte that says which format; for the first ones a LogFormat or log_format string
 * up to a newline; then lines.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "query/record.h"
#include "scan/scan.h"

enum { MAX_FORMAT = 120, MAX_LINES = 560, NAMES = 5 };

static const char *const known[] = {
	"nginx_main", "vhost_combined", "combined", "common", "json", "ltsv", "w3c", "widefinder"};

enum { KNOWN = sizeof known / sizeof *known };

/* Own names of all kinds of formats. */
static const char *const own[NAMES] = {"%{X}i", "request_time", "a.b", "x", "cs(X)"};

struct fuzzed {
	struct wanted wanted;
	const char *text;
	struct logformat *plain, *marked; /* one for each way: they have states */
	struct arena arena, other;
	struct span slots[BASES + NAMES], others[BASES + NAMES];
};

/* A byte that can't be read is a fault. */
static void read_bytes(struct span s)
{
	volatile unsigned char all = 0;

	for (size_t i = 0; i < s.len; i++)
		all = all ^ (unsigned char)s.at[i];
}

/* Every byte of it can be read; where there is nothing in the arena it is part of the line. */
static void check_value(const struct fuzzed *f, struct span line, struct span value)
{
	bool inside = value.at >= line.at && value.at + value.len <= line.at + line.len;

	read_bytes(value);
	/* Wide Finder knows some values by itself. */
	if (!f->arena.last && strcmp(logformat_name(f->plain), "widefinder") != 0)
		assert(inside);
	assert(value.len <= line.len || !inside);
}

/* By a format that has seen no line before. */
static enum cut_result cut_anew(const struct fuzzed *f, struct span line)
{
	struct span slots[BASES + NAMES] = {{0}};
	struct arena arena = {0};
	struct cut cut = {.arena = &arena, .slots = slots};
	struct complaint why;
	struct logformat *format = logformat_compile(f->text, &f->wanted, &why);

	assert(format);
	enum cut_result got = logformat_cut(format, line, &cut);
	logformat_free(format);
	arena_free(&arena);
	return got;
}

static void check_line(struct fuzzed *f, struct span line, struct cut marked)
{
	struct cut plain = {.arena = &f->arena, .slots = f->slots};

	memset(f->slots, 0, sizeof f->slots);
	memset(f->others, 0, sizeof f->others);
	arena_free(&f->arena);
	arena_free(&f->other);
	marked.arena = &f->other;
	marked.slots = f->others;
	enum cut_result got = logformat_cut(f->plain, line, &plain);
	assert(got != CUT_FAILED);
	assert(logformat_cut(f->marked, line, &marked) == got);
	assert(logformat_heading(f->plain).len || cut_anew(f, line) == got);
	for (size_t i = 0; got == CUT_FITS && i < BASES + NAMES; i++) {
		struct span a = f->slots[i], b = f->others[i];
		assert(!a.at == !b.at && (!a.at || span_equal(a, b)));
		if (a.at)
			check_value(f, line, a);
	}
}

/* What is found in the usual lines at once is found in each of them. */
static void check_usual(struct fuzzed *f, const struct marked *lines)
{
	struct span values[MAX_LINES + 1];
	uint32_t firsts[MAX_LINES + 1];

	for (int base = 0; base < BASES; base++) {
		if (!logformat_cut_usual(f->marked, lines, (enum base)base, values, firsts))
			continue;
		uint32_t from = 0;
		for (size_t i = 0; i < lines->lines; from = lines->newlines[i++] + 1) {
			struct span line =
				span_of(lines->block.at + from, lines->newlines[i] - from);
			struct cut plain = {.arena = &f->arena, .slots = f->slots};
			if (!values[i].at)
				continue;
			if (line.at[line.len - 1] == '\r')
				line.len--;
			assert(logformat_cut(f->plain, line, &plain) == CUT_FITS);
			assert(span_equal(f->slots[base], values[i]));
		}
	}
}

/* All fields of the line that was cut last, from the copy's slots. */
static void ask_fields(struct fuzzed *f, struct fields *fields, struct span line)
{
	struct memo memos[40] = {{0}};
	struct record r = {.fields = fields,
		.line = line,
		.number = 1,
		.slots = f->slots,
		.memos = memos,
		.arena = &f->arena,
		.delimiter = -1};

	for (size_t i = 0; i < fields->n; i++) {
		struct span value;
		if (record_value(&r, i, &value) == FIELD_VALUE)
			read_bytes(value);
	}
}

static void check_block(
	struct fuzzed *f, struct fields *fields, struct span block, const struct scan *scan)
{
	uint32_t newlines[MAX_LINES + 2 + SCAN_AHEAD], marks[MAX_LINES + 2 + SCAN_AHEAD];
	struct scan_marks n = scan->marks(block, newlines, marks);
	size_t first = 0;

	for (size_t i = 0; i < CUT_QUOTES; i++)
		marks[n.quotes + i] = (uint32_t)block.len;
	if (block.len && block.at[block.len - 1] != '\n')
		newlines[n.newlines++] = (uint32_t)block.len;
	check_usual(f, &(struct marked){block, newlines, n.newlines, marks});
	for (const char *p = block.at, *end = p + block.len; p < end;) {
		const char *to = memchr(p, '\n', (size_t)(end - p));
		struct span line = span_between(p, to ? to : end);
		while (marks[first] < (size_t)(p - block.at))
			first++;
		size_t quotes = 0;
		while (marks[first + quotes] < (size_t)(line.at + line.len - block.at))
			quotes++;
		struct cut marked = {.block = block.at,
			.quotes = marks + first,
			.n_quotes = quotes,
			.block_end = end};
		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		check_line(f, line, marked);
		ask_fields(f, fields, line);
		p = to ? to + 1 : end;
	}
}

static void fuzz(const char *format, struct span block)
{
	struct fuzzed f = {.wanted = {.bases = UINT32_MAX}, .text = format};
	struct fields fields = {0};
	struct complaint why;
	size_t index;

	for (size_t i = 0; i < NAMES; i++)
		assert(fields_add(&fields, (struct arg){own[i], "-f"}, &index, &why));
	static const char *const names[] = {"url", "path", "query", "method", "proto", "time",
		"hour", "ext", "site", "class", "client", "user", "0", "3"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert(fields_add(&fields, (struct arg){names[i], "-f"}, &index, &why));
	f.wanted.names = fields.wanted.names;
	f.plain = logformat_compile(format, &f.wanted, &why);
	if (f.plain) {
		f.marked = logformat_compile(format, &f.wanted, &why);
		assert(f.marked && logformat_slots(f.plain) == BASES + NAMES);
		for (const struct scan *const *scan = scan_all(); *scan; scan++)
			check_block(&f, &fields, block, *scan);
	} else {
		assert(memchr(why.text, '\0', sizeof why.text));
		assert(why.offset == SIZE_MAX || why.offset <= strlen(format));
	}
	logformat_free(f.plain);
	logformat_free(f.marked);
	arena_free(&f.arena);
	arena_free(&f.other);
	fields_free(&fields);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	struct span rest = span_of((const char *)data + 1, size - 1);
	char format[MAX_FORMAT + 1] = "";
	unsigned which = data[0] % (2 * KNOWN);

	if (which < KNOWN) {
		strcpy(format, known[which]);
	} else {
		const char *newline = memchr(rest.at, '\n', rest.len);
		if (!newline || newline - rest.at > MAX_FORMAT)
			return 0;
		memcpy(format, rest.at, (size_t)(newline - rest.at));
		rest = span_between(newline + 1, rest.at + rest.len);
	}
	if (!rest.len || rest.len > MAX_LINES)
		return 0;
	/* Of its own, so that a read past its end is seen. */
	char *copy = malloc(rest.len);
	assert(copy);
	memcpy(copy, rest.at, rest.len);
	fuzz(format, span_of(copy, rest.len));
	free(copy);
	return 0;
}
