#include "formats/json_reader.h"

#include "lib/ascii.h"
#include "lib/decimal.h"
#include "lib/swar.h"
#include "lib/utf8.h"

static const char *blanks_end(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

/* --- Checking --------------------------------------------------------------------- */

/* Return the value of four hexadecimal digits; -1 if they are not hexadecimal digits. */
static int32_t hex4(const char *p)
{
	int32_t code = 0;

	for (int i = 0; i < 4; i++) {
		int digit = ascii_hex(p[i]);
		if (digit < 0)
			return -1;
		code = 16 * code + digit;
	}
	return code;
}

/* Return the end of the string that begins at `p`; NULL if it is not valid.  *nul becomes true if
 * the string contains \u0000. */
static const char *string_end(const char *p, const char *end, bool *nul)
{
	for (p++; (p = swar_string_stop(p, end)) < end && *p != '"'; p++) {
		if ((unsigned char)*p < 0x20)
			return NULL;
		if (++p < end && *p == 'u') {
			int32_t code = end - p > 4 ? hex4(p + 1) : -1;
			if (code < 0)
				return NULL;
			*nul |= code == 0;
			p += 4;
		} else if (p == end || !memchr("\"\\/bfnrt", *p, 8)) {
			return NULL;
		}
	}
	return p < end ? p + 1 : NULL;
}

static bool fits_64_bits(struct span digits, bool negative)
{
	struct span most = span_text(negative ? "9223372036854775808" : "18446744073709551615");

	return digits.len < most.len || (digits.len == most.len && span_compare(digits, most) <= 0);
}

/* Return the end of the number that begins at `p`; NULL if it is not valid. */
static const char *number_end(const char *p, const char *end)
{
	bool negative = *p == '-', whole = true;
	const char *first = p + negative, *to = swar_digits_end(first, end);
	struct span digits = span_between(first, to);

	if (!digits.len || (digits.len > 1 && *first == '0'))
		return NULL;
	if (to < end && *to == '.') {
		p = to + 1;
		to = swar_digits_end(p, end);
		whole = false;
		if (to == p)
			return NULL;
	}
	if (to < end && (*to == 'e' || *to == 'E')) {
		p = to + 1 + (to + 1 < end && (to[1] == '+' || to[1] == '-'));
		to = swar_digits_end(p, end);
		whole = false;
		if (to == p)
			return NULL;
	}
	return whole && !fits_64_bits(digits, negative) ? NULL : to;
}

/* Return the end of the word that begins at `p`; NULL if it is not one of JSON's three words. */
static const char *word_end(const char *p, const char *end)
{
	static const char *const words[] = {"true", "false", "null"};

	for (int i = 0; i < 3; i++) {
		size_t len = strlen(words[i]);
		if ((size_t)(end - p) >= len && memcmp(p, words[i], len) == 0)
			return p + len;
	}
	return NULL;
}

/* Return the end of the colon after the member's name that begins at `p`; NULL if there is no valid
 * name. */
static const char *name_end(const char *p, const char *end)
{
	bool nul = false;

	p = p < end && *p == '"' ? string_end(p, end, &nul) : NULL;
	if (!p || nul)
		return NULL;
	p = blanks_end(p, end);
	return p < end && *p == ':' ? p + 1 : NULL;
}

static const char *value_end(const char *p, const char *end, int depth);

/* Return the end of the object or array that begins at `p`; NULL if it is not valid. */
static const char *container_end(const char *p, const char *end, int depth)
{
	bool named = *p == '{';
	char close = named ? '}' : ']';

	p = blanks_end(p + 1, end);
	if (p < end && *p == close)
		return p + 1;
	for (;;) {
		p = blanks_end(p, end);
		if (named && !(p = name_end(p, end)))
			return NULL;
		p = value_end(p, end, depth + 1);
		if (!p)
			return NULL;
		p = blanks_end(p, end);
		if (p < end && *p == close)
			return p + 1;
		if (p == end || *p++ != ',')
			return NULL;
	}
}

static const char *value_end(const char *p, const char *end, int depth)
{
	bool nul = false;

	p = blanks_end(p, end);
	if (p == end || depth >= JSON_DEPTH)
		return NULL;
	if (*p == '"')
		return string_end(p, end, &nul);
	if (*p == '{' || *p == '[')
		return container_end(p, end, depth);
	if (*p == '-' || decimal_is_digit(*p))
		return number_end(p, end);
	return word_end(p, end);
}

const char *json_reader_end_inside(struct span text, int depth)
{
	return text.len ? value_end(text.at, span_end(text), depth) : NULL;
}

const char *json_reader_end(struct span text)
{
	return json_reader_end_inside(text, 0);
}

/* --- Listing ---------------------------------------------------------------------- */

/* Return the end of a string that json_reader_end() has checked. */
static const char *skip_string(const char *p)
{
	for (p++; *p != '"'; p++)
		p += *p == '\\';
	return p + 1;
}

/* Return the end of a value that json_reader_end() has checked. */
static const char *skip_value(const char *p, const char *end)
{
	size_t open = 0;

	if (*p != '"' && *p != '{' && *p != '[') {
		while (p < end && !span_is_one_of(*p, ",]} \t\r"))
			p++;
		return p;
	}
	do {
		if (*p == '"') {
			p = skip_string(p);
			continue;
		}
		open += *p == '{' || *p == '[';
		open -= *p == '}' || *p == ']';
		p++;
	} while (open);
	return p;
}

struct json_walk json_reader_begin(struct span container)
{
	return (struct json_walk){container.at, span_end(container), *container.at == '{'};
}

bool json_reader_next(struct json_walk *w, struct json_member *m)
{
	/* After blanks, .p points to the opening bracket, or to the comma or closing bracket after
	 * the last value. */
	const char *p = blanks_end(w->p, w->end);
	bool first = *p == '{' || *p == '[';

	if (!first && *p != ',')
		return false;
	p = blanks_end(p + 1, w->end);
	if (first && (*p == '}' || *p == ']'))
		return false;
	m->name = span_of(p, 0);
	if (w->named) {
		const char *quote = skip_string(p);
		m->name = span_between(p + 1, quote - 1);
		p = blanks_end(blanks_end(quote, w->end) + 1, w->end);
	}
	w->p = skip_value(p, w->end);
	m->value = span_between(p, w->p);
	return true;
}

/* --- Strings ---------------------------------------------------------------------- */

/* Decode \uXXXX, or two such sequences if they are a pair of surrogates.  *p points to the 'u', and
 * is moved past what was decoded. */
static char *decode_code(const char **p, const char *end, char *out)
{
	uint32_t code = (uint32_t)hex4(*p + 1), low = 0;

	*p += 5;
	if (code >= 0xd800 && code < 0xdc00 && end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u')
		low = (uint32_t)hex4(*p + 2);
	if (low >= 0xdc00 && low < 0xe000) {
		*p += 6;
		code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
	} else if (code >= 0xd800 && code < 0xe000) {
		code = 0xfffd;
	}
	return utf8_put(out, code);
}

/* Decode one byte or one escape sequence at *p to at most 4 bytes, and move *p past it.  Returns
 * the end of the result. */
static char *decode_one(const char **p, const char *end, char *out)
{
	static const char letters[] = "bfnrt", means[] = "\b\f\n\r\t";

	if (**p != '\\') {
		*out++ = *(*p)++;
		return out;
	}
	if (*++*p == 'u')
		return decode_code(p, end, out);
	const char *letter = memchr(letters, **p, sizeof letters - 1);
	*out++ = letter ? means[letter - letters] : **p;
	++*p;
	return out;
}

char *json_reader_decode(struct span text, char *out)
{
	for (const char *p = text.at, *end = span_end(text); p < end;)
		out = decode_one(&p, end, out);
	return out;
}

bool json_reader_is(struct span text, struct span name)
{
	char one[4];
	size_t done = 0;

	/* An escape sequence is longer than the character that it stands for.  So a text with an
	 * escape sequence can be equal to `name` only if it is longer. */
	if (text.len <= name.len || !memchr(text.at, '\\', text.len))
		return span_equal(text, name);
	for (const char *p = text.at, *end = span_end(text); p < end;) {
		size_t n = (size_t)(decode_one(&p, end, one) - one);
		if (name.len - done < n || memcmp(name.at + done, one, n) != 0)
			return false;
		done += n;
	}
	return done == name.len;
}
