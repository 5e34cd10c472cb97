/* combine.h -- hand over the keys of several tables, each once, with the totals of all tables.
 *
 * A table's slots are in the order of hashes, so all entries of a small window of hashes
 * are found together in each table; a window is put together in a hash table small enough
 * for the first levels of cache, and nothing is copied (a partitioned hash join; Shatdal,
 * Kant, Naughton: Cache Conscious Algorithms for Relational Query Processing, VLDB 1994).
 */
#ifndef STORE_COMBINE_H
#define STORE_COMBINE_H

#include "store/table.h"

/* Hand over each key whose hash is in the range, window by window, in no particular order.  Keys
 * stay in their tables; .hash is the tables'.  The tables have one seed, and all or none have
 * sums.  False (errno) if the sink stopped it, memory is out, or a count or a sum overflows
 * (EOVERFLOW). */
bool combine_tables(const struct table *const *, size_t n, struct range, struct sink);

#endif
