/* rejects.h -- the lines that were not counted, for --unmatched.
 *
 * Each worker writes such lines of its chunks to a file of its own, with their numbers within the
 * chunk.  In the end the parent reads these files chunk by chunk: then it knows how many lines are
 * before each chunk, and so each line's number in its input.
 *
 *	worker	rejects_begin; for each chunk rejects_add, rejects_end_chunk; rejects_end
 *	parent	rejects_print
 */
#ifndef COUNT_REJECTS_H
#define COUNT_REJECTS_H

#include <stdio.h>

#include "chunker.h"
#include "query/block_result.h"

struct rejects;

/* NULL on error (errno). */
struct rejects *rejects_new(unsigned workers);

/* Begin, or begin again: forget what this worker, or one that died before it, has written.  False
 * on error (errno), as for the next three. */
bool rejects_begin(struct rejects *, unsigned worker);

/* Add n lines of a block; `before` is the number of lines in the chunk before that block. */
bool rejects_add(struct rejects *, unsigned worker, size_t chunk, uint64_t before,
	const struct reject *, size_t n);

/* The chunk is done, and has so many lines in all. */
bool rejects_end_chunk(struct rejects *, unsigned worker, size_t chunk, uint64_t lines);

/* The worker is done. */
bool rejects_end(struct rejects *, unsigned worker);

/* True if one of these calls has failed for that worker. */
bool rejects_has_failed(const struct rejects *, unsigned worker);

/* Write each line as "NAME:LINE:TEXT", in the order of the inputs.  safely: escape bytes that a
 * terminal would act on.  False on error (errno). */
bool rejects_print(const struct rejects *, const struct chunker *, const struct inputs *, FILE *out,
	bool safely);

void rejects_free(struct rejects *);

#endif
