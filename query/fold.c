#include "query/fold.h"

#include "lib/address.h"
#include "lib/ascii.h"
#include "lib/decimal.h"

/* The most bytes that are searched for one address or mail address, so that the time is linear in
 * the length of the text. */
enum { ADDRESS_MAX = 45, LOCAL_MAX = 64, DOMAIN_MAX = 253 };

static bool is_word_byte(char c)
{
	return ascii_is_letter(c) || decimal_is_digit(c) || (unsigned char)c >= 0x80;
}

/* True if a word ends at `p`. */
static bool ends(const char *p, const char *end)
{
	return p == end || !is_word_byte(*p);
}

/* Compare the text at `p` with a form, in which 'x' stands for a hexadecimal digit, '0' for a digit,
 * and any other byte for itself.  Returns the end of the text; NULL if it has another form. */
static const char *match(const char *p, const char *end, const char *form)
{
	for (; *form; form++, p++) {
		if (p == end)
			return NULL;
		if (*form == 'x'       ? ascii_hex(*p) < 0
			: *form == '0' ? !decimal_is_digit(*p)
				       : *p != *form)
			return NULL;
	}
	return p;
}

/* --- What is replaced -------------------------------------------------------------- */

/* Each of these functions returns the end of the thing of its kind at `p`, where no word has begun;
 * NULL if there is none.  `start` is the start of the text. */
typedef const char *finder(const char *start, const char *p, const char *end);

static const char *find_uuid(const char *start, const char *p, const char *end)
{
	const char *to = match(p, end, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");

	(void)start;
	return to && ends(to, end) ? to : NULL;
}

/* Return the end of the time after a date at `p`; `p` if there is none. */
static const char *after_clock(const char *p, const char *end)
{
	const char *to = p < end && (*p == 'T' || *p == ' ') ? match(p + 1, end, "00:00:00") : NULL;

	if (!to)
		return p;
	if (end - to > 1 && (*to == '.' || *to == ',') && decimal_is_digit(to[1]))
		for (to++; to < end && decimal_is_digit(*to);)
			to++;
	const char *zone = to < end && *to == 'Z' ? to + 1 : NULL;
	if (!zone && to < end && (*to == '+' || *to == '-')) {
		zone = match(to + 1, end, "00:00");
		zone = zone ? zone : match(to + 1, end, "0000");
	}
	return zone && ends(zone, end) ? zone : ends(to, end) ? to : p;
}

static const char *find_date(const char *start, const char *p, const char *end)
{
	const char *to = match(p, end, "0000-00-00");

	(void)start;
	to = to ? to : match(p, end, "0000/00/00");
	if (!to)
		return NULL;
	int month = 10 * (p[5] - '0') + p[6] - '0', day = 10 * (p[8] - '0') + p[9] - '0';
	if (month < 1 || month > 12 || day < 1 || day > 31)
		return NULL;
	to = after_clock(to, end);
	return ends(to, end) ? to : NULL;
}

static const char *find_v4(const char *start, const char *p, const char *end)
{
	const char *to = p;
	struct address a;

	if (p > start && p[-1] == '.')
		return NULL;
	while (to < end && to - p <= ADDRESS_MAX && (decimal_is_digit(*to) || *to == '.'))
		to++;
	if (to > p && to[-1] == '.')
		to--;
	return ends(to, end) && address_read(span_between(p, to), &a) ? to : NULL;
}

/* Addresses of IPv6 without a digit, such as "::" in a program's message, are not replaced. */
static const char *find_address(const char *start, const char *p, const char *end)
{
	const char *to = find_v4(start, p, end);
	bool has_digit = false;
	struct address a;

	if (to || (p > start && (p[-1] == '.' || p[-1] == ':')))
		return to;
	for (to = p; to < end && to - p <= ADDRESS_MAX &&
		     (ascii_hex(*to) >= 0 || *to == '.' || *to == ':');
		to++)
		has_digit |= decimal_is_digit(*to);
	while (to > p && (to[-1] == '.' || to[-1] == ':') && !(to - p > 2 && to[-2] == ':'))
		to--;
	return has_digit && ends(to, end) && address_read(span_between(p, to), &a) ? to : NULL;
}

static bool is_local_byte(char c)
{
	return ascii_is_letter(c) || decimal_is_digit(c) || (c && span_is_one_of(c, "._%+-"));
}

/* Return the end of a domain at `p`, which has a dot and two letters after its last dot; NULL if
 * there is none. */
static const char *find_domain(const char *p, const char *end)
{
	const char *to = p, *dot = NULL;

	for (; to < end && to - p < DOMAIN_MAX &&
		(ascii_is_letter(*to) || decimal_is_digit(*to) || *to == '.' || *to == '-');
		to++)
		if (*to == '.')
			dot = to;
	while (to > p && (to[-1] == '.' || to[-1] == '-'))
		to--;
	if (dot >= to)
		dot = span_last(span_between(p, to), '.');
	return dot && dot > p && to - dot > 2 && ascii_is_letter(dot[1]) && ascii_is_letter(dot[2])
		       ? to
		       : NULL;
}

static const char *find_mail(const char *start, const char *p, const char *end)
{
	const char *at = p;

	if (p > start && is_local_byte(p[-1]))
		return NULL;
	while (at < end && at - p <= LOCAL_MAX && is_local_byte(*at))
		at++;
	return at > p && at < end && *at == '@' ? find_domain(at + 1, end) : NULL;
}

/* --- Words ------------------------------------------------------------------------- */

/* Return the end of the word at `p`. */
static const char *word_end(const char *p, const char *end)
{
	while (p < end) {
		if (is_word_byte(*p))
			p++;
		else if (match(p, end, "%xx"))
			p += 3;
		else
			break;
	}
	return p;
}

/* Return what replaces a word; NULL if it stays. */
static const char *replacement(struct span word)
{
	enum { HEX_MIN = 8 };
	bool prefix = word.len > 2 && word.at[0] == '0' && (word.at[1] | 0x20) == 'x';
	size_t digits = 0, hex = 0;

	for (size_t i = prefix ? 2 : 0; i < word.len; i++) {
		digits += decimal_is_digit(word.at[i]);
		hex += ascii_hex(word.at[i]) >= 0;
	}
	if (prefix)
		return hex == word.len - 2 ? "{hex}" : NULL;
	if (digits == word.len)
		return "{n}";
	return hex == word.len && digits && word.len >= HEX_MIN ? "{hex}" : NULL;
}

static const struct {
	finder *find;
	const char *replacement;
} kinds[] = {
	{find_uuid, "{uuid}"},
	{find_date, "{date}"},
	{find_mail, "{mail}"},
	{find_address, "{ip}"},
};

/* Find what is to be replaced at `p`, where a word may begin, and return its end and what replaces
 * it.  *with is NULL if the bytes up to the end stay. */
static const char *next(const char *start, const char *p, const char *end, const char **with)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *to = kinds[i].find(start, p, end);
		*with = kinds[i].replacement;
		if (to)
			return to;
	}
	const char *to = word_end(p, end);
	*with = to > p ? replacement(span_between(p, to)) : NULL;
	return to > p ? to : p + 1;
}

static bool may_change(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (decimal_is_digit(text.at[i]) || text.at[i] == '@')
			return true;
	return false;
}

bool fold(struct span *text, struct arena *arena)
{
	/* A digit becomes three bytes; no other replacement adds that many per byte. */
	enum { GROWTH = 3 };
	const char *start = text->at, *end = span_end(*text), *with;
	char *out, *to;

	if (!may_change(*text))
		return true;
	out = to = text->len < SIZE_MAX / GROWTH ? arena_take(arena, GROWTH * text->len) : NULL;
	for (const char *p = start; out && p < end;) {
		const char *after = next(start, p, end, &with);
		struct span put = with ? span_text(with) : span_between(p, after);
		memcpy(to, put.at, put.len);
		to += put.len;
		p = after;
	}
	if (out)
		*text = span_between(out, to);
	return out != NULL;
}
