/* tuple.h -- several byte strings in one, so that tuples have the order of their values.
 *
 *	value 00 01 value 00 01 value		a byte 00 within a value is 00 02
 *
 * If two tuples have the same number of values, comparing them bytewise is the same as comparing
 * their values one after the other.  If one value is a prefix of the other, 00 01 follows it, which
 * is less than anything that can follow in the other.  (After the tuple layer of FoundationDB.)
 */
#ifndef STORE_TUPLE_H
#define STORE_TUPLE_H

#include "lib/arena.h"
#include "lib/span.h"

/* How many bytes the value takes in a tuple, without a separator. */
size_t tuple_size(struct span value);

enum { TUPLE_SEPARATOR = 2 };

/* Write a value at `at`, after a separator if it is not the first.  Returns the end of what was
 * written.  Nothing is written at or after `end`: a value in a mapped file may have changed since
 * tuple_size(). */
char *tuple_put(char *at, const char *end, struct span value, bool first);

/* Split a tuple into its n values, whose bytes will be in the arena.  If out of memory, the values
 * are empty. */
void tuple_split(struct span tuple, size_t n, struct arena *, struct span *values);

#endif
