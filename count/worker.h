/* worker.h -- one of a crew: takes chunks, and blocks that others have read, and counts them.
 */
#ifndef COUNT_WORKER_H
#define COUNT_WORKER_H

#include "count/pool.h"
#include "input/seekable.h"

/* What it has at hand. */
struct worker {
	const struct pool *pool;
	unsigned number;
	struct worker_state *state;
	struct tally tally;
	struct seekable reader;
	bool passes;   /* blocks on to others */
	uint64_t done; /* bytes of the inputs, as packed as they are, in chunks that it is done with
			*/
};

/* The worker of a desk, before it begins. */
struct worker worker_at(const struct pool *, unsigned state);

/* All that a worker does.  In the end its desk is done, or tells why not. */
void worker_work(struct worker *);

/* Drop what it has open, where its work was broken off. */
void worker_stop(struct worker *);

#endif
