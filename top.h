/* top.h -- the K largest, with a fixed order of ties.
 *
 * Larger counts come first; of equal counts the key that is bytewise smaller.  Since
 * keys differ, that leaves nothing open, and the ranking depends on nothing else.
 */
#ifndef TOP_H
#define TOP_H

#include "lib/table.h"

struct ranking {
	const struct entry **rows; /* best first; they point into the table */
	size_t n;
};

/* Rank the k first of a table, all for 0.  False where memory is out. */
bool top_rank(const struct table *, size_t k, struct ranking *);

void ranking_free(struct ranking *);

#endif
