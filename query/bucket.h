/* bucket.h -- the range of numbers that a number belongs to: for 1234 and a width of 1K, 1K..2K.
 *
 *	width		ranges
 *	100		0..100  100..200  200..300
 *	50ms		0..50ms  50ms..100ms
 *	log		1..2  2..5  5..10  10..20
 *
 * A range contains its first number, but not its last one.  Only "0..0", a range of log, is 0
 * itself.  All arithmetic is exact; nine decimal places of a number count, as in sums.
 */
#ifndef QUERY_BUCKET_H
#define QUERY_BUCKET_H

#include "lib/arena.h"
#include "lib/quantity.h"

struct bucket {
	struct sum width; /* in seconds if the unit is one of time, else in bytes or plain; 0 for
			   * log */
	const struct quantity_unit *unit; /* the unit in which ranges are printed; NULL if none */
};

/* Read a width, such as 100, 0.5, 1K or 50ms, or "log".  False if the text is anything else, if the
 * width is 0, or if it needs more than nine decimal places in seconds or bytes. */
bool bucket_read(struct span text, struct bucket *);

/* True if the value is a number, with a unit or without, and thus may have a range. */
bool bucket_is_number(struct span value);

/* Replace a number by its range, which is in the arena.  If the value is not a number, has a unit
 * of another kind than the width, or is 2^64 or more, it becomes "-".  False if out of memory. */
bool bucket_of(const struct bucket *, struct span *value, struct arena *);

#endif
