#include "codec/codec.h"

#include <stdlib.h>

#include "lib/array.h"
#include "lib/fullio.h"

const struct codec *const codecs[] = {
	&codec_gzip, &codec_zstd, &codec_xz, &codec_bzip2, &codec_lz4, NULL};

/* True if these bytes begin a skippable frame.  zstd and lz4 files may begin with such a frame, and
 * files that pzstd writes always do. */
static bool is_skippable(struct span head)
{
	return head.len >= 4 && (head.at[0] & 0xf0) == 0x50 &&
	       memcmp(head.at + 1, "\x2a\x4d\x18", 3) == 0;
}

const struct codec *codec_detect(struct span head)
{
	if (is_skippable(head))
		return &codec_zstd;
	for (const struct codec *const *c = codecs; *c; c++)
		if (head.len >= (*c)->magic.len &&
			memcmp(head.at, (*c)->magic.at, (*c)->magic.len) == 0)
			return *c;
	return NULL;
}

/* --- Decoding ----------------------------------------------------------------------- */

struct decoder {
	const struct codec *codec;
	void *state;
	bool between_members; /* a member has ended, and the next has not begun */
};

struct decoder *decoder_new(const struct codec *codec)
{
	struct decoder *d = calloc(1, sizeof *d);

	if (!d)
		return NULL;
	d->codec = codec;
	d->state = codec->open();
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
	return d->between_members;
}

/* Skip zeros, which may follow the last member.  If bytes are left, begin the next member. */
static enum decoded begin_member(struct decoder *d, struct span *in)
{
	while (in->len && in->at[0] == '\0')
		*in = span_from(*in, 1);
	if (!in->len)
		return DECODED;
	d->between_members = false;
	if (!d->codec->restart)
		return DECODED;
	if (in->at[0] != d->codec->magic.at[0])
		return DECODE_CORRUPT;
	return d->codec->restart(d->state) ? DECODED : DECODE_MEMORY;
}

enum decoded decoder_run(struct decoder *d, struct span *in, char *out, size_t room, size_t *made)
{
	*made = 0;
	if (d->between_members) {
		enum decoded begun = begin_member(d, in);
		if (begun != DECODED || d->between_members)
			return begun;
	}
	switch (d->codec->decode(d->state, in, out, room, made)) {
	case CODEC_CORRUPT:
		return DECODE_CORRUPT;
	case CODEC_OUT_OF_MEMORY:
		return DECODE_MEMORY;
	case CODEC_MEMBER_END:
		d->between_members = true;
		break;
	case CODEC_OK:
		break;
	}
	return DECODED;
}

/* --- Splitting ---------------------------------------------------------------------- */

bool codec_add_part(struct parts *p, struct part part)
{
	if (!ARRAY_GROW(p->at, p->n, &p->room))
		return false;
	p->at[p->n++] = part;
	return true;
}

struct parts parts_find(const struct codec *codec, struct span file)
{
	struct parts p = {.codec = codec};

	if (!codec->split || !codec->split(&p, file) || p.n < 2)
		parts_free(&p);
	return p;
}

void parts_free(struct parts *p)
{
	free(p->at);
	*p = (struct parts){.codec = p->codec};
}

size_t parts_from(const struct parts *p, uint64_t byte)
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

uint64_t parts_length(const struct parts *p, size_t part)
{
	const struct part *b = &p->at[part];

	return p->codec->part_length ? p->codec->part_length(b) : (b->to - b->from) / 8;
}

bool parts_is_complete(
	const struct parts *p, size_t part, const struct decoder *decoder, uint64_t made)
{
	return p->codec->part_is_complete ? p->codec->part_is_complete(&p->at[part], made)
					  : decoder_may_end(decoder);
}

ssize_t parts_read(const struct parts *p, size_t part, uint64_t offset, int fd, uint64_t start,
	char *to, size_t room)
{
	const struct part *b = &p->at[part];
	size_t n = codec_at_most(parts_length(p, part) - offset, room);

	if (!n)
		return 0;
	if (p->codec->read_part)
		return p->codec->read_part(b, offset, fd, start, to, room);
	return fullio_read_at(fd, to, n, start + b->from / 8 + offset);
}
