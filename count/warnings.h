/* warnings.h -- warns, when the workers of a pool are done, about bytes and lines that were not
 * counted.
 */
#ifndef COUNT_WARNINGS_H
#define COUNT_WARNINGS_H

#include "count/pool.h"

/* Check that each stream has all fields of the query.  False, with a complaint, if a stream lacks a
 * field.  A worker notices this only when it reads the stream.  But a missing field is an error in
 * the query, so nothing may be printed. */
bool warnings_check(const struct pool *, struct complaint *);

/* Warn about each input that was not read completely, in the order of the inputs, and then about
 * lines that were left out.  The account is the sum of the accounts of all workers.  True if
 * anything is missing from the counts. */
bool warnings_print(const struct pool *, const struct account *);

/* If many lines are unparsed, find the first of them.  c->text becomes the rest of the sentence "the
 * lines do not fit ": the name of the format, and where the first line is; c->source becomes that
 * line, and c->offset the offset of the first byte that does not fit, or SIZE_MAX.  Otherwise
 * c->text becomes "". */
void warnings_first_unparsed(const struct pool *, const struct account *, struct complaint *c);

#endif
