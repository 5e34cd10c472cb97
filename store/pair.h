/* pair.h -- writes a key and a value that was found with it as one key, a pair.
 *
 *	pair	key 00 01 value		a byte 00 in the key is 00 02
 *
 * Each different pair is counted, so that statistics of a key can be computed from its pairs: how many
 * different values it has, or how often it has each value.  In bytewise order, all pairs of a key are
 * together, and they are ordered by their values.
 */
#ifndef STORE_PAIR_H
#define STORE_PAIR_H

#include "lib/arena.h"
#include "lib/span.h"

/* Write a pair to the arena.  Its .at is NULL if out of memory. */
struct span pair_make(struct arena *, struct span key, struct span value);

/* The key of a pair, in which each byte 00 is followed by 02. */
struct span pair_first(struct span pair);

/* The value of a pair. */
struct span pair_second(struct span pair);

/* True if this is the key of the pair. */
bool pair_has_first(struct span pair, struct span key);

#endif
