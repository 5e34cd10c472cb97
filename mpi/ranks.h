/* ranks.h -- the processes of wf-mpi: how they begin, and agree on the command line.
 */
#ifndef MPI_RANKS_H
#define MPI_RANKS_H

#include "cli/option_table.h"
#include "mpi/peers.h"
#include "store/pack.h"

struct ranks {
	struct peers peers;
	bool local;    /* --local: each host counts its own files; else all see the same files */
	bool together; /* the ranks count together, or one rank counts with --resume; else the first
			* rank does everything, with command_run() */
};

/* Begin, and read the options.  Of several ranks, all but the first one wait in this function for
 * ranks_start(): so --help and mistakes in the command line are printed once, and the first rank
 * alone does what needs one process, such as --merge.  Options that ranks can't carry out together
 * are rejected here. */
struct ranks ranks_begin(int *argc, char ***argv, struct options *);

/* Called by every rank, this lets the first rank release the others from ranks_begin().  A rank
 * whose options differ from those of the first one dies. */
void ranks_start(const struct ranks *, const struct options *);

/* Replace the bytes by those of the first rank.  Dies if memory is out. */
void ranks_broadcast(const struct ranks *, struct pack *);

/* The ranks count the same files; is each one of them a regular file?  If not, a warning names it:
 * to open it might block forever. */
bool ranks_can_share(const struct strlist *files);

#endif
