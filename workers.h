/* workers.h -- forks workers that count the chunks, and replaces workers that die.  Each worker
 * counts in a table of its own, in shared memory.
 *
 * If one worker is enough, and there is neither a meter nor a feed, the parent does the work itself
 * instead of forking a worker.  If only some of the workers can be forked, these workers do all the
 * work.
 */
#ifndef WORKERS_H
#define WORKERS_H

#include "chunker.h"
#include "count/detect.h"
#include "rank/all_counts.h"
#include "count/rejects.h"
#include "lib/complaint.h"

struct workers_spec {
	unsigned jobs;   /* the most workers to use, 1 to WORKERS_MAX */
	uint64_t memory; /* bytes for all tables together */
};

enum { WORKERS_MAX = 4096 };

struct result {
	struct counts counts; /* the caller frees them; .n is 0 after an error or a signal */
	struct account account;
	struct rejects *rejects; /* the caller frees them, even on error; NULL if not wanted */
	unsigned workers;        /* the number of workers that took part */
	bool lossy;              /* some bytes or lines could not be counted; warnings have said
				  * which */
	struct complaint first_unparsed; /* see warnings_first_unparsed() */
	int signal; /* the signal that ended the run, such as SIGINT; 0 if none did */
};

/* A function that grants chunks.  The parent calls it every few milliseconds while the workers run.
 */
struct feed {
	void (*call)(void *ctx, struct chunker *);
	void *ctx;
};

/* What workers_count() needs: a query, the logs, and the objects that are used to count them. */
struct job {
	struct query *query;
	const struct scan *scan;
	const struct inputs *inputs;
	struct chunker *chunker;
	struct formats *formats; /* NULL if the query needs none */
	bool want_rejects;       /* collect in result.rejects the lines that are not counted */
	struct meter *meter;     /* NULL if progress is neither shown nor reported */
	const struct feed *feed; /* NULL if all chunks have been granted already */
	const struct warner *warner;
};

/* Count all chunks of the inputs.  Warn about everything that could not be counted, in the order of
 * the inputs.  False, with a complaint, if an error makes the counts useless.  After such an error,
 * and after a signal, the result has no counts. */
bool workers_count(
	const struct workers_spec *, const struct job *, struct result *, struct complaint *);

#endif
