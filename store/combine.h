/* combine.h -- hand over the keys of several tables, each once, with the totals of all tables.
 *
 * The slots of a table are in the order of hashes, so the entries of a small window of hashes are
 * found together in each table.  A window is put together in a hash table that is small enough for
 * the first levels of cache, and no keys are copied (a partitioned hash join; Shatdal, Kant,
 * Naughton: Cache Conscious Algorithms for Relational Query Processing, VLDB 1994).
 */
#ifndef STORE_COMBINE_H
#define STORE_COMBINE_H

#include "store/table.h"

/* Hand over each key whose hash is in the range, window by window, in no particular order.  Keys
 * are not copied, and .hash is the hash of the tables' entries.  All tables must have the same
 * seed, and all or none must have sums.  False (errno) if the sink stopped it, if out of memory, or
 * if a count or a sum overflows (EOVERFLOW). */
bool combine_tables(const struct table *const *, size_t n, struct range, struct sink);

#endif
