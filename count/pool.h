/* pool.h -- allocates the memory that a parent and its workers share.
 *
 *	pool		belongs to the parent; a fork gives each child a copy
 *	pool.workers[i]	shared memory, written only by worker i: its current chunk, and at the end
 *			its account
 *	pool.reads[]	shared memory, one per input, written by the worker that reads the input
 *	pool.complaints	shared memory, like pool.reads, but separate, because complaints are large
 *			and rarely used
 *	pool.table[i]	shared memory, written only by worker i
 *	pool.spill[i]	an unnamed file, written only by worker i
 *	chunker		shared memory, written atomically by all workers and the parent
 *	decoders	shared memory: how much each worker's decoder may use
 *	relay		shared memory: blocks of streams, on their way from one worker to another
 *
 * The parent reads a worker's state and table when that worker is done.  If a worker dies instead,
 * the parent empties its table, gives its chunks back to the chunker and forks another worker with
 * the same number.  The chunker knows which worker has taken which chunk, so nothing is lost or
 * counted twice, no matter when the worker died.  But once blocks of a stream have been passed from
 * one worker to another, a chunk may be counted in several tables.  If a worker dies after that,
 * all workers begin again.
 *
 * The parent takes signals one at a time: see lib/childwait.h.  If there is a meter, the parent
 * also wakes up to paint the progress line, and forks even if there is only one worker.
 */
#ifndef COUNT_POOL_H
#define COUNT_POOL_H

#include <errno.h>
#include <stdatomic.h>

#include "chunker.h"
#include "count/detect.h"
#include "rank/all_counts.h"
#include "count/rejects.h"
#include "count/relay.h"
#include "input/stream.h"
#include "progress/meter.h"
#include "count/tally.h"
#include "count/unfit.h"
#include "query/databases.h" /* DATABASE_DAMAGED is one of worker_state.error, too */

struct feed; /* defined in workers.h */

enum { ALL_DEATHS = 128 }; /* a run ends when this many workers have died */

/* The place of a line that was left out. */
struct place {
	size_t input;
	uint64_t from;   /* if the input has parts, the offset of the line's chunk; else 0 */
	uint64_t offset; /* how many bytes, after decoding, are between .from and the line */
	uint64_t line;   /* the line's number, counted from 1 at .from; 0 if it is not known yet */
};

/* If `place` is earlier than *first, set *first to `place`, and return true. */
static inline bool place_note(struct place *first, struct place place)
{
	bool earlier = place.input != first->input ? place.input < first->input
		       : place.from != first->from ? place.from < first->from
						   : place.offset < first->offset;
	if (earlier)
		*first = place;
	return earlier;
}

struct worker_state {
	atomic_size_t chunk; /* 1 + the index of the current chunk; 0 if there is none */
	atomic_bool done;    /* set after everything else has been written */
	atomic_int error;    /* the errno that stopped the worker; 0 if none did */
	/* If the error is about a file in $TMPDIR, the purpose of that file; else NULL.  The
	 * purpose is a string literal, so the pointer is valid in every process. */
	const char *purpose;
	struct account account;
	/* The first line on which a pattern gave up, and the first with too large a number; .input
	 * is SIZE_MAX if there is none. */
	struct place gave_up, too_large, unparsed;
	struct unfit unfit;       /* the line at .unparsed */
	struct place bad_time;    /* the first line whose time cannot be read */
	char time[BAD_TIME_TEXT]; /* that time */
	bool met_no_zone, met_other_zone; /* see struct local_time */
	/* The number of lines on which a pattern has given up so far, and verdicts.steps so far. */
	atomic_uint_least64_t given_up, steps;
};

/* A run is stopped if the sum of verdicts.steps over all workers exceeds this number.  Without this
 * limit, a megabyte of lines on which a pattern gives up could take minutes.  Whether a run is
 * stopped does not depend on the number of workers, because verdicts.steps depends on the lines
 * only. */
#define STEPS_MOST UINT64_C(4000000000)

enum {
	GAVE_UP_MANY = 100,      /* warn when patterns have given up on more lines than this */
	STEPS_EXCEEDED = EDQUOT, /* worker_state.error, if STEPS_MOST is exceeded */
};

/* How far an input was read, and with what result. */
struct read_state {
	atomic_bool truncated; /* the file has become shorter: its mapping must not be used */
	/* The next members are for streams.  Only .ending.error is also for regular files. */
	atomic_bool begun, ended;   /* .begun is set before the first byte is read, .ended after the
				     * last byte */
	atomic_uint_least64_t read; /* how many bytes were read, after decoding */
	atomic_bool failed;         /* some parts of the file could not be read; .ending says why */
	struct stream_ending ending;
	/* How many bytes before the input's first line are skipped: a byte-order mark and a hole. */
	uint64_t skipped;
	enum detected detected; /* if not DETECTED, pool.complaints[] says why */
};

struct pool {
	struct query *query;
	const struct scan *scan;
	const struct inputs *inputs;
	struct chunker *chunker;
	struct formats *formats;
	struct rejects *rejects;
	struct relay *relay; /* NULL if no blocks are passed on */
	unsigned n, room;    /* how many workers there are, and how many there were at first */
	struct worker_state *workers;
	struct read_state *reads;
	struct complaint *complaints;
	atomic_bool *many_gave_up; /* shared: set when patterns have given up on more than
				    * GAVE_UP_MANY lines */
	bool told_of_many;         /* the parent has warned of these lines */
	struct table **table;
	struct spill **spill;
	uint64_t seed, memory;  /* the seed of the tables; the bytes for all tables together */
	struct quota *decoders; /* the memory of the workers' decoders, which is limited beside that
				 * of the tables; its users are the workers */
	pid_t *pid;             /* the PID of each worker; 0 if it is not running */
	pid_t parent;
	struct childwait waiting;    /* how the parent waits for children and signals */
	struct meter *meter;         /* NULL if progress is not shown */
	const struct feed *feed;     /* NULL if all chunks are granted at the beginning */
	const struct warner *warner; /* used only by the parent */
	struct complaint *complaint; /* used only by the parent: filled if the run fails */
	bool forks;                  /* false if the parent is the only worker */
	size_t deaths;
	size_t death_at[ALL_DEATHS]; /* worker_state.chunk of each worker that died */
};

/* Open the tables and the shared memory of n workers.  Before the call, .query, .inputs, .memory
 * and .forks must be set, and the members that pool_open() sets must be zero.  If memory is short,
 * .n becomes less than n.  If memory does not suffice for one forked worker, .forks becomes false,
 * and the parent is the only worker.  False on error (errno).  Call pool_close() in any case. */
bool pool_open(struct pool *, unsigned n);

/* Keep only the first n workers. */
void pool_shrink(struct pool *, unsigned n);

void pool_close(struct pool *);

/* Note in a worker's state on how many lines patterns have given up so far, and verdicts.steps so
 * far.  *many becomes true if this is the first call in the run after which all workers together
 * have more than GAVE_UP_MANY such lines.  False if the steps of all workers together exceed
 * STEPS_MOST. */
bool pool_note_gave_up(
	const struct pool *, struct worker_state *, const struct verdicts *, bool *many);

/* Warn that patterns have given up on many lines. */
void pool_warn_of_many(const struct pool *);

/* An input's name, for messages. */
static inline const char *pool_input_name(const struct pool *p, size_t input)
{
	return p->inputs->at[input].name;
}

/* The purpose of the files in $TMPDIR that hold the lines of --unmatched, for messages. */
#define FOR_REJECTS "the lines of --unmatched"

#endif
