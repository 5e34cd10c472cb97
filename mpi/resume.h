/* resume.h -- --resume DIR: what earlier starts of the same command have counted, and what this
 *start leaves for a later one.
 *
 *	resume_begin
 *	resume_has_host		--local: has an earlier start counted the files of this host?
 *	resume_find_done	else: which leases has an earlier start counted?
 *	resume_save		what this rank has counted
 *	resume_end		the result has been delivered, so DIR is emptied
 *
 * The snapshots of earlier starts are distributed among the ranks, and each adds its own ones to
 *the counts of this start.  Without --resume these functions do nothing.
 */
#ifndef MPI_RESUME_H
#define MPI_RESUME_H

#include "cli/deliver.h"
#include "mpi/checkpoint.h"
#include "mpi/leases.h"
#include "mpi/ranks.h"

struct resume {
	const char *dir; /* NULL: without --resume */
	char own[96];    /* the name of the snapshot that this rank saves */
	uint64_t inputs; /* a hash of the names of files and directories in the command line */
	struct checkpoint all;  /* what is in DIR at the start */
	struct strlist earlier; /* the names of the snapshots that this rank adds */
};

void resume_begin(struct resume *, const struct ranks *, const struct options *);

/* True if an earlier start has counted the files of this host: then its snapshot is in .earlier.
 * Dies if that start counted other files.  Makes DIR, if it does not exist. */
bool resume_has_host(struct resume *);

/* Which leases are in snapshots of earlier starts: an array with an element for each lease, yours
 * to free; NULL if there are none.  Dies if these can't be snapshots of one run. */
bool *resume_find_done(struct resume *, const struct ranks *, size_t leases);

/* Save what this rank has counted, if it is anything, for a later start.  Dies if that fails. */
void resume_save(struct resume *, const struct ranks *, const struct outcome *, struct saved *,
	struct leases *);

void resume_end(struct resume *, const struct ranks *);

void resume_free(struct resume *);

#endif
