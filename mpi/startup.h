/* startup.h -- starts the ranks, which are the processes of wf-mpi, and checks that their command
 * lines agree.
 */
#ifndef MPI_STARTUP_H
#define MPI_STARTUP_H

#include "cli/option_table.h"
#include "mpi/peers.h"

struct ranks {
	struct peers peers;
	int64_t now;   /* the time of the run: rank 0's clock, in seconds since 1970 */
	bool local;    /* --local: each host counts its own files; without it, all ranks see the
			* same files */
	bool together; /* true if several ranks count together, or one rank counts with --resume;
			* false if the first rank does everything, with command_run() */
};

/* Start MPI, and read the options.  All ranks but the first one wait in this function for
 * startup_end().  So --help and mistakes in the command line are printed only once, and the first
 * rank can do alone what needs only one process, such as --merge.  Exits with a message if an
 * option is not possible with several ranks. */
struct ranks startup_begin(int *argc, char ***argv, struct options *);

/* Every rank calls this.  The first rank thereby lets the others return from startup_begin().  A
 * rank whose options differ from those of the first rank dies. */
void startup_end(const struct ranks *, const struct options *);

#endif
