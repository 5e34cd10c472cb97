/* zstd.c -- decodes zstd files with libzstd.  A file can be split at each frame.  pzstd writes many
 * frames, and `cat a.zst b.zst` makes a file of two.
 */
#include "codec/codec.h"

#if defined(HAVE_zstd)
#include <zstd.h>
#include <zstd_errors.h>

/* Files with frames of more bytes than this are not split.  To find the end of a frame, libzstd
 * goes through its blocks, which reads the whole frame from the disk.  For a large frame, that
 * takes more time than it saves. */
enum { LARGEST_FRAME = 64 << 20 };

static void *open_state(void)
{
	ZSTD_DCtx *s = ZSTD_createDCtx();

	/* Accept files made by `zstd --long=31`, too.  Decoding them needs 2 GB of memory, which a
	 * user of that option knows. */
	if (s)
		ZSTD_DCtx_setParameter(s, ZSTD_d_windowLogMax, sizeof(size_t) > 4 ? 31 : 30);
	return s;
}

static enum codec_result decode(void *state, struct span *in, char *out, size_t room, size_t *made)
{
	ZSTD_inBuffer input = {in->at, in->len, 0};
	ZSTD_outBuffer output = {out, room, 0};

	size_t got = ZSTD_decompressStream(state, &output, &input);
	*in = span_from(*in, input.pos);
	*made = output.pos;
	switch (ZSTD_getErrorCode(got)) {
	case ZSTD_error_no_error:
		return got == 0 ? CODEC_MEMBER_END : CODEC_OK;
	case ZSTD_error_memory_allocation:
	case ZSTD_error_frameParameter_windowTooLarge: /* happens on a machine with 32-bit
							* addresses */
		return CODEC_OUT_OF_MEMORY;
	default:
		return CODEC_CORRUPT;
	}
}

static void close_state(void *state)
{
	ZSTD_freeDCtx(state);
}

static bool split(struct parts *p, struct span file)
{
	size_t len;

	for (size_t at = 0; at < file.len; at += len) {
		struct span rest = span_from(file, at);
		len = ZSTD_findFrameCompressedSize(rest.at, codec_at_most(rest.len, LARGEST_FRAME));
		if (ZSTD_isError(len) || !len ||
			!codec_add_part(p, (struct part){codec_bit(at), codec_bit(at + len), 0, 0}))
			return false;
	}
	return true;
}
#endif

const struct codec codec_zstd = {
	.name = "zstd",
	.library = "libzstd",
	.magic = {"\x28\xb5\x2f\xfd", 4},
#if defined(HAVE_zstd)
	.available = true,
	.open = open_state,
	.decode = decode,
	.close = close_state,
	.split = split,
#endif
};
