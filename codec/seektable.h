/* seektable.h -- does the seek table of a zstd file fit the frames before it?
 *
 * A seekable file ends with a skippable frame that lists the compressed and the decompressed sizes
 * of all frames.  libzstd skips it.  But it is the only way to notice that a frame is missing, is
 * there twice, or has changed places with another one: every other frame is complete by itself.
 *
 *	table	magic 0x184D2A5E, length; for each frame its compressed size, its decompressed size
 *		and perhaps a checksum; the number of frames, a byte of flags, magic 0x8F92EAB1
 *
 * All numbers have 4 bytes, the lowest first:
 * https://github.com/facebook/zstd/blob/dev/contrib/seekable_format/zstd_seekable_compression_format.md
 *
 *	struct seektable t = {0};
 *	for each frame: seektable_bytes(&t, ...) as often as needed; seektable_end_frame(&t, ...)
 *
 * Memory does not grow with the number of frames: only hashes of the compressed sizes are compared.
 * Frames of which nothing is decoded, such as skippable ones, may be in the table or not.
 */
#ifndef CODEC_SEEKTABLE_H
#define CODEC_SEEKTABLE_H

#include <stdint.h>

#include "lib/span.h"

enum { SEEKTABLE_HEAD = 8, SEEKTABLE_ENTRY = 12, SEEKTABLE_FOOTER = 9 };

/* The entries of the current frame, if it is a table with entries of `width` bytes. */
struct seektable_entries {
	uint64_t hash; /* of the compressed sizes */
	char bytes[SEEKTABLE_ENTRY];
	unsigned n; /* bytes of the current entry */
};

struct seektable {
	uint64_t hash; /* of the compressed sizes of all frames since the last table */
	uint64_t len;  /* bytes of the current frame so far */
	char head[SEEKTABLE_HEAD];
	char footer[SEEKTABLE_FOOTER];
	struct seektable_entries with_sums, without; /* the footer tells which of them is right */
};

/* Take note of the next bytes of the current frame. */
void seektable_bytes(struct seektable *, struct span);

/* The current frame has ended; `empty`: nothing was decoded of it.  False if it is a table that
 * does not fit the frames before it. */
bool seektable_end_frame(struct seektable *, bool empty);

#endif
