/* pool.h -- the memory that a parent and its workers share.
 *
 *	pool		the parent's; each fork copies it to a child
 *	pool.workers[i]	shared memory, written only by worker i: its current chunk, and in the end
 *			its account
 *	pool.reads[]	shared memory, one per input, written by the worker that reads it; so are
 *			pool.complaints[], apart from these because they are large and rarely used
 *	pool.table[i]	shared memory, written only by worker i
 *	pool.spill[i]	an unnamed file, likewise
 *	chunker		shared memory, written by all of them, atomically
 *	relay		shared memory: blocks of streams, on their way from one worker to another
 *
 * The parent reads a worker's state and table when that worker is done.  If a worker dies instead,
 * the parent empties its table, gives its chunks back to the chunker and forks another worker with
 * the same number.  Each chunk knows its worker, so nothing is lost or counted twice, whenever the
 * worker died.  But once blocks of a stream have been passed from one worker to another, no table
 * is complete on its own any more: then all workers begin again.
 *
 * The parent takes its signals one by one, see lib/childwait.h.  With a meter it also wakes up to
 * paint the progress line, and forks even if there is only one worker.
 */
#ifndef COUNT_POOL_H
#define COUNT_POOL_H

#include <stdatomic.h>

#include "chunker.h"
#include "count/detect.h"
#include "rank/counts.h"
#include "count/rejects.h"
#include "count/relay.h"
#include "input/stream.h"
#include "progress/meter.h"
#include "count/tally.h"

struct feed; /* of workers.h */

enum { ALL_DEATHS = 128 }; /* so many workers may die in one run */

/* A line over which a pattern gave up. */
struct place {
	size_t input;
	uint64_t from;   /* offset of the chunk in the input, if that has parts; else 0 */
	uint64_t offset; /* of the line's first byte, relative to from */
	uint64_t line;   /* its number, from 1, relative to from; 0: not known yet */
};

/* Make *first the earlier one of two places. */
static inline void place_note(struct place *first, struct place place)
{
	bool earlier = place.input != first->input ? place.input < first->input
		       : place.from != first->from ? place.from < first->from
						   : place.offset < first->offset;
	if (earlier)
		*first = place;
}

struct worker_state {
	atomic_size_t chunk; /* 1 + the index of the current chunk; 0: none */
	atomic_bool done;    /* set after everything else has been written */
	atomic_int error;    /* the errno that stopped it; 0: none */
	/* If the error is about a file in $TMPDIR: what that file is for; else NULL.  A constant,
	 * so it is good in any process. */
	const char *purpose;
	struct account account;
	struct place gave_up; /* the first, if account.verdicts.gave_up */
};

/* How far an input was read, and with what result. */
struct read_state {
	atomic_bool truncated; /* the file has become shorter: its mapping must not be used */
	/* Of a stream: */
	atomic_bool begun, ended;   /* set before the first byte is read, and after the last */
	atomic_uint_least64_t read; /* bytes */
	enum stream_end end;
	int error;
	const struct codec *codec;
	enum detected detected; /* unless DETECTED, pool.complaints tells why it is not counted */
};

struct pool {
	struct query *query;
	const struct scan *scan;
	const struct inputs *inputs;
	struct chunker *chunker;
	struct formats *formats;
	struct rejects *rejects;
	struct relay *relay; /* NULL: no blocks are passed on */
	unsigned n, room;    /* workers: now, and at first */
	struct worker_state *workers;
	struct read_state *reads;
	struct complaint *complaints;
	struct table **table;
	struct spill **spill;
	uint64_t seed, memory; /* of all tables */
	pid_t *pid;            /* of each worker, 0 if it is not running */
	pid_t parent;
	struct childwait waiting;    /* the parent, for its children and for signals */
	struct meter *meter;         /* NULL: nobody looks */
	const struct feed *feed;     /* NULL: all chunks are there from the beginning */
	const struct warner *warner; /* the parent's, as is the next */
	struct complaint *complaint; /* filled if the run fails */
	bool forks;                  /* false: the parent is the only worker */
	size_t deaths;
	size_t death_at[ALL_DEATHS]; /* worker_state.chunk of each worker that died */
};

/* Open the tables and the shared memory of n workers, of a pool that is {0} but for query, inputs,
 * memory and forks.  If memory is short, there are fewer workers, perhaps a single one without
 * forks. False on error (errno); pool_close is needed in any case. */
bool pool_open(struct pool *, unsigned n);

/* Keep only the first n workers. */
void pool_shrink(struct pool *, unsigned n);

void pool_close(struct pool *);

/* An input's name, for messages. */
static inline const char *pool_input_name(const struct pool *p, size_t input)
{
	return p->inputs->at[input].name;
}

/* The purpose of the files in $TMPDIR that hold the lines of --unmatched, for messages. */
#define FOR_REJECTS "the lines of --unmatched"

#endif
