/* decompress.c -- fuzz decoding: what comes out, and how it ends, does not depend on the pieces
 * in which the bytes come or on the room there is; and reading it as a stream gives the same.
 *
 * Input: one byte for the kind, one for the sizes of pieces and one for those of the room, then
 * what is compressed.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "codec/codec.h"
#include "input/stream.h"

enum { KINDS = 5, MOST = 1 << 20 };

/* A header may ask for gigabytes: no memory, then. */
/* NOLINTBEGIN(bugprone-reserved-identifier): the sanitizer's name for it */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "max_allocation_size_mb=64:allocator_may_return_null=1";
}
/* NOLINTEND(bugprone-reserved-identifier) */

enum ending { ENDED, CUT_OFF, CORRUPT, NO_MEMORY, TOO_MUCH };

struct decoded_bytes {
	char *at;
	size_t len;
	enum ending ending;
};

/* Sizes from 1 on, one after the other; with a most of 0 as much as there is. */
struct sizes {
	uint32_t state, most;
};

static size_t next_size(struct sizes *s, size_t there_is)
{
	s->state = s->state * 1664525 + 1013904223;
	size_t size = s->most ? 1 + (s->state >> 8) % s->most : there_is;
	return size < there_is ? size : there_is;
}

/* Take off the next piece, in memory of its own, so that a read past its end is seen. */
static struct span next_piece(struct span *rest, struct sizes *sizes)
{
	size_t len = next_size(sizes, rest->len);
	char *piece = malloc(len);

	assert(piece || !len);
	if (len)
		memcpy(piece, rest->at, len);
	*rest = span_of(rest->at + len, rest->len - len);
	return span_of(piece, len);
}

/* As input.c does it: until nothing more is made, or taken.  False at the end. */
static bool step(
	struct decoder *d, struct span *in, bool last, size_t room, struct decoded_bytes *to)
{
	char *out = malloc(room);
	struct span before = *in;
	size_t made = SIZE_MAX;

	assert(out);
	enum decoded got = decoder_run(d, in, out, room, &made);
	assert(made <= room);
	assert(in->at >= before.at && in->len <= before.len);
	assert(in->at + in->len == before.at + before.len);
	assert(to->len + made <= 2 * MOST);
	memcpy(to->at + to->len, out, made);
	to->len += made;
	free(out);
	if (got != DECODED)
		to->ending = got == DECODE_CORRUPT ? CORRUPT : NO_MEMORY;
	else if (to->len > MOST)
		to->ending = TOO_MUCH;
	else if (made || in->len < before.len)
		return true;
	else if (last)
		to->ending = decoder_may_end(d) ? ENDED : CUT_OFF;
	else
		to->ending = CORRUPT; /* it does not go on */
	return false;
}

static struct decoded_bytes decode(
	const struct codec *kind, struct span bytes, struct sizes pieces, struct sizes rooms)
{
	struct decoded_bytes to = {.at = malloc(2 * MOST)};
	struct decoder *d = decoder_new(kind, &(struct decoder_spec){0});
	bool goes_on = d != NULL;

	assert(to.at);
	to.ending = NO_MEMORY;
	while (goes_on) {
		struct span piece = next_piece(&bytes, &pieces), in = piece;
		bool last = !piece.len;
		do
			goes_on = step(d, &in, last, next_size(&rooms, 65536), &to);
		while (goes_on && (in.len || last));
		free((void *)(uintptr_t)piece.at);
	}
	decoder_free(d);
	return to;
}

/* Of what is corrupt, how much is made depends on how much is seen at once; so does whether libzstd
 * looks at the size that a frame's header tells. */
static void compare(
	const struct codec *kind, const struct decoded_bytes *a, const struct decoded_bytes *b)
{
	bool corrupt = a->ending == CORRUPT || b->ending == CORRUPT;
	size_t both = a->len < b->len ? a->len : b->len;

	assert(memcmp(a->at, b->at, both) == 0);
	if (a->ending == NO_MEMORY || b->ending == NO_MEMORY)
		return;
	if (a->ending == TOO_MUCH || b->ending == TOO_MUCH)
		return;
	if (corrupt && strcmp(kind->name, "zstd") == 0)
		return;
	assert(a->ending == b->ending);
	assert(a->len == b->len || corrupt);
}

/* The same through a file, of which nothing but the first bytes tells the kind. */
static void compare_stream(
	const struct codec *kind, struct span bytes, const struct decoded_bytes *expected)
{
	static const enum ending ending_of[] = {[STREAM_END] = ENDED,
		[STREAM_ERROR] = NO_MEMORY,
		[STREAM_CORRUPT] = CORRUPT,
		[STREAM_CUT_OFF] = CUT_OFF,
		[STREAM_TOO_LARGE] = NO_MEMORY};
	struct decoded_bytes got = {.at = malloc(2 * MOST)};
	struct input input = {.name = "fuzz", .fd = memfd_create("fuzz", MFD_CLOEXEC)};
	struct stream stream;
	struct span lines;

	assert(got.at && input.fd >= 0);
	assert(pwrite(input.fd, bytes.at, bytes.len, 0) == (ssize_t)bytes.len);
	stream_open(&stream, &input);
	while (stream_next(&stream, &lines)) {
		assert(lines.len && got.len + lines.len <= 2 * MOST);
		memcpy(got.at + got.len, lines.at, lines.len);
		got.len += lines.len;
	}
	assert(stream.read == got.len && stream.end != STREAM_NO_LIBRARY);
	got.ending = ending_of[stream.end];
	stream_close(&stream);
	close(input.fd);
	compare(kind, &got, expected);
	free(got.at);
}

/* ISA-L forgets the sum of a gzip header that comes in several pieces, and then finds it wrong: let
 * headers have none.  Nobody writes it. */
static void clear_header_sums(char *at, size_t len)
{
	static const char magic[] = "\x1f\x8b\x08";

	for (size_t i = 0; i + 3 < len; i++)
		if (memcmp(at + i, magic, 3) == 0)
			at[i + 3] &= ~2;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size <= 3)
		return 0;
	const struct codec *kind = codecs[data[0] % KINDS];

	if (!kind->available)
		return 0;
	char *copy = malloc(size - 3);
	struct span bytes = span_of(copy, size - 3);
	struct sizes pieces = {data[1], data[1]}, rooms = {data[2], data[2]};

	assert(copy);
	memcpy(copy, data + 3, bytes.len);
	clear_header_sums(copy, bytes.len);
	struct decoded_bytes whole = decode(kind, bytes, (struct sizes){0}, (struct sizes){0});
	struct decoded_bytes torn = decode(kind, bytes, pieces, rooms);
	compare(kind, &whole, &torn);
	if (codec_detect(bytes) == kind && whole.ending != TOO_MUCH)
		compare_stream(kind, bytes, &whole);
	free(whole.at);
	free(torn.at);
	free(copy);
	return 0;
}
