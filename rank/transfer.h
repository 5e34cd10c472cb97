/* transfer.h -- passes the rankings of one query, one for each group, from one process to another.
 *
 *	ranker_rank ... transfer_pack --> bytes --> transfer_merge_packed
 *
 *	bytes	[ ranking | ranking | ... ]	the caller knows how many, and their orders
 *	ranking	[ keys 64 | matched 64 | sum 128 | first 128 | last 128 | number of rows 64 | row | row | ... ]
 *		the last row comes first, because top_merge() takes the last row first
 *	row	[ count 64 | length of the key 64 | values of the statistics, each 128 | key ]
 *
 * Between processes in which the keys are at the same addresses, a row can have the address of its
 * key instead of the key's bytes.
 */
#ifndef RANK_TRANSFER_H
#define RANK_TRANSFER_H

#include "store/pack.h"
#include "rank/top.h"

enum transfer_keys {
	TRANSFER_BYTES,    /* a row has the bytes of its key */
	TRANSFER_ADDRESSES /* a row has the address of its key */
};

/* Make n empty rankings with the same orders and limits as those given.  NULL if out of memory. */
struct ranking *rankings_like(const struct ranking *, size_t n);

/* The number of bytes that transfer_pack() will write. */
size_t transfer_size(const struct ranking *, size_t n, enum transfer_keys);

/* Append n rankings to the bytes.  The rankings must be finished (see top_finish()). */
void transfer_pack(struct pack *, const struct ranking *, size_t n, enum transfer_keys);

/* Merge n packed rankings into the n given rankings, each into the one with the same number.  The
 * two have no key in common, and both must be finished.  The keys of the added rows point into the
 * packed bytes, unless the rows have the addresses of their keys.  False (errno) if the bytes are
 * damaged (EBADMSG), or for the same reasons as top_merge(). */
bool transfer_merge_packed(struct unpack *, struct ranking *, size_t n, enum transfer_keys);

/* Merge the second n rankings into the first n, each into the one with the same number.  The two
 * have no key in common, and both must be finished.  False for the same reasons as top_merge(). */
bool transfer_merge(struct ranking *, const struct ranking *, size_t n);

/* Free n rankings and their array, which may be NULL. */
void rankings_free(struct ranking *, size_t n);

#endif
