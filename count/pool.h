/* pool.h -- allocates the memory that a parent and its workers share.
 *
 *	pool		belongs to the parent; a fork gives each child a copy
 *	pool.workers[i]	shared memory, written only by worker i: its current chunk, and at the end
 *			its account
 *	pool.reads[]	shared memory, one per input, written by the worker that reads the input
 *	pool.complaints	likewise; separate from pool.reads because they are large and rarely used
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
 * one worker to another, a chunk may be counted in several tables.  Then all workers begin again.
 *
 * The parent takes signals one at a time: see lib/childwait.h.  With a meter it also wakes up to
 * paint the progress line, and forks even if there is only one worker.
 */
#ifndef COUNT_POOL_H
#define COUNT_POOL_H

#include <errno.h>
#include <stdatomic.h>

#include "chunker.h"
#include "count/detect.h"
#include "rank/counts.h"
#include "count/rejects.h"
#include "count/relay.h"
#include "input/stream.h"
#include "progress/meter.h"
#include "count/tally.h"

struct feed; /* defined in workers.h */

enum { ALL_DEATHS = 128 }; /* a run ends when this many workers have died */

/* A line that was left out. */
struct place {
	size_t input;
	uint64_t from;   /* the offset of the chunk in an input that has parts; else 0 */
	uint64_t offset; /* how many bytes, after decoding, are between .from and the line */
	uint64_t line;   /* the number of the line, from 1 at .from; 0 if it is not known yet */
};

/* Set *first to the earlier one of two places. */
static inline void place_note(struct place *first, struct place place)
{
	bool earlier = place.input != first->input ? place.input < first->input
		       : place.from != first->from ? place.from < first->from
						   : place.offset < first->offset;
	if (earlier)
		*first = place;
}

struct worker_state {
	atomic_size_t chunk; /* 1 + the index of the current chunk; 0 if there is none */
	atomic_bool done;    /* set after everything else has been written */
	atomic_int error;    /* the errno that stopped the worker; 0 if none did */
	/* If the error is about a file in $TMPDIR, the purpose of that file; else NULL.  It points
	 * to a string literal, so it is valid in every process. */
	const char *purpose;
	struct account account;
	/* The first line on which a pattern gave up, and the first with too large a number; .input
	 * is SIZE_MAX if there is none. */
	struct place gave_up, too_large;
	/* So far: how many lines a pattern gave up on, and verdicts.steps. */
	atomic_uint_least64_t given_up, steps;
};

/* A run is stopped if verdicts.steps of all workers together exceeds this.  Without this limit, a
 * megabyte of lines on which a pattern gives up could take minutes.  Whether a run is stopped does
 * not depend on the number of workers, because verdicts.steps depends on the lines only. */
#define STEPS_MOST UINT64_C(4000000000)

enum {
	GAVE_UP_MANY = 100,      /* warn when a pattern has given up on so many lines */
	STEPS_EXCEEDED = EDQUOT, /* worker_state.error, if STEPS_MOST is exceeded */
};

/* How far an input was read, and with what result. */
struct read_state {
	atomic_bool truncated; /* the file has become shorter: its mapping must not be used */
	/* For streams; .error also for regular files: */
	atomic_bool begun, ended;   /* set before the first byte is read, and after the last */
	atomic_uint_least64_t read; /* how many bytes, after decoding */
	atomic_bool failed;         /* .ending says why parts of a file could not be read */
	struct stream_ending ending;
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
	atomic_bool *many_gave_up; /* shared: set once there are GAVE_UP_MANY such lines */
	bool told_of_many;         /* the parent has warned of them */
	struct table **table;
	struct spill **spill;
	uint64_t seed, memory;  /* the seed of the tables; bytes for all of them together */
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

/* Open the tables and the shared memory of n workers.  The caller has set .query, .inputs, .memory
 * and .forks; the members that this function sets are zero.  If memory is short, there are fewer
 * workers, or only the parent, without forks.  False on error (errno).  Call pool_close() in any
 * case. */
bool pool_open(struct pool *, unsigned n);

/* Keep only the first n workers. */
void pool_shrink(struct pool *, unsigned n);

void pool_close(struct pool *);

/* Note on how many lines patterns have given up so far in a worker, and its verdicts.steps.  *many
 * becomes true for one such call in a run: all workers together now have more than GAVE_UP_MANY
 * such lines.  False if their steps exceed STEPS_MOST. */
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
