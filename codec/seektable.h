/* seektable.h -- checks that the seek tables of a zstd file fit its frames.
 *
 * A seekable file ends with a skippable frame that lists the compressed and the decompressed sizes
 * of all frames.  libzstd skips this frame.  But only the seek table shows that a frame is missing
 * or has changed places with another one, because each frame by itself is complete.
 *
 *	table	magic 0x184D2A5E, length; for each frame its compressed size, its decompressed size
 *		and perhaps a checksum; the number of frames, a byte of flags, magic 0x8F92EAB1
 *
 * All numbers have 4 bytes, the lowest first:
 * https://github.com/facebook/zstd/blob/dev/contrib/seekable_format/zstd_seekable_compression_format.md
 *
 * `cat` may have put other frames before and after a seekable file.  Therefore a table that lists n
 * frames fits if these are the n frames just before it.  It also fits if they are the n frames just
 * after it, since some programs write the table first.  Frames that are decoded to nothing, such
 * as skippable frames, may be in the table or not.
 *
 *	t = seektable_new()
 *	for each frame: seektable_bytes(t, ...) as often as needed; seektable_reserve(t);
 *		seektable_end_frame(t, ...)
 *	seektable_may_end(t); seektable_free(t)
 *
 * Only hashes of the compressed sizes are compared.  The hash of the last n frames follows from the
 * hash of all frames and the hash of the frames before the last n.  So the module keeps, for each
 * of the last SEEKTABLE_FRAMES frames, the hash of this frame and all frames before it.  The module
 * forgets older hashes, so that its memory does not grow with the file.  A table that lists more
 * than SEEKTABLE_FRAMES frames fits only if it lists all frames before it, or all frames between it
 * and the table before it.
 */
#ifndef CODEC_SEEKTABLE_H
#define CODEC_SEEKTABLE_H

#include <stdint.h>

#include "lib/span.h"

struct seektable;

enum { SEEKTABLE_FRAMES = 64 * 1024 };

/* Returns NULL if out of memory. */
struct seektable *seektable_new(void);

/* Take note of the next bytes of the current frame. */
void seektable_bytes(struct seektable *, struct span);

/* Get memory for the end of the current frame.  Most files have few frames, and need little memory.
 * False if out of memory. */
bool seektable_reserve(struct seektable *);

/* Note that the current frame has ended.  `empty` is true if the frame was decoded to nothing.
 * False if the frames that a table lists are neither before nor after the table. */
bool seektable_end_frame(struct seektable *, bool empty);

/* True if the file may end here.  False if a table lists frames that are missing. */
bool seektable_may_end(const struct seektable *);

void seektable_free(struct seektable *);

#endif
