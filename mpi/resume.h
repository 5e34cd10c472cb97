/* resume.h -- carries out --resume DIR: uses what earlier runs of the same command have counted,
 * and saves for later runs what this run has counted.
 *
 *	resume_begin
 *	resume_has_host		with --local: finds out if earlier runs have counted this host
 *	resume_find_done	without --local: finds out which leases earlier runs have counted
 *	resume_save		saves what this rank has counted
 *	resume_end		empties DIR, when the result has been delivered
 *
 * The snapshots of earlier runs are distributed among the ranks.  Each rank adds its share of them
 * to what it counts itself.  Without --resume these functions do nothing.
 */
#ifndef MPI_RESUME_H
#define MPI_RESUME_H

#include "cli/print_or_save.h"
#include "mpi/checkpoint.h"
#include "mpi/leases.h"
#include "mpi/startup.h"

struct resume {
	const char *dir; /* DIR; NULL without --resume */
	char own[96];    /* the name of the snapshot that this rank saves */
	uint64_t inputs; /* a hash of the names of files and directories on the command line */
	struct checkpoint all;  /* the contents of DIR when this run began */
	struct strlist earlier; /* the names of the earlier snapshots that this rank adds */
};

void resume_begin(struct resume *, const struct ranks *, const struct options *);

/* True if an earlier run has counted the files of this host; the name of its snapshot is added to
 * .earlier.  Dies if that run has counted other files.  Makes DIR, if it does not exist. */
bool resume_has_host(struct resume *);

/* Find out which leases earlier runs have counted.  `leases` is the number of all leases.  Element
 * I of the result is true if lease I was counted; the caller frees the result.  NULL without
 * --resume.  Dies if a snapshot has a lease that is not in the plan, or that another snapshot has,
 * too. */
bool *resume_find_done(struct resume *, const struct ranks *, size_t leases);

/* Save what this rank has counted, for a later run.  Saves nothing if this rank has counted
 * nothing.  Dies on an error. */
void resume_save(struct resume *, const struct ranks *, const struct outcome *, struct saved *,
	struct leases *);

void resume_end(struct resume *, const struct ranks *);

void resume_free(struct resume *);

#endif
