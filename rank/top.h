/* top.h -- the K largest of each ranking, with a fixed order of ties.
 *
 * Larger counts, or sums, come first; of equal ones the key that is bytewise smaller.
 * Since keys differ, that leaves nothing open, and a ranking depends on nothing else.
 */
#ifndef RANK_TOP_H
#define RANK_TOP_H

#include "store/counted.h"
#include "rank/order.h"

/* Smaller than a struct counted: a ranking may have a row for every key. */
struct row {
	struct span key;
	uint64_t count;
	struct sum sum;
};

struct ranking {
	/* Set these. */
	enum order order;
	bool sums;    /* rank by the sums */
	size_t limit; /* rows, 0 for all */

	/* Where the keys that are added do not live on: moves the key of a row that is kept.
	 * False (errno) if it can't.  NULL: not needed. */
	bool (*hold)(void *, struct span *key);
	void *holder;

	struct row *rows; /* after top_finish best first; the keys are not owned */
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

/* Rows of a finished ranking, handed over from the last to the first. */
struct rows {
	bool (*take_last)(void *ctx, struct row *); /* false with errno */
	void *ctx;
	size_t n;
};

/* Merge another part of the ranking, of other keys and finished as this one is; its rows are taken
 * from `rows`.  False as top_add, or if rows could not be taken; then the ranking can only be
 * freed. */
bool top_merge(struct ranking *, const struct ranking *, struct rows);

void ranking_free(struct ranking *);

#endif
