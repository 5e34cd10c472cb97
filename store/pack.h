/* pack.h -- converts numbers and strings to bytes that are the same on every machine, and back.
 *
 *	u64	little-endian
 *	sum	two u64, low and high
 *	string	its length as u64 | its bytes | a NUL, which the length does not count
 *
 * An attacker may have made the bytes that are read.  If an unpack function finds too few bytes, or
 * no string where it should read one, it sets .bad.  From then on, all unpack functions return 0 or
 * "".  So it is enough to check .bad at the end.
 */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "lib/decimal.h"
#include "lib/span.h"
#include "lib/word.h"

/* A growing sequence of bytes. */
struct pack {
	char *at; /* NULL if there are no bytes.  Initialise the struct with {0} */
	size_t n, room;
	bool failed; /* some bytes are missing, because memory ran out */
};

/* Append len bytes, which the caller then fills.  NULL if out of memory, now or in an earlier call.
 */
char *pack_room(struct pack *, size_t len);

void pack_u64(struct pack *, uint64_t);
void pack_sum(struct pack *, struct sum);
void pack_bytes(struct pack *, struct span);
void pack_string(struct pack *, const char *text);

void pack_free(struct pack *);

/* The bytes that have not been read yet. */
struct unpack {
	struct span rest;
	bool bad;
};

uint64_t unpack_u64(struct unpack *);
struct sum unpack_sum(struct unpack *);
struct span unpack_bytes(struct unpack *, uint64_t len);

/* Read a string without copying it.  A string that contains a NUL before its end sets .bad. */
const char *unpack_string(struct unpack *);

/* True if all bytes were read, and .bad is not set. */
static inline bool unpack_is_over(const struct unpack *u)
{
	return !u->bad && !u->rest.len;
}

#endif
