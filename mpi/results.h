/* results.h -- makes one report, or one snapshot, of what all ranks have counted.
 *
 *	each rank	its tables -> one snapshot for each rank, with that rank's range of hashes
 *			the snapshots that all ranks have sent here -> rankings of this rank's range
 *	rank 0		the rankings of all ranges -> report
 *
 * With --save, each rank sends the keys of its range to rank 0 as another snapshot, instead of
 * rankings.  So does -t, because the keys of one cell of a table over time are in several ranges.
 * Otherwise no rank ever has all keys.
 *
 * A rank that receives a snapshot checks the snapshot's checksums and its query.
 */
#ifndef MPI_RESULTS_H
#define MPI_RESULTS_H

#include "cli/print_or_save.h"
#include "mpi/startup.h"
#include "mpi/resume.h"

/* Add up what all ranks have counted and what earlier runs have saved, and let the first rank print
 * or save the total.  The struct saved describes what this rank has counted.  Frees .counts of the
 * outcome.  Returns the exit status, the same on all ranks.  Dies on an error of this rank. */
int results_deliver(const struct ranks *, const struct resume *, struct outcome *, struct saved *);

#endif
