/* part_cache.h -- remembers what slow functions have made from values, because the same values occur
 * again and again in a log.
 *
 * The cache is a table of fixed size, in which a value replaces another one that has the same place.
 */
#ifndef QUERY_PART_CACHE_H
#define QUERY_PART_CACHE_H

#include "lib/arena.h"
#include "lib/span.h"

struct part_cache;

/* Create an empty cache, of about two megabytes.  NULL if out of memory. */
struct part_cache *part_cache_new(void);
void part_cache_free(struct part_cache *);

/* Return a copy of what was made from the value, in the arena, or the value itself if nothing else
 * was made from it.  .at is NULL if that is not known, or if out of memory. */
struct span part_cache_find(struct part_cache *, struct span value, struct arena *);

/* Remember what was made from the value, unless it is too long. */
void part_cache_put(struct part_cache *, struct span value, struct span made);

#endif
