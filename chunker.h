/* chunker.h -- cuts inputs into chunks and hands out each chunk exactly once.
 *
 *	input      |aaaa.bbbbbbb.cc.ddddddddddddddd.e.|	'.' is a newline
 *	cuts       |         |         |         |    |	every chunk_size bytes
 *	chunks     |aaaa.bbbbbbb.|cc.ddddddddddddddd.|e.|	and an empty one
 *
 * A chunk owns the lines that begin between its two cuts, so a cut may be in the middle of a line,
 * and a chunk may own no line.  A stream cannot be cut, so it is one chunk.  A compressed file
 * whose parts can be decoded independently is cut, but the cuts are fewer bytes apart, because the
 * bytes are compressed.  Each of its chunks owns the parts that begin between the chunk's two cuts.
 * Only the window of an input is cut (input.h).
 *
 * The chunker's memory is shared by the workers that are forked after chunker_new().  Each chunk
 * has an owner, 0 at first.  A worker takes a chunk by changing the chunk's owner from 0 to the
 * worker's number.  This is one atomic step, in which only one process can succeed.  A shared
 * counter says which chunk to try next, but it is only a hint.  If a worker dies, the owner of its
 * chunks becomes 0 again, and other workers take them.
 *
 * If several programs share the inputs, as the ranks of wf-mpi do, each program counts only some of
 * the chunks.  Which program counts which chunks is decided while the workers run.  The parent
 * process of each program grants chunks to its workers, a few at a time, by chunker_grant().  A
 * worker that finds no free chunk waits until more are granted, or until chunker_close() says that
 * there will be no more.
 */
#ifndef CHUNKER_H
#define CHUNKER_H

#include "input/input.h"

struct chunker_spec {
	size_t chunk_size; /* bytes, at least 1 */
	size_t grants;     /* the largest number of calls of chunker_grant(); 0 if all chunks are
			    * granted at the beginning */
};

struct chunker;

struct chunk {
	size_t index;      /* the chunk's number among those of all inputs, from 0 */
	size_t input;      /* index of its input */
	uint64_t from, to; /* the chunk's two cuts, as offsets in the input; both are 0 if the input
			    * is not cut */
};

/* The number of chunks into which these inputs are cut. */
size_t chunker_count(const struct inputs *, size_t chunk_size);

/* Make a chunker.  The inputs must outlive it.  NULL if out of memory (errno). */
struct chunker *chunker_new(const struct inputs *, const struct chunker_spec *);

/* The chunk_size of the spec, in bytes. */
size_t chunker_size(const struct chunker *);

/* The number of chunks, taken or not. */
size_t chunker_chunks(const struct chunker *);

/* Let workers take the chunks in [from, to), which must not have been granted before. */
void chunker_grant(struct chunker *, size_t from, size_t to);

/* Tell the workers that no more chunks will be granted. */
void chunker_close(struct chunker *);

/* The number of granted chunks that no worker has tried to take yet.  It may change at any time. */
size_t chunker_waiting(const struct chunker *);

/* Take a free chunk for an owner, a number from 1 to 65535.  If none is free, wait for a grant.
 * False if none is free and there will be no more grants. */
bool chunker_next(struct chunker *, unsigned owner, struct chunk *);

/* The chunk that has this index. */
struct chunk chunker_chunk(const struct chunker *, size_t index);

/* Return the lines that the chunk owns.  They point into the input's mapping; if the input is not
 * mapped, .at is NULL.  Unlike the functions above, this one reads bytes of the input, so it can
 * raise SIGBUS. */
struct span chunker_lines(const struct chunker *, const struct chunk *);

/* The chunk's owner, 0 if it has none. */
unsigned chunker_owner(const struct chunker *, size_t index);

/* Make all chunks of an owner free again.  Call this if the owner has died. */
void chunker_give_back(struct chunker *, unsigned owner);

void chunker_free(struct chunker *);

#endif
