/* fold_cache.h -- remembers the folded forms of texts of usual length (fold.h).  The same texts
 * occur again and again in a log, and comparing a text takes less time than folding it.
 *
 * The cache is a table of fixed size.  A new text replaces the one that has the same place.  The
 * table is small enough to stay in the second-level cache of the CPU.
 */
#ifndef QUERY_FOLD_CACHE_H
#define QUERY_FOLD_CACHE_H

#include "query/fold.h"

struct fold_cache;

/* Create an empty cache, of half a megabyte.  NULL if out of memory. */
struct fold_cache *fold_cache_new(void);
void fold_cache_free(struct fold_cache *);

/* Do the same as fold_usual(), but look in the cache first. */
bool fold_cache_fold(struct fold_cache *, struct span *text, char out[FOLD_ROOM]);

#endif
