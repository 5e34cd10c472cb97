/* lz4.c -- decodes lz4 files with liblz4. */
#include "codec/codec.h"
#include "lib/library.h"

#if defined(HAVE_lz4)
#include <lz4frame.h>

#define FUNCTIONS(F)                                                                               \
	F(LZ4F_isError)                                                                            \
	F(LZ4F_createDecompressionContext) F(LZ4F_decompress) F(LZ4F_getErrorName)                 \
		F(LZ4F_freeDecompressionContext)
LIBRARY(lz4, FUNCTIONS)

/* The number of bytes that the decoder of the largest blocks needs: 4 MB for a compressed block, 4
 * MB for the decoded block, and twice 64 KB for the bytes before the block. */
enum { DECODER = (8 << 20) + 128 * 1024 };

static void *open_state(const struct decoder_spec *spec)
{
	codec_reserve(spec, DECODER);
	LZ4F_dctx *s = NULL;

	return lz4.LZ4F_isError(lz4.LZ4F_createDecompressionContext(&s, LZ4F_VERSION)) ? NULL : s;
}

static enum codec_result decode(void *state, struct span *in, char *out, size_t room, size_t *made)
{
	size_t input = in->len;

	*made = room;
	size_t got = lz4.LZ4F_decompress(state, out, made, in->at, &input, NULL);
	if (lz4.LZ4F_isError(got)) {
		bool memory = strcmp(lz4.LZ4F_getErrorName(got), "ERROR_allocation_failed") == 0;
		*made = 0;
		return memory ? CODEC_OUT_OF_MEMORY : CODEC_CORRUPT;
	}
	*in = span_from(*in, input);
	return got == 0 ? CODEC_MEMBER_END : CODEC_OK;
}

static void close_state(void *state)
{
	lz4.LZ4F_freeDecompressionContext(state);
}
#endif

const struct codec codec_lz4 = {
	.name = "lz4",
	.library = "liblz4",
	.magic = {"\x04\x22\x4d\x18", 4},
#if defined(HAVE_lz4)
	.available = true,
	.load = lz4_load,
	.open = open_state,
	.decode = decode,
	.close = close_state,
#endif
};
