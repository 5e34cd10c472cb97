/* top.h -- keeps the first K rows of a ranking, such as those with the largest counts.
 *
 * Usually, rows with larger counts come first, or with larger or smaller values of a statistic; rows
 * without a value come last (see order.h for the other orders).  If two of these are equal, the row with
 * the bytewise smaller key comes first.  Since all keys of a
 * ranking are different, no two rows are equal in this order, so the ranking depends on nothing
 * else.
 */
#ifndef RANK_TOP_H
#define RANK_TOP_H

#include "lib/arena.h"
#include "rank/order.h"
#include "rank/statistic.h"

/* A row of a ranking.  It is smaller than a struct counted, because a ranking may have a row for
 * every key. */
struct row {
	struct span key;
	uint64_t count;
	struct sum *values; /* of the statistics; NULL if there are none.  The ranking owns them */
};

#define BY_COUNT SIZE_MAX

struct ranking {
	/* The caller sets these. */
	enum order order;
	const struct statistics *statistics; /* the columns; NULL if keys are only counted.  Not
					      * owned */
	size_t by;      /* for ORDER_WEIGHT, the statistic that orders rows; BY_COUNT if none does */
	bool ascending; /* for ORDER_WEIGHT, the smallest weights come first */
	bool counts_break_ties; /* of equal values of a statistic, the one with the larger count comes
				 * first */
	uint64_t least; /* rows with smaller counts are left out */
	size_t limit;   /* the most rows to keep; 0 to keep all rows */

	/* NULL if the keys that are added stay valid.  Otherwise hold() is called for each row that
	 * is kept, and replaces its key by a copy.  It returns false (errno) on error.  Its first
	 * argument is .holder. */
	bool (*hold)(void *, struct span *key);
	void *holder;

	struct row *rows; /* sorted after top_finish(); the keys are not owned */
	size_t n, room;
	uint64_t keys;    /* the number of distinct keys that were added */
	uint64_t matched; /* the sum of the keys' counts */
	struct sum first, last; /* the earliest and the latest time of all keys, if that is among the
				 * statistics; else none.  The caller sets these to NUMBER_NONE */
	struct sum sum;   /* the sum of the values by which rows are ranked, if this is a sum */
	struct arena values; /* owns the values of rows */
};

/* Add a row to the ranking.  Its values are copied.  Each key must be added only once.  False (errno) if
 * out of memory, or if .sum or .matched overflows (EOVERFLOW). */
bool top_add(struct ranking *, const struct row *);

/* True if rows are ranked by a sum. */
bool ranking_by_sum(const struct ranking *);

/* True if the only statistic of the ranking is the sum of -s FIELD. */
static inline bool ranking_has_only_sum(const struct ranking *r)
{
	return r->statistics && r->statistics->only_sum;
}

/* True if the ranking has other statistics than a sum. */
static inline bool ranking_has_statistics(const struct ranking *r)
{
	return r->statistics && !r->statistics->only_sum;
}

/* Finish the ranking: sort its rows. */
void top_finish(struct ranking *);

/* The rows of a finished ranking, which take_last() hands over from the last to the first. */
struct rows {
	bool (*take_last)(void *ctx, struct row *); /* false (errno) on error */
	void *ctx;
	size_t n;
};

/* Merge another part of the same ranking, the second argument, into the first argument.  Both parts
 * must be finished, and have no key in common.  The other part's rows are taken from `rows`, not
 * from its .rows.  False (errno) for the same reasons as top_add(), or if take_last() has failed.
 * After that, the ranking can only be freed. */
bool top_merge(struct ranking *, const struct ranking *, struct rows);

/* Keep only the first `limit` rows of a finished ranking, or with ORDER_LAST the last ones; 0 keeps
 * all rows. */
void ranking_limit(struct ranking *, size_t limit);

void ranking_free(struct ranking *);

#endif
