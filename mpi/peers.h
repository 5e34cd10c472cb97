/* peers.h -- the processes of an MPI program, which do one job together.
 *
 * Every peer calls the same functions in the same order, unless a function says otherwise.  If MPI
 * itself fails, it ends all processes with a message.
 *
 *	peers	all processes, and what they give each other
 *	tend	they tell each other that they are there, while that lasts
 *	draw	they take numbers, each of which one of them gets
 *
 * A wait may be long, and the cores are for those who work: who waits sleeps most of the time.
 */
#ifndef MPI_PEERS_H
#define MPI_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct peers {
	unsigned n, me;        /* numbered from 0 */
	bool first_here;       /* of those on this host */
	struct tended *tended; /* who was heard of when */
};

/* Once, before all else. */
struct peers peers_begin(int *argc, char ***argv);

/* Return when the first one has come here.  If it exits before, with whatever status, or comes to
 * peers_end, all others exit with 0.  Each calls it once, or only the first one never does. */
void peers_follow(const struct peers *);

/* The end of a good run. */
void peers_end(const struct peers *);

/* End all processes at once, with this status. */
_Noreturn void peers_abort(const struct peers *, int status);

/* True if it is true for any. */
bool peers_any(const struct peers *, bool);

/* Have the first one's bytes. */
void peers_broadcast(const struct peers *, void *bytes, size_t n);

/* Give each peer a file, to[its number], and have one of each, from[its number], which are empty:
 * regular files, of any size.  A bounded piece of each is in memory at a time.  False (errno) if
 * one can't be read or written here; the others are then not whole, also at other peers. */
bool peers_alltoall(const struct peers *, const int *to, const int *from);

/* Give the first peer bytes.  It has them handed over, peer by peer and its own too, as memory
 * that is the taker's to free.  False (errno) if take was, or where memory is out. */
bool peers_gather(const struct peers *, const char *bytes, size_t n,
	bool (*take)(void *, char *bytes, size_t n), void *to);

/* --- Whether all are there --------------------------------------------------------- */

/* While they work, which may take hours, each peer and the first one tell each other that they
 * are there: from begin to end, as long as each calls peers_heartbeat some times a second; waiting
 * in the functions of this header does that, too.  Who is not heard of for some seconds is named,
 * and then all ends with status 2: MPI itself may not notice that a host is gone. */
void peers_heartbeat_begin(const struct peers *);
void peers_heartbeat(const struct peers *);
void peers_heartbeat_end(const struct peers *);

/* --- Numbers from 0 on, each for one of them -------------------------------------- */

/* Who works faster draws more often.  The first peer hands them out, in each call. */
struct task_counter {
	const struct peers *peers;
	uint64_t next, limit; /* there are so many */
	uint64_t number;      /* that comes */
	unsigned told;        /* peers that know there is none left */
	void *coming;         /* the number that was asked for, a request of MPI's; else NULL */
};

void task_counter_begin(struct task_counter *, const struct peers *, uint64_t limit);

/* One more, if it has come: the limit itself when none is left.  False: try again, some
 * milliseconds later.  Each calls it as often as it likes, until it had the limit. */
bool task_counter_next(struct task_counter *, uint64_t *number);

/* Hand out what the others ask for. */
void task_counter_serve(struct task_counter *);

/* When this one had the limit: return when all had it. */
void task_counter_end(struct task_counter *);

#endif
