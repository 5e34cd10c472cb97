/* decompress.c -- fuzz decoding: its result does not depend on the sizes of the pieces in which the
 * bytes come, nor on the room for decoded bytes.  The result is the decoded bytes, and how decoding
 * ends.  Reading the bytes as a stream gives the same result.
 *
 * Input: one byte for the kind, one for the sizes of the pieces, one for the sizes of the room;
 * then the compressed bytes.
 */
#include <assert.h>
#include <sanitizer/asan_interface.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "codec/codec.h"
#include "input/stream.h"

enum { KINDS = 5, MOST = 320 * 1024, ROOM = 65536 };

/* How much memory a header may demand.  The sanitizer maps and poisons each large block, so large
 * blocks are slow. */
enum { MEMORY = 1 << 20 };

/* Limit the memory of decoders that have no limit of their own. */
/* NOLINTBEGIN(bugprone-reserved-identifier): the sanitizer's name for it */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "max_allocation_size_mb=64:allocator_may_return_null=1";
}
/* NOLINTEND(bugprone-reserved-identifier) */

enum ending { ENDED, CUT_OFF, CORRUPT, NO_MEMORY, TOO_MUCH };

/* The result of one way of decoding. */
struct decoded_bytes {
	char at[2 * MOST];
	size_t len;
	enum ending ending;
};

/* Random sizes from 1 to .most.  If .most is 0, each size is all that there is. */
struct sizes {
	uint32_t state, most;
};

static size_t next_size(struct sizes *s, size_t there_is)
{
	s->state = s->state * 1664525 + 1013904223;
	size_t size = s->most ? 1 + (s->state >> 8) % s->most : there_is;
	return size < there_is ? size : there_is;
}

/* Remove the next piece from *rest.  The piece has memory of its own, so that a sanitizer sees a
 * read past its end. */
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

/* Decode once, as stream.c does.  False if decoding has ended: decoder_run() has neither taken nor
 * made any bytes, or has failed.  The room is at the end of a static buffer, so that a sanitizer
 * sees a write past its end. */
static bool step(
	struct decoder *d, struct span *in, bool last, size_t room, struct decoded_bytes *to)
{
	static char rooms[ROOM];
	char *out = rooms + ROOM - room;
	struct span before = *in;
	size_t made = SIZE_MAX;

	ASAN_POISON_MEMORY_REGION(rooms, ROOM - room);
	enum decoded got = decoder_run(d, in, out, room, &made);
	assert(made <= room);
	assert(in->at >= before.at && in->len <= before.len);
	assert(in->at + in->len == before.at + before.len);
	assert(to->len + made <= sizeof to->at);
	memcpy(to->at + to->len, out, made);
	to->len += made;
	ASAN_UNPOISON_MEMORY_REGION(rooms, ROOM - room);
	if (got != DECODED)
		to->ending = got == DECODE_CORRUPT ? CORRUPT : NO_MEMORY;
	else if (to->len > MOST)
		to->ending = TOO_MUCH;
	else if (made || in->len < before.len)
		return true;
	else if (last)
		to->ending = decoder_may_end(d) ? ENDED : CUT_OFF;
	else
		to->ending = CORRUPT; /* the decoder has taken no bytes, although there are some */
	return false;
}

static void decode(struct decoded_bytes *to, const struct codec *kind, struct span bytes,
	struct sizes pieces, struct sizes rooms)
{
	struct decoder *d = decoder_new(kind, &(struct decoder_spec){.memory = MEMORY});
	bool goes_on = d != NULL;

	to->len = 0;
	to->ending = NO_MEMORY;
	while (goes_on) {
		struct span piece = next_piece(&bytes, &pieces), in = piece;
		bool last = !piece.len;
		do
			goes_on = step(d, &in, last, next_size(&rooms, ROOM), to);
		while (goes_on && (in.len || last));
		free((void *)(uintptr_t)piece.at);
	}
	decoder_free(d);
}

/* Check that two ways of decoding have the same result.  If the input is corrupt, two
 * things depend on how many bytes are decoded at a time: the number of decoded bytes, and whether
 * libzstd checks the size in a frame's header. */
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

/* Decode the bytes by reading them as a stream, and compare the result.  Only the first bytes tell
 * the stream how they are compressed. */
static void compare_stream(
	const struct codec *kind, struct span bytes, const struct decoded_bytes *expected)
{
	static const enum ending ending_of[] = {[STREAM_END] = ENDED,
		[STREAM_ERROR] = NO_MEMORY,
		[STREAM_CORRUPT] = CORRUPT,
		[STREAM_CUT_OFF] = CUT_OFF,
		[STREAM_TOO_LARGE] = NO_MEMORY};
	static struct decoded_bytes got;
	static char buffer[ROOM];
	struct input input = {
		.name = "fuzz", .fd = memfd_create("fuzz", MFD_CLOEXEC), .decoder_memory = MEMORY};
	struct stream stream;
	struct span lines;

	assert(input.fd >= 0);
	got.len = 0;
	assert(pwrite(input.fd, bytes.at, bytes.len, 0) == (ssize_t)bytes.len);
	stream_open(&stream, &input);
	assert(stream_move(&stream, buffer, sizeof buffer)); /* as with a slot of a relay */
	while (stream_next(&stream, &lines)) {
		if (!got.len) { /* the stream has skipped a byte-order mark and NULs; if the input
				 * is corrupt, it can have decoded more of them */
			size_t skipped = stream.mark_len + stream.hole;
			size_t known = skipped < expected->len ? skipped : expected->len;
			assert(skipped <= sizeof got.at);
			memcpy(got.at, expected->at, known);
			memset(got.at + known, 0, skipped - known);
			got.len = skipped;
		}
		assert(lines.len && got.len + lines.len <= sizeof got.at);
		memcpy(got.at + got.len, lines.at, lines.len);
		got.len += lines.len;
	}
	enum stream_end end = stream.end;
	assert(end != STREAM_NO_LIBRARY);
	assert(stream.read == got.len || !got.len || end == STREAM_FOREIGN);
	got.ending = end == STREAM_FOREIGN ? ENDED : ending_of[end];
	bool skipped_all = !got.len && stream.read;
	stream_close(&stream);
	close(input.fd);
	if (end != STREAM_FOREIGN && !skipped_all)
		compare(kind, &got, expected);
}

/* Clear the flag that says that a gzip header has a checksum.  If such a header comes in several
 * pieces, ISA-L forgets the checksum of the first pieces, and then reports an error.  No common
 * program writes such headers. */
static void clear_header_sums(char *at, size_t len)
{
	static const char magic[] = "\x1f\x8b\x08";

	for (size_t i = 0; i + 3 < len; i++)
		if (memcmp(at + i, magic, 3) == 0)
			at[i + 3] &= ~2;
}

/* Turn the magic numbers of zstd 0.5 to 0.7 into the one that is used since 0.8.  libzstd decodes these
 * old formats, too, but what it makes of a damaged frame before it reports an error depends on the
 * pieces. */
static void clear_old_magics(char *at, size_t len)
{
	for (size_t i = 0; i + 3 < len; i++)
		if (at[i] >= 0x25 && at[i] <= 0x27 && memcmp(at + i + 1, "\xb5\x2f\xfd", 3) == 0)
			at[i] = 0x28;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size <= 3)
		return 0;
	static struct decoded_bytes whole, torn;
	const struct codec *kind = codecs[data[0] % KINDS];

	if (!kind->available)
		return 0;
	char *copy = malloc(size - 3);
	struct span bytes = span_of(copy, size - 3);
	struct sizes pieces = {data[1], data[1]}, rooms = {data[2], data[2]};

	assert(copy);
	memcpy(copy, data + 3, bytes.len);
	clear_header_sums(copy, bytes.len);
	clear_old_magics(copy, bytes.len);
	decode(&whole, kind, bytes, (struct sizes){0}, (struct sizes){0});
	decode(&torn, kind, bytes, pieces, rooms);
	compare(kind, &whole, &torn);
	if (codec_detect(bytes) == kind && whole.ending != TOO_MUCH)
		compare_stream(kind, bytes, &whole);
	free(copy);
	return 0;
}
