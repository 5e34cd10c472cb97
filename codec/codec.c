#include "codec/codec.h"

#include <stdlib.h>

#include "lib/array.h"
#include "lib/fullio.h"

const struct codec *const codecs[] = {
	&codec_gzip, &codec_zstd, &codec_xz, &codec_bzip2, &codec_lz4, NULL};

bool codec_is_skippable(struct span head)
{
	return head.len >= 4 && codec_number(head.at, 4) >> 4 == 0x184d2a5;
}

const struct codec *codec_detect(struct span head)
{
	if (codec_is_skippable(head))
		return &codec_zstd;
	for (const struct codec *const *c = codecs; *c; c++)
		if (head.len >= (*c)->magic.len &&
			memcmp(head.at, (*c)->magic.at, (*c)->magic.len) == 0)
			return *c;
	return NULL;
}

/* An lz4 file that begins with a skippable frame is detected as zstd.  So decoding an input that is
 * detected as zstd may need liblz4, too. */
bool codec_load(const struct codec *codec)
{
	if (codec == &codec_zstd && codec_lz4.available)
		codec_lz4.load();
	return codec->available && codec->load();
}

void codec_load_all(void)
{
	for (const struct codec *const *c = codecs; *c; c++)
		codec_load(*c);
}

/* --- Decoding ----------------------------------------------------------------------- */

enum { MAGIC = 4, SKIPPABLE_HEADER = 8 };

/* The skippable frames at the start of the input.  libzstd decodes these frames, because the codec
 * is known only after the last of them. */
struct prologue {
	bool over;
	char head[SKIPPABLE_HEADER]; /* the first bytes of the current frame */
	size_t n;                    /* number of bytes in .head */
	uint64_t left;               /* bytes of the current frame that are still to be decoded */
};

struct decoder {
	const struct codec *codec;
	struct decoder_spec spec;
	void *state;
	struct prologue prologue;
	bool between_members; /* a member has ended, and the next has not begun */
	size_t zeros;         /* the number of zeros that have followed that member */
};

struct decoder *decoder_new(const struct codec *codec, const struct decoder_spec *spec)
{
	struct decoder *d = codec_load(codec) ? calloc(1, sizeof *d) : NULL;

	if (!d)
		return NULL;
	d->codec = codec;
	d->spec = *spec;
	d->prologue.over = codec != &codec_zstd;
	d->state = codec->open(&d->spec);
	if (d->state)
		return d;
	decoder_free(d);
	return NULL;
}

void codec_reserve(const struct decoder_spec *spec, uint64_t bytes)
{
	if (spec->quota)
		quota_reserve(spec->quota, spec->user, bytes);
}

void decoder_free(struct decoder *d)
{
	if (d && d->state)
		d->codec->close(d->state);
	if (d && d->spec.quota)
		quota_release(d->spec.quota, d->spec.user);
	free(d);
}

/* A part has no padding after its last member.  So a part that ends with zeros is damaged. */
bool decoder_is_between(const struct decoder *d)
{
	return d->between_members && !d->zeros;
}

bool decoder_may_end(const struct decoder *d)
{
	if (!d->between_members || (d->zeros && d->zeros % d->codec->padding))
		return false;
	return !d->codec->may_end || d->codec->may_end(d->state);
}

uint64_t decoder_need(const struct decoder *d)
{
	return d->codec->need ? d->codec->need(d->state) : 0;
}

const struct codec *decoder_codec(const struct decoder *d)
{
	return d->codec;
}

/* Skip padding, which the format may allow after a member.  If bytes are left, begin the next
 * member. */
static enum decoded begin_member(struct decoder *d, struct span *in)
{
	size_t padding = d->codec->padding;

	for (; padding && in->len && in->at[0] == '\0'; d->zeros++)
		*in = span_from(*in, 1);
	if (!in->len)
		return DECODED;
	if (d->zeros && (!d->codec->pads_members || !padding || d->zeros % padding))
		return DECODE_CORRUPT;
	d->between_members = false;
	d->zeros = 0;
	if (!d->codec->restart)
		return DECODED;
	if (in->at[0] != d->codec->magic.at[0])
		return DECODE_CORRUPT;
	return d->codec->restart(d->state) ? DECODED : DECODE_MEMORY;
}

static enum decoded decode(struct decoder *d, struct span *in, char *out, size_t room, size_t *made)
{
	switch (d->codec->decode(d->state, in, out, room, made)) {
	case CODEC_CORRUPT:
		return DECODE_CORRUPT;
	case CODEC_OUT_OF_MEMORY:
		return DECODE_MEMORY;
	case CODEC_TOO_LARGE:
		return DECODE_TOO_LARGE;
	case CODEC_MEMBER_END:
		d->between_members = true;
		break;
	case CODEC_OK:
		break;
	}
	return DECODED;
}

/* Move bytes of *in to the head of the current frame, until the head has n bytes. */
static void fill_head(struct prologue *p, size_t n, struct span *in)
{
	size_t len = n > p->n ? codec_at_most(in->len, n - p->n) : 0;

	if (len)
		memcpy(p->head + p->n, in->at, len);
	p->n += len;
	*in = span_from(*in, len);
}

/* End the prologue, because the first frame that is not skippable has begun.  Decode the bytes in
 * the head of that frame.  The head contains only the magic, so decoding yields no bytes. */
static enum decoded end_prologue(struct decoder *d)
{
	struct span head = span_of(d->prologue.head, d->prologue.n);
	const struct codec *codec = codec_detect(head);
	size_t made;
	char none;

	d->prologue.over = true;
	if (codec == &codec_lz4 && codec_load(codec)) {
		d->codec->close(d->state);
		d->codec = codec;
		d->state = codec->open(&d->spec);
		if (!d->state)
			return DECODE_MEMORY;
	}
	return decode(d, &head, &none, 0, &made);
}

/* Decode bytes of a skippable frame whose header was decoded. */
static enum decoded skip(struct decoder *d, struct span *in)
{
	struct prologue *p = &d->prologue;
	struct span rest = span_of(in->at, codec_at_most(p->left, in->len));
	size_t before = rest.len, made;
	char none;

	enum decoded decoded = decode(d, &rest, &none, 0, &made);
	p->left -= before - rest.len;
	*in = span_from(*in, before - rest.len);
	return decoded;
}

/* Read the header of a frame.  If the frame is skippable, decode its header; otherwise end the
 * prologue. */
static enum decoded begin_frame(struct decoder *d, struct span *in)
{
	struct prologue *p = &d->prologue;
	size_t made;
	char none;

	fill_head(p, MAGIC, in);
	d->between_members = false;
	if (p->n < MAGIC)
		return DECODED;
	if (!codec_is_skippable(span_of(p->head, p->n)))
		return end_prologue(d);
	fill_head(p, SKIPPABLE_HEADER, in);
	if (p->n < SKIPPABLE_HEADER)
		return DECODED;
	p->left = codec_number(p->head + MAGIC, 4);
	p->n = 0;
	struct span head = span_of(p->head, SKIPPABLE_HEADER);
	return decode(d, &head, &none, 0, &made);
}

/* Decode bytes of the skippable frames at the start of the input. */
static enum decoded decode_prologue(struct decoder *d, struct span *in)
{
	if (!in->len)
		return DECODED;
	return d->prologue.left ? skip(d, in) : begin_frame(d, in);
}

enum decoded decoder_run(struct decoder *d, struct span *in, char *out, size_t room, size_t *made)
{
	*made = 0;
	if (!d->prologue.over) {
		enum decoded decoded = decode_prologue(d, in);
		if (decoded != DECODED || !d->prologue.over)
			return decoded;
	}
	if (d->between_members) {
		enum decoded begun = begin_member(d, in);
		if (begun != DECODED || d->between_members)
			return begun;
	}
	return decode(d, in, out, room, made);
}

/* --- Splitting ---------------------------------------------------------------------- */

/* Join a part to the last part.  False if the joined part would be too large. */
static bool join(struct parts *p, struct part part)
{
	struct part *last = p->n ? &p->at[p->n - 1] : NULL;

	if (!p->codec->joins || !last || part.to - last->from > p->size)
		return false;
	last->to = part.to;
	return true;
}

/* Join parts to larger ones.  This is done when the list of parts has reached its limit.  False if
 * the codec cannot join parts. */
static bool join_all(struct parts *p)
{
	size_t n = p->n;

	if (!p->codec->joins)
		return false;
	while (p->n == p->most) {
		p->size *= 2;
		p->n = 0;
		for (size_t i = 0; i < n; i++)
			if (!join(p, p->at[i]))
				p->at[p->n++] = p->at[i];
		n = p->n;
	}
	return true;
}

uint64_t codec_list_memory(const struct parts *p)
{
	return p->most == SIZE_MAX ? UINT64_MAX : (uint64_t)p->most * sizeof(struct part);
}

void codec_use_list_memory(struct parts *p, uint64_t bytes)
{
	uint64_t n = bytes / sizeof(struct part) + 1;

	if (p->most != SIZE_MAX)
		p->most -= codec_at_most(n, p->most);
}

bool codec_add_part(struct parts *p, struct part part)
{
	if (p->n == p->most && !join_all(p))
		return false;
	if (join(p, part))
		return true;
	if (!ARRAY_GROW(p->at, p->n, &p->room))
		return false;
	p->at[p->n++] = part;
	return true;
}

struct parts parts_find(const struct codec *codec, struct span file, uint64_t memory)
{
	struct parts p = {.codec = codec,
		.most = memory ? (size_t)(memory / sizeof(struct part)) : SIZE_MAX,
		.size = codec_bit(PART_SIZE)};

	if (p.most < 2 || !codec->split || !codec_load(codec) || !codec->split(&p, file) || p.n < 2)
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
