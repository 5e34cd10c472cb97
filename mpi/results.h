/* results.h -- from what all ranks have counted to one report, or one snapshot.
 *
 *	each rank	its tables -> a snapshot, in parts by ranges of hashes -> a part for each
 *rank the parts of all ranks for one range -> the rankings of that range rank 0		the
 *rankings of all ranges -> report
 *
 * With --save the keys of each range go to rank 0 as another snapshot, instead of rankings.
 *
 * Without --save no rank ever has all keys.  Because snapshots are sent, the checksums, and that
 *all ranks have counted for the same query, are checked where they arrive.
 */
#ifndef MPI_RESULTS_H
#define MPI_RESULTS_H

#include "cli/deliver.h"
#include "mpi/ranks.h"
#include "mpi/resume.h"

/* Put together what all ranks have counted, and what earlier starts have saved, and have the first
 * rank print or save it.  saved describes what this rank has counted; outcome.counts are freed.
 * Returns the exit status, the same on all ranks.  Dies on an error of this rank. */
int results_deliver(const struct ranks *, const struct resume *, struct outcome *, struct saved *);

#endif
