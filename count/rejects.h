/* rejects.h -- the lines that were not counted, for --unmatched.
 *
 * Each worker writes those of its chunks to a file of its own, with their numbers within
 * the chunk; in the end the files are put together in the order of the chunks, where the
 * lines before each chunk are known.
 */
#ifndef COUNT_REJECTS_H
#define COUNT_REJECTS_H

#include <stdio.h>

#include "chunker.h"
#include "query/batch.h"

struct rejects;

/* For so many workers.  NULL on error (errno). */
struct rejects *rejects_new(unsigned workers);

/* A worker's: forget what a dead one before it, or itself, has written.  False on error (errno), as
 * all of these. */
bool rejects_begin(struct rejects *, unsigned worker);

/* The lines of a block; before: the lines of the chunk before it. */
bool rejects_add(struct rejects *, unsigned worker, size_t chunk, uint64_t before,
	const struct reject *, size_t n);

/* The chunk is done, and had so many lines. */
bool rejects_end_chunk(struct rejects *, unsigned worker, size_t chunk, uint64_t lines);

/* True if one of these was not. */
bool rejects_has_failed(const struct rejects *, unsigned worker);

/* The worker is done. */
bool rejects_end(struct rejects *, unsigned worker);

/* By the parent: write "NAME:LINE:TEXT" for each, in the files' order.  safely: what should
 * not get onto a terminal is escaped.  False on error (errno). */
bool rejects_print(const struct rejects *, const struct chunker *, const struct inputs *, FILE *out,
	bool safely);

void rejects_free(struct rejects *);

#endif
