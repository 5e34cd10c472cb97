#include "query/fold.h"

#include "lib/address.h"
#include "lib/ascii.h"
#include "lib/decimal.h"
#include "lib/swar.h"

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

/* --- What replaces it ---------------------------------------------------------------- */

/* The first .len bytes of .text. */
struct replacement {
	char text[8];
	size_t len;
};

static const struct replacement number = {"{n}", 3}, hex = {"{hex}", 5}, uuid = {"{uuid}", 6},
				date = {"{date}", 6}, mail = {"{mail}", 6}, address = {"{ip}", 4};

/* Write a replacement, and meaningless bytes after it, together as many as .text has. */
static inline char *put(char *to, const struct replacement *r)
{
	memcpy(to, r->text, sizeof r->text);
	return to + r->len;
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
	enum { LEN = sizeof "0000-00-00" - 1 };

	(void)start;
	if (end - p < LEN || !SWAR_MATCH(p, '0', '0', '0', '0', '?', '0', '0', '?'))
		return NULL;
	if ((p[4] != '-' && p[4] != '/') || p[7] != p[4] || !decimal_is_digit(p[8]) ||
		!decimal_is_digit(p[9]))
		return NULL;
	int month = 10 * (p[5] - '0') + p[6] - '0', day = 10 * (p[8] - '0') + p[9] - '0';
	if (month < 1 || month > 12 || day < 1 || day > 31)
		return NULL;
	const char *to = after_clock(p + LEN, end);
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

/* The least number of digits of a {hex} without 0x. */
enum { HEX_MIN = 8 };

/* Return what replaces a word; NULL if it stays. */
static const struct replacement *replacement_of(struct span word)
{
	bool prefix = word.len > 2 && word.at[0] == '0' && (word.at[1] | 0x20) == 'x';
	size_t digits = 0, hexadecimal = 0;

	for (size_t i = prefix ? 2 : 0; i < word.len; i++) {
		digits += decimal_is_digit(word.at[i]);
		hexadecimal += ascii_hex(word.at[i]) >= 0;
	}
	if (prefix)
		return hexadecimal == word.len - 2 ? &hex : NULL;
	if (digits == word.len)
		return &number;
	return hexadecimal == word.len && digits && word.len >= HEX_MIN ? &hex : NULL;
}

static const struct {
	finder *find;
	const struct replacement *replacement;
} kinds[] = {
	{find_uuid, &uuid},
	{find_date, &date},
	{find_mail, &mail},
	{find_address, &address},
};

/* Find what is to be replaced at `p`, where a word may begin, and return its end and what replaces
 * it.  *with is NULL if the bytes up to the end stay. */
static const char *next(
	const char *start, const char *p, const char *end, const struct replacement **with)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *to = kinds[i].find(start, p, end);
		*with = kinds[i].replacement;
		if (to)
			return to;
	}
	const char *to = word_end(p, end);
	*with = to > p ? replacement_of(span_between(p, to)) : NULL;
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
	enum { GROWTH = 3, SLACK = sizeof number.text };
	const char *start = text->at, *end = span_end(*text);
	const struct replacement *with;
	char *out = NULL, *to;

	if (!may_change(*text))
		return true;
	if (text->len < SIZE_MAX / GROWTH - SLACK)
		out = arena_take(arena, GROWTH * text->len + SLACK);
	to = out;
	for (const char *p = start; out && p < end;) {
		const char *after = next(start, p, end, &with);
		if (with)
			to = put(to, with);
		else
			to = (char *)memcpy(to, p, (size_t)(after - p)) + (after - p);
		p = after;
	}
	if (out)
		*text = span_between(out, to);
	return out != NULL;
}

/* --- Usual texts ------------------------------------------------------------------- */

#if defined(__SSE2__)
enum { BLOCK = 16, SHORTEST = 8, LONGEST = 63 };

/* A text of usual length, and the classes of its bytes: bit i of each mask is for byte i. */
struct usual {
	char bytes[LONGEST + 1 + BLOCK]; /* a copy of the text; bytes after it are meaningless */
	uint64_t words;                  /* bytes of words */
	uint64_t digits, hexadecimal;    /* digits of either kind, which are bytes of words, too */
	__m128i others;                  /* not 0 if there is a '@', ':' or '%' */
};

static inline uint64_t bits_of(__m128i bytes)
{
	return (uint64_t)(unsigned)_mm_movemask_epi8(bytes);
}

static inline __m128i at_most(__m128i x, char max)
{
	return _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(max)), x);
}

static inline __m128i equal(__m128i x, char c)
{
	return _mm_cmpeq_epi8(x, _mm_set1_epi8(c));
}

/* Copy and classify 16 bytes that are at place `at` of the text. */
static inline void add_block(struct usual *u, __m128i x, size_t at)
{
	__m128i digits = at_most(_mm_sub_epi8(x, _mm_set1_epi8('0')), 9);
	__m128i place = _mm_sub_epi8(_mm_or_si128(x, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
	__m128i letters = at_most(place, 'z' - 'a'), hexadecimal = at_most(place, 'f' - 'a');
	__m128i others = _mm_or_si128(_mm_or_si128(equal(x, '@'), equal(x, ':')), equal(x, '%'));

	_mm_storeu_si128((__m128i *)(void *)(u->bytes + at), x);
	u->words |= bits_of(_mm_or_si128(_mm_or_si128(digits, letters), x)) << at; /* x: not ASCII */
	u->digits |= bits_of(digits) << at;
	u->hexadecimal |= bits_of(_mm_or_si128(digits, hexadecimal)) << at;
	u->others = _mm_or_si128(u->others, others);
}

static inline __m128i load_block(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* Copy and classify the bytes of a text.  Its last block may overlap the one before, so that no byte
 * after the text is read. */
static inline void classify(struct usual *u, struct span text)
{
	u->words = u->digits = u->hexadecimal = 0;
	u->others = _mm_setzero_si128();
	if (text.len < BLOCK) {
		add_block(u, swar_load_short(text.at, text.len), 0);
		return;
	}
	for (size_t at = 0; at + BLOCK < text.len; at += BLOCK)
		add_block(u, load_block(text.at + at), at);
	add_block(u, load_block(span_end(text) - BLOCK), text.len - BLOCK);
}

/* Add each '%' that is followed by two hexadecimal digits to the bytes of words.  False if there is a '@'
 * or ':'. */
static bool join_words(struct usual *u, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '@' || text.at[i] == ':')
			return false;
		if (text.at[i] == '%' && match(text.at + i, span_end(text), "%xx"))
			u->words |= UINT64_C(1) << i;
	}
	return true;
}

/* Return the mask of the last bytes of words that may be replaced.
 *
 * If the first bit of a run of ones is added to the run, the run is cleared, and the bit after it is
 * set.  So the digits are followed where a word begins with digits, or the whole word. */
static inline uint64_t candidates(const struct usual *u)
{
	const uint64_t words = u->words, digits = u->digits, hexadecimal = u->hexadecimal;
	uint64_t first = words & ~(words << 1), last = words & ~(words >> 1);

	uint64_t numbers = (digits + (digits & first)) & ~words;
	/* {hex} with 0x: the word begins with a single digit. */
	uint64_t prefixes = (words + (first & digits & ~(digits >> 1))) & ~words;
	/* {hex} or the first word of a {uuid}: eight digits at the end of the word. */
	uint64_t two = hexadecimal & hexadecimal << 1, four = two & two << 2;
	return (numbers | prefixes) >> 1 | (four & four << 4 & last);
}

/* Copy the bytes from place `from` to place `to`.  Up to 16 bytes at the end of the copy are overwritten.
 * Returns its end. */
static inline char *copy(char *out, const struct usual *u, size_t from, size_t to)
{
	for (; to - from > BLOCK; from += BLOCK, out += BLOCK)
		memcpy(out, u->bytes + from, BLOCK);
	memcpy(out, u->bytes + from, BLOCK);
	return out + (to - from);
}

/* Find what is to be replaced at a word in a text without '@' and ':'.  *to becomes the end of what is
 * replaced, or stays the end of the word.  Returns what replaces it; NULL if it stays. */
static inline const struct replacement *replacement_of_usual(
	struct span text, struct span word, bool is_number, const char **to)
{
	const char *end = span_end(text), *after = span_end(word), *found = NULL;
	char next = after < end ? *after : '\0';

	if (word.len == 8 && next == '-' && (found = find_uuid(text.at, word.at, end))) {
		*to = found;
		return &uuid;
	}
	if (!is_number)
		return replacement_of(word);
	if (word.len == 4 && (next == '-' || next == '/') &&
		(found = find_date(text.at, word.at, end))) {
		*to = found;
		return &date;
	}
	if (next == '.' && word.len <= 3 && end - after > 1 && decimal_is_digit(after[1]) &&
		(found = find_address(text.at, word.at, end))) {
		*to = found;
		return &address;
	}
	return &number;
}

/* Replace words.  `last` has the last bytes of those that may be replaced. */
static void replace_words(
	struct span *text, const struct usual *u, uint64_t last, char out[FOLD_ROOM])
{
	uint64_t first = u->words & ~(u->words << 1);
	size_t copied = 0;
	char *to = out;

	while (last) {
		unsigned end = (unsigned)__builtin_ctzll(last) + 1;
		uint64_t before = (UINT64_C(1) << end) - 1;
		unsigned start = 63 - (unsigned)__builtin_clzll(first & before);
		bool is_number = !(before >> start << start & ~u->digits);
		const char *after = text->at + end;
		const struct replacement *with = replacement_of_usual(
			*text, span_of(text->at + start, end - start), is_number, &after);
		size_t done = (size_t)(after - text->at);
		if (with) {
			to = put(copy(to, u, copied, start), with);
			copied = done;
		}
		last &= UINT64_MAX << done;
		/* What was replaced may end within a word, of which the rest is a word. */
		first |= UINT64_C(1) << done;
	}
	if (copied)
		*text = span_between(out, copy(to, u, copied, text->len));
}

bool fold_usual(struct span *text, char out[FOLD_ROOM])
{
	struct usual u;

	if (text->len < SHORTEST || text->len > LONGEST)
		return text->len < SHORTEST && !may_change(*text);
	classify(&u, *text);
	if (bits_of(u.others) && !join_words(&u, *text))
		return false;
	uint64_t last = u.digits ? candidates(&u) : 0; /* as may_change() */
	if (last)
		replace_words(text, &u, last, out);
	return true;
}
#else
bool fold_usual(struct span *text, char out[FOLD_ROOM])
{
	(void)out;
	return !may_change(*text);
}
#endif
