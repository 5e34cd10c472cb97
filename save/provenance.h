/* provenance.h -- records which inputs were counted, so that wf notices if one is counted twice.
 *
 * Two regular files are the same input if they have the same first bytes, and either the same size
 * (a copy) or the same device and inode on the same host (a log that has grown).  A stream can't be
 * recognised, so it gets a random number.  Then wf at least notices if the same snapshot of the
 * stream is merged twice.
 */
#ifndef SAVE_PROVENANCE_H
#define SAVE_PROVENANCE_H

#include "input/input.h"
#include "store/pack.h"

/* An input that was counted. */
struct origin {
	const char *host, *path;
	uint64_t device, inode, size; /* all 0 for a stream */
	uint64_t mark;                /* a hash of a file's first bytes, or a random number for a
				       * stream; 0 if the file is empty, or if no random number was
				       * available */
	size_t owner;                 /* the number of the snapshot that this origin is from */
};

/* A list of inputs that were counted. */
struct provenance {
	struct origin *at;
	size_t n, room;
};

/* Pack the origin of each input.  The size in the origin is the number of bytes that were to be
 * read from the input. */
void provenance_pack_inputs(struct pack *, const struct inputs *);

/* Pack a list of origins. */
void provenance_pack(struct pack *, const struct provenance *);

/* Append packed origins to the list; each gets this owner.  The strings of the origins point into
 * the packed bytes, which must outlive the list.  False if the packed bytes are damaged (.bad is
 * set), or if out of memory (errno). */
bool provenance_unpack(struct unpack *, struct provenance *, size_t owner);

/* Receives pairs of origins. */
struct provenance_visitor {
	void (*visit)(void *ctx, const struct origin *, const struct origin *);
	void *ctx;
};

/* Find inputs that occur twice: visit pairs of origins that are the same input but have different
 * owners.  False if out of memory. */
bool provenance_find_repeats(const struct provenance *, struct provenance_visitor);

void provenance_free(struct provenance *);

#endif
