/* tuple.h -- several byte strings in one, in an order that is theirs.
 *
 *	value 00 01 value 00 01 value		a byte 00 within a value is 00 02
 *
 * Comparing two tuples of as many values bytewise compares value by value: where one value
 * ends and the other goes on, 00 01 is smaller than all that can stand there.  (After the
 * tuple layer of FoundationDB.)
 */
#ifndef STORE_TUPLE_H
#define STORE_TUPLE_H

#include "lib/arena.h"
#include "lib/span.h"

/* How many bytes the value takes in a tuple, without what separates it from others. */
size_t tuple_size(struct span value);

enum { TUPLE_SEPARATOR = 2 };

/* Write a value, after a separator if it is not the first; the byte behind it.  Nothing is written
 * at end or behind it: a value in a mapped file may have got other bytes since its size was told.
 */
char *tuple_put(char *at, const char *end, struct span value, bool first);

/* Take a tuple of n values apart; their bytes are in the arena.  What memory is out for is
 * empty. */
void tuple_split(struct span tuple, size_t n, struct arena *, struct span *values);

#endif
