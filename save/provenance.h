/* provenance.h -- which inputs something was counted from, so that what is counted twice is seen.
 *
 * A regular file is known again by its size and first bytes, wherever it was copied to; and if it
 * has grown since, by its place on the same host and its first bytes.  Of a stream nothing can be
 * known before it is read: it gets a random number, by which its snapshot is known again.
 */
#ifndef SAVE_PROVENANCE_H
#define SAVE_PROVENANCE_H

#include "input/input.h"
#include "store/pack.h"

struct origin {
	const char *host, *path;
	uint64_t device, inode, size;
	uint64_t mark; /* of the first bytes, or random; 0: there are none */
	size_t of;     /* the caller's number of what was counted from it */
};

struct provenance {
	struct origin *at;
	size_t n;
};

/* Write these inputs, as they were when they were opened. */
void provenance_pack_inputs(struct pack *, const struct inputs *);

void provenance_pack(struct pack *, const struct provenance *);

/* Append those that are read to the list, with that number; strings stay where they are packed.
 * False if these are none, or where memory is out. */
bool provenance_unpack(struct unpack *, struct provenance *, size_t of);

struct provenance_printer {
	void (*tell)(void *, const struct origin *, const struct origin *);
	void *to;
};

/* Tell of origins that are the same input of different numbers.  False where memory is out. */
bool provenance_twice(const struct provenance *, struct provenance_printer);

void provenance_free(struct provenance *);

#endif
