/* shape.h -- the shapes of lines whose fields are named, as in JSON, LTSV and logfmt.
 *
 * Nearly all lines of such a log have the same names in the same order as the line before.  So a
 * line is compiled to a shape, which consists of steps: a literal, which has the bytes between two
 * values, then a value.  If another line has the same literals, and each of its values is
 * valid, that line is valid as well, and no name in it has to be read.
 *
 *	line	{"ip":"192.0.2.1","status":200}
 *	steps	{"ip":  VALUE   ,"status":  VALUE   }
 *
 * To compile a line:
 *
 *	shapes_begin()		if this line should be compiled
 *	shape_add_value()	for each value
 *	shape_add_pick()	for each meaning of this value
 *	shapes_end()
 *
 * To cut a line, call shapes_find() and shape_pick().
 */
#ifndef FORMATS_SHAPE_H
#define FORMATS_SHAPE_H

#include <stdbool.h>
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "formats/cut.h"
#include "formats/names.h"
#include "formats/split.h"
#include "lib/span.h"

/* A log may have lines of several shapes, so the last few are kept. */
enum { SHAPES = 4, SHAPE_STEPS = 64, SHAPE_PICKS = 48, SHAPE_TEXT = 2048, SHAPE_PAD = 32 };

struct shape_step {
	uint32_t at, len; /* the literal before the value, in shape.text */
	uint32_t mask;    /* the lowest .len bits, if .len is at most 32 */
	uint8_t keep;     /* where the value is kept; 0 if it is not needed */
	uint8_t depth;    /* the number of names in its path */
	bool may_be_list; /* true if the value may be a list */
	bool is_text;     /* true if the value was in quotes */

	/* For lines whose quotes are known, .quote is the number of a quote of the line, and .after
	 * the distance from it to the value's first byte.  If .is_text, this is the value's first
	 * quote, and .after is 0; otherwise, it is the last quote of the literal. */
	uint32_t quote, after;
};

/* A value that may be the value of a slot. */
struct shape_pick {
	int slot;
	unsigned rank, depth; /* of the name: see struct names */
	uint8_t keep;
};

struct shape {
	size_t n; /* number of values; step .n has the literal after the last value */
	struct shape_step steps[SHAPE_STEPS + 1];
	struct shape_pick picks[SHAPE_PICKS]; /* by slot; for a slot, the best first */
	size_t n_picks, n_kept;
	size_t text_len;
	bool failed; /* true if the line can't be compiled */
	size_t quotes; /* number of quotes in a line, but SIZE_MAX if a literal has no quote that tells
			* where a value begins */
	char text[SHAPE_TEXT + SHAPE_PAD];
	uint64_t hits; /* number of lines that had this shape */
};

struct shapes {
	struct shape *at;     /* NULL before the first line is compiled */
	size_t n, recent;     /* number of shapes, and which one had the last line */
	size_t next;          /* the shape that the next new one replaces */
	unsigned wait, pause; /* so many lines that have no shape are not compiled; .pause grows as
			       * long as shapes are of no use */
};

void shapes_free(struct shapes *);

/* Return an empty shape for a line that has none of the shapes.  NULL if the line should not be
 * compiled, or if out of memory: then no harm is done. */
struct shape *shapes_begin(struct shapes *);

/* Use the shape, unless it has failed. */
void shapes_end(struct shapes *);

/* Add a step: the literal, then a value. */
void shape_add_value(struct shape *, struct span literal, size_t depth, bool may_be_list);

/* Say that the value that was added last may be the value of a slot. */
void shape_add_pick(struct shape *, int slot, unsigned rank);

/* Add the literal after the last value, and order the picks. */
void shape_finish(struct shape *, struct span literal);

/* True if no other pick is for the slot of pick number `i`. */
static inline bool shape_is_only(const struct shape *s, size_t i)
{
	const struct shape_pick *p = &s->picks[i];

	return (!i || p[-1].slot != p->slot) && (i + 1 == s->n_picks || p[1].slot != p->slot);
}

#if defined(__SSE2__)
/* Return a mask of 16 bits, in which bit i is set if a[i] == b[i]. */
static inline uint32_t shape_equal16(const char *a, const char *b)
{
	__m128i x = _mm_loadu_si128((const __m128i *)(const void *)a);
	__m128i y = _mm_loadu_si128((const __m128i *)(const void *)b);

	return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y));
}
#endif

/* Return the end of the step's literal if it is at `p`, else NULL. */
static inline const char *shape_skip(
	const struct shape *s, const struct shape_step *step, const char *p, const char *end)
{
	const char *literal = s->text + step->at;
	size_t len = step->len;

	if ((size_t)(end - p) < len)
		return NULL;
#if defined(__SSE2__)
	/* The text is padded, so that 32 bytes of it can be read at any place. */
	if (len <= 32 && end - p >= 32) {
		uint32_t same = shape_equal16(p, literal) | shape_equal16(p + 16, literal + 16)
								    << 16;
		return step->mask & ~same ? NULL : p + len;
	}
#endif
	return memcmp(p, literal, len) == 0 ? p + len : NULL;
}

/* Return the end of the value of a step, which begins at `p`; NULL if there is no valid value. */
typedef const char *shape_value_end(const struct shape_step *step, const char *p, const char *end);

static inline __attribute__((always_inline)) bool shape_has(
	const struct shape *s, struct span line, shape_value_end *value_end, struct span *values)
{
	const char *p = line.at, *end = span_end(line);
	const struct shape_step *step = s->steps;

	for (size_t i = s->n; i; i--, step++) {
		p = shape_skip(s, step, p, end);
		const char *to = p ? value_end(step, p, end) : NULL;
		if (!to)
			return false;
		values[step->keep] = span_between(p, to);
		p = to;
	}
	return shape_skip(s, step, p, end) == end;
}

/* True if a line that is split between its values has the shape: the literals must match, and if
 * `quotes` is true, only whole values may be in quotes.  `readable` is the end of the memory that may
 * be read.  The texts of the values are stored in values[], by their number shape_step.keep. */
static inline __attribute__((always_inline)) bool shape_has_split(const struct shape *s,
	struct span line, const char *readable, const struct split *split, bool quotes,
	struct span *values)
{
	const char *from = line.at;
	const struct shape_step *step = s->steps;
	size_t quoted = 0;

	if (split->n != s->n || s->steps[s->n].len)
		return false;
	for (size_t i = 0; i < s->n; i++, step++) {
		const char *p = shape_skip(s, step, from, readable);
		const char *to = line.at + split->end[i];
		if (!p || p > to)
			return false;
		quoted += quotes && p < to && *p == '"';
		values[step->keep] = span_between(p, to);
		from = to;
	}
	return !quotes || quoted == split->quoted;
}

/* Read the value of a slot from its text.  If the text cannot be the value of this slot, value->at
 * becomes NULL.  False if out of memory. */
typedef bool shape_read_value(size_t slot, struct span text, struct arena *, struct span *value);

/* Store the values of a line that has this shape in the slots of the cut, which must be empty.
 * texts[] is from shapes_find().  Of several values for a slot, the best that suits it counts, or the
 * best if none suits it (names_suits()).  False if out of memory. */
static inline __attribute__((always_inline)) bool shape_pick(const struct shape *s,
	const struct span *texts, shape_read_value *read, const struct cut *cut)
{
	int done = -1; /* the last slot that has a value that suits it */

	for (size_t i = 0; i < s->n_picks; i++) {
		const struct shape_pick *p = &s->picks[i];
		struct span value;
		if (p->slot == done)
			continue;
		if (!read((size_t)p->slot, texts[p->keep], cut->arena, &value))
			return false;
		if (!value.at)
			continue;
		bool is_good = shape_is_only(s, i) || names_suits((size_t)p->slot, value);
		if (is_good || !cut->slots[p->slot].at)
			cut->slots[p->slot] = value;
		if (is_good)
			done = p->slot;
	}
	return true;
}

/* Return the shape of the last line that had one; NULL if there is none. */
static inline struct shape *shapes_recent(const struct shapes *all)
{
	return all->at && all->n ? &all->at[all->recent] : NULL;
}

/* Split a line, and return the shape of the last line that had one if this line has it, too.
 * Otherwise NULL: then call shapes_find().  The arguments are as in split_line() and
 * shape_has_split(). */
static inline __attribute__((always_inline)) const struct shape *shapes_find_split(
	const struct shapes *all, struct span line, const char *readable,
	const struct split_rule rule, struct span values[SHAPE_PICKS + 1])
{
	struct shape *s = shapes_recent(all);
	struct split split;

	if (!s || !split_line(line, readable, rule, &split) ||
		!shape_has_split(s, line, readable, &split, rule.quotes, values))
		return NULL;
	s->hits++;
	return s;
}

/* Find the shape of a line, and store the texts of its values in values[], by their number
 * shape_step.keep.  NULL if the line has none of the shapes.  The function is inlined, and value_end()
 * with it, because nearly all time is spent here. */
static inline __attribute__((always_inline)) const struct shape *shapes_find(struct shapes *all,
	struct span line, shape_value_end *value_end, struct span values[SHAPE_PICKS + 1])
{
	for (size_t i = 0, n = all->recent; all->at && i < all->n;
		i++, n = n + 1 < all->n ? n + 1 : 0) {
		if (!shape_has(&all->at[n], line, value_end, values))
			continue;
		all->recent = n;
		all->at[n].hits++;
		return &all->at[n];
	}
	return NULL;
}

#endif
