/* workers.h -- forks workers, gives each a table in shared memory, watches them, and has others
 * redo the work of those that die.
 *
 * Nothing is forked for a single worker or a single chunk, if there is neither a meter nor a feed.
 * If fewer workers than asked for can be forked, these do all the work.
 */
#ifndef WORKERS_H
#define WORKERS_H

#include "chunker.h"
#include "count/detect.h"
#include "rank/counts.h"
#include "count/rejects.h"
#include "lib/complaint.h"

struct workers_spec {
	unsigned jobs;   /* workers at most, 1 to WORKERS_MAX */
	uint64_t memory; /* bytes for all tables together */
};

enum { WORKERS_MAX = 4096 };

struct result {
	struct counts counts; /* the caller frees it; .n is 0 if there are none */
	struct account account;
	struct rejects *rejects; /* the caller frees it, in any case */
	unsigned workers;        /* that took part */
	bool lossy;              /* not everything could be counted: warnings said what */
	int signal;              /* the signal that ended the run (SIGINT...), 0: none */
};

/* Called in the parent some hundred times a second while the workers run, to grant chunks. */
struct feed {
	void (*call)(void *ctx, struct chunker *);
	void *ctx;
};

/* What is to be done, and with what. */
struct job {
	struct query *query;
	const struct scan *scan;
	const struct inputs *inputs;
	struct chunker *chunker;
	struct formats *formats; /* NULL: the query needs none */
	bool want_rejects;       /* fill result.rejects */
	struct meter *meter;     /* NULL: nobody looks */
	const struct feed *feed; /* NULL: all chunks are there from the beginning */
	const struct warner *warner;
};

/* Count all chunks of the inputs.  Warns, in the order of the inputs, of what could not be counted.
 * False, with a complaint, on an error that leaves no right answer; then, and after a signal, the
 * result has no counts. */
bool workers_count(
	const struct workers_spec *, const struct job *, struct result *, struct complaint *);

#endif
