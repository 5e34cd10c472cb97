/* cut.h -- the arguments and results of the functions that cut lines into fields.
 *
 * Each field that a query needs has a slot, the element of an array in which a cut stores the
 * field's value.
 */
#ifndef FORMATS_CUT_H
#define FORMATS_CUT_H

#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "formats/base.h"
#include "lib/arena.h"
#include "lib/span.h"
#include "lib/strlist.h"
#include "scan/scan.h"

/* The fields that a query needs. */
struct wanted {
	uint32_t bases;       /* the set of needed base fields, made of base_bit()s */
	struct strlist names; /* needed fields that are not bases; names.at[i] has slot BASES + i */
};

/* Receives a list of values one by one, each with its name. */
struct listener {
	void (*tell)(void *ctx, struct span name, struct span value);
	void *ctx;
};

/* The arguments of a cut except the line, and the place for its results. */
struct cut {
	/* The block that contains the line, and the offsets of the line's quotes in the block, as
	 * scan->marks() finds them.  quotes[n_quotes] exists, too: it is the mark of the line's
	 * end, which is larger than any offset.  .quotes is NULL if the offsets are not known.  No
	 * byte at or after .block_end may be read; NULL if this is the end of the line. */
	const char *block;
	const uint32_t *quotes;
	size_t n_quotes;
	const char *block_end;
	struct arena *arena; /* holds the values that are not bytes of the line itself */
	struct span *slots;  /* results: one per base field, then one per wanted name; .at is NULL
			      * if the line has no such value */
};

/* The end of the memory that may be read, at or after the end of the line. */
static inline const char *cut_readable_end(const struct cut *cut, struct span line)
{
	return cut->block_end ? cut->block_end : span_end(line);
}

/* Lines of a block, one after the other. */
struct marked {
	struct span block;
	size_t lines;
	/* The marks in these lines, as the scan finds them in the block: those of the quotes, if
	 * .has_quotes, and those of all line ends, even if the last line lacks its '\n'.  marks[-1]
	 * is the end of the line before, or CUT_FIRST.  After the last mark, SCAN_AHEAD meaningless
	 * elements may be read. */
	const uint32_t *marks;
	bool has_quotes;
	/* For each line, the index of its first mark in .marks; then the index after the last
	 * mark.  cut_index() and cutter.cut_usual() set these elements. */
	uint32_t *first;
};

/* The end of the line before the first line of a block: the line begins at place 0. */
#define CUT_FIRST UINT32_MAX

/* Return the place of a line's first byte.  `first` points to the line's first mark. */
static inline uint32_t cut_start(const uint32_t *first)
{
	return scan_place(first[-1] + 1);
}

/* Return the index after the end of the line to which mark number i belongs. */
static inline uint32_t cut_next(const struct marked *m, uint32_t i)
{
#if defined(__SSE2__)
	/* SCAN_NEWLINE is the highest bit.  At most 3 elements after the mark are read. */
	for (;; i += 4) {
		__m128i marks = _mm_loadu_si128((const __m128i *)(const void *)(m->marks + i));
		unsigned ends = (unsigned)_mm_movemask_ps(_mm_castsi128_ps(marks));
		if (ends)
			return i + (uint32_t)__builtin_ctz(ends) + 1;
	}
#else
	while (!(m->marks[i] & SCAN_NEWLINE))
		i++;
	return i + 1;
#endif
}

/* Set m->first. */
static inline void cut_index(const struct marked *m)
{
	uint32_t next = 0;

	m->first[0] = 0;
	for (size_t i = 0; i < m->lines; i++) {
		next = m->has_quotes ? cut_next(m, next) : next + 1;
		m->first[i + 1] = next;
	}
}

/* Return the i-th line, counted from 0, without its '\n'.  This and the following functions need
 * m->first. */
static inline struct span cut_nth_line(const struct marked *m, size_t i)
{
	const uint32_t *first = m->marks + m->first[i], *next = m->marks + m->first[i + 1];
	size_t from = cut_start(first);

	return span_of(m->block.at + from, scan_place(next[-1]) - from);
}

/* Return the number of quotes in the i-th line. */
static inline size_t cut_nth_quotes(const struct marked *m, size_t i)
{
	return m->first[i + 1] - m->first[i] - 1;
}

/* Remove the first n lines. */
static inline void cut_skip(struct marked *m, size_t n)
{
	m->marks += m->first[n];
	m->lines -= n;
}

/* The values of base fields in usual lines (see clf.h): a column for each field, with one element
 * for each line. */
struct usual_columns {
	uint32_t bases;             /* the fields to find, made of base_bit()s */
	struct span *values[BASES]; /* results: the columns of these fields; .at of a value is NULL
				     * if lines of the format do not have the field.  The values of
				     * lines that are not usual are meaningless */

	/* Results: the numbers of the usual lines, and of the others, which cut() must cut.  Each
	 * array has room for the numbers of all lines and one more. */
	uint32_t *usual, *others;
	size_t n_usual, n_others;
};

enum cut_result {
	CUT_FITS,
	CUT_NOT,     /* the line does not fit the format: it counts as unparsed */
	CUT_COMMENT, /* the line is a comment or a heading, not a record */
	CUT_FAILED,  /* out of memory */
};

#endif
