/* zstd.c -- decodes zstd files with libzstd.  A file can be split at each frame.  pzstd writes many
 * frames, and `cat a.zst b.zst` makes a file of two.
 */
#include <stdlib.h>

#include "codec/codec.h"
#include "lib/library.h"
#include "codec/seektable.h"

#if defined(HAVE_zstd)
#include <zstd.h>
#include <zstd_errors.h>

#define FUNCTIONS(F)                                                                               \
	F(ZSTD_createDCtx)                                                                         \
	F(ZSTD_DCtx_setParameter) F(ZSTD_freeDCtx) F(ZSTD_decompressStream) F(ZSTD_isError)        \
		F(ZSTD_getErrorCode) F(ZSTD_findFrameCompressedSize)
LIBRARY(zstd, FUNCTIONS)

/* Files with frames of more bytes than this are not split.  To find the end of a frame, libzstd
 * goes through all blocks of the frame, so the whole frame is read from the disk.  For a large
 * frame, this takes more time than splitting saves. */
enum { LARGEST_FRAME = 64 << 20 };

/* The header of a frame has a magic, a byte of flags, the window size, the number of a dictionary,
 * and the size of the contents; all but the first two may be missing.  The header of the first
 * block follows.  RFC 8878, sections 3.1.1.1 and 3.1.1.2. */
enum { FLAGS = 4, SINGLE_SEGMENT = 0x20, BLOCK_HEADER = 3, MAX_HEADER = 18 + BLOCK_HEADER };

/* Windows up to SMALL_WINDOW need no reservation.  For a larger window, BESIDES bytes are reserved
 * in addition to the window. */
enum { SMALL_WINDOW = 19 /* as a binary logarithm */, BESIDES = 512 * 1024 };

struct unzstd {
	const struct decoder_spec *spec;
	ZSTD_DCtx *context;
	int window; /* the binary logarithm of the largest window that the context decodes */
	char header[MAX_HEADER]; /* the first bytes of the current frame */
	size_t n;                /* number of bytes in .header */
	struct seektable *table; /* NULL if only some parts are decoded */
};

/* The largest possible window has 2 GB; `zstd --long=31` uses it. */
#define LARGEST_WINDOW (UINT64_C(1) << (sizeof(size_t) > 4 ? 31 : 30))

/* The length, in bytes, of the number of a dictionary.  The index is the lowest two bits of the
 * flags. */
static const size_t dictionary[] = {0, 1, 2, 4};

/* Return the size of the window that a frame's header demands.  For a frame of a single segment, it
 * is the size of the contents.  0 if the header is incomplete. */
static uint64_t window_size(struct span header)
{
	unsigned flags = header.len > FLAGS ? (unsigned char)header.at[FLAGS] : 0;
	size_t contents = flags >> 6 ? (size_t)1 << (flags >> 6) : 1;
	size_t at = FLAGS + 1 + dictionary[flags & 3];

	if (flags & SINGLE_SEGMENT)
		return header.len < at + contents
			       ? 0
			       : codec_number(header.at + at, contents) + (contents == 2 ? 256 : 0);
	if (header.len <= FLAGS + 1)
		return 0;
	unsigned descriptor = (unsigned char)header.at[FLAGS + 1];
	uint64_t base = UINT64_C(1) << (10 + (descriptor >> 3));
	return base + base / 8 * (descriptor & 7);
}

/* True if a frame that begins with these bytes has no contents: its header says so, or the first
 * block is the last one, and is raw and empty. */
static bool is_empty(struct span header)
{
	unsigned flags = header.len > FLAGS ? (unsigned char)header.at[FLAGS] : 0;
	size_t window = flags & SINGLE_SEGMENT ? 0 : 1;
	size_t contents = flags >> 6 ? (size_t)1 << (flags >> 6) : 1 - window;
	size_t at = FLAGS + 1 + window + dictionary[flags & 3];

	if (header.len < at + contents + BLOCK_HEADER)
		return false;
	if (contents && contents != 2) /* a size in two bytes is 256 or more */
		return codec_number(header.at + at, contents) == 0;
	return !contents && codec_number(header.at + at, BLOCK_HEADER) == 1;
}

/* Append bytes to .header, until it is full. */
static void note_header(struct unzstd *z, struct span bytes)
{
	size_t n = codec_at_most(bytes.len, MAX_HEADER - z->n);

	if (n)
		memcpy(z->header + z->n, bytes.at, n);
	z->n += n;
}

/* Return the binary logarithm of a window, rounded up, because libzstd compares windows only with
 * powers of two. */
static int log_of(uint64_t window)
{
	int log = 10;

	while (log < 63 && UINT64_C(1) << log < window)
		log++;
	return log;
}

static uint64_t need(const void *state)
{
	const struct unzstd *z = state;

	return UINT64_C(1) << log_of(window_size(span_of(z->header, z->n)));
}

static bool make_context(struct unzstd *z)
{
	z->context = zstd.ZSTD_createDCtx();
	if (z->context)
		zstd.ZSTD_DCtx_setParameter(z->context, ZSTD_d_windowLogMax, z->window);
	return z->context != NULL;
}

static void *open_state(const struct decoder_spec *spec)
{
	struct unzstd *z = calloc(1, sizeof *z);

	if (!z)
		return NULL;
	z->spec = spec;
	z->window = SMALL_WINDOW;
	z->table = spec->parts ? NULL : seektable_new();
	if ((z->table || spec->parts) && make_context(z))
		return z;
	seektable_free(z->table);
	free(z);
	return NULL;
}

/* Replace the context by one that can decode the larger window of the current frame.  The old
 * context has taken n bytes of the frame's header. */
static enum codec_result widen(struct unzstd *z, size_t n)
{
	uint64_t window = need(z);
	char none;

	if (window > LARGEST_WINDOW)
		return CODEC_OUT_OF_MEMORY;
	if (z->spec->memory && window > z->spec->memory)
		return CODEC_TOO_LARGE;
	if (window <= UINT64_C(1) << z->window)
		return CODEC_CORRUPT; /* libzstd and wf read the header differently */
	zstd.ZSTD_freeDCtx(z->context);
	codec_reserve(z->spec, window + BESIDES);
	z->window = log_of(window);
	z->n = n;
	if (!make_context(z))
		return CODEC_OUT_OF_MEMORY;
	ZSTD_inBuffer header = {z->header, n, 0};
	ZSTD_outBuffer nothing = {&none, 0, 0};
	zstd.ZSTD_decompressStream(z->context, &nothing, &header);
	return CODEC_OK;
}

static enum codec_result end_frame(struct unzstd *z)
{
	bool empty = is_empty(span_of(z->header, z->n));

	z->n = 0;
	if (z->table && !seektable_reserve(z->table))
		return CODEC_OUT_OF_MEMORY;
	return !z->table || seektable_end_frame(z->table, empty) ? CODEC_MEMBER_END : CODEC_CORRUPT;
}

static enum codec_result decode(void *state, struct span *in, char *out, size_t room, size_t *made)
{
	struct unzstd *z = state;
	ZSTD_inBuffer input = {in->at, in->len, 0};
	ZSTD_outBuffer output = {out, room, 0};
	size_t header = z->n, got = zstd.ZSTD_decompressStream(z->context, &output, &input);

	note_header(z, span_of(in->at, zstd.ZSTD_isError(got) ? in->len : input.pos));
	if (z->table)
		seektable_bytes(z->table, span_of(in->at, input.pos));
	*in = span_from(*in, input.pos);
	*made = output.pos;
	enum codec_result widened;
	switch (zstd.ZSTD_getErrorCode(got)) {
	case ZSTD_error_no_error:
		return got == 0 ? end_frame(z) : CODEC_OK;
	case ZSTD_error_memory_allocation:
		return CODEC_OUT_OF_MEMORY;
	case ZSTD_error_frameParameter_windowTooLarge:
		widened = widen(z, header);
		return widened == CODEC_OK ? decode(z, in, out, room, made) : widened;
	default:
		return CODEC_CORRUPT;
	}
}

static bool may_end(const void *state)
{
	const struct unzstd *z = state;

	return !z->table || seektable_may_end(z->table);
}

static void close_state(void *state)
{
	struct unzstd *z = state;

	zstd.ZSTD_freeDCtx(z->context);
	seektable_free(z->table);
	free(z);
}

/* True if the text begins with a frame that is not skippable. */
static bool is_frame(struct span s)
{
	return s.len >= 4 && codec_number(s.at, 4) == ZSTD_MAGICNUMBER;
}

/* Raise p->need to the memory for the window, if p->need is less.  False if libzstd can't decode
 * such a window, however much memory there is. */
static bool raise_need(struct parts *p, uint64_t window)
{
	uint64_t need = UINT64_C(1) << log_of(window);

	if (need > p->need)
		p->need = need;
	return need <= LARGEST_WINDOW;
}

static bool split_by(struct parts *p, struct span file, struct seektable *table)
{
	size_t len;

	for (size_t at = 0; at < file.len; at += len) {
		struct span rest = span_from(file, at);
		len = zstd.ZSTD_findFrameCompressedSize(
			rest.at, codec_at_most(rest.len, LARGEST_FRAME));
		if (zstd.ZSTD_isError(len) || !len ||
			!codec_add_part(p, (struct part){codec_bit(at), codec_bit(at + len), 0, 0}))
			return false;
		if (is_frame(rest) && !raise_need(p, window_size(span_of(rest.at, len))))
			return false;
		seektable_bytes(table, span_of(rest.at, len));
		size_t header = codec_at_most(len, MAX_HEADER);
		if (!seektable_reserve(table) ||
			!seektable_end_frame(table, is_empty(span_of(rest.at, header))))
			return false;
	}
	return seektable_may_end(table);
}

static bool split(struct parts *p, struct span file)
{
	struct seektable *table = seektable_new();
	bool ok = table && split_by(p, file, table);

	seektable_free(table);
	return ok;
}
#endif

const struct codec codec_zstd = {
	.name = "zstd",
	.library = "libzstd",
	.magic = {"\x28\xb5\x2f\xfd", 4},
#if defined(HAVE_zstd)
	.available = true,
	.load = zstd_load,
	.open = open_state,
	.decode = decode,
	.may_end = may_end,
	.need = need,
	.close = close_state,
	.split = split,
	.joins = true,
#endif
};
