/* sorted_counts.h -- writes the counted keys of all tables as one sorted run, for a file or another
 * process.
 *
 *	tables --> walk --> sort --> run of blocks, by ranges of hashes --> file, pipe, network
 *
 * The bytes of a table depend on a random seed.  The bytes of a run (store/sorted_run.h) are the
 * same on all machines, and any range of a run can be sent without the other ranges.
 */
#ifndef SAVE_SORTED_COUNTS_H
#define SAVE_SORTED_COUNTS_H

#include "rank/all_counts.h"
#include "store/sorted_run.h"

/* Hand over all counted keys to the sink, as the blocks of a run.  Uses the memory that the tables
 * leave free, and if that is not enough, temporary files in $TMPDIR.  False (errno) if the sink's
 * put() has returned false, or for the reasons of ranker_rank().  *in_temp becomes true if a
 * temporary file has failed. */
bool sorted_counts_write(const struct counts *, struct block_sink, bool *in_temp);

#endif
