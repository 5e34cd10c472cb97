/* decompress.h -- gzip, zstd, xz, bzip2 and lz4, told by their first bytes.
 *
 * Files may hold several members or frames, one behind the other, as `cat a.gz b.gz`
 * makes them, and zeros behind the last, as tapes do.
 *
 * Each library may be missing from a build (HAVE_...): what it decodes is then known by
 * name and can't be read.  gzip is decoded by ISA-L's igzip where it is there, which is
 * some times faster than zlib.
 *
 * RFC 1952 (gzip), RFC 8878 (zstd), https://tukaani.org/xz/xz-file-format.txt,
 * https://sourceware.org/bzip2/, https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 */
#ifndef CODEC_DECOMPRESS_H
#define CODEC_DECOMPRESS_H

#include "lib/span.h"

struct compression {
	const char *name;    /* "gzip" */
	const char *library; /* that decodes it, "zlib"; or what is missing */
	bool here;           /* in this build */
	struct span magic;
	const struct codec *codec;
};

/* Bytes that tell. */
enum { COMPRESSION_HEAD = 6 };

/* How what begins with these bytes, COMPRESSION_HEAD or all there are, is compressed.  NULL
 * if it is not. */
const struct compression *compression_of(struct span head);

/* All that are known; .name NULL ends them. */
extern const struct compression compressions[];

struct decoder;

/* NULL where memory is out. */
struct decoder *decoder_new(const struct compression *);

enum decoded {
	DECODED,        /* go on: with more input, or more room */
	DECODE_CORRUPT, /* what was made before is right; nothing more can be */
	DECODE_MEMORY,
};

/* Decode from *in, which moves on, to out; *made is how many bytes. */
enum decoded decoder_run(struct decoder *, struct span *in, char *out, size_t room, size_t *made);

/* True where the input may end: behind a whole member. */
bool decoder_may_end(const struct decoder *);

void decoder_free(struct decoder *);

#endif
