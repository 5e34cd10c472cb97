/* diagnostics.h -- reports, after the workers of a pool are done, which bytes and lines were not
 * counted.
 */
#ifndef COUNT_DIAGNOSTICS_H
#define COUNT_DIAGNOSTICS_H

#include "count/pool.h"

/* False, with a complaint, if a stream lacks a field of the query.  That can be found out only when
 * the stream is read, but it is a mistake in the query all the same. */
bool diagnostics_check(const struct pool *, struct complaint *);

/* Warn, in the order of the inputs, of inputs that were not read completely, and of lines over
 * which a pattern gave up. True if anything is missing in the counts. */
bool diagnostics_warn(const struct pool *, const struct account *);

#endif
