/* warnings.h -- reports, after the workers of a pool are done, which bytes and lines were not
 * counted.
 */
#ifndef COUNT_WARNINGS_H
#define COUNT_WARNINGS_H

#include "count/pool.h"

/* False, with a complaint, if a stream lacks a field of the query.  This was found only when the
 * stream was read, but it is an error in the query, so nothing may be printed. */
bool warnings_check(const struct pool *, struct complaint *);

/* Warn about each input that was not read completely, in the order of the inputs, and then about
 * lines that were left out.  The account is the sum of those of all workers.  True if anything is
 * missing from the counts. */
bool warnings_print(const struct pool *, const struct account *);

#endif
