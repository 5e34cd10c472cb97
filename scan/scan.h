/* scan.h -- find bytes in blocks, 64 at a step.
 *
 * Every function exists once for each kind of CPU, in a file of its own
 * (scan_avx512.c, scan_avx2.c, scan_sse2.c, scan_neon.c, scan_plain.c); all give
 * the same answers.  scan_choose() takes the best that this machine has, once, at
 * the start; WF_CPU=NAME in the environment asks for another.
 *
 * No function reads outside of the bytes it is given.
 */
#ifndef SCAN_SCAN_H
#define SCAN_SCAN_H

#include <stdint.h>

#include "lib/span.h"

/* A literal to search for, and where in it the two bytes are that are rarest in
 * logs: those are looked for, and only where both are is the rest compared. */
struct needle {
	struct span literal; /* one byte or more; not owned */
	size_t rare[2];      /* the same place twice if it is one byte */
};

struct needle needle_of(struct span literal);

/* How much a literal helps to tell lines apart, to choose among several: the sum
 * of its bytes' rarity, about in eighths of a bit. */
unsigned needle_weight(struct span literal);

/* So many more places may be written, and mean nothing. */
enum { SCAN_AHEAD = 16 };

/* How many it found. */
struct scan_marks {
	size_t newlines, quotes;
};

struct scan {
	const char *name;

	/* How many bytes of s are c. */
	size_t (*count)(struct span s, char c);

	/* The places of c in s, ascending, into at[]; returns how many.  at has room for
	 * s.len of them; s.len < 2^32. */
	size_t (*places)(struct span s, char c, uint32_t *at);

	/* The places in s of '\n', and of those '"' that no backslash escapes, ascending.  In
	 * a run of backslashes each odd one escapes what is behind it, a '\n' excepted; s
	 * begins at the start of a line.  Both have room for s.len + SCAN_AHEAD; s.len < 2^32. */
	struct scan_marks (*marks)(struct span s, uint32_t *newlines, uint32_t *quotes);

	/* The first place of the needle in s, or s.len if there is none. */
	size_t (*find)(struct span s, const struct needle *);
};

/* The best for this CPU, or the one that WF_CPU names.  NULL if WF_CPU names one
 * that this CPU can't run or this build does not have. */
const struct scan *scan_choose(void);

/* All that this machine can run, best first, NULL at the end: for tests. */
const struct scan *const *scan_all(void);

#endif
