/* fold_cache.h -- remembers the folded forms of texts of usual length (fold.h), because the same texts
 * occur again and again in a log, and to compare a text takes less time than to fold it.
 *
 * The cache is a table of fixed size, in which a text replaces another one that has the same place.  It
 * is small enough to stay in the second-level cache of the CPU.
 */
#ifndef QUERY_FOLD_CACHE_H
#define QUERY_FOLD_CACHE_H

#include "query/fold.h"

struct fold_cache;

/* Create an empty cache, of half a megabyte.  NULL if out of memory. */
struct fold_cache *fold_cache_new(void);
void fold_cache_free(struct fold_cache *);

/* Do the same as fold_usual(). */
bool fold_cache_fold(struct fold_cache *, struct span *text, char out[FOLD_ROOM]);

#endif
