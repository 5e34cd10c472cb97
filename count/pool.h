/* pool.h -- what a parent and its workers share.
 *
 *	crew		the parent's, copied to each child by the fork
 *	crew.desk[i]	shared memory, written by worker i only: what it is at, and in
 *			the end its account
 *	crew.progress[]	shared memory, one an input, written by whoever reads it
 *	crew.table[i]	shared memory, written by worker i only
 *	crew.spill[i]	a file without a name, likewise
 *	chunker		shared memory, written by all, atomically
 *	relay		shared memory: blocks of streams, on their way from one to another
 *
 * The parent reads a desk and a table when their worker is done.  If a worker dies
 * instead, the parent makes its table empty, gives its chunks back and forks another
 * at the same desk.  Chunks know whose they are, so nothing is lost or counted twice,
 * whenever the worker died.  Once blocks of a stream have gone from one worker to another,
 * nobody's table stands alone, and all begin again.
 *
 * The parent takes its signals one by one, see lib/waiting.h.  With a meter it wakes up to
 * paint meanwhile, and so has even a single worker forked.
 */
#ifndef COUNT_POOL_H
#define COUNT_POOL_H

#include <stdatomic.h>

#include "chunker.h"
#include "count/detect.h"
#include "rank/reduce.h"
#include "count/rejects.h"
#include "count/relay.h"
#include "input/stream.h"
#include "count/tally.h"

struct feed; /* of workers.h */

enum { ALL_DEATHS = 128 }; /* workers that may die in one run */

/* Where the first line is over which a pattern gave up. */
struct place {
	size_t input;
	uint64_t from;         /* of a part: where its chunk begins, which offset and line are in */
	uint64_t offset, line; /* line is 0 if it is not known yet */
};

/* *first becomes place if that comes before it. */
static inline void place_note(struct place *first, struct place place)
{
	bool earlier = place.input != first->input ? place.input < first->input
		       : place.from != first->from ? place.from < first->from
						   : place.offset < first->offset;
	if (earlier)
		*first = place;
}

struct worker_state {
	atomic_size_t chunk; /* index + 1 of the chunk it is at, 0 at none */
	atomic_bool done;    /* set after all else has been written */
	const char *purpose; /* of a file in $TMPDIR that the error is about, else NULL */
	atomic_int error;    /* errno that made it stop */
	struct account account;
	struct place gave_up; /* if account.verdicts.gave_up */
};

/* How far an input was read. */
struct read_state {
	atomic_bool shrunk; /* it has become smaller: is not looked at as mapped any more */
	/* Of a stream: */
	atomic_bool begun, ended;   /* set before the first byte is taken, after the last */
	atomic_uint_least64_t read; /* bytes */
	enum stream_end end;
	int error;
	const struct codec *compression;
	enum detected detected; /* unless DETECTED, the input is not counted: */
	struct complaint complaint;
};

struct pool {
	struct query *query;
	const struct scan *scan;
	const struct inputs *inputs;
	struct chunker *chunker;
	struct formats *formats;
	struct rejects *rejects;
	struct relay *relay; /* NULL: there is nothing to pass on */
	unsigned n;          /* desks */
	struct worker_state *state;
	struct read_state *progress; /* one an input */
	struct table **table;
	struct spill **spill;
	uint64_t seed, memory; /* of all tables */
	pid_t *pid;            /* of the worker at each desk, 0 if there is none */
	pid_t parent;
	struct childwait waiting; /* the parent, for them and for signals */
	struct meter *meter;      /* NULL: nobody looks */
	const struct feed *feed;  /* NULL: the chunks are all there */
	bool forks;               /* or the parent is the only worker */
	size_t deaths;
	size_t death_at[ALL_DEATHS]; /* desk.chunk of each */
};

/* An input's name, for messages. */
static inline const char *pool_input_name(const struct pool *c, size_t input)
{
	return c->inputs->at[input].name;
}

/* What a file in $TMPDIR is for that holds the lines of --unmatched, for messages. */
#define FOR_REJECTS "the lines of --unmatched"

#endif
