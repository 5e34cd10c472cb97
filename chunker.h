/* chunker.h -- cuts inputs into chunks and hands out each chunk exactly once.
 *
 *	input      |aaaa.bbbbbbb.cc.ddddddddddddddd.e.|	'.' is a newline
 *	cuts       |         |         |         |    |	every chunk_size bytes
 *	chunks     |aaaa.bbbbbbb.|cc.ddddddddddddddd.|e.|	and an empty one
 *
 * A chunk owns the lines that begin between its cuts, so the cuts need not be moved to newlines,
 * and a chunk may own no line.  A stream can't be cut: it is one chunk.  A compressed file whose
 * parts can be decoded independently is cut by its compressed bytes, into chunks of fewer bytes
 * than usual, and a chunk owns the parts that begin in it.
 *
 * The chunker's memory is shared by the workers that are forked after chunker_new.  Each chunk has
 * an owner, 0 at first.  A worker takes a chunk by changing its owner from 0 to the worker's number
 * in one atomic step, which only one process can do.  A shared counter says which chunk to try
 * next; it is only a hint.  If a worker dies, its chunks get owner 0 again, and other workers find
 * them.
 *
 * If several programs share the inputs, the parent process of each is granted some chunks at a time
 * and passes the grants on to its workers while they run.  A worker that finds no chunk waits until
 * there are more, or the grants are closed.
 */
#ifndef CHUNKER_H
#define CHUNKER_H

#include "input/input.h"

struct chunker_spec {
	size_t chunk_size; /* bytes, at least 1 */
	size_t grants;     /* that will be made, at most; 0: all chunks are there at once */
};

struct chunker;

struct chunk {
	size_t index;      /* among all chunks */
	size_t input;      /* index of its input */
	uint64_t from, to; /* its cuts, in bytes of the input; both 0 if the input is not cut */
};

/* The number of chunks of that size in these inputs. */
size_t chunker_count(const struct inputs *, size_t chunk_size);

/* NULL if out of memory (errno).  The inputs must outlive the chunker. */
struct chunker *chunker_new(const struct inputs *, const struct chunker_spec *);

/* Bytes of a chunk. */
size_t chunker_size(const struct chunker *);

/* The number of chunks, taken or not. */
size_t chunker_chunks(const struct chunker *);

/* Let workers take the chunks in [from, to), which must not have been granted before. */
void chunker_grant(struct chunker *, size_t from, size_t to);

/* There will be no more grants. */
void chunker_close(struct chunker *);

/* The number of chunks that wait to be taken; it may change at any time. */
size_t chunker_waiting(const struct chunker *);

/* Take a chunk for an owner, 1 to 65535; may wait for a grant.  False when there are no more. */
bool chunker_next(struct chunker *, unsigned owner, struct chunk *);

/* The chunk of that index. */
struct chunk chunker_chunk(const struct chunker *, size_t index);

/* The lines that the chunk owns, in its input's mapped bytes; .at is NULL if the input is not
 * mapped. Unlike the functions above, this one reads the input's bytes. */
struct span chunker_lines(const struct chunker *, const struct chunk *);

/* The chunk's owner, 0 if it has none. */
unsigned chunker_owner(const struct chunker *, size_t index);

/* Give back all chunks of an owner that has died. */
void chunker_give_back(struct chunker *, unsigned owner);

void chunker_free(struct chunker *);

#endif
