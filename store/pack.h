/* pack.h -- numbers and strings as bytes that are the same on every machine, and back.
 *
 *	u64	little-endian
 *	string	its length as u64 | its bytes | a NUL, which the length does not count
 *
 * What is read may have been written by an enemy: a reader that was asked for more than there
 * is, or for what is not there, is bad from then on, and gives 0 and "".
 */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "lib/span.h"
#include "lib/word.h"

/* Bytes that grow. */
struct pack {
	char *at; /* NULL at first: set it to {0} */
	size_t n, room;
	bool failed; /* memory was out (errno): the bytes are not whole */
};

/* Append len bytes that the caller writes.  NULL if memory is out, now or before. */
char *pack_room(struct pack *, size_t len);

void pack_u64(struct pack *, uint64_t);
void pack_bytes(struct pack *, struct span);
void pack_string(struct pack *, const char *text);

void pack_free(struct pack *);

/* What is left to be read. */
struct unpack {
	struct span rest;
	bool bad;
};

uint64_t unpack_u64(struct unpack *);
struct span unpack_bytes(struct unpack *, uint64_t len);

/* It stays where it is, and ends with its only NUL. */
const char *unpack_string(struct unpack *);

/* True if it was never bad, and nothing is left. */
static inline bool unpack_is_over(const struct unpack *u)
{
	return !u->bad && !u->rest.len;
}

#endif
