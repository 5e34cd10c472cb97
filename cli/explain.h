/* explain.h -- how the first lines of each input are cut, and what becomes of them.
 */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "count/detect.h"
#include "input/input.h"
#include "query/query.h"

/* Print that on stdout; nothing is counted.  formats is NULL if the query needs none.
 * The exit status. */
int explain(const struct inputs *, struct query *, struct formats *);

#endif
