/* scan.h -- finds bytes in blocks, 64 bytes at a time.
 *
 * There is a variant of the functions for each kind of CPU: scan_avx512.c, scan_avx2.c,
 * scan_sse2.c, scan_neon.c and scan_scalar.c.  The variants differ only in speed.  When wf starts,
 * scan_choose() picks the variant that the environment variable WF_CPU names, as in WF_CPU=avx2, or
 * else the best one for this machine.
 *
 * No function reads anything outside of the bytes that it is given.
 */
#ifndef SCAN_SCAN_H
#define SCAN_SCAN_H

#include <stdint.h>

#include "lib/span.h"

/* A literal to search for, and the places of its two rarest bytes.  A search looks for these two,
 * and compares the whole literal only where it finds both. */
struct needle {
	struct span literal; /* one byte or more; not owned */
	size_t rare[2];      /* the places of these two bytes in the literal; both are 0 if it has
			      * only one byte */
};

struct needle needle_of(struct span literal);

/* Return how rare a literal is in logs: the sum of the rarities of its bytes.  The rarity of a byte
 * is the information in it, in units of about an eighth of a bit. */
unsigned needle_weight(struct span literal);

/* marks() may write up to this many meaningless elements after the marks that it has found. */
enum { SCAN_AHEAD = 16 };

/* A mark is the place of a quote or of a newline.  This is added to the place of a newline. */
#define SCAN_NEWLINE (UINT32_C(1) << 31)

static inline uint32_t scan_place(uint32_t mark)
{
	return mark & ~SCAN_NEWLINE;
}

/* What marks() has found. */
struct scan_marks {
	size_t n;        /* number of marks */
	size_t newlines; /* how many of them are newlines */
};

struct scan {
	const char *name; /* the value of WF_CPU that selects this variant */

	/* Return the number of bytes in s that are equal to c. */
	size_t (*count)(struct span s, char c);

	/* Write the marks of all '\n' in s to marks[], in ascending order.  Return their number.
	 * marks[] must have room for s.len marks; s.len <= 2^31. */
	size_t (*newlines)(struct span s, uint32_t *marks);

	/* Do the same for all '\n', and all '"' that are not escaped by a backslash.  A backslash
	 * escapes the next byte, unless the backslash is escaped itself.  s must begin at the start
	 * of a line.  marks[] must have room for s.len + SCAN_AHEAD marks. */
	struct scan_marks (*marks)(struct span s, uint32_t *marks);

	/* Return the first place in s where the needle begins; s.len if s does not contain it. */
	size_t (*find)(struct span s, const struct needle *);
};

/* Return the variant that WF_CPU names, or the best variant for this CPU if WF_CPU is not set.
 * NULL if this build does not have the named variant, or if this CPU cannot run it. */
const struct scan *scan_choose(void);

/* All variants that this machine can run, the best first, NULL at the end.  For tests. */
const struct scan *const *scan_all(void);

#endif
