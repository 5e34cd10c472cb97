/* top.h -- the K largest of each ranking, with a fixed order of ties.
 *
 * Larger counts, or sums, come first; of equal ones the key that is bytewise smaller.
 * Since keys differ, that leaves nothing open, and a ranking depends on nothing else.
 */
#ifndef TOP_H
#define TOP_H

#include "lib/table.h"
#include "question.h"

struct ranking {
	/* Set these. */
	enum order order;
	bool sums;    /* rank by the sums */
	size_t limit; /* rows, 0 for all */

	const struct entry **rows; /* best first; they point into the table */
	size_t n;
	uint64_t keys;    /* distinct ones */
	uint64_t matched; /* the sum of their counts */
	struct sum sum;   /* of their sums */
};

/* Rank a table's entries: those of group i in r[i].  False with errno where memory is out,
 * or a sum has more than 64 bits (EOVERFLOW). */
bool top_rank(const struct table *, struct ranking *r, size_t n);

void ranking_free(struct ranking *);

#endif
