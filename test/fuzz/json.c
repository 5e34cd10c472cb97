/* json.c -- fuzz lines of JSON: a line fits if and only if it is one object by RFC 8259, as the
 * plain reader below has it.
 *
 * Input: one line, or several.  Each line is cut twice: by a format that has cut the lines before it,
 * so that the line may have the shape of an earlier one, and by a new one.  Both must find the same
 * values.  So must a format that cuts the line in the JSON of docker.  wf's own rules: bytes that are not UTF-8 are let through, an object may be at
 * most DEPTH levels deep, and a name must not contain \u0000.  Before the object there may be blanks
 * and tabs only.
 */
#include "test/fuzz/fuzz.h"

#include <stdio.h>

#include "formats/logformat.h"
#include "lib/lines.h"

enum { NAMES = 4 };

/* --- A plain reader of RFC 8259, by recursive descent ------------------------------- */

struct reader {
	const char *p, *end;
	int depth, deepest;
};

static bool value(struct reader *r);

static void blanks(struct reader *r)
{
	while (r->p < r->end && strchr(" \t\r\n", *r->p) && *r->p)
		r->p++;
}

static bool byte(struct reader *r, char c)
{
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

static bool word(struct reader *r, const char *text)
{
	for (; *text; text++)
		if (!byte(r, *text))
			return false;
	return true;
}

static bool digits(struct reader *r)
{
	const char *from = r->p;

	while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
		r->p++;
	return r->p > from;
}

/* wf takes no integers that do not fit in 64 bits. */
static bool fits_64_bits(const char *from, const char *to, bool negative)
{
	const uint64_t most = negative ? UINT64_C(1) << 63 : UINT64_MAX;
	uint64_t n = 0;

	for (; from < to; from++)
		if (__builtin_mul_overflow(n, 10, &n) ||
			__builtin_add_overflow(n, (uint64_t)(*from - '0'), &n) || n > most)
			return false;
	return true;
}

static bool number(struct reader *r)
{
	bool negative = byte(r, '-'), whole = true;
	const char *from = r->p;

	if (!byte(r, '0') && !digits(r))
		return false;
	const char *to = r->p;
	if (byte(r, '.')) {
		whole = false;
		if (!digits(r))
			return false;
	}
	if (r->p < r->end && (*r->p == 'e' || *r->p == 'E')) {
		whole = false;
		r->p++;
		if (!byte(r, '+'))
			byte(r, '-');
		if (!digits(r))
			return false;
	}
	return !whole || fits_64_bits(from, to, negative);
}

static bool hex4(struct reader *r)
{
	for (int i = 0; i < 4; i++, r->p++)
		if (r->p == r->end || !strchr("0123456789abcdefABCDEF", *r->p) || !*r->p)
			return false;
	return true;
}

static bool string(struct reader *r, bool is_name)
{
	if (!byte(r, '"'))
		return false;
	while (r->p < r->end) {
		unsigned char c = (unsigned char)*r->p++;
		if (c == '"')
			return true;
		if (c < 0x20)
			return false;
		if (c != '\\')
			continue;
		if (byte(r, 'u')) {
			if (!hex4(r) || (is_name && memcmp(r->p - 4, "0000", 4) == 0))
				return false;
		} else if (r->p == r->end || !strchr("\"\\/bfnrt", *r->p) || !*r->p) {
			return false;
		} else {
			r->p++;
		}
	}
	return false;
}

/* An object's members or an array's elements, after its opening bracket. */
static bool members(struct reader *r, bool named, char close)
{
	blanks(r);
	if (byte(r, close))
		return true;
	do {
		blanks(r);
		if (named) {
			if (!string(r, true))
				return false;
			blanks(r);
			if (!byte(r, ':'))
				return false;
		}
		if (!value(r))
			return false;
		blanks(r);
	} while (byte(r, ','));
	return byte(r, close);
}

static bool value(struct reader *r)
{
	bool ok;

	blanks(r);
	if (r->p == r->end || ++r->depth > 500)
		return false;
	if (r->depth > r->deepest)
		r->deepest = r->depth;
	switch (*r->p) {
	case '{':
		r->p++;
		ok = members(r, true, '}');
		break;
	case '[':
		r->p++;
		ok = members(r, false, ']');
		break;
	case '"':
		ok = string(r, false);
		break;
	case 't':
		ok = word(r, "true");
		break;
	case 'f':
		ok = word(r, "false");
		break;
	case 'n':
		ok = word(r, "null");
		break;
	default:
		ok = number(r);
	}
	r->depth--;
	return ok;
}

/* --- All ---------------------------------------------------------------------------- */

enum { SLOTS = BASES + NAMES };

/* True if the line is one object. */
static bool is_object(struct span line, struct reader *r)
{
	*r = (struct reader){line.at, line.at + line.len, 0, 0};
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\t'))
		r->p++;
	bool is = r->p < r->end && *r->p == '{', ok = value(r);
	blanks(r);
	return ok && is && r->p == r->end;
}

static void check(struct logformat *used, struct span line, const struct wanted *wanted)
{
	struct span slots[SLOTS] = {{0}}, again[SLOTS] = {{0}};
	struct arena arena = {0};
	struct complaint c;
	struct reader r;
	struct logformat *unused = logformat_compile("json", wanted, &c);

	assert(unused);
	bool ok = is_object(line, &r);
	enum cut_result got =
		logformat_cut(used, line, &(struct cut){.arena = &arena, .slots = slots});
	assert(got == logformat_cut(unused, line, &(struct cut){.arena = &arena, .slots = again}));
	assert(got != CUT_FAILED);
	if (r.deepest < 60) /* wf's own limit is near */
		assert((got == CUT_FITS) == ok);
	for (size_t i = 0; got == CUT_FITS && i < SLOTS; i++) {
		fuzz_read(slots[i]);
		assert((slots[i].at != NULL) == (again[i].at != NULL));
		assert(span_equal(slots[i], again[i]));
	}
	logformat_free(unused);
	arena_free(&arena);
}

/* Write the line as the text of a JSON string in the JSON of docker. */
static struct span in_docker(struct span line, char *out)
{
	char *to = out + sprintf(out, "{\"log\":\"");

	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.at[i];
		if (c < 0x20 || c == '"' || c == '\\')
			to += sprintf(to, "\\u%04x", c);
		else
			*to++ = (char)c;
	}
	to += sprintf(to, "\\n\",\"stream\":\"stdout\"}");
	return span_between(out, to);
}

/* The line has the same values in an envelope as it has without. */
static void check_in_docker(struct logformat *docker, struct span line, const struct wanted *wanted)
{
	struct span slots[SLOTS] = {{0}}, again[SLOTS] = {{0}};
	struct arena arena = {0};
	struct complaint c;
	struct logformat *plain = logformat_compile("json", wanted, &c);
	char *text = malloc(6 * line.len + 100);

	assert(plain && text);
	struct span whole = in_docker(line, text), copy = fuzz_copy(whole);
	enum cut_result got =
		logformat_cut(plain, line, &(struct cut){.arena = &arena, .slots = slots});
	assert(got == logformat_cut(docker, copy, &(struct cut){.arena = &arena, .slots = again}));
	for (size_t i = 0; got == CUT_FITS && i < SLOTS; i++) {
		fuzz_read(again[i]);
		assert((slots[i].at != NULL) == (again[i].at != NULL));
		assert(span_equal(slots[i], again[i]));
	}
	logformat_free(plain);
	arena_free(&arena);
	free(text);
	free((void *)(uintptr_t)copy.at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *names[NAMES] = {"a", "a.b", "request_time", "a.0"};
	struct wanted wanted = {.bases = UINT32_MAX, .names = {.at = names, .n = NAMES}};
	struct span rest = span_of((const char *)data, size), line;
	struct complaint c;
	struct logformat *used = logformat_compile("json", &wanted, &c);
	struct logformat *docker = logformat_compile("docker:json", &wanted, &c);

	assert(used && docker);
	while (lines_next(&rest, &line)) {
		struct span copy = fuzz_copy(line);
		check(used, copy, &wanted);
		check_in_docker(docker, copy, &wanted);
		free((void *)(uintptr_t)copy.at);
	}
	logformat_free(used);
	logformat_free(docker);
	return 0;
}
