/* provenance.h -- which inputs were counted, so that wf notices an input that is counted twice.
 *
 * Two regular files are the same input if they have the same size and the same first bytes,
 * wherever they are; or the same first bytes and the same place on the same host, as a log has that
 * has grown since.  A stream cannot be recognised before it is read: it gets a random number, by
 * which its snapshots are recognised.
 */
#ifndef SAVE_PROVENANCE_H
#define SAVE_PROVENANCE_H

#include "input/input.h"
#include "store/pack.h"

struct origin {
	const char *host, *path;
	uint64_t device, inode, size; /* 0 for a stream */
	uint64_t mark;                /* a hash of the first bytes, or random; 0: it is empty */
	size_t owner;                 /* the caller's number for the snapshot that counts it */
};

struct provenance {
	struct origin *at;
	size_t n, room;
};

/* Pack the inputs, as they were when they were opened. */
void provenance_pack_inputs(struct pack *, const struct inputs *);

void provenance_pack(struct pack *, const struct provenance *);

/* Append packed origins to the list, with this owner; their strings stay where they are packed.
 * False if they are damaged, or (errno) memory is out. */
bool provenance_unpack(struct unpack *, struct provenance *, size_t owner);

struct provenance_visitor {
	void (*visit)(void *ctx, const struct origin *, const struct origin *);
	void *ctx;
};

/* Visit each pair of origins that are the same input of different owners.  False if memory is
 * out. */
bool provenance_find_repeats(const struct provenance *, struct provenance_visitor);

void provenance_free(struct provenance *);

#endif
