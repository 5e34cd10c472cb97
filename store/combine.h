/* combine.h -- the keys of several tables, each once, with what all of them counted for it.
 *
 * A table's slots are in the order of hashes, so all entries of a small window of hashes
 * are found together in each table; a window is put together in a hash table small enough
 * for the first levels of cache, and nothing is copied (a partitioned hash join; Shatdal,
 * Kant, Naughton: Cache Conscious Algorithms for Relational Query Processing, VLDB 1994).
 */
#ifndef STORE_COMBINE_H
#define STORE_COMBINE_H

#include "store/table.h"

/* A key of all tables. */
struct joined {
	const struct entry *entry; /* its group and key, from one of the tables */
	uint64_t count;
	struct sum sum; /* 0 in tables without */
};

/* Hand over each key whose hash is in the range, window by window, in no order that could be
 * relied upon.  The tables have one seed, and all or none have sums.  take returns false
 * (errno) to end it.  False where it did, where memory is out, or a count or a sum gets out
 * of all bounds (EOVERFLOW). */
bool combine_tables(const struct table *const *, size_t n, struct range,
	bool (*take)(void *, const struct joined *), void *to);

#endif
