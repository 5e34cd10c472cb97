/* rejects.h -- keeps the lines that were not counted, for --unmatched.
 *
 * Each worker writes the lines that it does not count to its own file in $TMPDIR, with their
 * numbers within their chunks.  At the end the parent reads these files in the order of the chunks.
 * By then it knows how many lines are before each chunk, and so each line's number in its input.
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

/* Make a file for each worker.  NULL on error (errno). */
struct rejects *rejects_new(unsigned workers);

/* Begin to write the file of a worker.  Everything that was written to this file before, perhaps by
 * a worker that has died, is removed.  This function and the next three return false on error
 * (errno). */
bool rejects_begin(struct rejects *, unsigned worker);

/* Add n lines of a block; `before` is the number of lines in the chunk before that block. */
bool rejects_add(struct rejects *, unsigned worker, size_t chunk, uint64_t before,
	const struct reject *, size_t n);

/* Note that a chunk is done, and how many lines it has. */
bool rejects_end_chunk(struct rejects *, unsigned worker, size_t chunk, uint64_t lines);

/* End a worker's file: write the bytes that are still buffered. */
bool rejects_end(struct rejects *, unsigned worker);

/* True if one of the four functions above has failed for this worker. */
bool rejects_has_failed(const struct rejects *, unsigned worker);

/* Write each line as "NAME:LINE:TEXT", in the order of the inputs.  If `safely` is true, escape
 * bytes that a terminal would interpret, in texts and in names.  False on error (errno). */
bool rejects_print(const struct rejects *, const struct chunker *, const struct inputs *, FILE *out,
	bool safely);

void rejects_free(struct rejects *);

#endif
