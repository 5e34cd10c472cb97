/* xz.c -- decodes xz files with liblzma.  A file can be split at each block, because the index at
 * its end lists the blocks.  `xz -T` writes many blocks.
 *
 * A part is a block.  Its decoder is fed the header of the block's stream, then the block.  After
 * the block the decoder expects another block or an index, so it never says that the part has
 * ended.  The part has ended when it was decoded to as many bytes as the index says.
 */
#include <stdlib.h>

#include "codec/codec.h"
#include "lib/fullio.h"

#if defined(HAVE_lzma)
#include <lzma.h>

enum { STREAM_HEADER = 12 };

static bool restart(void *state)
{
	return lzma_stream_decoder(state, UINT64_MAX, 0) == LZMA_OK;
}

static void *open_state(void)
{
	static const lzma_stream none = LZMA_STREAM_INIT;
	lzma_stream *s = malloc(sizeof *s);

	if (!s)
		return NULL;
	*s = none;
	if (restart(s))
		return s;
	free(s);
	return NULL;
}

static enum codec_result decode(void *state, struct span *in, char *out, size_t room, size_t *made)
{
	lzma_stream *s = state;

	s->next_in = (const uint8_t *)in->at;
	s->avail_in = in->len;
	s->next_out = (uint8_t *)out;
	s->avail_out = room;
	lzma_ret got = lzma_code(s, LZMA_RUN);
	*in = span_from(*in, in->len - s->avail_in);
	*made = room - s->avail_out;
	switch (got) {
	case LZMA_STREAM_END:
		return CODEC_MEMBER_END;
	case LZMA_OK:
	case LZMA_BUF_ERROR:
		return CODEC_OK;
	case LZMA_MEM_ERROR:
		return CODEC_OUT_OF_MEMORY;
	default:
		return CODEC_CORRUPT;
	}
}

static void close_state(void *state)
{
	lzma_end(state);
	free(state);
}

/* --- Splitting ---------------------------------------------------------------------- */

/* Read the index of the file.  If the file has several streams, their indexes are combined.  The
 * caller frees the index.  NULL on error. */
static lzma_index *read_index(struct span file)
{
	lzma_stream s = LZMA_STREAM_INIT;
	lzma_index *index = NULL;
	lzma_ret got = lzma_file_info_decoder(&s, &index, UINT64_MAX, file.len);

	s.next_in = (const uint8_t *)file.at;
	s.avail_in = file.len;
	while (got == LZMA_OK || got == LZMA_SEEK_NEEDED) {
		got = lzma_code(&s, LZMA_RUN);
		if (got != LZMA_SEEK_NEEDED)
			continue;
		s.next_in = (const uint8_t *)file.at + s.seek_pos;
		s.avail_in = file.len - (size_t)s.seek_pos;
	}
	lzma_end(&s);
	return got == LZMA_STREAM_END ? index : NULL;
}

static bool split(struct parts *p, struct span file)
{
	lzma_index *index = read_index(file);
	lzma_index_iter i;
	bool ok = index != NULL;

	if (!ok)
		return false;
	lzma_index_iter_init(&i, index);
	while (ok && !lzma_index_iter_next(&i, LZMA_INDEX_ITER_NONEMPTY_BLOCK)) {
		uint64_t from = i.block.compressed_file_offset;
		ok = codec_add_part(
			p, (struct part){8 * from, 8 * (from + i.block.total_size),
				   i.stream.compressed_offset, i.block.uncompressed_size});
	}
	lzma_index_end(index, NULL);
	return ok;
}

static uint64_t part_length(const struct part *b)
{
	return STREAM_HEADER + (b->to - b->from) / 8;
}

static ssize_t read_part(
	const struct part *b, uint64_t offset, int fd, uint64_t start, char *to, size_t room)
{
	if (offset < STREAM_HEADER)
		return fullio_read_at(fd, to, codec_at_most(STREAM_HEADER - offset, room),
			start + b->header + offset);
	return fullio_read_at(fd, to, codec_at_most(part_length(b) - offset, room),
		start + b->from / 8 + offset - STREAM_HEADER);
}

static bool part_is_complete(const struct part *b, uint64_t made)
{
	return made == b->decoded;
}
#endif

const struct codec codec_xz = {
	.name = "xz",
	.library = "liblzma",
	.magic = {"\xfd\x37\x7a\x58\x5a\x00", 6},
#if defined(HAVE_lzma)
	.available = true,
	.open = open_state,
	.decode = decode,
	.restart = restart,
	.close = close_state,
	.split = split,
	.part_length = part_length,
	.read_part = read_part,
	.part_is_complete = part_is_complete,
#endif
};
