/* explain.h -- carries out --explain: shows how the first lines of each input are split into
 * fields, and whether they are counted.
 */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "count/detect.h"
#include "input/input.h"
#include "query/query.h"

/* Explain the first lines of each input on stdout; nothing is counted.  `formats` is NULL if the
 * query needs no format.  Returns the exit status. */
int explain(const struct inputs *, struct query *, struct formats *);

#endif
