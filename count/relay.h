/* relay.h -- passes blocks of a stream's lines from the worker that reads the stream to workers
 * that have nothing else to do.
 *
 *	reader     relay_acquire  fills the slot  relay_publish  relay_acquire ...  relay_leave
 *	                                          |
 *	others                            relay_receive, count, relay_release
 *
 * The bytes are in slots of shared memory.  The numbers of filled slots go through a pipe; each
 * number wakes up one of the workers that wait for it.  There is no lock that a worker could hold
 * when it dies.  If no slot is free, the reader does not wait but counts by itself, so it never
 * stands still while there is something to count.
 *
 * A worker that dies leaves slots taken and numbers in the pipe: see relay_reset.
 */
#ifndef COUNT_RELAY_H
#define COUNT_RELAY_H

#include <stdint.h>

#include "lib/span.h"

struct relay;

struct block {
	size_t chunk;          /* index of the chunk that has these lines */
	uint64_t offset, line; /* of its first byte and its first line in that chunk, from 0 */
	unsigned format;       /* any number that reader and counter agree on */
	struct span lines;     /* in the slot */
};

enum { RELAY_NONE = -1 }; /* no slot */

/* A relay for workers that are forked after this call.  room: bytes of a slot.  NULL on error
 * (errno). */
struct relay *relay_new(unsigned workers, size_t room);

/* A free slot, for this process to fill; RELAY_NONE if there is none. */
int relay_acquire(struct relay *);

/* The bytes of a slot, and how many there are. */
char *relay_slot(const struct relay *, int slot);
size_t relay_room(const struct relay *);

/* Pass on a slot that was acquired and holds this block: another worker, or later the same one,
 * gets it from relay_receive.  False on error (errno). */
bool relay_publish(struct relay *, int slot, const struct block *);

/* Make a slot free again. */
void relay_release(struct relay *, int slot);

/* The worker will publish nothing any more.  The parent calls this for a worker that could not be
 * forked.  False on error (errno). */
bool relay_leave(struct relay *, unsigned worker);

/* Wait for the next block; it is in *slot until that is released.  False when all workers have left
 * and there are no more blocks, and on error: *error is then an errno, else 0. */
bool relay_receive(struct relay *, int *slot, struct block *, int *error);

/* True if any block was published. */
bool relay_was_used(const struct relay *);

/* For the parent, when no worker is alive: begin again with so many workers, at most as many as at
 * first.  False on error (errno). */
bool relay_reset(struct relay *, unsigned workers);

void relay_free(struct relay *);

#endif
