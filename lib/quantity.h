/* quantity.h -- reads numbers with a unit: 300ms, 1.5s, 2h, 4K, 3.2MB, 1,024.
 */
#ifndef LIB_QUANTITY_H
#define LIB_QUANTITY_H

#include "lib/decimal.h"

enum quantity_kind { QUANTITY_PLAIN, QUANTITY_TIME, QUANTITY_SIZE };

/* A unit is .factor * 10^.shift seconds or bytes. */
struct quantity_unit {
	const char *name;
	uint64_t factor;
	int shift;
	enum quantity_kind kind;
};

/* Split a text after its last digit.  *number becomes the text up to there.  Returns the unit that
 * the rest names; NULL if there is no rest, or if it is not a unit. */
const struct quantity_unit *quantity_split(struct span text, struct span *number);

/* Read a number of the form that decimal_is() accepts, perhaps with a unit.  If it has no exponent,
 * it may have commas between groups of three digits before the point.  Units:
 *
 *	ns us ms s m h d w	a time, in seconds
 *	k K M G T, KiB ... TiB	a multiple of 1024, as sort -h and head -c have it
 *	B kB KB MB GB TB	a multiple of 1000
 *
 * "m" is a minute, "M" a mega.  The kind says what the unit is for.  False if the text is anything else, or if the number is too
 * large. */
bool quantity_read(struct span, struct sum *, enum quantity_kind *);

#endif
