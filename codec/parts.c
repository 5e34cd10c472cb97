#include "codec/parts.h"

#include <stdlib.h>

#include "lib/fullio.h"

enum {
	XZ_HEADER = 12,
	BZIP2_HEADER = 4,   /* "BZh9" */
	BZIP2_MAGIC = 48,   /* bits */
	BZIP2_CRC = 32,     /* likewise */
	BZIP2_TRAILER = 11, /* bytes that hold the block's last bits, a magic and a CRC */
	BGZF_HEADER = 18,
	/* Of one that is longer all blocks would be looked at, and read from the disk, before
	 * anything is decoded. */
	FRAME_MOST = 64 << 20,
};

#define BLOCK_MAGIC UINT64_C(0x314159265359)
#define END_MAGIC   UINT64_C(0x177245385090)

/* False where memory is out. */
static bool add(struct parts *p, size_t *room, struct part part)
{
	if (p->n == *room) {
		size_t more = 2 * *room + 64;
		struct part *at = realloc(p->at, more * sizeof *at);
		if (!at)
			return false;
		p->at = at;
		*room = more;
	}
	p->at[p->n++] = part;
	return true;
}

static uint64_t bits(size_t bytes)
{
	return (uint64_t)bytes * 8;
}

/* --- gzip ------------------------------------------------------------------------ */

static unsigned byte_at(struct span s, size_t i)
{
	return (unsigned char)s.at[i];
}

/* Bytes of the member that s begins with, which says so in a field of its header; 0 if not. */
static size_t bgzf_length(struct span s)
{
	static const char magic[] = "\x1f\x8b\x08\x04", field[] = "\x06\0BC\x02";

	if (s.len < BGZF_HEADER || memcmp(s.at, magic, 4) != 0 || memcmp(s.at + 10, field, 6) != 0)
		return 0;
	size_t len = byte_at(s, 16) + 256 * byte_at(s, 17) + 1;
	return len > BGZF_HEADER && len <= s.len ? len : 0;
}

static bool find_gzip(struct parts *p, struct span file)
{
	size_t room = 0, len;

	for (size_t at = 0; at < file.len; at += len) {
		len = bgzf_length(span_from(file, at));
		if (!len || !add(p, &room, (struct part){bits(at), bits(at + len), 0, 0}))
			return false;
	}
	return true;
}

/* --- zstd ------------------------------------------------------------------------ */

#if defined(HAVE_zstd)
#include <zstd.h>

static bool find_zstd(struct parts *p, struct span file)
{
	size_t room = 0, len;

	for (size_t at = 0; at < file.len; at += len) {
		struct span rest = span_from(file, at);
		size_t most = rest.len < FRAME_MOST ? rest.len : FRAME_MOST;
		len = ZSTD_findFrameCompressedSize(rest.at, most);
		if (ZSTD_isError(len) || !len ||
			!add(p, &room, (struct part){bits(at), bits(at + len), 0, 0}))
			return false;
	}
	return true;
}
#else
static bool find_zstd(struct parts *p, struct span file)
{
	(void)p;
	(void)file;
	return false;
}
#endif

/* --- xz -------------------------------------------------------------------------- */

#if defined(HAVE_lzma)
#include <lzma.h>

/* Read the index, or the indexes if there are several streams.  NULL on error. */
static lzma_index *read_index(struct span file)
{
	lzma_stream s = LZMA_STREAM_INIT;
	lzma_index *index = NULL;
	lzma_ret got = lzma_file_info_decoder(&s, &index, UINT64_MAX, file.len);

	s.next_in = (const uint8_t *)file.at;
	s.avail_in = file.len;
	while (got == LZMA_OK || got == LZMA_SEEK_NEEDED) {
		got = lzma_code(&s, LZMA_RUN);
		if (got != LZMA_SEEK_NEEDED)
			continue;
		s.next_in = (const uint8_t *)file.at + s.seek_pos;
		s.avail_in = file.len - (size_t)s.seek_pos;
	}
	lzma_end(&s);
	return got == LZMA_STREAM_END ? index : NULL;
}

static bool find_xz(struct parts *p, struct span file)
{
	lzma_index *index = read_index(file);
	lzma_index_iter i;
	size_t room = 0;
	bool ok = index != NULL;

	if (!ok)
		return false;
	lzma_index_iter_init(&i, index);
	while (ok && !lzma_index_iter_next(&i, LZMA_INDEX_ITER_NONEMPTY_BLOCK)) {
		uint64_t from = i.block.compressed_file_offset;
		ok = add(p, &room,
			(struct part){8 * from, 8 * (from + i.block.total_size),
				i.stream.compressed_offset, i.block.uncompressed_size});
	}
	lzma_index_end(index, NULL);
	return ok;
}
#else
static bool find_xz(struct parts *p, struct span file)
{
	(void)p;
	(void)file;
	return false;
}
#endif

/* --- bzip2 ----------------------------------------------------------------------- */

/* What the byte 3 before the one may be in which a magic ends, s bits before that one's end:
 * bit s is set. */
static void mark_shifts(unsigned char shifts[256], uint64_t magic)
{
	memset(shifts, 0, 256);
	for (unsigned s = 0; s < 8; s++)
		shifts[magic >> (24 - s) & 0xff] |= (unsigned char)(1 << s);
}

/* The first bit at or behind from where a block begins, or a stream ends. */
static bool next_magic(struct span file, uint64_t from, uint64_t *found, bool *is_block)
{
	unsigned char block[256], end[256];
	uint64_t window = 0; /* of 64 bits, the last byte of which is at i */

	mark_shifts(block, BLOCK_MAGIC);
	mark_shifts(end, END_MAGIC);
	for (size_t i = (size_t)(from / 8); i < file.len; i++) {
		window = window << 8 | byte_at(file, i);
		unsigned before = window >> 24 & 0xff;
		unsigned shifts = block[before] | end[before];
		for (unsigned s = 0; shifts >> s; s++) {
			uint64_t bit = bits(i) + 8 - s; /* behind it */
			uint64_t magic = window >> s & ((UINT64_C(1) << BZIP2_MAGIC) - 1);
			*is_block = magic == BLOCK_MAGIC;
			if ((!*is_block && magic != END_MAGIC) || bit < from + BZIP2_MAGIC)
				continue;
			*found = bit - BZIP2_MAGIC;
			return true;
		}
	}
	return false;
}

/* True if a stream begins at that byte: where its first block, or its end, is. */
static bool begins_stream(struct span file, size_t at, uint64_t *first)
{
	bool is_block;

	*first = bits(at + BZIP2_HEADER);
	if (file.len - at < BZIP2_HEADER || memcmp(file.at + at, "BZh", 3) != 0)
		return false;
	struct span head = span_of(file.at, file.len - at < 10 ? file.len : at + 10);
	uint64_t found;
	return next_magic(head, *first, &found, &is_block) && found == *first;
}

/* Behind a stream's end there is another, or nothing but zeros.  False if not. */
static bool go_to_next_stream(struct span file, uint64_t *at)
{
	size_t byte = (size_t)((*at + BZIP2_MAGIC + BZIP2_CRC + 7) / 8);

	while (byte < file.len && file.at[byte] == '\0')
		byte++;
	if (byte < file.len)
		return begins_stream(file, byte, at);
	*at = bits(file.len);
	return byte == file.len;
}

static bool find_bzip2(struct parts *p, struct span file)
{
	uint64_t at, next;
	size_t room = 0;
	bool is_block;

	if (!begins_stream(file, 0, &at))
		return false;
	while (next_magic(file, at, &at, &is_block)) {
		if (!is_block) {
			if (!go_to_next_stream(file, &at))
				return false;
			continue;
		}
		if (!next_magic(file, at + BZIP2_MAGIC, &next, &is_block) ||
			!add(p, &room, (struct part){at, next, 0, 0}))
			return false;
		at = next;
	}
	return at == bits(file.len);
}

/* --- All ------------------------------------------------------------------------- */

static const struct {
	const char *name;
	bool (*find)(struct parts *, struct span file);
} finders[] = {{"gzip", find_gzip}, {"zstd", find_zstd}, {"xz", find_xz}, {"bzip2", find_bzip2}};

struct parts parts_find(const struct compression *c, struct span file)
{
	struct parts p = {.compression = c};

	for (size_t i = 0; i < sizeof finders / sizeof *finders; i++)
		if (strcmp(c->name, finders[i].name) == 0 &&
			(!finders[i].find(&p, file) || p.n < 2))
			parts_free(&p);
	return p;
}

void parts_free(struct parts *p)
{
	free(p->at);
	p->at = NULL;
	p->n = 0;
}

size_t parts_behind(const struct parts *p, uint64_t byte)
{
	size_t low = 0, high = p->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (p->at[middle].from < 8 * byte)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* --- What a part's decoder is fed ------------------------------------------------- */

static bool is_bzip2(const struct parts *p)
{
	return strcmp(p->compression->name, "bzip2") == 0;
}

static bool is_xz(const struct parts *p)
{
	return strcmp(p->compression->name, "xz") == 0;
}

uint64_t parts_length(const struct parts *p, size_t part)
{
	uint64_t len = p->at[part].to - p->at[part].from;

	if (is_bzip2(p))
		return BZIP2_HEADER + (len + BZIP2_MAGIC + BZIP2_CRC + 7) / 8;
	return len / 8 + (is_xz(p) ? XZ_HEADER : 0);
}

/* A decoder of xz would go on to the index. */
bool parts_is_whole(
	const struct parts *p, size_t part, const struct decoder *decoder, uint64_t made)
{
	return is_xz(p) ? made == p->at[part].decoded : decoder_may_end(decoder);
}

static size_t at_most(uint64_t len, size_t room)
{
	return len < room ? (size_t)len : room;
}

/* The whole bytes that the bits from that one on make, len of them: read with one more, and moved
 * to where bytes begin. */
static ssize_t read_bits(int fd, uint64_t start, uint64_t bit, unsigned char *to, size_t len)
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

static void put_bits(unsigned char *to, unsigned *at, uint64_t value, unsigned n)
{
	for (; n; n--, ++*at)
		if (value >> (n - 1) & 1)
			to[*at / 8] |= (unsigned char)(0x80 >> *at % 8);
}

/* A block's last bits that make no whole byte, and behind them the end of a stream that has this
 * block alone.  Its length, as parts_read: all or nothing. */
static ssize_t make_trailer(const struct part *b, int fd, uint64_t start, unsigned char *trailer)
{
	unsigned char crc[BZIP2_CRC / 8 + 1], last[2];
	unsigned over = (unsigned)((b->to - b->from) % 8), at = 0;
	const ssize_t whole = sizeof crc - 1;

	ssize_t n = read_bits(fd, start, b->from + BZIP2_MAGIC, crc, sizeof crc - 1);
	if (n < whole)
		return n < 0 ? -1 : 0;
	n = read_bits(fd, start, b->to - over, last, 1);
	if (n < 1)
		return n;
	memset(trailer, 0, BZIP2_TRAILER);
	put_bits(trailer, &at, (unsigned)last[0] >> (8 - over), over);
	put_bits(trailer, &at, END_MAGIC, BZIP2_MAGIC);
	for (size_t i = 0; i < sizeof crc - 1; i++)
		put_bits(trailer, &at, crc[i], 8);
	return (ssize_t)((at + 7) / 8);
}

static ssize_t read_bzip2(
	const struct part *b, uint64_t at, int fd, uint64_t start, char *to, size_t room)
{
	/* Blocks of any size: this is the largest. */
	static const char header[] = "BZh9";
	unsigned char trailer[BZIP2_TRAILER];
	uint64_t whole = (b->to - b->from) / 8;

	if (at < BZIP2_HEADER) {
		size_t n = at_most(BZIP2_HEADER - at, room);
		memcpy(to, header + at, n);
		return (ssize_t)n;
	}
	at -= BZIP2_HEADER;
	if (at < whole)
		return read_bits(fd, start, b->from + 8 * at, (unsigned char *)to,
			at_most(whole - at, room - 1));
	at -= whole;
	ssize_t len = make_trailer(b, fd, start, trailer);
	if (len <= 0)
		return len;
	size_t n = at_most((uint64_t)len - at, room);
	memcpy(to, trailer + at, n);
	return (ssize_t)n;
}

ssize_t parts_read(const struct parts *p, size_t part, uint64_t at, int fd, uint64_t start,
	char *to, size_t room)
{
	const struct part *b = &p->at[part];
	size_t n = at_most(parts_length(p, part) - at, room);
	uint64_t from = start + b->from / 8 + at;

	if (!n)
		return 0;
	if (is_bzip2(p))
		return read_bzip2(b, at, fd, start, to, room);
	if (is_xz(p) && at < XZ_HEADER)
		return fullio_read_at(fd, to, at_most(XZ_HEADER - at, n), start + b->header + at);
	return fullio_read_at(fd, to, n, is_xz(p) ? from - XZ_HEADER : from);
}
