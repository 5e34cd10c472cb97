/* chunker.h -- cuts inputs at newlines and hands out each chunk exactly once.
 *
 *	input      |aaaa.bbbbbbb.cc.ddddddddddddddd.e.|	'.' is a newline
 *	cuts       |         |         |         |    |	every chunk_size bytes
 *	chunks     |aaaa.bbbbbbb.|cc.ddddddddddddddd.|e.|	and an empty one
 *
 * A chunk owns the lines that start in it, so cuts need not be looked for in advance
 * and a chunk may own none.  A stream can't be cut and is one chunk; but what is compressed
 * and has parts is cut as if it were a log of so many times the size, and a chunk owns the
 * parts that begin in it.
 *
 * The memory is shared by the workers forked after chunker_new.  Each chunk has an
 * owner, 0 at first; taking it means changing its owner from 0 to oneself in one
 * atomic step, and only one process can.  A shared counter tells which chunk is worth
 * trying next; it is a hint, correctness does not hang on it.  When a worker has died,
 * its chunks get owner 0 again, and whoever asks next finds them.
 *
 * Where several programs share the inputs, each has chunks granted, some at a time, by its main
 * process, while its workers are at it; who finds none waits for more until the grants are
 * closed.
 */
#ifndef CHUNKER_H
#define CHUNKER_H

#include "input/input.h"

struct chunker_spec {
	size_t chunk_size; /* bytes, at least 1 */
	size_t grants;     /* at most so many will be made; 0: all chunks are there at once */
};

struct chunker;

struct chunk {
	size_t index;      /* among all chunks */
	size_t input;      /* which of the inputs */
	uint64_t from, to; /* its cuts, in the input's bytes; both 0 for what is not cut */
};

/* How many chunks there are in these inputs, of that many bytes. */
size_t chunker_count(const struct inputs *, size_t chunk_size);

/* NULL where memory is out (errno).  The inputs must outlive it. */
struct chunker *chunker_new(const struct inputs *, const struct chunker_spec *);

/* Bytes of a chunk. */
size_t chunker_size(const struct chunker *);

/* Number of chunks, taken or not. */
size_t chunker_chunks(const struct chunker *);

/* Let the chunks in [from, to), which nobody had granted, be taken. */
void chunker_grant(struct chunker *, size_t from, size_t to);

/* No more will be granted. */
void chunker_close(struct chunker *);

/* How many chunks wait to be taken, about. */
size_t chunker_waiting(const struct chunker *);

/* Take a chunk for this owner, 1 to 65535.  False when none is left, nor will be. */
bool chunker_next(struct chunker *, unsigned owner, struct chunk *);

/* The chunk of that index. */
struct chunk chunker_chunk(const struct chunker *, size_t index);

/* The lines that the chunk owns, part of its input's mapped bytes; .at NULL if it is not
 * mapped.  This looks at the bytes, which the functions above do not. */
struct span chunker_lines(const struct chunker *, const struct chunk *);

/* Which owner has it, 0 for none. */
unsigned chunker_owner(const struct chunker *, size_t index);

/* Put back all that this owner took: it has died. */
void chunker_give_back(struct chunker *, unsigned owner);

void chunker_free(struct chunker *);

#endif
