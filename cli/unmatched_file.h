/* unmatched_file.h -- opens and writes the file of --unmatched, which gets the lines that were not
 * counted.
 */
#ifndef CLI_UNMATCHED_FILE_H
#define CLI_UNMATCHED_FILE_H

#include "cli/option_table.h"
#include "count/rejects.h"

/* Open the file of --unmatched; "-" means stderr.  Call this before anything is read; the old
 * contents stay until unmatched_file_write().  NULL if --unmatched was not given.  Prints why and
 * exits if the file can't be opened, or is also an input or another output. */
FILE *unmatched_file_open(const struct options *, const struct inputs *);

/* Write the rejected lines, and close the file.  False on an error, which has been printed. */
bool unmatched_file_write(const struct options *, FILE *, const struct rejects *,
	const struct chunker *, const struct inputs *);

#endif
