/* relay.h -- passes blocks of a stream's lines on, from the worker that reads it to those
 * that have nothing else to do.
 *
 *	reader     relay_acquire  fills the slot  relay_publish  relay_acquire ...  relay_leave
 *	                                          |
 *	others                            relay_receive, count, relay_release
 *
 * The bytes are in slots that the workers share; the numbers of those that are filled go
 * through a pipe, which wakes one of those who wait for each.  There is no lock that a
 * worker could die with.  Who finds no slot free counts by itself instead of waiting, so
 * a reader never stands still while there is something to count.
 *
 * Whoever dies leaves slots taken, and numbers in the pipe: relay_reset.
 */
#ifndef COUNT_RELAY_H
#define COUNT_RELAY_H

#include <stdint.h>

#include "lib/span.h"

struct relay;

struct block {
	size_t chunk;          /* of which these are lines */
	uint64_t offset, line; /* of the first byte, and of its line, in that chunk; from 0 */
	unsigned format;       /* any number that reader and counter agree on */
	struct span lines;     /* in the slot */
};

enum { RELAY_NONE = -1 };

/* For workers that are forked after this.  room: bytes of a slot.  NULL on error (errno). */
struct relay *relay_new(unsigned workers, size_t room);

/* A free slot, for this process to fill; RELAY_NONE if there is none. */
int relay_acquire(struct relay *);

/* The bytes of a slot. */
char *relay_slot(const struct relay *, int slot);
size_t relay_room(const struct relay *);

/* A slot that was taken is filled with this block: another worker, or the same one later, gets
 * it from relay_receive.  False on error (errno). */
bool relay_publish(struct relay *, int slot, const struct block *);

/* A slot is free again. */
void relay_release(struct relay *, int slot);

/* The worker will pass nothing any more; by the parent for one that could not be forked.  False on
 * error (errno). */
bool relay_leave(struct relay *, unsigned worker);

/* The next block, which may have to be waited for; it is in *slot until that is given back.
 * False when there are no more, as all have left, and on error: *error is then errno, else 0. */
bool relay_receive(struct relay *, int *slot, struct block *, int *error);

/* True if anything was passed. */
bool relay_was_used(const struct relay *);

/* By the parent, when no worker is alive: nothing was passed, and none of so many workers, no more
 * than at first, has left.  False on error (errno). */
bool relay_reset(struct relay *, unsigned workers);

void relay_free(struct relay *);

#endif
