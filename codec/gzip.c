/* gzip.c -- decodes gzip files with ISA-L's igzip, or if the build lacks ISA-L, with zlib, which is
 * several times slower.
 *
 * A file can be split at each member if every member states its length in its header.  bgzip writes
 * such files: see BGZF in the SAM/BAM format specification, section 4.1.
 */
#include <stdlib.h>

#include "codec/codec.h"

#if defined(HAVE_isal)
#include <isa-l/igzip_lib.h>

enum { LONGEST_MATCH = 258 };

/* isal_inflate() could read the header, too.  But if the input ends within a header that has an
 * extra field, isal_inflate() forgets what it has read, and misreads the rest.  Therefore a
 * separate call reads .header first. */
struct igzip {
	struct inflate_state state;
	struct isal_gzip_header header;
	bool header_read;
};

static bool restart(void *state)
{
	struct igzip *g = state;

	g->header_read = false;
	isal_inflate_init(&g->state); /* does not touch most of the state, which has about 80 KB */
	g->state.crc_flag = ISAL_GZIP;
	g->header = (struct isal_gzip_header){0};
	isal_gzip_header_init(&g->header);
	return true;
}

static void *open_state(void)
{
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
		got = isal_read_gzip_header(&g->state, &g->header);
	if (got != ISAL_DECOMP_OK)
		return got == ISAL_END_INPUT ? ISAL_DECOMP_OK
		       : got < 0             ? got
					     : ISAL_INVALID_WRAPPER;
	g->header_read = true;
	return isal_inflate(&g->state);
}

static enum codec_result decode(void *state, struct span *in, char *out, size_t room, size_t *made)
{
	struct inflate_state *s = &((struct igzip *)state)->state;
	uint32_t input = codec_length32(in->len);

	s->next_in = (uint8_t *)(uintptr_t)in->at;
	s->avail_in = input;
	s->next_out = (uint8_t *)out;
	s->avail_out = codec_length32(room);
	int got = inflate_member(state);
	/* After an error, .next_in may point before the first byte; then .avail_in is too large. */
	*in = span_from(*in, s->avail_in < input ? input - s->avail_in : 0);
	*made = (size_t)((char *)s->next_out - out);
	/* If a match is invalid, igzip counts the bytes of the match, though it has not written
	 * them. */
	if (got == ISAL_INVALID_SYMBOL || got == ISAL_INVALID_LOOKBACK)
		*made -= *made < LONGEST_MATCH ? *made : LONGEST_MATCH;
	if (got < 0)
		return CODEC_CORRUPT;
	return s->block_state == ISAL_BLOCK_FINISH ? CODEC_MEMBER_END : CODEC_OK;
}

static void close_state(void *state)
{
	free(state);
}

#elif defined(HAVE_zlib)
#include <zlib.h>

static void *open_state(void)
{
	z_stream *s = calloc(1, sizeof *s);

	if (s && inflateInit2(s, 15 + 16) == Z_OK) /* 15 for any window size, 16 for a gzip
						    * header */
		return s;
	free(s);
	return NULL;
}

static enum codec_result decode(void *state, struct span *in, char *out, size_t room, size_t *made)
{
	z_stream *s = state;
	unsigned input = codec_length32(in->len);

	s->next_in = (Bytef *)(uintptr_t)in->at;
	s->avail_in = input;
	s->next_out = (Bytef *)out;
	s->avail_out = codec_length32(room);
	int got = inflate(s, Z_NO_FLUSH);
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
	return inflateReset(state) == Z_OK;
}

static void close_state(void *state)
{
	inflateEnd(state);
	free(state);
}
#endif

/* --- Splitting ---------------------------------------------------------------------- */

enum { BGZF_HEADER = 18 };

static unsigned byte_at(struct span s, size_t i)
{
	return (unsigned char)s.at[i];
}

/* The length of the member with which `s` begins, from the extra field BC of its header.  0 if it
 * has no such field, or if the length is impossible. */
static size_t bgzf_length(struct span s)
{
	static const char magic[] = "\x1f\x8b\x08\x04", field[] = "\x06\0BC\x02";

	if (s.len < BGZF_HEADER || memcmp(s.at, magic, 4) != 0 || memcmp(s.at + 10, field, 6) != 0)
		return 0;
	size_t len = byte_at(s, 16) + 256 * byte_at(s, 17) + 1;
	return len > BGZF_HEADER && len <= s.len ? len : 0;
}

static bool split(struct parts *p, struct span file)
{
	size_t len;

	for (size_t at = 0; at < file.len; at += len) {
		len = bgzf_length(span_from(file, at));
		if (!len ||
			!codec_add_part(p, (struct part){codec_bit(at), codec_bit(at + len), 0, 0}))
			return false;
	}
	return true;
}

const struct codec codec_gzip = {
	.name = "gzip",
	.magic = {"\x1f\x8b", 2},
	.split = split,
#if defined(HAVE_isal)
	.library = "ISA-L",
#elif defined(HAVE_zlib)
	.library = "zlib",
#else
	.library = "ISA-L or zlib",
#endif
#if defined(HAVE_isal) || defined(HAVE_zlib)
	.available = true,
	.open = open_state,
	.decode = decode,
	.restart = restart,
	.close = close_state,
#endif
};
