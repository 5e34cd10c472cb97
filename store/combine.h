/* combine.h -- combines several tables: hands over each key once, with its totals over all tables.
 *
 * The slots of a table are in the order of hashes, so all entries whose hashes are in a small
 * window are near each other in each table.  The entries of one window at a time are combined in a
 * hash table that is small enough for the first levels of cache.  No keys are copied (a partitioned
 * hash join; Shatdal, Kant, Naughton: Cache Conscious Algorithms for Relational Query Processing,
 * VLDB 1994).
 */
#ifndef STORE_COMBINE_H
#define STORE_COMBINE_H

#include "store/table.h"

/* Hand over each key whose hash is in the range, window by window, in no particular order.  Keys
 * point into the tables, and their .hash is the hash in the tables.  The pairs of codes are handed over
 * for each table separately, so the same pair may come several times.  All tables must have the same
 * seed, and the same measures.  False (errno) if the sink's take() returned false,
 * if out of memory, or if a count or a measure overflows (EOVERFLOW). */
bool combine_tables(const struct table *const *, size_t n, struct range, struct sink);

/* The same, but without the pairs of codes. */
bool combine_keys(const struct table *const *, size_t n, struct range, struct sink);

#endif
