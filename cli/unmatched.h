/* unmatched.h -- the file of --unmatched.
 */
#ifndef CLI_UNMATCHED_H
#define CLI_UNMATCHED_H

#include "cli/options.h"
#include "count/rejects.h"

/* Open the file before anything is read; its old contents stay until lines are written.  "-" is
 * stderr.  NULL without --unmatched.  Dies if the file can't be opened or has another use. */
FILE *unmatched_open(const struct options *, const struct inputs *);

/* Write the rejected lines, and close the file.  False on an error, which has been printed. */
bool unmatched_write(const struct options *, FILE *, const struct rejects *, const struct chunker *,
	const struct inputs *);

#endif
