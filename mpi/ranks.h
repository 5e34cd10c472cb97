/* ranks.h -- the processes of wf-mpi: their start, and their agreement on the command line.
 */
#ifndef MPI_RANKS_H
#define MPI_RANKS_H

#include "cli/option_table.h"
#include "mpi/peers.h"
#include "store/pack.h"

struct ranks {
	struct peers peers;
	bool local;    /* --local: each host counts its own files; else all see the same files */
	bool together; /* the ranks count together, or one rank counts with --resume; false: the
			* first rank does everything, with command_run() */
};

/* Start MPI, and read the options.  All ranks but the first one wait in this function for
 * ranks_start(): so --help and mistakes in the command line are printed only once, and the first
 * rank alone does what needs one process, such as --merge.  Exits with a message if an option is
 * not possible with several ranks. */
struct ranks ranks_begin(int *argc, char ***argv, struct options *);

/* Every rank calls this.  The first rank thereby lets the others return from ranks_begin().  A rank
 * whose options differ from those of the first rank dies. */
void ranks_start(const struct ranks *, const struct options *);

/* Replace the bytes in the pack by those of the first rank.  Dies if out of memory. */
void ranks_broadcast(const struct ranks *, struct pack *);

/* True if all ranks can read these files, because none is a pipe, a device or the like.  Warns of
 * each file that is one: it can be read only once, and opening it might block forever. */
bool ranks_can_share(const struct strlist *files);

#endif
