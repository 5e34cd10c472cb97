#include "codec/decompress.h"

#include <limits.h>
#include <stdlib.h>

/* What a codec's run says. */
enum ran { RAN, RAN_TO_END, RAN_CORRUPT, RAN_OUT_OF_MEMORY };

/* A library.  run takes bytes off in and says how many it made; RAN_TO_END behind a member,
 * where restart begins the next, NULL if the library does so by itself. */
struct codec {
	void *(*open)(void);
	enum ran (*run)(void *, struct span *in, char *out, size_t room, size_t *made);
	bool (*restart)(void *);
	void (*close)(void *);
};

#if defined(HAVE_zlib) || defined(HAVE_bzlib)
/* Their lengths are unsigned int. */
static unsigned bounded(size_t n)
{
	return n < UINT_MAX ? (unsigned)n : UINT_MAX;
}
#endif

/* --- gzip -------------------------------------------------------------------------- */

#if defined(HAVE_isal)
#include <isa-l/igzip_lib.h>

enum { LONGEST_MATCH = 258 };

/* Left to isal_inflate, a member's header is forgotten where the input ends within it: with a
 * field in it, what comes then is misread.  So it is read here. */
struct igzip {
	struct inflate_state state;
	struct isal_gzip_header header;
	bool begun; /* the header is read */
};

static bool igzip_restart(void *state)
{
	struct igzip *g = state;

	g->begun = false;
	isal_inflate_init(&g->state); /* which leaves most of it, some 80 KB, as it is */
	g->state.crc_flag = ISAL_GZIP;
	g->header = (struct isal_gzip_header){0};
	isal_gzip_header_init(&g->header);
	return true;
}

static void *igzip_open(void)
{
	struct igzip *g = malloc(sizeof *g);

	if (g)
		igzip_restart(g);
	return g;
}

/* As isal_inflate. */
static int igzip_inflate(struct igzip *g)
{
	int got = ISAL_DECOMP_OK;

	if (!g->begun)
		got = isal_read_gzip_header(&g->state, &g->header);
	if (got != ISAL_DECOMP_OK)
		return got == ISAL_END_INPUT ? ISAL_DECOMP_OK
		       : got < 0             ? got
					     : ISAL_INVALID_WRAPPER;
	g->begun = true;
	return isal_inflate(&g->state);
}

static enum ran igzip_run(void *state, struct span *in, char *out, size_t room, size_t *made)
{
	struct inflate_state *s = &((struct igzip *)state)->state;
	uint32_t input = in->len < UINT32_MAX ? (uint32_t)in->len : UINT32_MAX;

	s->next_in = (uint8_t *)(uintptr_t)in->at;
	s->avail_in = input;
	s->next_out = (uint8_t *)out;
	s->avail_out = room < UINT32_MAX ? (uint32_t)room : UINT32_MAX;
	int got = igzip_inflate(state);
	/* After an error it may have gone back to before the first byte. */
	*in = span_from(*in, s->avail_in < input ? input - s->avail_in : 0);
	*made = (size_t)((char *)s->next_out - out);
	/* Of a match that can't be the length is counted, though nothing was written. */
	if (got == ISAL_INVALID_SYMBOL || got == ISAL_INVALID_LOOKBACK)
		*made -= *made < LONGEST_MATCH ? *made : LONGEST_MATCH;
	if (got < 0)
		return RAN_CORRUPT;
	return s->block_state == ISAL_BLOCK_FINISH ? RAN_TO_END : RAN;
}

static const struct codec gzip_codec = {igzip_open, igzip_run, igzip_restart, free};
#define GZIP                                                                                       \
	{                                                                                          \
		"gzip", "ISA-L", true, {"\x1f\x8b", 2}, &gzip_codec                                \
	}

#elif defined(HAVE_zlib)
#include <zlib.h>

static void *zlib_open(void)
{
	z_stream *s = calloc(1, sizeof *s);

	if (s && inflateInit2(s, 15 + 16) == Z_OK) /* any window, and gzip's header */
		return s;
	free(s);
	return NULL;
}

static enum ran zlib_run(void *state, struct span *in, char *out, size_t room, size_t *made)
{
	z_stream *s = state;
	unsigned input = bounded(in->len);

	s->next_in = (Bytef *)(uintptr_t)in->at;
	s->avail_in = input;
	s->next_out = (Bytef *)out;
	s->avail_out = bounded(room);
	int got = inflate(s, Z_NO_FLUSH);
	*in = span_from(*in, input - s->avail_in);
	*made = (size_t)((char *)s->next_out - out);
	switch (got) {
	case Z_STREAM_END:
		return RAN_TO_END;
	case Z_OK:
	case Z_BUF_ERROR: /* nothing to do for now */
		return RAN;
	case Z_MEM_ERROR:
		return RAN_OUT_OF_MEMORY;
	default:
		return RAN_CORRUPT;
	}
}

static bool zlib_restart(void *state)
{
	return inflateReset(state) == Z_OK;
}

static void zlib_close(void *state)
{
	inflateEnd(state);
	free(state);
}

static const struct codec gzip_codec = {zlib_open, zlib_run, zlib_restart, zlib_close};
#define GZIP                                                                                       \
	{                                                                                          \
		"gzip", "zlib", true, {"\x1f\x8b", 2}, &gzip_codec                                 \
	}
#else
#define GZIP                                                                                       \
	{                                                                                          \
		"gzip", "ISA-L or zlib", false, {"\x1f\x8b", 2}, NULL                              \
	}
#endif

/* --- zstd -------------------------------------------------------------------------- */

#if defined(HAVE_zstd)
#include <zstd.h>
#include <zstd_errors.h>

static void *zstd_open(void)
{
	ZSTD_DCtx *s = ZSTD_createDCtx();

	/* zstd --long=31 needs 2 GB; who has packed so expects it. */
	if (s)
		ZSTD_DCtx_setParameter(s, ZSTD_d_windowLogMax, sizeof(size_t) > 4 ? 31 : 30);
	return s;
}

static enum ran zstd_run(void *state, struct span *in, char *out, size_t room, size_t *made)
{
	ZSTD_inBuffer input = {in->at, in->len, 0};
	ZSTD_outBuffer output = {out, room, 0};

	size_t got = ZSTD_decompressStream(state, &output, &input);
	*in = span_from(*in, input.pos);
	*made = output.pos;
	switch (ZSTD_getErrorCode(got)) {
	case ZSTD_error_no_error:
		return got == 0 ? RAN_TO_END : RAN;
	case ZSTD_error_memory_allocation:
	case ZSTD_error_frameParameter_windowTooLarge: /* for this machine's addresses */
		return RAN_OUT_OF_MEMORY;
	default:
		return RAN_CORRUPT;
	}
}

static void zstd_close(void *state)
{
	ZSTD_freeDCtx(state);
}

static const struct codec zstd_codec = {zstd_open, zstd_run, NULL, zstd_close};
#define ZSTD                                                                                       \
	{                                                                                          \
		"zstd", "libzstd", true, {"\x28\xb5\x2f\xfd", 4}, &zstd_codec                      \
	}
#else
#define ZSTD                                                                                       \
	{                                                                                          \
		"zstd", "libzstd", false, {"\x28\xb5\x2f\xfd", 4}, NULL                            \
	}
#endif

/* --- xz ---------------------------------------------------------------------------- */

#if defined(HAVE_lzma)
#include <lzma.h>

static bool xz_restart(void *state)
{
	return lzma_stream_decoder(state, UINT64_MAX, 0) == LZMA_OK;
}

static void *xz_open(void)
{
	static const lzma_stream none = LZMA_STREAM_INIT;
	lzma_stream *s = malloc(sizeof *s);

	if (!s)
		return NULL;
	*s = none;
	if (xz_restart(s))
		return s;
	free(s);
	return NULL;
}

static enum ran xz_run(void *state, struct span *in, char *out, size_t room, size_t *made)
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
		return RAN_TO_END;
	case LZMA_OK:
	case LZMA_BUF_ERROR:
		return RAN;
	case LZMA_MEM_ERROR:
		return RAN_OUT_OF_MEMORY;
	default:
		return RAN_CORRUPT;
	}
}

static void xz_close(void *state)
{
	lzma_end(state);
	free(state);
}

static const struct codec xz_codec = {xz_open, xz_run, xz_restart, xz_close};
#define XZ                                                                                         \
	{                                                                                          \
		"xz", "liblzma", true, {"\xfd\x37\x7a\x58\x5a\x00", 6}, &xz_codec                  \
	}
#else
#define XZ                                                                                         \
	{                                                                                          \
		"xz", "liblzma", false, {"\xfd\x37\x7a\x58\x5a\x00", 6}, NULL                      \
	}
#endif

/* --- bzip2 ------------------------------------------------------------------------- */

#if defined(HAVE_bzlib)
#include <bzlib.h>

static void *bzip2_open(void)
{
	bz_stream *s = calloc(1, sizeof *s);

	if (s && BZ2_bzDecompressInit(s, 0, 0) == BZ_OK)
		return s;
	free(s);
	return NULL;
}

static enum ran bzip2_run(void *state, struct span *in, char *out, size_t room, size_t *made)
{
	bz_stream *s = state;
	unsigned input = bounded(in->len);

	s->next_in = (char *)(uintptr_t)in->at;
	s->avail_in = input;
	s->next_out = out;
	s->avail_out = bounded(room);
	int got = BZ2_bzDecompress(s);
	*in = span_from(*in, input - s->avail_in);
	*made = (size_t)(s->next_out - out);
	switch (got) {
	case BZ_STREAM_END:
		return RAN_TO_END;
	case BZ_OK:
		return RAN;
	case BZ_MEM_ERROR:
		return RAN_OUT_OF_MEMORY;
	default:
		return RAN_CORRUPT;
	}
}

static bool bzip2_restart(void *state)
{
	BZ2_bzDecompressEnd(state);
	memset(state, 0, sizeof(bz_stream));
	return BZ2_bzDecompressInit(state, 0, 0) == BZ_OK;
}

static void bzip2_close(void *state)
{
	BZ2_bzDecompressEnd(state);
	free(state);
}

static const struct codec bzip2_codec = {bzip2_open, bzip2_run, bzip2_restart, bzip2_close};
#define BZIP2                                                                                      \
	{                                                                                          \
		"bzip2", "libbz2", true, {"BZh", 3}, &bzip2_codec                                  \
	}
#else
#define BZIP2                                                                                      \
	{                                                                                          \
		"bzip2", "libbz2", false, {"BZh", 3}, NULL                                         \
	}
#endif

/* --- lz4 --------------------------------------------------------------------------- */

#if defined(HAVE_lz4)
#include <lz4frame.h>

static void *lz4_open(void)
{
	LZ4F_dctx *s = NULL;

	return LZ4F_isError(LZ4F_createDecompressionContext(&s, LZ4F_VERSION)) ? NULL : s;
}

static enum ran lz4_run(void *state, struct span *in, char *out, size_t room, size_t *made)
{
	size_t input = in->len;

	*made = room;
	size_t got = LZ4F_decompress(state, out, made, in->at, &input, NULL);
	if (LZ4F_isError(got)) {
		bool memory = strcmp(LZ4F_getErrorName(got), "ERROR_allocation_failed") == 0;
		*made = 0;
		return memory ? RAN_OUT_OF_MEMORY : RAN_CORRUPT;
	}
	*in = span_from(*in, input);
	return got == 0 ? RAN_TO_END : RAN;
}

static void lz4_close(void *state)
{
	LZ4F_freeDecompressionContext(state);
}

static const struct codec lz4_codec = {lz4_open, lz4_run, NULL, lz4_close};
#define LZ4                                                                                        \
	{                                                                                          \
		"lz4", "liblz4", true, {"\x04\x22\x4d\x18", 4}, &lz4_codec                         \
	}
#else
#define LZ4                                                                                        \
	{                                                                                          \
		"lz4", "liblz4", false, {"\x04\x22\x4d\x18", 4}, NULL                              \
	}
#endif

/* --- All --------------------------------------------------------------------------- */

const struct compression compressions[] = {GZIP, ZSTD, XZ, BZIP2, LZ4, {0}};

/* zstd and lz4 may begin with frames to be skipped; pzstd does. */
static bool is_skippable(struct span head)
{
	return head.len >= 4 && (head.at[0] & 0xf0) == 0x50 &&
	       memcmp(head.at + 1, "\x2a\x4d\x18", 3) == 0;
}

const struct compression *compression_of(struct span head)
{
	static const struct span zstd = {"\x28\xb5\x2f\xfd", 4};

	if (is_skippable(head))
		return compression_of(zstd);
	for (const struct compression *c = compressions; c->name; c++)
		if (head.len >= c->magic.len && memcmp(head.at, c->magic.at, c->magic.len) == 0)
			return c;
	return NULL;
}

struct decoder {
	const struct compression *compression;
	const struct codec *codec;
	void *state;
	bool between; /* members: the next one has not begun */
};

struct decoder *decoder_new(const struct compression *c)
{
	struct decoder *d = calloc(1, sizeof *d);

	if (!d)
		return NULL;
	d->compression = c;
	d->codec = c->codec;
	d->state = c->codec->open();
	if (d->state)
		return d;
	free(d);
	return NULL;
}

void decoder_free(struct decoder *d)
{
	if (d)
		d->codec->close(d->state);
	free(d);
}

bool decoder_may_end(const struct decoder *d)
{
	return d->between;
}

/* Begin the next member, if there is one: behind the last there may be zeros. */
static enum decoded begin_member(struct decoder *d, struct span *in)
{
	while (in->len && in->at[0] == '\0')
		*in = span_from(*in, 1);
	if (!in->len)
		return DECODED;
	d->between = false;
	if (!d->codec->restart)
		return DECODED;
	if (in->at[0] != d->compression->magic.at[0])
		return DECODE_CORRUPT;
	return d->codec->restart(d->state) ? DECODED : DECODE_MEMORY;
}

enum decoded decoder_run(struct decoder *d, struct span *in, char *out, size_t room, size_t *made)
{
	*made = 0;
	if (d->between) {
		enum decoded begun = begin_member(d, in);
		if (begun != DECODED || d->between)
			return begun;
	}
	switch (d->codec->run(d->state, in, out, room, made)) {
	case RAN_CORRUPT:
		return DECODE_CORRUPT;
	case RAN_OUT_OF_MEMORY:
		return DECODE_MEMORY;
	case RAN_TO_END:
		d->between = true;
		break;
	case RAN:
		break;
	}
	return DECODED;
}
