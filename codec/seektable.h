/* seektable.h -- checks that the seek table of a zstd file fits the frames before it.
 *
 * A seekable file ends with a skippable frame that lists the compressed and the decompressed sizes
 * of all frames.  libzstd skips this frame.  But only the seek table shows that a frame is missing,
 * is there twice, or has changed places with another one, because each frame by itself is complete.
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
 * Frames that are decoded to nothing, such as skippable frames, may be in the table or not.
 */
#ifndef CODEC_SEEKTABLE_H
#define CODEC_SEEKTABLE_H

#include <stdint.h>

#include "lib/span.h"

enum { SEEKTABLE_HEAD = 8, SEEKTABLE_ENTRY = 12, SEEKTABLE_FOOTER = 9 };

/* The entries of the current frame, read as a table whose entries have one of the two possible
 * lengths. */
struct seektable_entries {
	uint64_t hash; /* of the compressed sizes */
	char bytes[SEEKTABLE_ENTRY];
	unsigned n; /* number of bytes in .bytes: the beginning of the current entry */
};

struct seektable {
	uint64_t hash; /* of the compressed sizes of all frames since the last table */
	uint64_t len;  /* bytes of the current frame so far */
	char head[SEEKTABLE_HEAD];
	char footer[SEEKTABLE_FOOTER];
	struct seektable_entries with_sums, without; /* the entries with checksums and without them;
						      * the footer tells which the table has */
};

/* Take note of the next bytes of the current frame. */
void seektable_bytes(struct seektable *, struct span);

/* Note that the current frame has ended.  `empty` is true if the frame was decoded to nothing.
 * False if the frame is a table that does not fit the frames before it. */
bool seektable_end_frame(struct seektable *, bool empty);

#endif
