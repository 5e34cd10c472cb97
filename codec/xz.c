/* xz.c -- decodes xz files with liblzma.  A file can be split at each block, because the index at
 * its end lists the blocks.  `xz -T` writes many blocks.
 *
 * A part is a block.  Its decoder is fed a stream that has no other block:
 *
 *	header	the header of the block's stream
 *	block	the block with its padding
 *	index	an index that has only the two sizes of this block, copied from the index of the
 *		file; the decoder compares them with the sizes of the block
 *	footer
 */
#include <errno.h>
#include <stdlib.h>

#include "codec/codec.h"
#include "lib/library.h"
#include "lib/fullio.h"

#if defined(HAVE_lzma)
#include <lzma.h>

#define FUNCTIONS(F)                                                                               \
	F(lzma_index_hash_init)                                                                    \
	F(lzma_end) F(lzma_index_hash_end) F(lzma_stream_header_decode) F(                         \
		lzma_raw_decoder_memusage) F(lzma_block_decoder) F(lzma_block_header_decode)       \
		F(lzma_code) F(lzma_index_hash_append) F(lzma_block_unpadded_size) F(              \
			lzma_index_hash_decode) F(lzma_stream_footer_decode)                       \
			F(lzma_index_hash_size) F(lzma_stream_flags_compare) F(                    \
				lzma_file_info_decoder) F(lzma_index_memused)                      \
				F(lzma_index_iter_init) F(lzma_index_iter_next) F(lzma_index_end)  \
					F(lzma_vli_size) F(lzma_index_init) F(lzma_index_append)   \
						F(lzma_index_buffer_encode)                        \
							F(lzma_stream_footer_encode)
LIBRARY(lzma, FUNCTIONS)

enum {
	STREAM_HEADER = LZMA_STREAM_HEADER_SIZE,
	/* The length of the index (a zero, the number of blocks, two sizes, padding and a CRC) and
	 * of the footer (12 bytes). */
	MAX_TRAILER = 2 + 2 * LZMA_VLI_BYTES_MAX + 3 + 4 + LZMA_STREAM_HEADER_SIZE
};

/* The number of bytes that liblzma needs in addition to the filters of a block. */
enum { BESIDES = 64 * 1024 };

/* The place in a stream where reading goes on.  wf does not use liblzma's own decoder of streams,
 * because that decoder keeps the memory of one block while it allocates memory for the next.  This
 * file frees the memory of a block first. */
enum place { IN_HEADER, IN_BLOCK_HEADER, IN_BLOCK, IN_INDEX, IN_FOOTER };

struct unxz {
	const struct decoder_spec *spec;
	enum place place;
	uint8_t bytes[LZMA_BLOCK_HEADER_SIZE_MAX]; /* the bytes of the header or footer that were
						    * read */
	size_t n;
	lzma_stream_flags flags; /* from the stream's header */
	lzma_block block;
	lzma_filter filters[LZMA_FILTERS_MAX + 1];
	lzma_stream decoder;    /* decodes the blocks */
	uint64_t need, has;     /* how many bytes the decoder needs for the current block, and how
				 * many it has reserved */
	lzma_index_hash *index; /* a hash of the sizes of the blocks so far */
};

static bool restart(void *state)
{
	struct unxz *x = state;
	lzma_index_hash *index = lzma.lzma_index_hash_init(x->index, NULL);

	if (!index)
		return false;
	x->index = index;
	x->place = IN_HEADER;
	x->n = 0;
	return true;
}

static void *open_state(const struct decoder_spec *spec)
{
	static const lzma_stream none = LZMA_STREAM_INIT;
	struct unxz *x = calloc(1, sizeof *x);

	if (!x)
		return NULL;
	x->spec = spec;
	x->decoder = none;
	if (restart(x))
		return x;
	free(x);
	return NULL;
}

static void close_state(void *state)
{
	struct unxz *x = state;

	lzma.lzma_end(&x->decoder);
	lzma.lzma_index_hash_end(x->index, NULL);
	free(x);
}

/* Move bytes of *in to .bytes, until .bytes holds n bytes.  False if *in has too few. */
static bool collect(struct unxz *x, struct span *in, size_t n)
{
	size_t len = codec_at_most(in->len, n - x->n);

	if (len)
		memcpy(x->bytes + x->n, in->at, len);
	x->n += len;
	*in = span_from(*in, len);
	return x->n == n;
}

static void go_to(struct unxz *x, enum place place)
{
	x->place = place;
	x->n = 0;
}

/* Each of the following functions reads one kind of place.  LZMA_OK means that .place is now the
 * next place to read; LZMA_BUF_ERROR means that more input or room is needed. */

static lzma_ret read_header(struct unxz *x, struct span *in)
{
	if (!collect(x, in, STREAM_HEADER))
		return LZMA_BUF_ERROR;
	go_to(x, IN_BLOCK_HEADER);
	return lzma.lzma_stream_header_decode(&x->flags, x->bytes);
}

static void free_filters(lzma_filter *filters)
{
	for (size_t i = 0; filters[i].id != LZMA_VLI_UNKNOWN; i++)
		free(filters[i].options);
}

/* Make a decoder for the block whose header was read.  LZMA_MEMLIMIT_ERROR if the decoder needs
 * more memory than it may use. */
static lzma_ret begin_block(struct unxz *x)
{
	uint64_t filters = lzma.lzma_raw_decoder_memusage(x->filters);

	if (filters == UINT64_MAX)
		return LZMA_OPTIONS_ERROR;
	x->need = filters + BESIDES;
	if (x->spec->memory && x->need > x->spec->memory)
		return LZMA_MEMLIMIT_ERROR;
	if (x->need > x->has) {
		lzma.lzma_end(&x->decoder);
		codec_reserve(x->spec, x->need);
		x->has = x->need;
	}
	return lzma.lzma_block_decoder(&x->decoder, &x->block);
}

/* Read the header of a block.  If the first byte is zero, there is no header: the index begins
 * here. */
static lzma_ret read_block_header(struct unxz *x, struct span *in)
{
	if (!x->n && in->len && in->at[0] == '\0') {
		go_to(x, IN_INDEX);
		return LZMA_OK;
	}
	if (!collect(x, in, x->n ? x->n : 1))
		return LZMA_BUF_ERROR;
	x->block = (lzma_block){.check = x->flags.check,
		.filters = x->filters,
		.header_size = lzma_block_header_size_decode(x->bytes[0])};
	if (!collect(x, in, x->block.header_size))
		return LZMA_BUF_ERROR;
	lzma_ret got = lzma.lzma_block_header_decode(&x->block, NULL, x->bytes);
	if (got != LZMA_OK)
		return got;
	go_to(x, IN_BLOCK);
	got = begin_block(x);
	free_filters(x->filters);
	return got;
}

static lzma_ret read_block(struct unxz *x, struct span *in, char *out, size_t room, size_t *made)
{
	lzma_stream *s = &x->decoder;

	s->next_in = (const uint8_t *)in->at;
	s->avail_in = in->len;
	s->next_out = (uint8_t *)out + *made;
	s->avail_out = room - *made;
	lzma_ret got = lzma.lzma_code(s, LZMA_RUN);
	*in = span_from(*in, in->len - s->avail_in);
	*made = room - s->avail_out;
	if (got != LZMA_STREAM_END)
		return got == LZMA_OK ? LZMA_BUF_ERROR : got;
	go_to(x, IN_BLOCK_HEADER);
	return lzma.lzma_index_hash_append(
		x->index, lzma.lzma_block_unpadded_size(&x->block), x->block.uncompressed_size);
}

static lzma_ret read_index(struct unxz *x, struct span *in)
{
	size_t at = 0;
	lzma_ret got = in->len ? lzma.lzma_index_hash_decode(
					 x->index, (const uint8_t *)in->at, &at, in->len)
			       : LZMA_BUF_ERROR;

	*in = span_from(*in, at);
	if (got != LZMA_STREAM_END)
		return got == LZMA_OK ? LZMA_BUF_ERROR : got;
	go_to(x, IN_FOOTER);
	return LZMA_OK;
}

static lzma_ret read_footer(struct unxz *x, struct span *in)
{
	lzma_stream_flags flags = {0};

	if (!collect(x, in, STREAM_HEADER))
		return LZMA_BUF_ERROR;
	lzma_ret got = lzma.lzma_stream_footer_decode(&flags, x->bytes);
	if (got == LZMA_OK && flags.backward_size != lzma.lzma_index_hash_size(x->index))
		got = LZMA_DATA_ERROR;
	if (got == LZMA_OK)
		got = lzma.lzma_stream_flags_compare(&x->flags, &flags);
	return got == LZMA_OK ? LZMA_STREAM_END : got;
}

static lzma_ret read_place(struct unxz *x, struct span *in, char *out, size_t room, size_t *made)
{
	switch (x->place) {
	case IN_HEADER:
		return read_header(x, in);
	case IN_BLOCK_HEADER:
		return read_block_header(x, in);
	case IN_BLOCK:
		return read_block(x, in, out, room, made);
	case IN_INDEX:
		return read_index(x, in);
	case IN_FOOTER:
		break;
	}
	return read_footer(x, in);
}

static enum codec_result decode(void *state, struct span *in, char *out, size_t room, size_t *made)
{
	lzma_ret got;

	*made = 0;
	while ((got = read_place(state, in, out, room, made)) == LZMA_OK)
		;
	switch (got) {
	case LZMA_STREAM_END:
		return CODEC_MEMBER_END;
	case LZMA_BUF_ERROR:
		return CODEC_OK;
	case LZMA_MEM_ERROR:
		return CODEC_OUT_OF_MEMORY;
	case LZMA_MEMLIMIT_ERROR:
		return CODEC_TOO_LARGE;
	default:
		return CODEC_CORRUPT;
	}
}

static uint64_t need(const void *state)
{
	return ((const struct unxz *)state)->need;
}

/* --- Splitting ---------------------------------------------------------------------- */

/* Read the index of the file.  If the file has several streams, their indexes are combined.  The
 * caller frees the index.  NULL on error, or if the index needs more than `memory` bytes. */
static lzma_index *index_of(struct span file, uint64_t memory)
{
	lzma_stream s = LZMA_STREAM_INIT;
	lzma_index *index = NULL;
	lzma_ret got = lzma.lzma_file_info_decoder(&s, &index, memory, file.len);

	s.next_in = (const uint8_t *)file.at;
	s.avail_in = file.len;
	while (got == LZMA_OK || got == LZMA_SEEK_NEEDED) {
		got = lzma.lzma_code(&s, LZMA_RUN);
		if (got != LZMA_SEEK_NEEDED)
			continue;
		s.next_in = (const uint8_t *)file.at + s.seek_pos;
		s.avail_in = file.len - (size_t)s.seek_pos;
	}
	lzma.lzma_end(&s);
	return got == LZMA_STREAM_END ? index : NULL;
}

/* Return how many bytes of memory the decoder of a block needs.  The header of the block begins at
 * byte `from`.  0 if the header is damaged. */
static uint64_t need_of_block(struct span file, uint64_t from, lzma_check check)
{
	lzma_filter filters[LZMA_FILTERS_MAX + 1];
	const uint8_t *at = (const uint8_t *)file.at + from;
	lzma_block block = {.check = check,
		.filters = filters,
		.header_size = lzma_block_header_size_decode(at[0])};

	if (block.header_size > file.len - from ||
		lzma.lzma_block_header_decode(&block, NULL, at) != LZMA_OK)
		return 0;
	uint64_t bytes = lzma.lzma_raw_decoder_memusage(filters);
	free_filters(filters);
	return bytes == UINT64_MAX ? 0 : bytes + BESIDES;
}

static bool split(struct parts *p, struct span file)
{
	lzma_index *index = index_of(file, codec_list_memory(p));
	lzma_index_iter i;
	bool ok = index != NULL;

	if (!ok)
		return false;
	codec_use_list_memory(p, lzma.lzma_index_memused(index));
	lzma.lzma_index_iter_init(&i, index);
	while (ok && !lzma.lzma_index_iter_next(&i, LZMA_INDEX_ITER_BLOCK)) {
		uint64_t from = i.block.compressed_file_offset;
		uint64_t block = need_of_block(file, from, i.stream.flags->check);
		p->need = block > p->need ? block : p->need;
		ok = codec_add_part(
			p, (struct part){8 * from, 8 * (from + i.block.unpadded_size),
				   i.stream.compressed_offset, i.block.uncompressed_size});
	}
	lzma.lzma_index_end(index, NULL);
	return ok;
}

static uint64_t round_to_4(uint64_t n)
{
	return (n + 3) / 4 * 4;
}

/* unpadded() returns the length of a block in bytes without its padding, padded() the length with
 * its padding. */
static uint64_t unpadded(const struct part *b)
{
	return (b->to - b->from) / 8;
}

static uint64_t padded(const struct part *b)
{
	return round_to_4(unpadded(b));
}

static uint64_t part_length(const struct part *b)
{
	uint64_t sizes = lzma.lzma_vli_size(unpadded(b)) + lzma.lzma_vli_size(b->decoded);

	return STREAM_HEADER + padded(b) + round_to_4(2 + sizes) + 4 + STREAM_HEADER;
}

/* Write an index of this block alone.  Returns its length; 0 if out of memory. */
static size_t make_index(const struct part *b, uint8_t *to, size_t room)
{
	lzma_index *index = lzma.lzma_index_init(NULL);
	size_t len = 0;

	bool ok = index &&
		  lzma.lzma_index_append(index, NULL, unpadded(b), b->decoded) == LZMA_OK &&
		  lzma.lzma_index_buffer_encode(index, to, &len, room) == LZMA_OK;
	lzma.lzma_index_end(index, NULL);
	return ok ? len : 0;
}

/* Make the trailer of a part: the index and the footer.  Returns its length; 0 if the header of the
 * stream is not there any more, -1 on error (errno). */
static ssize_t make_trailer(const struct part *b, int fd, uint64_t start, uint8_t *trailer)
{
	uint8_t header[STREAM_HEADER];
	lzma_stream_flags flags = {0};
	ssize_t n = fullio_read_at(fd, header, sizeof header, start + b->header);

	if (n < STREAM_HEADER || lzma.lzma_stream_header_decode(&flags, header) != LZMA_OK)
		return n < 0 ? -1 : 0;
	size_t len = make_index(b, trailer, MAX_TRAILER - STREAM_HEADER);
	if (!len) {
		errno = ENOMEM;
		return -1;
	}
	flags.backward_size = len;
	if (lzma.lzma_stream_footer_encode(&flags, trailer + len) != LZMA_OK)
		return 0;
	return (ssize_t)len + STREAM_HEADER;
}

static ssize_t read_part(
	const struct part *b, uint64_t offset, int fd, uint64_t start, char *to, size_t room)
{
	uint8_t trailer[MAX_TRAILER];

	if (offset < STREAM_HEADER)
		return fullio_read_at(fd, to, codec_at_most(STREAM_HEADER - offset, room),
			start + b->header + offset);
	offset -= STREAM_HEADER;
	if (offset < padded(b))
		return fullio_read_at(fd, to, codec_at_most(padded(b) - offset, room),
			start + b->from / 8 + offset);
	offset -= padded(b);
	ssize_t len = make_trailer(b, fd, start, trailer);
	if (len <= 0)
		return len;
	return codec_copy(span_of((const char *)trailer, (size_t)len), offset, to, room);
}
#endif

const struct codec codec_xz = {
	.name = "xz",
	.library = "liblzma",
	.magic = {"\xfd\x37\x7a\x58\x5a\x00", 6},
	.padding = 4,
	.pads_members = true,
#if defined(HAVE_lzma)
	.available = true,
	.load = lzma_load,
	.open = open_state,
	.decode = decode,
	.restart = restart,
	.need = need,
	.close = close_state,
	.split = split,
	.part_length = part_length,
	.read_part = read_part,
#endif
};
