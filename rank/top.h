/* top.h -- the K largest counts or sums of each ranking, and the order of equal ones.
 *
 * Larger counts or sums come first.  If they are equal, the key that is bytewise smaller comes
 * first.  Since all keys of a ranking are different, this order is complete: a ranking depends on
 * nothing else.
 */
#ifndef RANK_TOP_H
#define RANK_TOP_H

#include "store/counted.h"
#include "rank/order.h"

/* A struct row is smaller than a struct counted, because a ranking may have a row for every key. */
struct row {
	struct span key;
	uint64_t count;
	struct sum sum;
};

struct ranking {
	/* The caller sets these. */
	enum order order;
	bool sums;    /* rank by the sums */
	size_t limit; /* the most rows to keep; 0: all */

	/* Copy the key of a row that is kept, if added keys do not stay valid.  False (errno) if it
	 * cannot.  NULL: keys stay valid. */
	bool (*hold)(void *, struct span *key);
	void *holder;

	struct row *rows; /* in order after top_finish(); the keys are not owned */
	size_t n, room;
	uint64_t keys;    /* how many distinct keys were added */
	uint64_t matched; /* the sum of their counts */
	struct sum sum;   /* the sum of their sums */
};

/* Add a key to the ranking.  Each key must be added only once.  False (errno) if out of memory, or
 * if a sum has more than 64 bits (EOVERFLOW). */
bool top_add(struct ranking *, const struct counted *);

/* Finish the ranking: sort the rows. */
void top_finish(struct ranking *);

/* Rows of a finished ranking, handed over from the last to the first. */
struct rows {
	bool (*take_last)(void *ctx, struct row *); /* false with errno */
	void *ctx;
	size_t n;
};

/* Merge another part of the same ranking.  Both are finished, and have no key in common.  Its rows
 * are taken from `rows`.  False as top_add(), or if a row could not be taken: then this ranking can
 * only be freed. */
bool top_merge(struct ranking *, const struct ranking *, struct rows);

void ranking_free(struct ranking *);

#endif
