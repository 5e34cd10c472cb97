/* parts.c -- fuzz splitting: decoding the parts of a compressed file one by one gives the same
 * bytes as decoding the file as a whole, or both ways fail.
 *
 * Input: one byte for the kind, then five bytes for each piece of the file.  A piece is a copy of a
 * member.  Its bytes say which member it is, where the copy is damaged (two bytes), how it is
 * damaged, and how much of it is cut off.  So most files consist of whole members, which random
 * bytes would never make.
 */
#include <sys/mman.h>
#include <unistd.h>
#ifdef HAVE_bzlib
#include <bzlib.h>
#endif
#ifdef HAVE_lzma
#include <lzma.h>
#endif
#ifdef HAVE_zstd
#include <zstd.h>
#endif

#include "codec/codec.h"
#include "fuzz.h"

enum { MEMBERS = 5, PIECES = 24, ROOM = 3 << 20, DAMAGED = 16 };

static struct span member_of[5][MEMBERS];

/* Member 3 is so large that several of them are several parts (PART_SIZE). */
static struct span text_of(size_t i)
{
	static const size_t length[MEMBERS] = {0, 1, 70, 6000, 9};
	static char text[6000];
	uint32_t state = (uint32_t)i;

	for (size_t at = 0; at < sizeof text; at++) {
		state = state * 1664525 + 1013904223;
		text[at] = (char)('\n' + state / 7 % 64);
	}
	return span_of(text, length[i]);
}

static struct span kept(const char *bytes, size_t n)
{
	return fuzz_copy(span_of(bytes, n));
}

#ifdef HAVE_lzma
/* A member of BGZF (SAM/BAM format specification, 4.1) whose text is not compressed. */
static struct span bgzf_member(struct span text)
{
	static const char header[] = "\x1f\x8b\x08\4\0\0\0\0\0\xff\6\0BC\2";
	static char member[8192];
	uint32_t crc = lzma_crc32((const uint8_t *)text.at, text.len, 0), len = (uint32_t)text.len;
	uint32_t size = 18 + 5 + len + 8 - 1, stored = len | ~len << 16;

	memcpy(member, header, 16);
	memcpy(member + 16, &size, 2);
	member[18] = 1;
	memcpy(member + 19, &stored, 4);
	memcpy(member + 23, text.at, len);
	memcpy(member + 23 + len, &crc, 4);
	memcpy(member + 27 + len, &len, 4);
	return kept(member, size + 1);
}

/* A stream of two blocks. */
static struct span xz_member(struct span text)
{
	static uint8_t out[1 << 16];
	lzma_stream s = LZMA_STREAM_INIT;
	lzma_options_lzma options;
	lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, NULL}};

	assert(!lzma_lzma_preset(&options, 0));
	options.dict_size = LZMA_DICT_SIZE_MIN; /* a decoder allocates this many bytes */
	assert(lzma_stream_encoder(&s, filters, LZMA_CHECK_CRC32) == LZMA_OK);
	s.next_out = out;
	s.avail_out = sizeof out;
	s.next_in = (const uint8_t *)text.at;
	s.avail_in = text.len / 2;
	while (lzma_code(&s, LZMA_FULL_FLUSH) == LZMA_OK)
		;
	s.avail_in = text.len - text.len / 2;
	while (lzma_code(&s, LZMA_FINISH) == LZMA_OK)
		;
	size_t n = sizeof out - s.avail_out;
	lzma_end(&s);
	return kept((const char *)out, n);
}
#endif

#ifdef HAVE_bzlib
enum { BZ_HEADER = 32, BZ_MAGIC = 48, BZ_CRC = 32 }; /* lengths in bits */

static uint64_t get_bits(const char *from, size_t at, unsigned n)
{
	uint64_t value = 0;

	for (size_t i = at; i < at + n; i++)
		value = value << 1 | ((unsigned char)from[i / 8] >> (7 - i % 8) & 1);
	return value;
}

static void put_bits(char *to, size_t *at, uint64_t value, unsigned n)
{
	for (; n; n--, ++*at)
		to[*at / 8] |= (char)((value >> (n - 1) & 1) << (7 - *at % 8));
}

/* Append the blocks of a text to a stream.  A bzip2 stream ends with a magic, the CRCs of all its
 * blocks, and fewer than 8 bits of padding.  Returns the CRC of the blocks. */
static uint32_t put_blocks(char *to, size_t *at, struct span text)
{
	static char out[20000];
	unsigned n = sizeof out;

	assert(BZ2_bzBuffToBuffCompress(
		       out, &n, (char *)(uintptr_t)text.at, (unsigned)text.len, 1, 0, 0) == BZ_OK);
	size_t end = 8 * (size_t)n - BZ_CRC - BZ_MAGIC;
	while (get_bits(out, end, BZ_MAGIC) != UINT64_C(0x177245385090))
		end--;
	for (size_t bit = BZ_HEADER; bit < end; bit++)
		put_bits(to, at, get_bits(out, bit, 1), 1);
	return (uint32_t)get_bits(out, end + BZ_MAGIC, BZ_CRC);
}

/* A stream of two blocks, unless the text is short.  libbz2 makes only blocks of 100 KB or more,
 * which take fifty times as long to decode. */
static struct span bzip2_member(struct span text)
{
	static char out[20000];
	size_t at = 0, half = text.len / 2;

	memset(out, 0, sizeof out);
	put_bits(out, &at, 0x425a6831, BZ_HEADER); /* BZh1 */
	uint32_t crc = half ? put_blocks(out, &at, span_of(text.at, half)) : 0;
	uint32_t last = put_blocks(out, &at, span_from(text, half));
	put_bits(out, &at, UINT64_C(0x177245385090), BZ_MAGIC);
	put_bits(out, &at, (crc << 1 | crc >> 31) ^ last, BZ_CRC);
	return kept(out, (at + 7) / 8);
}
#endif

#ifdef HAVE_zstd
/* The last member is a skippable frame. */
static struct span zstd_member(struct span text, size_t i)
{
	static char out[1 << 16];

	if (i == MEMBERS - 1)
		return kept("\x50\x2a\x4d\x18\3\0\0\0abc", 11);
	ZSTD_CCtx *c = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, i % 2);
	size_t n = ZSTD_compress2(c, out, sizeof out, text.at, text.len);
	assert(!ZSTD_isError(n));
	ZSTD_freeCCtx(c);
	return kept(out, n);
}
#endif

static void make_members(const struct codec *kind, struct span *to)
{
	for (size_t i = 0; i < MEMBERS; i++) {
		struct span text = text_of(i);
		(void)text;
#ifdef HAVE_lzma
		if (kind == &codec_gzip)
			to[i] = bgzf_member(text);
		if (kind == &codec_xz)
			to[i] = xz_member(text);
#endif
#ifdef HAVE_bzlib
		if (kind == &codec_bzip2)
			to[i] = bzip2_member(text);
#endif
#ifdef HAVE_zstd
		if (kind == &codec_zstd)
			to[i] = zstd_member(text, i);
#endif
		if (!to[i].at)
			to[i] = kept("no member", 9);
	}
}

static size_t append_piece(char *to, struct span member, const uint8_t *how)
{
	size_t n = member.len, at = how[1] | (size_t)how[2] << 8;

	memcpy(to, member.at, n);
	if (n && how[3] < DAMAGED)
		to[at % n] ^= (char)(1 << how[3] % 8);
	return how[4] < DAMAGED && how[4] < n ? n - how[4] : n;
}

/* Decode the bytes that parts_read() yields, or the whole file if p is NULL.  False if the bytes
 * are damaged. */
static bool decode(struct decoder *d, const struct parts *p, size_t part, struct span file, int fd,
	char *out, size_t *n)
{
	char feed[4096];
	uint64_t at = 0;
	size_t made;

	for (;;) {
		ssize_t got = p ? parts_read(p, part, at, fd, 0, feed, sizeof feed)
				: pread(fd, feed, sizeof feed, (off_t)at);
		assert(got >= 0 && (p || at + (uint64_t)got <= file.len));
		struct span in = span_of(feed, (size_t)got);
		at += (uint64_t)got;
		size_t before;
		do {
			before = in.len;
			if (decoder_run(d, &in, out + *n, ROOM - *n, &made) != DECODED)
				return false;
			*n += made;
			assert(*n < ROOM);
		} while (made || in.len < before);
		if (in.len)
			return false; /* the decoder takes no more bytes */
		if (!got)
			return p ? decoder_is_between(d) : decoder_may_end(d);
	}
}

static bool decode_whole(const struct codec *kind, struct span file, int fd, char *out, size_t *n)
{
	struct decoder *d = decoder_new(kind, &(struct decoder_spec){0});

	assert(d);
	bool ok = decode(d, NULL, 0, file, fd, out, n);
	decoder_free(d);
	return ok;
}

static bool decode_parts(const struct parts *p, struct span file, int fd, char *out, size_t *n)
{
	static const struct decoder_spec spec = {.parts = true};
	bool ok = true;

	for (size_t i = 0; ok && i < p->n; i++) {
		struct decoder *d = decoder_new(p->codec, &spec);
		assert(d);
		assert(p->at[i].from < p->at[i].to && p->at[i].to <= 8 * (uint64_t)file.len);
		assert(!i || p->at[i - 1].to <= p->at[i].from);
		ok = decode(d, p, i, file, fd, out, n);
		decoder_free(d);
	}
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char file[PIECES << 16], whole[ROOM], parts[ROOM];
	size_t kind = size ? data[0] % 5 : 0, n = 0, n_whole = 0, n_parts = 0;
	const struct codec *codec = codecs[kind];

	if (!size || !codec->available || !codec->split)
		return 0;
	if (!member_of[kind][0].at)
		make_members(codec, member_of[kind]);
	for (size_t i = 1; i + 5 <= size && i < 5 * PIECES; i += 5)
		n += append_piece(file + n, member_of[kind][data[i] % MEMBERS], data + i);
	if (codec_detect(span_of(file, n)) != codec)
		return 0;

	struct span bytes = fuzz_copy(span_of(file, n));
	struct parts p = parts_find(codec, bytes, 0);
	if (p.n) {
		int fd = memfd_create("fuzz", MFD_CLOEXEC);
		assert(fd >= 0 && pwrite(fd, bytes.at, n, 0) == (ssize_t)n);
		bool ok = decode_whole(codec, bytes, fd, whole, &n_whole);
		assert(decode_parts(&p, bytes, fd, parts, &n_parts) == ok);
		assert(!ok || (n_whole == n_parts && memcmp(whole, parts, n_whole) == 0));
		close(fd);
	}
	parts_free(&p);
	free((void *)(uintptr_t)bytes.at);
	return 0;
}
