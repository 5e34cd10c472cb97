/* leases.h -- shares the chunks of the plan among the ranks.  A lease is a range of chunks that one
 * rank counts.
 *
 *	leases_begin
 *	leases_feed	again and again while the workers count: when few chunks are left for them,
 *			takes another lease and gives the workers its chunks
 *	leases_serve	again and again until leases_end: keeps the heartbeat going; on the first
 *			rank, hands out leases to the others
 *	leases_end
 *
 * The ranks take the leases from a counter that they share, so a rank that counts faster takes more
 * leases.  With --resume, leases that an earlier run has counted are left out.
 *
 * With --local there are no leases: leases_begin() is not called, and all members but .peers are
 * zero.  Then leases_feed() and leases_serve() only keep the heartbeat going.
 */
#ifndef MPI_LEASES_H
#define MPI_LEASES_H

#include "chunker.h"
#include "mpi/peers.h"
#include "mpi/plan.h"

struct leases {
	const struct peers *peers;
	struct task_counter counter; /* gives out indexes into .open */
	struct plan plan;
	size_t low;    /* take another lease when at most this many chunks wait for a worker */
	bool all_gone; /* all leases have been taken */

	uint64_t *open; /* the leases that no earlier run has counted, the same list on all ranks;
			 * NULL with --local */
	size_t n_open;
	uint64_t *mine; /* the leases that this rank has taken */
	size_t n_mine;
};

/* Begin to share `n` leases, except each lease I for which done[I] is true; `done` may be NULL.  A
 * rank takes another lease when at most `low` chunks wait for a worker.  Dies if out of memory. */
void leases_begin(struct leases *, const struct peers *, const struct plan *, size_t n,
	const bool *done, size_t low);

/* The callback of a struct feed whose .ctx is a struct leases. */
void leases_feed(void *leases, struct chunker *);

void leases_serve(struct leases *);

/* Wait until no rank will ask for another lease. */
void leases_end(struct leases *);

void leases_free(struct leases *);

#endif
