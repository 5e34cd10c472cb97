/* explain.h -- how the first lines of each input are cut, and what becomes of them.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "detect.h"
#include "input.h"
#include "query.h"

/* Print that on stdout; nothing is counted.  formats is NULL if the query needs none.
 * The exit status. */
int explain(const struct inputs *, struct query *, struct formats *);

#endif
