/* diagnostics.h -- says on stderr what could not be counted, when a crew is done.
 */
#ifndef COUNT_DIAGNOSTICS_H
#define COUNT_DIAGNOSTICS_H

#include "count/pool.h"

/* Say, in the order of the inputs, what of them was not read, and which lines a pattern gave up on.
 * True if anything is missing. */
bool diagnostics_print(const struct pool *, const struct account *);

/* True, and it is said, if a stream lacks a field that is asked for: that is known only when it is
 * read, but a mistake all the same. */
bool diagnostics_is_mistake(const struct pool *);

#endif
