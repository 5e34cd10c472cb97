/* columns.c -- fuzz a line's columns, on which reading CSV will be built.
 *
 * Input: a delimiter, or a blank for white space; a line.  With a delimiter the columns are
 * exactly the bytes between its places.  With quotes, each column lies in the line after the one
 * before it, and together with quotes and blanks they are the whole line.
 */
#include "test/fuzz/fuzz.h"

#include "formats/columns.h"

static void check_delimited(struct span line, int delimiter)
{
	struct span rest = line, value;

	for (size_t n = 1;; n++) {
		const char *to = memchr(rest.at, delimiter, rest.len);
		struct span expected = to ? span_between(rest.at, to) : rest;
		bool found = columns_nth(line, n, delimiter, &value);
		if (!found) {
			assert(!line.len);
			return;
		}
		assert(span_equal(value, expected));
		if (!to) {
			assert(!columns_nth(line, n + 1, delimiter, &value));
			return;
		}
		rest = span_from(rest, expected.len + 1);
	}
}

/* Nothing but blanks, quotes and brackets may lie between two columns. */
static void check_gap(const char *from, const char *to)
{
	assert(from <= to);
	for (; from < to; from++)
		assert(*from && strchr(" \t\"[]", *from));
}

static void check_blanks(struct span line)
{
	const char *at = line.at;
	struct span value;
	size_t n = 1;

	for (; columns_nth(line, n, -1, &value); n++) {
		check_gap(at, value.at);
		at = value.at + value.len;
		assert(at <= line.at + line.len);
	}
	check_gap(at, line.at + line.len);
	assert(!columns_nth(line, n + 1, -1, &value));
}

static void check_quoted(struct span line)
{
	struct columns c = {.rest = line};
	const char *at = line.at;
	struct span value;

	while (columns_next_quoted(&c, &value)) {
		check_gap(at, value.at);
		at = value.at + value.len;
		assert(at <= line.at + line.len);
	}
	check_gap(at, line.at + line.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1 || size > 600 || data[0] == '\n' || memchr(data, '\n', size))
		return 0;
	struct span line = fuzz_copy(span_of((const char *)data + 1, size - 1));
	if (data[0] == ' ') {
		check_blanks(line);
		check_quoted(line);
	} else {
		check_delimited(line, data[0]);
	}
	free((void *)(uintptr_t)line.at);
	return 0;
}
