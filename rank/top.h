/* top.h -- the K largest of each ranking, with a fixed order of ties.
 *
 * Larger counts, or sums, come first; of equal ones the key that is bytewise smaller.
 * Since keys differ, that leaves nothing open, and a ranking depends on nothing else.
 */
#ifndef RANK_TOP_H
#define RANK_TOP_H

#include "store/counted.h"
#include "rank/order.h"

struct ranking {
	/* Set these. */
	enum order order;
	bool sums;    /* rank by the sums */
	size_t limit; /* rows, 0 for all */

	/* Where the keys that are added do not live on: moves the key of a row that is kept.
	 * False (errno) if it can't.  NULL: not needed. */
	bool (*hold)(void *, struct span *key);
	void *holder;

	struct counted *rows; /* after top_finish best first; the keys are not owned */
	size_t n, room;
	uint64_t keys;    /* distinct ones */
	uint64_t matched; /* the sum of their counts */
	struct sum sum;   /* of their sums */
};

/* Take part in the ranking, each key once.  False with errno where memory is out, or a sum
 * has more than 64 bits (EOVERFLOW). */
bool top_add(struct ranking *, const struct counted *);

/* Bring the rows in order. */
void top_finish(struct ranking *);

/* Add another part of the ranking: of other keys, and finished as this one is.  False as
 * top_add. */
bool top_merge(struct ranking *, const struct ranking *);

void ranking_free(struct ranking *);

#endif
