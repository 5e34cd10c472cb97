/* logfmt.c -- cuts lines of logfmt, as Go programs, Heroku and Rails' lograge write it:
 * time=2025-06-17T08:00:00Z level=info msg="request served" status=200.
 *
 *	line	= word *( blanks word )
 *	word	= key [ "=" value ]
 *	key	= 1*( letter / digit / one of "_.-@/:[]" / any byte from 0x80 on )
 *	value	= text in double quotes, with escapes as in Go and JSON / any bytes but blanks
 *
 * names.h says which keys are base fields.  A key alone has the value "true", but is never a base
 * field.  If two words have the same key, the first one counts.  A line fits if at most half of its
 * words are keys alone, so that a sentence with an "a=b" in it does not fit.
 *
 * Source: https://pkg.go.dev/github.com/kr/logfmt
 */
#include <stdlib.h>

#include "formats/cutter.h"
#include "formats/named_values.h"
#include "formats/quotes.h"
#include "lib/ascii.h"
#include "lib/decimal.h"
#include "lib/swar.h"
#include "lib/utf8.h"

static void *logfmt_compile(const char *text, const struct wanted *wanted, struct complaint *c)
{
	(void)text, (void)c;
	return named_values_new(wanted, NAMES_LOGFMT);
}

static void logfmt_free(void *compiled)
{
	named_values_free(compiled);
}

/* --- Words ------------------------------------------------------------------------ */

static bool is_key_byte(char c)
{
	return ascii_is_letter(c) || decimal_is_digit(c) || (unsigned char)c >= 0x80 ||
	       span_is_one_of(c, "_.-@/:[]");
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct word {
	struct span key, value; /* the value as it is in the line; .at is NULL for a key alone */
};

enum next_word { WORD, WORD_NONE, WORD_BAD };

/* Read the next word, and remove it from *rest. */
static enum next_word next_word(struct span *rest, struct word *word)
{
	const char *p = span_trim_start(*rest, " \t").at, *end = span_end(*rest), *key = p;

	if (p == end)
		return WORD_NONE;
	while (p < end && is_key_byte(*p))
		p++;
	*word = (struct word){.key = span_between(key, p)};
	if (p < end && *p == '=') {
		const char *value = ++p;
		if (p < end && *p == '"') {
			p = quotes_find(p + 1, end);
			if (!p)
				return WORD_BAD;
			p++;
		} else {
			while (p < end && !is_blank(*p))
				p++;
		}
		word->value = span_between(value, p);
	}
	if (!word->key.len || (p < end && !is_blank(*p)))
		return WORD_BAD;
	*rest = span_between(p, end);
	return WORD;
}

/* --- Values ----------------------------------------------------------------------- */

/* Return the value of n hexadecimal digits; -1 if there are not so many. */
static int64_t hex(const char *p, const char *end, int n)
{
	int64_t code = 0;

	if (end - p < n)
		return -1;
	for (int i = 0; i < n; i++) {
		int digit = ascii_hex(p[i]);
		if (digit < 0)
			return -1;
		code = 16 * code + digit;
	}
	return code;
}

/* Decode the escape sequence at `p`, after its backslash.  Returns its end.  An unknown sequence
 * stands for the byte after the backslash. */
static const char *decode_one(const char *p, const char *end, char **out)
{
	static const char letters[] = "abfnrtv", means[] = "\a\b\f\n\r\t\v";
	const char *letter = memchr(letters, *p, sizeof letters - 1);
	int digits = *p == 'x' ? 2 : *p == 'u' ? 4 : *p == 'U' ? 8 : 0;
	int64_t code = digits ? hex(p + 1, end, digits) : -1;

	if (code < 0) {
		*(*out)++ = letter ? means[letter - letters] : *p;
		return p + 1;
	}
	p += 1 + digits;
	int64_t low = code >> 10 == 0x36 && end - p >= 6 && p[0] == '\\' && p[1] == 'u'
			      ? hex(p + 2, end, 4)
			      : -1;
	if (low >> 10 == 0x37) {
		code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
		p += 6;
	}
	if (digits == 2)
		*(*out)++ = (char)code;
	else
		*out = utf8_put(
			*out, code > 0x10ffff || code >> 11 == 0x1b ? 0xfffd : (uint32_t)code);
	return p;
}

/* Return a value without its quotes, decoded.  .at is NULL if out of memory. */
static struct span plain(struct span value, struct arena *arena)
{
	if (!value.len || value.at[0] != '"')
		return value;
	value = span_of(value.at + 1, value.len - 2);
	if (!span_first(value, '\\'))
		return value;
	char *start = arena_take(arena, value.len), *out = start;
	for (const char *p = value.at, *end = span_end(value); start && p < end;) {
		if (*p != '\\')
			*out++ = *p++;
		else
			p = decode_one(p + 1, end, &out);
	}
	return start ? span_between(start, out) : span_of(NULL, 0);
}

/* --- Cutting ---------------------------------------------------------------------- */

static bool read_slot(size_t slot, struct span text, struct arena *arena, struct span *value)
{
	struct span decoded = plain(text, arena);

	*value = names_slot_value(slot, decoded);
	return decoded.at != NULL;
}

/* Add the value of a word.  False if out of memory. */
static bool add(struct named_values *values, const struct word *word, struct arena *arena)
{
	if (!named_values_find(values, word->key))
		return true;
	if (!word->value.at) {
		named_values_put_own(values, span_text("true"));
		return true;
	}
	struct span value = plain(word->value, arena);
	if (value.at)
		named_values_put(values, value);
	return value.at != NULL;
}

/* Compile the shape of a line, if that is worth it. */
static void compile_shape(struct named_values *values, struct span line)
{
	struct shapes *all = named_values_shapes(values);
	struct shape *s = shapes_begin(all);
	struct span rest = line;
	const char *from = line.at;
	struct word word;

	if (!s)
		return;
	while (next_word(&rest, &word) == WORD) {
		bool found = named_values_find(values, word.key);
		if (!word.value.at) {
			/* A key alone is part of a literal, which has no value. */
			s->failed |= found;
			continue;
		}
		named_values_add_step(values, s, span_between(from, word.value.at), found);
		from = span_end(word.value);
	}
	shape_finish(s, span_between(from, span_end(line)));
	shapes_end(all);
}

static inline const char *step_value_end(
	const struct shape_step *step, const char *p, const char *end)
{
	(void)step;
	if (p == end || *p != '"')
		return swar_blank(p, end);
	const char *to = swar_string_stop(p + 1, end);
	if (to == end || *to != '"')
		to = quotes_find(p + 1, end);
	return to ? to + 1 : NULL;
}

static const struct split_rule rule = {
	.separator = ' ', .quotes = true, .before = '=', .stop1 = '\\', .stop2 = '\t'};

static enum cut_result logfmt_cut(void *compiled, struct span line, const struct cut *cut)
{
	struct named_values *values = compiled;
	struct span texts[SHAPE_PICKS + 1], rest = line;
	struct word word;
	enum next_word next;
	size_t pairs = 0, alone = 0;

	const struct shape *shape = shapes_find_split(
		named_values_shapes(values), line, cut_readable_end(cut, line), rule, texts);
	if (!shape)
		shape = shapes_find(named_values_shapes(values), line, step_value_end, texts);
	if (shape) {
		named_values_clear(values, cut->slots);
		return shape_pick(shape, texts, read_slot, cut) ? CUT_FITS : CUT_FAILED;
	}
	if (!named_values_begin(values))
		return CUT_FAILED;
	while ((next = next_word(&rest, &word)) == WORD) {
		pairs += word.value.at != NULL;
		alone += word.value.at == NULL;
		if (!add(values, &word, cut->arena))
			return CUT_FAILED;
	}
	if (next == WORD_BAD || !pairs || pairs < alone)
		return CUT_NOT;
	named_values_store(values, cut->slots);
	compile_shape(values, line);
	return CUT_FITS;
}

static bool logfmt_tell_own(void *compiled, struct span line, const struct listener *listener)
{
	struct name_test test;
	struct word word;
	struct arena arena = {0};
	bool ok = true;

	(void)compiled;
	if (!name_test_new(&test, NAMES_LOGFMT))
		return false;
	while (ok && next_word(&line, &word) == WORD) {
		struct span value = word.value.at ? plain(word.value, &arena) : span_text("true");
		ok = value.at != NULL;
		if (ok && !(word.value.at && name_test_is_base(&test, word.key)))
			listener->tell(listener->ctx, word.key, value);
	}
	arena_free(&arena);
	name_test_free(&test);
	return ok;
}

const struct cutter logfmt_cutter = {
	.compile = logfmt_compile,
	.cut = logfmt_cut,
	.tell_own = logfmt_tell_own,
	.free = logfmt_free,
};
