/* lz4.c -- decodes lz4 files with liblz4. */
#include "codec/codec.h"

#if defined(HAVE_lz4)
#include <lz4frame.h>

/* The number of bytes that the decoder of the largest blocks needs: a block of 4 MB before it is
 * decoded, the same block afterwards, and twice the 64 KB before the block. */
enum { DECODER = (8 << 20) + 128 * 1024 };

static void *open_state(const struct decoder_spec *spec)
{
	codec_reserve(spec, DECODER);
	LZ4F_dctx *s = NULL;

	return LZ4F_isError(LZ4F_createDecompressionContext(&s, LZ4F_VERSION)) ? NULL : s;
}

static enum codec_result decode(void *state, struct span *in, char *out, size_t room, size_t *made)
{
	size_t input = in->len;

	*made = room;
	size_t got = LZ4F_decompress(state, out, made, in->at, &input, NULL);
	if (LZ4F_isError(got)) {
		bool memory = strcmp(LZ4F_getErrorName(got), "ERROR_allocation_failed") == 0;
		*made = 0;
		return memory ? CODEC_OUT_OF_MEMORY : CODEC_CORRUPT;
	}
	*in = span_from(*in, input);
	return got == 0 ? CODEC_MEMBER_END : CODEC_OK;
}

static void close_state(void *state)
{
	LZ4F_freeDecompressionContext(state);
}
#endif

const struct codec codec_lz4 = {
	.name = "lz4",
	.library = "liblz4",
	.magic = {"\x04\x22\x4d\x18", 4},
#if defined(HAVE_lz4)
	.available = true,
	.open = open_state,
	.decode = decode,
	.close = close_state,
#endif
};
