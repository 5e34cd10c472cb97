/* tuple.h -- writes several byte strings, the values, as one byte string, a tuple.  Tuples are
 * ordered as their values are.
 *
 *	value 00 01 value 00 01 value		a byte 00 within a value is 00 02
 *
 * If two tuples have the same number of values, comparing them bytewise is the same as comparing
 * their values one after the other.  If one value is a prefix of the other, the shorter value is
 * followed by 00 01, and these bytes are less than any bytes that can follow the prefix in the
 * longer value.  (After the tuple layer of FoundationDB.)
 */
#ifndef STORE_TUPLE_H
#define STORE_TUPLE_H

#include "lib/span.h"

/* The number of bytes that a value has in a tuple, without a separator. */
size_t tuple_size(struct span value);

enum { TUPLE_SEPARATOR = 2 };

/* Write a value to `at`, with a separator before it unless it is the first one.  Returns the end of
 * the bytes that were written.  Nothing is written at or after `end`, even if the value is in a
 * mapped file and has changed since tuple_size(). */
char *tuple_put(char *at, const char *end, struct span value, bool first);

/* Split a tuple into its n values, and write their bytes to `out`, which has room for tuple.len
 * bytes.  Values that the tuple lacks are empty. */
void tuple_split(struct span tuple, size_t n, char *out, struct span *values);

#endif
