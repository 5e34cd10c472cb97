/* codecs.h -- the codecs, and what they share.  For the files of this directory only.
 */
#ifndef CODEC_CODECS_H
#define CODEC_CODECS_H

#include "codec/codec.h"

extern const struct codec codec_gzip, codec_zstd, codec_xz, codec_bzip2, codec_lz4;

/* Lengths are 32 bits wide in some libraries: as much of n as fits. */
static inline uint32_t codec_length32(size_t n)
{
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

/* The first bit of a byte of the file. */
static inline uint64_t codec_bit(size_t byte)
{
	return 8 * (uint64_t)byte;
}

/* False if out of memory. */
bool codec_add_part(struct parts *, struct part);

/* The smaller one. */
static inline size_t codec_at_most(uint64_t len, size_t room)
{
	return len < room ? (size_t)len : room;
}

#endif
