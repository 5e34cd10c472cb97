/* bzip2.c -- decodes bzip2 files with libbz2.  A file can be split at each block, which contains up
 * to 900,000 run-length encoded bytes.
 *
 *	stream	"BZh9", blocks, end magic, CRC of the stream, up to 7 bits of padding
 *	block	block magic, CRC of the block, data; a block may begin at any bit of a byte
 *
 * bzip2's author has published no specification.  The block magic is the digits of pi,
 * 0x314159265359; the end magic is the digits of the square root of pi, 0x177245385090.  By chance,
 * either magic may also occur within a block, once in 2^48 bits.  Then decoding that part fails.
 *
 * The CRC of a stream combines the CRCs of its blocks: it is 0 at first, and for each block it is
 * rotated to the left by one bit, and XORed with the CRC of the block.  So a missing or repeated
 * block can be noticed without decoding.  A file with such a fault has no parts, and decoding the
 * file as a whole finds the fault again.
 *
 * A part is a block.  Its decoder is fed a stream that has no other block:
 *
 *	header	"BZh", and the digit for the block size of the stream
 *	block	the whole bytes of the block, shifted to begin at the first bit of a byte
 *	trailer	the remaining bits of the block, the end magic, and the CRC of the stream, which is
 *		the CRC of its only block
 */
#include <stdlib.h>

#include "codec/codec.h"
#include "lib/library.h"
#include "lib/fullio.h"

#if defined(HAVE_bzlib)
#include <bzlib.h>

#define FUNCTIONS(F) F(BZ2_bzDecompressInit) F(BZ2_bzDecompress) F(BZ2_bzDecompressEnd)
LIBRARY(bzlib, FUNCTIONS)

/* The number of bytes that the decoder of the largest blocks needs: four for each byte of a block,
 * and 64 KB for tables. */
enum { DECODER = 4 * 900000 + 64 * 1024 };

static void *open_state(const struct decoder_spec *spec)
{
	codec_reserve(spec, DECODER);
	bz_stream *s = calloc(1, sizeof *s);

	if (s && bzlib.BZ2_bzDecompressInit(s, 0, 0) == BZ_OK)
		return s;
	free(s);
	return NULL;
}

static enum codec_result decode(void *state, struct span *in, char *out, size_t room, size_t *made)
{
	bz_stream *s = state;
	unsigned input = codec_length32(in->len);

	s->next_in = (char *)(uintptr_t)in->at;
	s->avail_in = input;
	s->next_out = out;
	s->avail_out = codec_length32(room);
	int got = bzlib.BZ2_bzDecompress(s);
	*in = span_from(*in, input - s->avail_in);
	*made = (size_t)(s->next_out - out);
	switch (got) {
	case BZ_STREAM_END:
		return CODEC_MEMBER_END;
	case BZ_OK:
		return CODEC_OK;
	case BZ_MEM_ERROR:
		return CODEC_OUT_OF_MEMORY;
	default:
		return CODEC_CORRUPT;
	}
}

static bool restart(void *state)
{
	bzlib.BZ2_bzDecompressEnd(state);
	memset(state, 0, sizeof(bz_stream));
	return bzlib.BZ2_bzDecompressInit(state, 0, 0) == BZ_OK;
}

static void close_state(void *state)
{
	bzlib.BZ2_bzDecompressEnd(state);
	free(state);
}
#endif

/* --- Finding blocks ----------------------------------------------------------------- */

enum {
	HEADER = 4,      /* bytes of "BZh9" */
	MAGIC = 48,      /* bits of a block magic or an end magic */
	CRC = 32,        /* bits of a CRC */
	MAX_TRAILER = 11 /* bytes for 7 bits, a magic and a CRC */
};

#define BLOCK_MAGIC UINT64_C(0x314159265359)
#define END_MAGIC   UINT64_C(0x177245385090)

/* Make a table that speeds up the search for a magic.  Suppose that the magic ends in byte i of the
 * file, s bits (0 to 7) before the end of this byte.  Then all bits of byte i - 3 belong to the
 * magic, and their value depends only on s.  Bit s of shifts[B] is set if this value is B. */
static void mark_shifts(unsigned char shifts[256], uint64_t magic)
{
	memset(shifts, 0, 256);
	for (unsigned s = 0; s < 8; s++)
		shifts[magic >> (24 - s) & 0xff] |= (unsigned char)(1 << s);
}

/* Find the first magic at or after bit `from`.  *found becomes the bit where it begins.  *is_block
 * becomes true for a block magic, and false for an end magic.  Returns false if there is no
 * magic. */
static bool next_magic(struct span file, uint64_t from, uint64_t *found, bool *is_block)
{
	unsigned char block[256], end[256];
	uint64_t window = 0; /* the eight bytes up to and including byte i */

	mark_shifts(block, BLOCK_MAGIC);
	mark_shifts(end, END_MAGIC);
	for (size_t i = (size_t)(from / 8); i < file.len; i++) {
		window = window << 8 | (unsigned char)file.at[i];
		unsigned before = window >> 24 & 0xff;
		unsigned shifts = block[before] | end[before];
		for (unsigned s = 0; shifts >> s; s++) {
			uint64_t magic_end = codec_bit(i) + 8 - s;
			uint64_t magic = window >> s & ((UINT64_C(1) << MAGIC) - 1);
			*is_block = magic == BLOCK_MAGIC;
			if ((!*is_block && magic != END_MAGIC) || magic_end < from + MAGIC)
				continue;
			*found = magic_end - MAGIC;
			return true;
		}
	}
	return false;
}

/* True if a stream begins at byte `at`.  *first becomes the bit after the stream's header, where
 * its first magic begins. */
static bool begins_stream(struct span file, size_t at, uint64_t *first)
{
	bool is_block;

	*first = codec_bit(at + HEADER);
	if (file.len - at < HEADER || memcmp(file.at + at, "BZh", 3) != 0 ||
		file.at[at + 3] < '1' || file.at[at + 3] > '9')
		return false;
	struct span head = span_of(file.at, file.len - at < 10 ? file.len : at + 10);
	uint64_t found;
	return next_magic(head, *first, &found, &is_block) && found == *first;
}

/* Return the CRC that begins at bit `bit` of the file.  The file must contain all of the CRC. */
static uint32_t crc_at(struct span file, uint64_t bit)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < 5 && bit / 8 + i < file.len; i++)
		bytes |= (uint64_t)(unsigned char)file.at[bit / 8 + i] << (32 - 8 * i);
	return (uint32_t)(bytes >> (8 - bit % 8));
}

/* Append the blocks of a stream.  *at is the bit where the stream's first magic begins, and becomes
 * the bit where its end magic begins.  False if there is no end magic, if the CRC after it does not
 * fit the blocks, or if out of memory. */
static bool add_blocks(struct parts *p, struct span file, char size, uint64_t *at)
{
	uint32_t combined = 0;
	bool is_block;

	if (!next_magic(file, *at, at, &is_block))
		return false;
	while (is_block) {
		struct part block = {.from = *at, .header = (unsigned char)size};
		if (!next_magic(file, *at + MAGIC, &block.to, &is_block) ||
			!codec_add_part(p, block))
			return false;
		combined = (combined << 1 | combined >> 31) ^ crc_at(file, block.from + MAGIC);
		*at = block.to;
	}
	return *at + MAGIC + CRC <= codec_bit(file.len) && combined == crc_at(file, *at + MAGIC);
}

static bool split(struct parts *p, struct span file)
{
	size_t at = 0;

	while (at < file.len) {
		uint64_t bit;
		if (!begins_stream(file, at, &bit) || !add_blocks(p, file, file.at[at + 3], &bit))
			return false;
		at = (size_t)((bit + MAGIC + CRC + 7) / 8);
	}
	return true;
}

/* --- Reading a part ----------------------------------------------------------------- */

static uint64_t part_length(const struct part *b)
{
	return HEADER + (b->to - b->from + MAGIC + CRC + 7) / 8;
}

/* Read `len` bytes that begin at any bit of the compressed file, which itself begins at byte
 * `start` of `fd`.  `to` must have room for len + 1 bytes.  Returns how many bytes were read, or -1
 * on error (errno). */
static ssize_t read_shifted(int fd, uint64_t start, uint64_t bit, unsigned char *to, size_t len)
{
	unsigned shift = bit % 8;
	ssize_t n = fullio_read_at(fd, to, len + 1, start + bit / 8);

	if (n <= 0)
		return n;
	size_t whole = (size_t)n - 1 < len ? (size_t)n - 1 : len;
	for (size_t i = 0; i < whole; i++)
		to[i] = (unsigned char)(to[i] << shift | to[i + 1] >> (8 - shift));
	return (ssize_t)whole;
}

/* Write the low n bits of `value` to `to`, beginning at its bit *at, and advance *at.  The bits of
 * `to` must be 0. */
static void put_bits(unsigned char *to, unsigned *at, uint64_t value, unsigned n)
{
	for (; n; n--, ++*at)
		if (value >> (n - 1) & 1)
			to[*at / 8] |= (unsigned char)(0x80 >> *at % 8);
}

/* Make the trailer of a part.  Returns its length; 0 if bytes of the file are missing, -1 if they
 * cannot be read. */
static ssize_t make_trailer(const struct part *b, int fd, uint64_t start, unsigned char *trailer)
{
	unsigned char crc[CRC / 8 + 1], last[2];
	unsigned over = (unsigned)((b->to - b->from) % 8), at = 0;
	const ssize_t whole = sizeof crc - 1;

	ssize_t n = read_shifted(fd, start, b->from + MAGIC, crc, sizeof crc - 1);
	if (n < whole)
		return n < 0 ? -1 : 0;
	n = read_shifted(fd, start, b->to - over, last, 1);
	if (n < 1)
		return n;
	memset(trailer, 0, MAX_TRAILER);
	put_bits(trailer, &at, (unsigned)last[0] >> (8 - over), over);
	put_bits(trailer, &at, END_MAGIC, MAGIC);
	for (size_t i = 0; i < sizeof crc - 1; i++)
		put_bits(trailer, &at, crc[i], 8);
	return (ssize_t)((at + 7) / 8);
}

static ssize_t read_part(
	const struct part *b, uint64_t offset, int fd, uint64_t start, char *to, size_t room)
{
	const char header[HEADER] = {'B', 'Z', 'h', (char)b->header};
	unsigned char trailer[MAX_TRAILER];
	uint64_t whole = (b->to - b->from) / 8;

	if (offset < HEADER)
		return codec_copy(span_of(header, HEADER), offset, to, room);
	offset -= HEADER;
	if (offset < whole)
		return read_shifted(fd, start, b->from + 8 * offset, (unsigned char *)to,
			codec_at_most(whole - offset, room - 1));
	offset -= whole;
	ssize_t len = make_trailer(b, fd, start, trailer);
	if (len <= 0)
		return len;
	return codec_copy(span_of((const char *)trailer, (size_t)len), offset, to, room);
}

const struct codec codec_bzip2 = {
	.name = "bzip2",
	.library = "libbz2",
	.magic = {"BZh", 3},
	.split = split,
	.part_length = part_length,
	.read_part = read_part,
#if defined(HAVE_bzlib)
	.available = true,
	.load = bzlib_load,
	.open = open_state,
	.decode = decode,
	.restart = restart,
	.close = close_state,
#endif
};
