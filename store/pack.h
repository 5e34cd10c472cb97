/* pack.h -- numbers and strings as bytes that are the same on every machine, and back.
 *
 *	u64	little-endian
 *	string	its length as u64 | its bytes | a NUL, which the length does not count
 *
 * The bytes that are read may have been made by an attacker.  If a function is asked for more bytes
 * than there are, or for a string where there is none, it sets .bad; from then on all functions
 * return 0 or "".  So it is enough to check .bad at the end.
 */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "lib/span.h"
#include "lib/word.h"

/* Bytes that grow. */
struct pack {
	char *at; /* NULL: there are no bytes.  Initialise the struct with {0} */
	size_t n, room;
	bool failed; /* out of memory (errno): some bytes are missing */
};

/* Append len bytes, which the caller then fills.  NULL if out of memory, now or in an earlier call.
 */
char *pack_room(struct pack *, size_t len);

void pack_u64(struct pack *, uint64_t);
void pack_bytes(struct pack *, struct span);
void pack_string(struct pack *, const char *text);

void pack_free(struct pack *);

/* The bytes that are not read yet. */
struct unpack {
	struct span rest;
	bool bad;
};

uint64_t unpack_u64(struct unpack *);
struct span unpack_bytes(struct unpack *, uint64_t len);

/* Read a string, which is not copied.  It has no other NUL than the one that ends it. */
const char *unpack_string(struct unpack *);

/* True if all bytes were read, and no function was asked for what is not there. */
static inline bool unpack_is_over(const struct unpack *u)
{
	return !u->bad && !u->rest.len;
}

#endif
