/* peers.h -- the processes of an MPI program, which do one job together.
 *
 *	peers		all processes, and what they send each other
 *	heartbeat	messages by which they notice that one of them has disappeared
 *	task_counter	a shared counter: each number is given to exactly one of them
 *
 * Every peer calls the same functions in the same order, unless a function says otherwise.  If MPI
 * itself fails, or memory runs out in the middle of an exchange, all processes end with a message.
 *
 * The cores belong to the workers, so a peer that waits for another sleeps most of the time.
 *
 * Only the process that has called peers_begin() may call these functions, its children may not.
 */
#ifndef MPI_PEERS_H
#define MPI_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct peers {
	unsigned n, me;  /* how many there are; the number of this one, from 0 */
	bool first_here; /* this one has the smallest number on its host */
	struct heartbeat *heartbeat;
};

/* Call this first. */
struct peers peers_begin(int *argc, char ***argv);

/* Wait until peer 0 calls this function, too.  If it exits instead, or calls peers_end(), all
 * others exit with status 0.  Every peer calls it once; peer 0 may leave it out. */
void peers_start(const struct peers *);

/* Call this last, unless the process exits with an error. */
void peers_end(const struct peers *);

/* End all processes immediately, with this status.  Any peer may call it at any time. */
_Noreturn void peers_abort(int status);

/* True if the argument is true on any peer. */
bool peers_any(const struct peers *, bool);

/* Replace the n bytes by those of peer 0. */
void peers_broadcast(const struct peers *, void *bytes, size_t n);

/* Send the contents of to[i] to each peer i, and write what peer i sends to from[i].  All are
 * descriptors of regular files of any size; the latter must be empty.  Only a bounded part of them
 * is in memory at a time.  False (errno) if one of them can't be read or written here: then the
 * files in from, also those of other peers, may be incomplete. */
bool peers_alltoall(const struct peers *, const int *to, const int *from);

/* Send bytes to peer 0.  There, sink is called once for each peer, peer 0 included, in the order of
 * their numbers; it becomes the owner of the bytes, which it frees with free().  False (errno) if
 * sink returned false, or memory ran out. */
bool peers_gather(const struct peers *, const char *bytes, size_t n,
	bool (*sink)(void *ctx, char *bytes, size_t n), void *ctx);

/* --- Heartbeat --------------------------------------------------------------------- */

/* MPI itself may not notice that a host has disappeared.  From begin to end, therefore, peer 0 and
 * every other peer send each other a message each second.  If none has come from a peer for some
 * seconds, its host is reported on stderr; some seconds later all processes end with STATUS_ERROR.
 *
 * In between, each peer must call peers_heartbeat() several times a second, except while it waits
 * in a function of this header. */
void peers_heartbeat_begin(const struct peers *);
void peers_heartbeat(const struct peers *);
void peers_heartbeat_end(const struct peers *);

/* --- Shared counter ---------------------------------------------------------------- */

/* It counts from 0 up to a limit, and lives on peer 0, which answers the requests of the others
 * whenever it calls one of these functions.  A peer that works faster gets more numbers. */
struct task_counter {
	const struct peers *peers;
	uint64_t next, limit; /* on peer 0: the next number to be given out */
	unsigned finished;    /* on peer 0: peers that have been told that none is left */
	uint64_t answer;      /* on the others: the number that has been requested */
	void *request;        /* its MPI_Request; NULL if there is none */
};

void task_counter_begin(struct task_counter *, const struct peers *, uint64_t limit);

/* Get a number; the limit means that none is left.  False: the answer has not come yet, try again
 * some milliseconds later.  Every peer calls this as often as it likes, until it gets the limit. */
bool task_counter_next(struct task_counter *, uint64_t *number);

/* Answer the requests of the other peers.  Does nothing on any peer but 0. */
void task_counter_serve(struct task_counter *);

/* Call this after the limit has come.  Returns when all peers have got the limit. */
void task_counter_end(struct task_counter *);

#endif
