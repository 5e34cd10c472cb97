/* logformat.c -- fuzz formats and their lines: the values of a line are bytes of the line or of the
 * arena.  They are the same with marks and without, and do not depend on the lines that were cut
 * before.
 *
 * Input: one byte that selects a known format or says that a format string follows; in that case, a
 * LogFormat or log_format string and a newline; then lines.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "query/record.h"
#include "scan/scan.h"

enum { MAX_FORMAT = 120, MAX_LINES = 560, NAMES = 5 };

static const char *const known[] = {"nginx_main", "vhost_combined", "combined", "common", "json",
	"ltsv", "logfmt", "w3c", "iis", "csv", "widefinder"};

enum { KNOWN = sizeof known / sizeof *known };

/* Names that only some kinds of formats know. */
static const char *const own[NAMES] = {"%{X}i", "request_time", "a.b", "x", "cs(X)"};

struct fuzzed {
	struct wanted wanted;
	const char *text;
	struct logformat *plain, *marked; /* two formats, because a format has a state: one cuts
					   * without marks, the other with marks */
	struct arena arena, other;
	struct span slots[BASES + NAMES], others[BASES + NAMES];
};

/* Read all bytes, so that a sanitizer reports a byte that can't be read. */
static void read_bytes(struct span s)
{
	volatile unsigned char all = 0;

	for (size_t i = 0; i < s.len; i++)
		all = all ^ (unsigned char)s.at[i];
}

/* Check that every byte of the value can be read.  If the arena is empty, the value must be a part
 * of the line. */
static void check_value(const struct fuzzed *f, struct span line, struct span value)
{
	bool inside = value.at >= line.at && value.at + value.len <= line.at + line.len;

	read_bytes(value);
	/* The format of the Wide Finder has constant values for some fields. */
	if (!f->arena.last && strcmp(logformat_name(f->plain), "widefinder") != 0)
		assert(inside);
	assert(value.len <= line.len || !inside);
}

/* Cut the line by a new format, which has seen no other line. */
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

/* Check that cutting all usual lines at once finds the same values as cutting each of these
 * lines. */
static void check_usual(struct fuzzed *f, const struct marked *lines)
{
	static struct span values[BASES][MAX_LINES + 2];
	uint32_t usual[MAX_LINES + 2], others[MAX_LINES + 2];
	struct usual_columns to = {
		.bases = UINT32_MAX >> (32 - BASES), .usual = usual, .others = others};

	for (int base = 0; base < BASES; base++)
		to.values[base] = values[base];
	if (!logformat_cut_usual(f->marked, lines, &to))
		return;
	assert(to.n_usual + to.n_others == lines->lines);
	for (size_t k = 0; k < to.n_usual; k++) {
		uint32_t i = usual[k];
		struct span line = cut_nth_line(lines, i);
		struct cut plain = {.arena = &f->arena, .slots = f->slots};
		memset(f->slots, 0, sizeof f->slots);
		if (line.at[line.len - 1] == '\r')
			line.len--;
		assert(logformat_cut(f->plain, line, &plain) == CUT_FITS);
		for (int base = 0; base < BASES; base++) {
			struct span a = f->slots[base], b = values[base][i];
			assert(!a.at == !b.at && (!a.at || span_equal(a, b)));
		}
	}
}

/* Find the values of all fields in the line that was cut last; its values are in f->slots. */
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
	uint32_t all[1 + MAX_LINES + 2 + SCAN_AHEAD], first[MAX_LINES + 2], *marks = all + 1;
	struct scan_marks n = scan->marks(block, marks);
	struct marked lines = {block, n.newlines, marks, true, first};

	marks[-1] = CUT_FIRST;
	if (block.len && block.at[block.len - 1] != '\n') {
		marks[n.n] = (uint32_t)block.len | SCAN_NEWLINE;
		lines.lines++;
	}
	check_usual(f, &lines);
	cut_index(&lines);
	const char *p = block.at, *end = p + block.len;
	for (size_t i = 0; p < end; i++) {
		const char *to = memchr(p, '\n', (size_t)(end - p));
		struct span line = cut_nth_line(&lines, i);
		assert(line.at == p && line.at + line.len == (to ? to : end));
		struct cut marked = {.block = block.at,
			.quotes = marks + first[i],
			.n_quotes = cut_nth_quotes(&lines, i),
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
		"hour", "ext", "site", "class", "client", "user", "0", "3", "path/fold",
		"client/24/56", "0/lower", "url/?a/decode"};
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
	/* The copy has memory of its own, so that a sanitizer sees a read past its end. */
	char *copy = malloc(rest.len);
	assert(copy);
	memcpy(copy, rest.at, rest.len);
	fuzz(format, span_of(copy, rest.len));
	free(copy);
	return 0;
}
