/* key_order.h -- the order of keys in rankings by key: bytewise, but ranges such as 100..200 by
 * their numbers.
 *
 * FIELD/WHAT makes such ranges.  A range is two numbers with ".." between them, each of which may
 * have letters after it, as in 1K..2K.  A range comes after any other value.  Of two ranges, the
 * one with the smaller first number comes first; ranges with the same first number are in bytewise
 * order.  Tuples (store/tuple.h) are in the order of their first values that differ.
 */
#ifndef RANK_KEY_ORDER_H
#define RANK_KEY_ORDER_H

#include "lib/span.h"

/* Compare two keys: < 0, 0 or > 0. */
int key_order(struct span a, struct span b);

#endif
