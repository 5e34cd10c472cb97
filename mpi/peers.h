/* peers.h -- lets the processes of an MPI program do one job together.
 *
 *	peers		all processes, and the functions by which they exchange data
 *	heartbeat	messages by which the peers notice that one of them has disappeared
 *	task_counter	a shared counter: each number is given to exactly one peer
 *
 * Every peer calls the same functions in the same order, unless a function says otherwise.  If MPI
 * itself fails, or memory runs out in the middle of an exchange, all processes end with a message.
 *
 * The cores belong to the workers, so a peer that waits for another sleeps most of the time.
 *
 * Only the process that has called peers_begin() may call these functions, not its children.
 */
#ifndef MPI_PEERS_H
#define MPI_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct peers {
	unsigned n, me;  /* how many peers there are; the number of this peer, from 0 */
	bool first_here; /* this peer has the smallest number on its host */
	struct heartbeat *heartbeat;
};

/* Start MPI.  Call this first. */
struct peers peers_begin(int *argc, char ***argv);

/* Wait until peer 0 calls this function, too.  If peer 0 exits or calls peers_end() instead, all
 * other peers exit in this function, with status 0.  Every other peer must call this function
 * once. */
void peers_start(const struct peers *);

/* Call this last, unless the process exits with an error. */
void peers_end(const struct peers *);

/* End all processes immediately, with this status.  Any peer may call this at any time. */
_Noreturn void peers_abort(int status);

/* True on all peers if the argument is true on any peer. */
bool peers_any(const struct peers *, bool);

/* Copy the `n` bytes of peer 0 to `bytes` on all other peers. */
void peers_broadcast(const struct peers *, void *bytes, size_t n);

/* Exchange files with all peers.  The file to[I] is sent to peer I; the file that peer I sends to
 * this peer is written to from[I].  The elements of both arrays are descriptors of regular files of
 * any size; the files in from[] must be empty.  Only a bounded part of the files is in memory at a
 * time.  False (errno) if this peer can't read or write one of its files: then the files in from[]
 * may be incomplete, on this and on other peers. */
bool peers_alltoall(const struct peers *, const int *to, const int *from);

/* Send `n` bytes to peer 0.  Peer 0 calls sink() once for each peer, itself included, in the order
 * of their numbers.  sink() gets the bytes of that peer, and must free() them.  False (errno) on
 * peer 0 if sink() has returned false, or if out of memory. */
bool peers_gather(const struct peers *, const char *bytes, size_t n,
	bool (*sink)(void *ctx, char *bytes, size_t n), void *ctx);

/* --- Heartbeat --------------------------------------------------------------------- */

/* MPI itself may not notice that a host has disappeared.  Therefore, from peers_heartbeat_begin()
 * to peers_heartbeat_end(), peer 0 and every other peer send each other a message each second.  If
 * no message has come from a peer for some seconds, its host is reported on stderr.  If no message
 * comes for some more seconds, all processes end with STATUS_ERROR.
 *
 * Between peers_heartbeat_begin() and peers_heartbeat_end(), each peer must call peers_heartbeat()
 * several times a second, except while it waits in a function of this header. */
void peers_heartbeat_begin(const struct peers *);
void peers_heartbeat(const struct peers *);
void peers_heartbeat_end(const struct peers *);

/* --- Shared counter ---------------------------------------------------------------- */

/* A counter from 0 up to a limit.  Peer 0 has the counter, and answers the requests of the other
 * peers whenever it calls one of these functions.  A peer that works faster gets more numbers. */
struct task_counter {
	const struct peers *peers;
	uint64_t next, limit; /* on peer 0, the next number to give out; all numbers are less than
			       * .limit */
	unsigned finished;    /* on peer 0, the number of other peers to which the limit was sent */
	uint64_t answer;      /* on the other peers, the number that peer 0 sends arrives here */
	void *request;        /* on the other peers, the MPI_Request that receives .answer; NULL if
			       * no number is requested */
};

void task_counter_begin(struct task_counter *, const struct peers *, uint64_t limit);

/* Get a number.  If *number is the limit, no number is left.  False if the answer of peer 0 has not
 * come yet: try again some milliseconds later.  Every peer must go on calling this function until
 * it gets the limit. */
bool task_counter_next(struct task_counter *, uint64_t *number);

/* On peer 0, answer the requests of the other peers.  On another peer, do nothing. */
void task_counter_serve(struct task_counter *);

/* Call this after task_counter_next() has returned the limit.  Waits until all peers have got the
 * limit. */
void task_counter_end(struct task_counter *);

#endif
