/* json.c -- fuzz lines of JSON: a line fits if and only if it is one object by RFC 8259, as the
 * plain reader below has it.
 *
 * Input: one line.  wf's own rules: bytes that are not UTF-8 are let through, an object may be at
 * most DEPTH levels deep, and a name must not contain \u0000.  Before
 * the object there may be blanks and tabs only.
 */
#include "test/fuzz/fuzz.h"

#include "formats/logformat.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *names[NAMES] = {"a", "a.b", "request_time", "a.0"};
	struct wanted wanted = {.bases = UINT32_MAX, .names = {.at = names, .n = NAMES}};
	struct span line = fuzz_copy(span_of((const char *)data, size)),
		    slots[BASES + NAMES] = {{0}};
	struct arena arena = {0};
	struct cut cut = {.arena = &arena, .slots = slots};
	struct complaint c;
	struct logformat *f = logformat_compile("json", &wanted, &c);
	struct reader r = {line.at, line.at + line.len, 0, 0};

	assert(f);
	if (!memchr(line.at, '\n', line.len)) {
		while (r.p < r.end && (*r.p == ' ' || *r.p == '\t'))
			r.p++;
		bool is_object = r.p < r.end && *r.p == '{', ok = value(&r);
		blanks(&r);
		ok = ok && is_object && r.p == r.end;
		enum cut_result got = logformat_cut(f, line, &cut);
		assert(got != CUT_FAILED);
		if (r.deepest < 60) /* wf's own limit is near */
			assert((got == CUT_FITS) == ok);
		for (size_t i = 0; got == CUT_FITS && i < BASES + NAMES; i++)
			fuzz_read(slots[i]);
	}
	logformat_free(f);
	arena_free(&arena);
	free((void *)(uintptr_t)line.at);
	return 0;
}
