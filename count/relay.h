/* relay.h -- passes blocks of a stream's lines from the worker that reads the stream to workers
 * that have nothing else to do.
 *
 *	reader     relay_acquire  fills the slot  relay_publish  relay_acquire ...  relay_leave
 *	                                          |
 *	others                            relay_receive, count, relay_release
 *
 * The bytes are in slots of shared memory.  The numbers of filled slots go through a pipe, several
 * at a time, because each write to the pipe wakes up a worker that waits for a block.  There is no
 * lock that a worker could hold when it dies.  If no slot is free, or if no worker waits, the reader
 * counts the block itself.  So the reader is never idle while there is something to count.
 *
 * If a worker dies, its slots stay taken, and numbers may stay in the pipe: see relay_reset().
 */
#ifndef COUNT_RELAY_H
#define COUNT_RELAY_H

#include <stdint.h>

#include "lib/span.h"

struct relay;

struct block {
	size_t chunk;          /* index of the chunk to which the lines belong */
	uint64_t offset, line; /* where the block begins in its chunk: byte offset and line number,
				* both from 0 */
	unsigned format;       /* the number of the lines' format: see detect_number() */
	struct span lines;     /* the lines of the block, which are in the slot */
};

enum { RELAY_NONE = -1 }; /* no slot */

/* Make a relay for workers that are forked after this call.  `room` is the size of a slot in bytes.
 * NULL on error (errno). */
struct relay *relay_new(unsigned workers, size_t room);

/* Take a free slot, which this process may fill.  RELAY_NONE if no slot is free, or if no worker
 * has left, so that no worker would receive the slot soon. */
int relay_acquire(struct relay *);

/* relay_slot() returns the start of a slot's bytes, relay_room() the size of each slot in bytes. */
char *relay_slot(const struct relay *, int slot);
size_t relay_room(const struct relay *);

/* Pass on a slot that relay_acquire() has returned, and that now holds this block.  A worker,
 * perhaps the same one, will get the slot from relay_receive().  The slot is passed on at the
 * latest when the worker that calls this function finds no free slot, or leaves.  False on error
 * (errno). */
bool relay_publish(struct relay *, int slot, const struct block *);

/* Make a slot free again. */
void relay_release(struct relay *, int slot);

/* Note that a worker will publish no more blocks.  The parent calls this for a worker that could
 * not be forked.  False on error (errno). */
bool relay_leave(struct relay *, unsigned worker);

/* Wait for the next block.  Its lines are in *slot until the caller releases that slot.  False if
 * all workers have left and no block remains (then *error is 0), or on error (then *error is an
 * errno). */
bool relay_receive(struct relay *, int *slot, struct block *, int *error);

/* True if any block was published. */
bool relay_was_used(const struct relay *);

/* Empty the relay, so that `workers` workers can begin again.  `workers` must not be greater than
 * the number that relay_new() was given.  Only the parent calls this, when no worker is alive.
 * False on error (errno). */
bool relay_reset(struct relay *, unsigned workers);

void relay_free(struct relay *);

#endif
