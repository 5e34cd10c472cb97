/* resume.h -- --resume DIR: what earlier starts of the same command have counted, and what this
 * start leaves for a later one.
 *
 *	resume_begin
 *	resume_has_host		--local: has an earlier start counted the files of this host?
 *	resume_find_done	without --local: which leases has an earlier start counted?
 *	resume_save		saves what this rank has counted
 *	resume_end		empties DIR, when the result has been delivered
 *
 * The snapshots of earlier starts are distributed among the ranks; each rank adds its share of them
 * to what it counts itself.  Without --resume these functions do nothing.
 */
#ifndef MPI_RESUME_H
#define MPI_RESUME_H

#include "cli/print_or_save.h"
#include "mpi/checkpoint.h"
#include "mpi/leases.h"
#include "mpi/ranks.h"

struct resume {
	const char *dir; /* NULL: without --resume */
	char own[96];    /* the name of the snapshot that this rank saves */
	uint64_t inputs; /* a hash of the names of files and directories on the command line */
	struct checkpoint all;  /* what is in DIR at the start */
	struct strlist earlier; /* the names of the earlier snapshots that this rank adds */
};

void resume_begin(struct resume *, const struct ranks *, const struct options *);

/* True if an earlier start has counted the files of this host: then .earlier has the name of that
 * snapshot.  Dies if it counted other files.  Makes DIR, if it does not exist. */
bool resume_has_host(struct resume *);

/* Find out which of the `leases` leases earlier starts have counted.  Element I of the result,
 * which the caller frees, is true if they have counted lease I.  NULL without --resume.  Dies if
 * the snapshots can't be those of one run. */
bool *resume_find_done(struct resume *, const struct ranks *, size_t leases);

/* Save what this rank has counted for a later start, unless it has counted nothing.  Dies on an
 * error. */
void resume_save(struct resume *, const struct ranks *, const struct outcome *, struct saved *,
	struct leases *);

void resume_end(struct resume *, const struct ranks *);

void resume_free(struct resume *);

#endif
