/* worker.h -- does the work of one worker of a pool: it counts chunks, and blocks that other
 * workers have read.
 */
#ifndef COUNT_WORKER_H
#define COUNT_WORKER_H

#include "count/pool.h"
#include "input/random_access.h"

struct worker {
	const struct pool *pool;
	unsigned number;
	struct worker_state *state; /* pool->workers[number] */
	struct tally tally;
	struct random_access reader;
	unsigned trials; /* how many chunks were counted to find out whether mapping or reading is
			  * faster */
	double best_mapped, best_read; /* the fewest seconds per byte in these trials */
	bool is_child; /* true if the worker has a process of its own; false if it works in the
			* parent */
	bool passes;   /* true if the worker passes blocks on to other workers */
	uint64_t done; /* number of bytes, before decoding, in the chunks that are finished */
};

/* Make a worker that has not begun to work. */
struct worker worker_new(const struct pool *, unsigned number);

/* Do all work of the worker.  At the end, .done or .error is set in its state. */
void worker_work(struct worker *);

/* Free what the worker holds.  Call this only if siglongjmp() has interrupted worker_work();
 * otherwise worker_work() itself has freed everything. */
void worker_stop(struct worker *);

#endif
