/* worker.h -- one worker of a pool: takes chunks, and blocks that other workers have read, and
 * counts them.
 */
#ifndef COUNT_WORKER_H
#define COUNT_WORKER_H

#include "count/pool.h"
#include "input/seekable.h"

struct worker {
	const struct pool *pool;
	unsigned number;
	struct worker_state *state; /* pool->workers[number] */
	struct tally tally;
	struct seekable seekable;
	bool passes;   /* it passes blocks on to other workers */
	uint64_t done; /* bytes of the inputs, not decoded, in chunks that it has finished */
};

/* A worker that has not begun. */
struct worker worker_new(const struct pool *, unsigned number);

/* Do all work of the worker.  In the end its state is done, or has an error. */
void worker_work(struct worker *);

/* Free what the worker holds, if its work was interrupted by a jump. */
void worker_stop(struct worker *);

#endif
