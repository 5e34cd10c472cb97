/* transfer.h -- the rankings of one query, one a group, and how they get from one process to
 * another.
 *
 *	reduce_rank ... transfer_pack --> bytes --> transfer_merge_packed
 *
 *	bytes	[ ranking | ranking | ... ]	the caller knows how many, and their orders
 *	ranking	[ keys 64 | matched 64 | sum 128 | number of rows 64 | row | row | ... ]
 *		with its last row first, as top_merge() takes them
 *	row	an entry of a key that has a sum, as in store/counted.h
 *
 * Between processes that share the keys' memory, a row can have the address of its key instead of
 * the key's bytes.
 */
#ifndef RANK_TRANSFER_H
#define RANK_TRANSFER_H

#include "store/pack.h"
#include "rank/top.h"

enum transfer_keys {
	RANKINGS_BYTES,    /* rows have the bytes of their keys */
	RANKINGS_ADDRESSES /* and here their addresses */
};

/* As many empty rankings of the same orders and limits.  NULL if memory is out. */
struct ranking *rankings_like(const struct ranking *, size_t n);

/* The number of bytes that transfer_pack() will write. */
size_t transfer_size(const struct ranking *, size_t n, enum transfer_keys);

/* Append the rankings, which are finished, to the bytes. */
void transfer_pack(struct pack *, const struct ranking *, size_t n, enum transfer_keys);

/* Merge packed rankings of other keys into these, which are finished.  Keys stay where they are
 * packed.  False (errno) if the bytes are damaged (EBADMSG), or as top_merge(). */
bool transfer_merge_packed(struct unpack *, struct ranking *, size_t n, enum transfer_keys);

/* Merge rankings of other keys.  False as top_merge(). */
bool transfer_merge(struct ranking *, const struct ranking *, size_t n);

/* Free the array, too; NULL is allowed. */
void rankings_free(struct ranking *, size_t n);

#endif
