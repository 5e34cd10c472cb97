/* gzip.c -- decodes gzip files with ISA-L's igzip, or if the build lacks ISA-L, with zlib, which is
 * several times slower.
 *
 * A file can be split at each member if every member states its length in its header.  bgzip writes
 * such files: see BGZF in the SAM/BAM format specification, section 4.1.  The last member of such a
 * file is empty: it is the end marker.  If members are missing at the end, so is the end marker.
 */
#include <stdlib.h>

#include "codec/codec.h"
#include "lib/library.h"

/* --- BGZF --------------------------------------------------------------------------- */

enum { BGZF_HEADER = 18, END_MARKER = 28 };

/* Return the length of the member at the start of `s`, from the extra field BC of the member's
 * header.  0 if the header has no such field, or if the length is impossible. */
static size_t bgzf_length(struct span s)
{
	static const char magic[] = "\x1f\x8b\x08\x04", field[] = "\x06\0BC\x02";

	if (s.len < BGZF_HEADER || memcmp(s.at, magic, 4) != 0 || memcmp(s.at + 10, field, 6) != 0)
		return 0;
	size_t len = (size_t)codec_number(s.at + 16, 2) + 1;
	return len > BGZF_HEADER ? len : 0;
}

#if defined(HAVE_isal) || defined(HAVE_zlib)
/* The first bytes of the current member or, between members, of the last member. */
struct head {
	char bytes[BGZF_HEADER];
	size_t n;
};

/* Take note of bytes that the decoder has taken: append these bytes to the head, unless the head is
 * full. */
static void head_note(struct head *h, struct span taken)
{
	size_t n = codec_at_most(taken.len, sizeof h->bytes - h->n);

	if (n)
		memcpy(h->bytes + h->n, taken.at, n);
	h->n += n;
}

/* True if the member may be the last one of the file.  In a BGZF file, only the end marker may be
 * the last member. */
static bool head_may_be_last(const struct head *h)
{
	size_t len = bgzf_length(span_of(h->bytes, h->n));

	return !len || len == END_MARKER;
}
#endif

/* --- Decoding ----------------------------------------------------------------------- */

#if defined(HAVE_isal)
#include <isa-l/igzip_lib.h>

#define FUNCTIONS(F)                                                                               \
	F(isal_inflate_init) F(isal_gzip_header_init) F(isal_read_gzip_header) F(isal_inflate)
LIBRARY(isal, FUNCTIONS)

enum { LONGEST_MATCH = 258 };

/* isal_inflate() could read the header, too.  But if the input ends within a header that has an
 * extra field, isal_inflate() forgets what it has read, and misreads the rest.  Therefore a
 * separate call reads .header first. */
struct igzip {
	struct inflate_state state;
	struct isal_gzip_header header;
	bool header_read;
	struct head head;
};

static bool restart(void *state)
{
	struct igzip *g = state;

	g->header_read = false;
	g->head.n = 0;
	isal.isal_inflate_init(
		&g->state); /* does not touch most of the state, which has about 80 KB */
	g->state.crc_flag = ISAL_GZIP;
	g->header = (struct isal_gzip_header){0};
	isal.isal_gzip_header_init(&g->header);
	return true;
}

static void *open_state(const struct decoder_spec *spec)
{
	(void)spec;
	struct igzip *g = malloc(sizeof *g);

	if (g)
		restart(g);
	return g;
}

/* Read the header if it has not been read, then decode.  Returns what isal_inflate() returns. */
static int inflate_member(struct igzip *g)
{
	int got = ISAL_DECOMP_OK;

	if (!g->header_read)
		got = isal.isal_read_gzip_header(&g->state, &g->header);
	if (got != ISAL_DECOMP_OK)
		return got == ISAL_END_INPUT ? ISAL_DECOMP_OK
		       : got < 0             ? got
					     : ISAL_INVALID_WRAPPER;
	g->header_read = true;
	return isal.isal_inflate(&g->state);
}

static enum codec_result decode(void *state, struct span *in, char *out, size_t room, size_t *made)
{
	struct igzip *g = state;
	struct inflate_state *s = &g->state;
	uint32_t input = codec_length32(in->len);

	s->next_in = (uint8_t *)(uintptr_t)in->at;
	s->avail_in = input;
	s->next_out = (uint8_t *)out;
	s->avail_out = codec_length32(room);
	int got = inflate_member(g);
	/* After an error, .next_in may point before the first byte; then .avail_in is too large. */
	size_t taken = s->avail_in < input ? input - s->avail_in : 0;
	head_note(&g->head, span_of(in->at, taken));
	*in = span_from(*in, taken);
	*made = (size_t)((char *)s->next_out - out);
	/* If a match is invalid, igzip counts the bytes of the match, though it has not written
	 * them. */
	if (got == ISAL_INVALID_SYMBOL || got == ISAL_INVALID_LOOKBACK)
		*made -= *made < LONGEST_MATCH ? *made : LONGEST_MATCH;
	if (got < 0)
		return CODEC_CORRUPT;
	return s->block_state == ISAL_BLOCK_FINISH ? CODEC_MEMBER_END : CODEC_OK;
}

static bool may_end(const void *state)
{
	return head_may_be_last(&((const struct igzip *)state)->head);
}

static void close_state(void *state)
{
	free(state);
}

#elif defined(HAVE_zlib)
#include <zlib.h>

#define FUNCTIONS(F) F(inflateInit2_) F(inflate) F(inflateReset) F(inflateEnd)
LIBRARY(zlib, FUNCTIONS)

struct inflater {
	z_stream stream;
	struct head head;
};

static void *open_state(const struct decoder_spec *spec)
{
	(void)spec;
	struct inflater *g = calloc(1, sizeof *g);

	/* 15 for any window size, 16 for a gzip header */
	if (g && zlib.inflateInit2_(&g->stream, 15 + 16, ZLIB_VERSION, (int)sizeof g->stream) ==
			 Z_OK)
		return g;
	free(g);
	return NULL;
}

static enum codec_result decode(void *state, struct span *in, char *out, size_t room, size_t *made)
{
	struct inflater *g = state;
	z_stream *s = &g->stream;
	unsigned input = codec_length32(in->len);

	s->next_in = (Bytef *)(uintptr_t)in->at;
	s->avail_in = input;
	s->next_out = (Bytef *)out;
	s->avail_out = codec_length32(room);
	int got = zlib.inflate(s, Z_NO_FLUSH);
	head_note(&g->head, span_of(in->at, input - s->avail_in));
	*in = span_from(*in, input - s->avail_in);
	*made = (size_t)((char *)s->next_out - out);
	switch (got) {
	case Z_STREAM_END:
		return CODEC_MEMBER_END;
	case Z_OK:
	case Z_BUF_ERROR: /* no input, or no room */
		return CODEC_OK;
	case Z_MEM_ERROR:
		return CODEC_OUT_OF_MEMORY;
	default:
		return CODEC_CORRUPT;
	}
}

static bool restart(void *state)
{
	struct inflater *g = state;

	g->head.n = 0;
	return zlib.inflateReset(&g->stream) == Z_OK;
}

static bool may_end(const void *state)
{
	return head_may_be_last(&((const struct inflater *)state)->head);
}

static void close_state(void *state)
{
	zlib.inflateEnd(&((struct inflater *)state)->stream);
	free(state);
}
#endif

/* --- Splitting ---------------------------------------------------------------------- */

static bool split(struct parts *p, struct span file)
{
	size_t len = 0;

	for (size_t at = 0; at < file.len; at += len) {
		len = bgzf_length(span_from(file, at));
		if (!len || len > file.len - at ||
			!codec_add_part(p, (struct part){codec_bit(at), codec_bit(at + len), 0, 0}))
			return false;
	}
	return len == END_MARKER;
}

const struct codec codec_gzip = {
	.name = "gzip",
	.magic = {"\x1f\x8b", 2},
	.padding = 1,
	.split = split,
	.joins = true,
#if defined(HAVE_isal)
	.library = "ISA-L",
#elif defined(HAVE_zlib)
	.library = "zlib",
#else
	.library = "ISA-L or zlib",
#endif
#if defined(HAVE_isal) || defined(HAVE_zlib)
	.available = true,
#if defined(HAVE_isal)
	.load = isal_load,
#else
	.load = zlib_load,
#endif
	.open = open_state,
	.decode = decode,
	.restart = restart,
	.may_end = may_end,
	.close = close_state,
#endif
};
