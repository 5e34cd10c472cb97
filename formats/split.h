/* split.h -- finds the separators of a line, 64 bytes at a time, as in LTSV, logfmt and CSV.
 *
 * A value may be in quotes, in which separators are ordinary bytes.  A byte is in quotes if the
 * number of quotes before it is odd.  That is true only in lines whose quotes are regular, and the
 * caller must read all other lines byte by byte.
 *
 * Source: the number of quotes is counted as in "Parsing Gigabytes of JSON per Second" (Langdale,
 * Lemire; VLDB Journal 28, 2019), section 3.1.1.
 */
#ifndef FORMATS_SPLIT_H
#define FORMATS_SPLIT_H

#include <stdbool.h>
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "lib/span.h"

/* The most separators and the most bytes in a line that is split. */
enum { SPLIT_MOST = 128, SPLIT_LINE = 1 << 20 };

enum { SPLIT_PIECE = 64 };

/* How lines are split. */
struct split_rule {
	char separator;
	bool quotes; /* true if values may be in quotes */
	char before; /* the byte before a quote that opens a value.  Before the line, there is a
		      * separator, as it were */
	char stop1, stop2; /* lines with these bytes are not regular; both may be the separator */
};

struct split {
	size_t n;      /* number of values */
	size_t quoted; /* how many of the values are in quotes */
	/* The place in the line of the separator after each value; of the last value, the end of
	 * the line. */
	uint32_t end[SPLIT_MOST + SPLIT_PIECE + 1];
};

#if defined(__SSE2__)
/* Return a mask in which bit i is set if p[i] is c. */
static inline uint64_t split_mask(const char *p, char c)
{
	const __m128i all = _mm_set1_epi8(c), *at = (const __m128i *)(const void *)p;
	uint64_t mask = 0;

	for (unsigned i = 0; i < SPLIT_PIECE / 16; i++) {
		__m128i same = _mm_cmpeq_epi8(_mm_loadu_si128(at + i), all);
		mask |= (uint64_t)(unsigned)_mm_movemask_epi8(same) << 16 * i;
	}
	return mask;
}

/* Return a mask in which bit i is set if the number of bits 0 to i in `mask` is odd. */
static inline uint64_t split_odd(uint64_t mask)
{
	for (unsigned i = 1; i < SPLIT_PIECE; i *= 2)
		mask ^= mask << i;
	return mask;
}

/* What the pieces of a line so far tell about the next piece. */
struct split_state {
	uint64_t in_quotes; /* 1 if it begins in quotes */
	uint64_t is_closed; /* 1 if the last byte was a closing quote */
	char last;          /* the last byte */
};

/* Find which bytes of a piece are in quotes, from the opening quote on; `found` are its separators,
 * `quotes` its quotes, and one of them or of the last piece's quotes tells something about it.  False
 * if the quotes are not regular. */
static inline __attribute__((always_inline)) bool split_quotes(const char *p, uint64_t valid,
	const struct split_rule rule, struct split_state *state, uint64_t found, uint64_t quotes,
	uint64_t *in, size_t *quoted)
{
	uint64_t before = rule.before == rule.separator ? found : split_mask(p, rule.before);

	*in = -state->in_quotes ^ split_odd(quotes);
	uint64_t open = quotes & *in, closing = quotes & ~*in;
	uint64_t after = closing << 1 | state->is_closed;
	before = before << 1 | (state->last == rule.before);
	state->is_closed = closing >> (SPLIT_PIECE - 1);
	state->in_quotes = *in >> (SPLIT_PIECE - 1);
	if (open & ~before || after & valid & ~found)
		return false;
	for (; open; open &= open - 1)
		++*quoted;
	return true;
}

/* Find the separators of a piece that are not in quotes; `valid` is the mask of the bytes that
 * belong to the line.  False if the quotes are not regular. */
static inline __attribute__((always_inline)) bool split_piece(const char *p, uint64_t valid,
	const struct split_rule rule, struct split_state *state, uint64_t *separators,
	size_t *quoted)
{
	uint64_t found = split_mask(p, rule.separator) & valid, in = -state->in_quotes;

	*separators = found;
	if (!rule.quotes)
		return true;
	uint64_t quotes = split_mask(p, '"') & valid;
	if ((quotes | state->is_closed) &&
		!split_quotes(p, valid, rule, state, found, quotes, &in, quoted))
		return false;
	*separators = found & ~in;
	state->last = p[SPLIT_PIECE - 1];
	return true;
}

/* True if one of the bytes that are in `valid` stops the splitting. */
static inline __attribute__((always_inline)) bool split_stops(
	const char *p, uint64_t valid, const struct split_rule rule)
{
	if (rule.stop1 == rule.separator)
		return false;
	const __m128i *at = (const __m128i *)(const void *)p;
	__m128i any = _mm_setzero_si128();
	for (unsigned i = 0; i < SPLIT_PIECE / 16; i++) {
		__m128i bytes = _mm_loadu_si128(at + i);
		any = _mm_or_si128(any, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(rule.stop1)));
		any = _mm_or_si128(any, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(rule.stop2)));
	}
	/* Of the last piece, bytes after the line count only if some byte has stopped it. */
	return _mm_movemask_epi8(any) &&
	       ((split_mask(p, rule.stop1) | split_mask(p, rule.stop2)) & valid);
}

/* Split a line.  `readable` is the end of the memory that may be read, after the line.  False if the
 * line is not regular, or if it is too long.  The rule must be a constant, because the function is
 * inlined. */
static inline __attribute__((always_inline)) bool split_line(
	struct span line, const char *readable, const struct split_rule rule, struct split *s)
{
	struct split_state state = {.last = rule.separator};
	char tail[SPLIT_PIECE];

	s->n = s->quoted = 0;
	if (line.len > SPLIT_LINE)
		return false;
	for (size_t at = 0; at < line.len; at += SPLIT_PIECE) {
		const char *p = line.at + at;
		size_t left = line.len - at;
		uint64_t valid = left < SPLIT_PIECE ? (UINT64_C(1) << left) - 1 : UINT64_MAX, mask;
		if (readable - p < SPLIT_PIECE)
			p = memcpy(tail, p, left < SPLIT_PIECE ? left : SPLIT_PIECE);
		if (s->n > SPLIT_MOST || split_stops(p, valid, rule) ||
			!split_piece(p, valid, rule, &state, &mask, &s->quoted))
			return false;
		for (; mask; mask &= mask - 1)
			s->end[s->n++] = (uint32_t)(at + (unsigned)__builtin_ctzll(mask));
	}
	s->end[s->n++] = (uint32_t)line.len;
	return !state.in_quotes;
}
#else
static inline bool split_line(
	struct span line, const char *readable, const struct split_rule rule, struct split *s)
{
	(void)line, (void)readable, (void)rule, (void)s;
	return false;
}
#endif

/* Return value number i of a line. */
static inline struct span split_value(const struct split *s, struct span line, size_t i)
{
	size_t from = i ? s->end[i - 1] + 1 : 0;

	return span_of(line.at + from, s->end[i] - from);
}

/* Return value number i of a line without its quotes, if it has any. */
static inline struct span split_unquoted(const struct split *s, struct span line, size_t i)
{
	struct span value = split_value(s, line, i);

	return value.len && *value.at == '"' ? span_of(value.at + 1, value.len - 2) : value;
}

#endif
