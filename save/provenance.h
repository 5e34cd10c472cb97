/* provenance.h -- which inputs were counted, so that wf notices an input that is counted twice.
 *
 * Two regular files are the same input if they have the same first bytes, and either the same size
 * (a copy) or the same device and inode on the same host (a log that has grown).  A stream can't be
 * recognised before it is read: it gets a random number, so that a snapshot of the stream that is
 * merged twice is noticed.
 */
#ifndef SAVE_PROVENANCE_H
#define SAVE_PROVENANCE_H

#include "input/input.h"
#include "store/pack.h"

/* An input that was counted. */
struct origin {
	const char *host, *path;
	uint64_t device, inode, size; /* 0 for a stream */
	uint64_t mark;                /* a hash of the first bytes, or random; 0: empty, unknown */
	size_t owner;                 /* the number of the snapshot that this origin is from */
};

/* A list of such inputs. */
struct provenance {
	struct origin *at;
	size_t n, room;
};

/* Pack the origins of all inputs: each as it was when it was opened. */
void provenance_pack_inputs(struct pack *, const struct inputs *);

/* Pack a list of origins. */
void provenance_pack(struct pack *, const struct provenance *);

/* Append packed origins to the list; each gets this owner.  Their strings point into the packed
 * bytes, which must outlive the list.  False if these bytes are damaged (.bad is set), or if out of
 * memory (errno). */
bool provenance_unpack(struct unpack *, struct provenance *, size_t owner);

/* Receives pairs of origins. */
struct provenance_visitor {
	void (*visit)(void *ctx, const struct origin *, const struct origin *);
	void *ctx;
};

/* Visit each two origins that are the same input, but have different owners.  False if out of
 * memory. */
bool provenance_find_repeats(const struct provenance *, struct provenance_visitor);

void provenance_free(struct provenance *);

#endif
