/* unmatched.h -- the file of --unmatched.
 */
#ifndef CLI_UNMATCHED_H
#define CLI_UNMATCHED_H

#include "cli/options.h"
#include "count/rejects.h"

/* Open it before anything is read, and leave what is in it until there is something to write; "-"
 * is stderr.  NULL if nobody asks for it.  Dies if it can't be opened, or has another use. */
FILE *unmatched_open(const struct options *, const struct inputs *);

/* Write what was rejected, and close it.  False on an error, which has been said. */
bool unmatched_write(const struct options *, FILE *, const struct rejects *, const struct chunker *,
	const struct inputs *);

#endif
