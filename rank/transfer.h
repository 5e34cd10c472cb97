/* transfer.h -- the rankings of one query, one for each group, and how they get from one process to
 * another.
 *
 *	ranker_rank ... transfer_pack --> bytes --> transfer_merge_packed
 *
 *	bytes	[ ranking | ranking | ... ]	the caller knows how many, and their orders
 *	ranking	[ keys 64 | matched 64 | sum 128 | number of rows 64 | row | row | ... ]
 *		with its last row first, as top_merge() takes them
 *	row	an entry of a key that has a sum, as in store/counted.h
 *
 * Between processes that share the memory of the keys, a row can have the address of its key
 * instead of the key's bytes.
 */
#ifndef RANK_TRANSFER_H
#define RANK_TRANSFER_H

#include "store/pack.h"
#include "rank/top.h"

enum transfer_keys {
	RANKINGS_BYTES,    /* a row has the bytes of its key */
	RANKINGS_ADDRESSES /* a row has the address of its key */
};

/* Make n empty rankings with the same orders and limits as those given.  NULL if out of memory. */
struct ranking *rankings_like(const struct ranking *, size_t n);

/* The number of bytes that transfer_pack() will write. */
size_t transfer_size(const struct ranking *, size_t n, enum transfer_keys);

/* Append the rankings to the bytes.  They must be finished (see top_finish()). */
void transfer_pack(struct pack *, const struct ranking *, size_t n, enum transfer_keys);

/* Merge packed rankings, which have other keys, into the given ones.  All must be finished.  The
 * keys stay in the packed bytes.  False if the bytes are damaged (EBADMSG), or as top_merge(). */
bool transfer_merge_packed(struct unpack *, struct ranking *, size_t n, enum transfer_keys);

/* Merge finished rankings, which have other keys.  False as top_merge(). */
bool transfer_merge(struct ranking *, const struct ranking *, size_t n);

/* Free the rankings and their array, which may be NULL. */
void rankings_free(struct ranking *, size_t n);

#endif
