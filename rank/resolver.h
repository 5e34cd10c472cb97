/* resolver.h -- computes the statistics of keys.
 *
 *	keys and their pairs, in the order of a run --> resolver --> rankings
 *
 * In the order of a run (store/sorted_run.h), the pairs of a key follow the key, so only the keys with
 * the same hash, which is nearly always one key, are in memory at a time.
 */
#ifndef RANK_RESOLVER_H
#define RANK_RESOLVER_H

#include "rank/top.h"
#include "store/code_set.h"

struct resolver;

/* Make a resolver that adds keys to these rankings, one for each group that is no group of pairs.
 * NULL if out of memory. */
struct resolver *resolver_new(struct ranking *, size_t n, const struct measures *);
void resolver_free(struct resolver *);

/* Receives rows in the order of a run.  take() returns false (errno) to stop the resolver.  The row's
 * values are valid during the call. */
struct row_sink {
	bool (*take)(void *ctx, const struct counted *key, const struct row *);
	void *ctx;
};

/* Hand over the rows instead of adding them to the rankings, whose statistics say which values rows
 * have. */
void resolver_hand_over(struct resolver *, struct row_sink);

/* Take the next key or pair.  False (errno) for the same reasons as top_add(), or if a pair has no key
 * (EBADMSG). */
bool resolver_take(struct resolver *, const struct counted *);

/* Call this after the last key or pair.  False as in resolver_take(). */
bool resolver_end(struct resolver *);

/* Add a key of a ranking whose statistics need no pairs.  False (errno) as in top_add(). */
bool resolver_add_key(struct ranking *, const struct counted *);

/* Add a key whose pairs are codes: those of the k-th coded number of `g`, the measures of its group, are
 * codes[k], in ascending order.  False (errno) as in top_add(). */
bool resolver_add_coded(struct ranking *, const struct counted *, const struct group_measures *g,
	const struct code_list *codes);

/* Add a key without lines.  `g` is NULL if keys of this ranking have no measures.  False (errno) as in
 * top_add(). */
bool resolver_add_unseen(struct ranking *, struct span key, const struct group_measures *g);

#endif
