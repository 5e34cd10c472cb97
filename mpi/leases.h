/* leases.h -- shares the chunks of the plan among the ranks: a lease is a range of chunks that one
 *rank counts.
 *
 *	leases_begin
 *	leases_feed	again and again while the workers count: when few chunks are left for them,
 *			take another lease and grant its chunks
 *	leases_serve	again and again until leases_end: the first rank hands out the leases
 *	leases_end
 *
 * A lease is taken from a counter that all ranks share, so a rank that counts faster takes more of
 * them.  With --resume, leases that an earlier start has counted are left out.
 *
 * With --local there is nothing to share: leases_begin() is not called, and the struct is zero but
 *for .peers.  Then these functions only keep the heartbeat going.
 */
#ifndef MPI_LEASES_H
#define MPI_LEASES_H

#include "chunker.h"
#include "mpi/peers.h"
#include "mpi/plan.h"

struct leases {
	const struct peers *peers;
	struct task_counter counter; /* of indexes into .open */
	struct plan plan;
	size_t low;    /* take another lease when at most so many chunks wait for a worker */
	bool all_gone; /* no rank has to take another one */

	uint64_t *
		open; /* those that were not counted before, the same on all ranks; NULL: --local */
	size_t n_open;
	uint64_t *mine; /* those that this rank has taken */
	size_t n_mine;
};

/* Begin to share this many leases, except for those that are done: done[n], or NULL.  Dies if
 * memory is out. */
void leases_begin(struct leases *, const struct peers *, const struct plan *, size_t n,
	const bool *done, size_t low);

/* The callback of a struct feed, whose ctx is the leases. */
void leases_feed(void *leases, struct chunker *);

void leases_serve(struct leases *);

/* Return when no rank will ask for another lease. */
void leases_end(struct leases *);

void leases_free(struct leases *);

#endif
