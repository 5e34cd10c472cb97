/* casefold.h -- puts a text into lower case, the same on every machine.
 */
#ifndef LIB_CASEFOLD_H
#define LIB_CASEFOLD_H

#include "lib/arena.h"
#include "lib/span.h"

/* Replace a text by the same text in lower case, which is in the arena unless nothing changes.  In
 * UTF-8, each character is replaced by one character: Unicode's simple case folding.  Bytes that are
 * not UTF-8 stay.  False if out of memory. */
bool casefold(struct span *text, struct arena *);

#endif
