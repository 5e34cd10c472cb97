/* parts.h -- where in a compressed file decoding can begin, so that several can decode it.
 *
 *	zstd	each frame (pzstd, cat a.zst b.zst)
 *	xz	each block (xz -T), by the index at the end
 *	bzip2	each block; they begin at any bit
 *	gzip	each member, where they tell their length (bgzip: BGZF)
 *
 * A part is decoded by a decoder of its own, which is fed what parts_read yields: the
 * file's bytes, with the few around them that make them a file of their own.
 *
 * RFC 8878 (zstd), https://tukaani.org/xz/xz-file-format.txt, the SAM/BAM format
 * specification, section 4.1 (BGZF).  bzip2 has no specification by its author; a block begins
 * with the digits of pi, 0x314159265359, and its CRC, a stream ends with those of the root of pi,
 * 0x177245385090, and a CRC that is the block's where there is but one.  These could also
 * come about within a block, once in 2^48 bits; decoding it then fails.
 */
#ifndef CODEC_PARTS_H
#define CODEC_PARTS_H

#include <stdint.h>
#include <sys/types.h>

#include "codec/decompress.h"

struct part {
	uint64_t from, to; /* bits of the file */
	uint64_t header;   /* of xz: where its stream begins, in bytes */
	uint64_t decoded;  /* of xz: bytes that it is decoded to, else 0 */
};

struct parts {
	const struct compression *compression;
	struct part *at; /* in the file's order; together they hold all that can be decoded */
	size_t n;        /* 0: it is to be decoded as a whole */
};

/* The parts of a file, if there are two or more.  They are yours to free. */
struct parts parts_find(const struct compression *, struct span file);

void parts_free(struct parts *);

/* The first part that begins at or behind that byte of the file. */
size_t parts_behind(const struct parts *, uint64_t byte);

/* Bytes that a part's decoder is fed. */
uint64_t parts_length(const struct parts *, size_t part);

/* True if all has come from this decoder that a part has: it was fed all, and made so many bytes.
 */
bool parts_is_whole(const struct parts *, size_t part, const struct decoder *, uint64_t made);

/* Some of them, from offset at on, of a file that begins at start in what fd is open for; room is
 * for two or more.  How many: 0 only behind the last, or where the file has become shorter; -1 on
 * error (errno). */
ssize_t parts_read(const struct parts *, size_t part, uint64_t at, int fd, uint64_t start, char *to,
	size_t room);

#endif
