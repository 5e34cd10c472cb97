/* workers.h -- forks N workers, gives each a shared table, watches them, redoes what
 * a dead one took.
 *
 * With one worker, or one chunk, and without meter and feed nothing is forked.  Where fewer can be
 * forked than asked, fewer do the work.
 */
#ifndef WORKERS_H
#define WORKERS_H

#include "chunker.h"
#include "count/detect.h"
#include "rank/reduce.h"
#include "count/rejects.h"
#include "count/tally.h"

struct workers_spec {
	unsigned jobs;   /* at most this many, 1 to WORKERS_MAX */
	uint64_t memory; /* bytes for all tables together */
};

enum { WORKERS_MAX = 4096 };

struct result {
	struct counts counts; /* yours to free; .n is 0 if there are none */
	struct account account;
	struct rejects *rejects; /* yours to free */
	unsigned workers;        /* that took part */
	bool lossy;              /* not all could be counted: said on stderr */
	int signal;              /* that ended it (SIGINT...), 0 if none; the workers are gone */
};

/* Called some hundred times a second in the parent, while workers are at it. */
struct feed {
	void (*call)(void *, struct chunker *);
	void *of;
};

/* What there is to do, and with what. */
struct job {
	struct query *query;
	const struct scan *scan;
	const struct inputs *inputs;
	struct chunker *chunker;
	struct formats *formats; /* NULL: the query needs none */
	bool want_rejects;       /* result.rejects */
	struct meter *meter;     /* NULL: nobody wants to know how far it is */
	const struct feed *feed; /* NULL: the chunks are all there */
};

/* Count all chunks of the inputs.  What is missing in the end has been said on
 * stderr, in the order of the inputs; on an error that leaves no right answer the
 * counts are none.  Never exits. */
struct result workers_count(const struct workers_spec *, const struct job *);

#endif
