/* ranks.h -- one job among the processes of an MPI program: the ranks of wf-mpi.
 *
 *	rank 0      files ---> chunks --+-- leases, drawn by whoever has less left to do
 *	each rank   chunks -> workers -> tables        as in wf on one machine
 *	            tables -> a run by ranges of hashes -> a part of it for each rank
 *	            parts of all ranks, of one range -> rankings of that range
 *	rank 0      the best rows of all ranges -> report
 *
 * All ranks read the same files, of which each takes what it can get done; or with --local each
 * its own.  Nobody ever has all keys, but for those rows that are printed.  What goes from
 * rank to rank is a snapshot (see snapshot.h), so its checksums, and whether all were asked the
 * same, are looked at where it arrives.
 *
 * It is exact, or nothing is printed: where a rank can't count something it says so, with its
 * host's name, and all end with STATUS_ERROR.
 */
#ifndef MPI_RANKS_H
#define MPI_RANKS_H

#include "cli/outcome.h"
#include "mpi/checkpoint.h"
#include "mpi/peers.h"
#include "workers.h"

struct ranks {
	struct peers peers;
	bool together; /* the ranks count together, or the one counts with --resume; else the first
			* rank does all, with command_run(), and no other function may be called */
	bool local;    /* each has inputs of its own */
	struct task_counter draw;
	size_t lease, waiting; /* chunks of one; so few that it is time for another */
	size_t chunk_size;
	bool all_drawn;
	struct feed feed;

	/* Leases: those that nobody has counted, from which is drawn; those drawn here. */
	uint64_t *left, *mine;
	size_t n_left, n_mine;

	/* --resume: the folder, NULL without; snapshots in it that were there, and are counted in
	 * here; and the one that this rank keeps. */
	const char *resume;
	struct checkpoint kept;
	struct strlist taken;
	uint64_t named; /* a hash of the names of files and folders */
	char own[96];
};

/* Begin, and read the options.  Only the first one returns before ranks_start: what --help and
 * mistakes print is said once, and what is for one process, as --merge, the first does alone. */
struct ranks ranks_begin(int *argc, char ***argv, struct options *);

/* The first one, which has found no mistake in what was asked, has the others come with it, who
 * die if they were asked something else.  Does nothing in others. */
void ranks_start(const struct ranks *, const struct options *);

/* True if files are read here: of several ranks on a host with --local, the first counts its
 * files, unless they were counted before; what it has then kept is taken, and dies where it was
 * counted of other files.  Makes the folder of --local --resume, if there is none. */
bool ranks_begin_reading(struct ranks *);

/* True if nothing is to be shared, or these can be: regular files.  Else says what is none; to
 * open it might wait for ever. */
bool ranks_can_share(const struct ranks *, const struct strlist *files);

/* Adopt the first rank's plan: its files, up to the size that they have there or had for the
 * first start, and its chunks.  False, and says why, if here are others, or another query. */
bool ranks_agree_on_plan(struct ranks *, struct inputs *, const struct options *);

/* Share the chunks of these inputs: a chunker of the spec returned is to be fed. */
struct chunker_spec ranks_share_chunks(
	struct ranks *, const struct inputs *, const struct options *);
/* Counting begins; what feeds it while it lasts, also where nothing is shared. */
const struct feed *ranks_count(struct ranks *);

/* It is done here: keep it, for a second start. */
void ranks_checkpoint(struct ranks *, const struct outcome *);

/* Return when all have done it. */
void ranks_counted(struct ranks *);

/* Put together what all have counted, and have the first rank print or save it.  The exit
 * status. */
int ranks_deliver(struct ranks *, struct outcome *);

#endif
