/* scan_body.h -- the functions of scan.h, written with operations on 64 bytes.  Each variant
 * includes and compiles them.
 *
 * The file of a variant makes these definitions, and then includes this file:
 *
 *	SCAN_NAME	the variant's name
 *	SCAN_VARIANT	the name of the struct scan to define
 *	static inline uint64_t equal64(const char *p, char c);
 *			a mask of 64 bits, in which bit i is set if p[i] == c
 *
 * If the CPU can do the work of both64() or append_marks() faster, the variant also defines that
 * function, and the macro SCAN_BOTH64 or SCAN_APPEND_MARKS.  Then the version in this file is left
 * out.
 *
 * If fewer than 64 bytes are left at the end, they are copied to a buffer, so that nothing after
 * them is read.
 */
#include <string.h>

#include "scan/scan_variants.h"

/* AHEAD: the distance in bytes from the place that is read to the place that is prefetched.  The
 * functions prefetch because the CPU's own prefetching stops at the end of each page.  (Prefetching
 * after the end of a mapping does nothing.)  MARKS_STEP: the number of marks that append_marks()
 * writes at a time. */
enum { AHEAD = 16 * 1024, MARKS_STEP = 4 };

static inline uint64_t low_bits(size_t n)
{
	return (UINT64_C(1) << n) - 1; /* n < 64 */
}

static inline unsigned lowest_bit(uint64_t mask)
{
	return (unsigned)__builtin_ctzll(mask);
}

/* Like equal64(), but for the last bytes of a span: only n < 64 bytes are left at p. */
static inline uint64_t equal_tail(const char *p, size_t n, char c)
{
	char last[64];

	memcpy(last, p, n);
	return equal64(last, c) & low_bits(n);
}

static size_t count(struct span s, char c)
{
	size_t n = 0, i = 0;

	for (; i + 64 <= s.len; i += 64)
		n += (size_t)__builtin_popcountll(equal64(s.at + i, c));
	if (i < s.len)
		n += (size_t)__builtin_popcountll(equal_tail(s.at + i, s.len - i, c));
	return n;
}

/* For each bit i that is set in the mask, append the mark of a newline at base + i to marks[], which
 * has n elements.  Returns the new n. */
static inline size_t append_newlines(uint64_t mask, size_t base, uint32_t *marks, size_t n)
{
	for (; mask; mask &= mask - 1)
		marks[n++] = (uint32_t)(base + lowest_bit(mask)) | SCAN_NEWLINE;
	return n;
}

static size_t newlines(struct span s, uint32_t *marks)
{
	size_t n = 0, i = 0;

	for (; i + 64 <= s.len; i += 64)
		n = append_newlines(equal64(s.at + i, '\n'), i, marks, n);
	if (i < s.len)
		n = append_newlines(equal_tail(s.at + i, s.len - i, '\n'), i, marks, n);
	return n;
}

/* Return a mask of the escaped bytes: those that directly follow a run of backslashes of odd
 * length.  Before the call, *carry must be 1 if a backslash in the previous 64 bytes escapes the
 * first of these 64 bytes, else 0.  After the call, *carry is 1 if a backslash in these bytes
 * escapes the first of the next 64 bytes, else 0.
 *
 * One addition handles all runs, without a branch on their number, as in simdjson's
 * json_escape_scanner.  If the lowest bit of a run is added to the run, the run is cleared, and the
 * bit after the run is set.  This is done only for runs that begin at an even place.  So the bit
 * of the sum after a run tells whether the run began at an even place.  The length of the run is
 * odd if either its first place or the place after it is even, but not both.  A run that reaches
 * bit 63 may continue in the next mask.  If it began at an even place, the sum overflows, and its
 * length so far is even; otherwise its length so far is odd.
 *
 * With this addition, marks() is three times as fast as with a loop over the backslashes if a log
 * has many backslashes, and equally fast if it has few. */
static inline uint64_t escaped_by(uint64_t backslashes, uint64_t *carry)
{
	const uint64_t even = UINT64_C(0x5555555555555555);
	uint64_t runs = backslashes & ~*carry, behind = runs << 1, sum;
	bool overflows = __builtin_add_overflow(runs, runs & ~behind & even, &sum);
	uint64_t escaped = (behind & ~runs & (sum ^ even)) | *carry;

	*carry = runs >> 63 & !overflows;
	return escaped;
}

#if !defined(SCAN_APPEND_MARKS)
/* For each bit i that is set in one of the masks, append the mark of base + i to marks[], which has n
 * elements.  Elements after the last mark are meaningless.  Returns the new n.
 *
 * This writes four marks at a time.  The number of marks varies so much that the end of a loop over
 * single marks would often be mispredicted. */
static inline size_t append_marks(
	uint64_t newlines, uint64_t quotes, size_t base, uint32_t *marks, size_t n)
{
	const uint64_t never_none = UINT64_C(1) << 63;
	uint64_t rest = newlines | quotes;
	size_t end = n + (size_t)__builtin_popcountll(rest);

	do {
#pragma GCC unroll 4
		for (size_t i = 0; i < MARKS_STEP; i++) {
			unsigned bit = lowest_bit(rest | never_none);
			marks[n + i] = ((uint32_t)base + bit) | (uint32_t)(newlines >> bit) << 31;
			rest &= rest - 1;
		}
		n += MARKS_STEP;
	} while (n < end);
	return end;
}
#endif

static inline uint64_t quotes64(const char *p, uint64_t *carry)
{
	uint64_t quotes = equal64(p, '"'), backslashes = equal64(p, '\\');

	if (backslashes | *carry)
		quotes &= ~escaped_by(backslashes, carry);
	return quotes;
}

/* Return the number of bits in a mask.  Fast if the mask has at most one bit, even if the CPU has no
 * instruction for this.  Most masks of newlines have at most one bit, since most lines are longer
 * than 64 bytes. */
static inline size_t few_bits(uint64_t mask)
{
	size_t n = mask != 0;

	for (; mask & (mask - 1); mask &= mask - 1)
		n++;
	return n;
}

/* Append the marks in the 64 bytes at p, which is at s.at + i. */
static inline void marks64(
	const char *p, size_t i, uint64_t *carry, uint32_t *marks, struct scan_marks *n)
{
	uint64_t lines = equal64(p, '\n');

	n->newlines += few_bits(lines);
	n->n = append_marks(lines, quotes64(p, carry), i, marks, n->n);
}

static struct scan_marks marks(struct span s, uint32_t *at)
{
	struct scan_marks n = {0, 0};
	uint64_t carry = 0;
	size_t i = 0;

	for (; i + 64 <= s.len; i += 64) {
		__builtin_prefetch(s.at + i + AHEAD);
		marks64(s.at + i, i, &carry, at, &n);
	}
	if (i < s.len) {
		char last[64] = {0};
		memcpy(last, s.at + i, s.len - i);
		marks64(last, i, &carry, at, &n);
	}
	return n;
}

/* True if the needle is at p.  Compares eight bytes at a time; the last eight may overlap the eight
 * before.  This is faster than calling memcmp(), since a literal is short and its length does not
 * change during a search. */
static inline bool is_here(const char *p, const struct needle *needle)
{
	const char *literal = needle->literal.at;
	size_t n = needle->literal.len;

	if (n < 8)
		return memcmp(p, literal, n) == 0;
	for (size_t i = 0; i < n; i += 8) {
		size_t at = i + 8 <= n ? i : n - 8;
		if (word_load(p + at) != word_load(literal + at))
			return false;
	}
	return true;
}

/* The two rarest bytes of a needle, and their places in it. */
struct rare {
	size_t first, second;
	char first_byte, second_byte;
};

static inline struct rare rare_of(const struct needle *needle)
{
	const char *literal = needle->literal.at;
	size_t a = needle->rare[0], b = needle->rare[1];

	return (struct rare){a, b, literal[a], literal[b]};
}

#if !defined(SCAN_BOTH64)
/* A mask in which bit i is set if p[i] == c and q[i] == d. */
static inline uint64_t both64(const char *p, char c, const char *q, char d)
{
	return equal64(p, c) & equal64(q, d);
}
#endif

/* Return a mask in which bit i is set if p + i is a candidate.  A candidate is a place where the
 * needle may begin, because both of its rare bytes are found at the right distances. */
static inline uint64_t candidates(const char *p, struct rare r)
{
	return both64(p + r.first, r.first_byte, p + r.second, r.second_byte);
}

/* Return the first candidate where the whole needle is found; NULL if there is none.  Bit i of the
 * mask is set if p + i is a candidate. */
static inline const char *first_of(uint64_t mask, const char *p, const struct needle *needle)
{
	for (; mask; mask &= mask - 1)
		if (is_here(p + lowest_bit(mask), needle))
			return p + lowest_bit(mask);
	return NULL;
}

/* Like find(), but begin at place `from`.  This is for spans in which the needle can begin at fewer
 * than 64 places. */
static size_t find_short(struct span s, const struct needle *needle, size_t from)
{
	size_t len = needle->literal.len;

	for (size_t i = from; i + len <= s.len; i++)
		if (is_here(s.at + i, needle))
			return i;
	return s.len;
}

static size_t find(struct span s, const struct needle *needle)
{
	size_t len = needle->literal.len, i = 0;
	struct rare rare = rare_of(needle);
	const char *at = NULL;

	if (s.len < len + 63)
		return find_short(s, needle, 0);

	size_t last = s.len - len - 63; /* the needle can begin at this place and at the 63 places
					 * after it, but not later */
	for (; i + 64 <= last; i += 128) {
		uint64_t low = candidates(s.at + i, rare), high = candidates(s.at + i + 64, rare);
		if (!(low | high))
			continue;
		at = first_of(low, s.at + i, needle);
		at = at ? at : first_of(high, s.at + i + 64, needle);
		if (at)
			return (size_t)(at - s.at);
	}
	if (i <= last)
		at = first_of(candidates(s.at + i, rare), s.at + i, needle);
	if (!at) /* try the last 64 places, some of which were tried before */
		at = first_of(candidates(s.at + last, rare), s.at + last, needle);
	return at ? (size_t)(at - s.at) : s.len;
}

const struct scan SCAN_VARIANT = {SCAN_NAME, count, newlines, marks, find};
