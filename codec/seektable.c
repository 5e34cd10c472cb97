#include "codec/seektable.h"

#include "codec/codec.h"

#define TABLE_MAGIC  UINT32_C(0x184d2a5e)
#define FOOTER_MAGIC UINT32_C(0x8f92eab1)

enum { PLAIN_ENTRY = 8, HAS_SUMS = 0x80 };

static bool is_skippable(const struct seektable *t)
{
	return t->len >= SEEKTABLE_HEAD && codec_is_skippable(span_of(t->head, SEEKTABLE_HEAD));
}

static bool is_table(const struct seektable *t)
{
	return t->len >= SEEKTABLE_HEAD && codec_number(t->head, 4) == TABLE_MAGIC;
}

static uint64_t add_size(uint64_t hash, uint64_t size)
{
	hash = (hash + size + 1) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

static void add_byte(struct seektable_entries *e, unsigned width, char byte)
{
	e->bytes[e->n++] = byte;
	if (e->n < width)
		return;
	if (codec_number(e->bytes + 4, 4))
		e->hash = add_size(e->hash, codec_number(e->bytes, 4));
	e->n = 0;
}

/* Add a byte of a table.  `at` is its offset after the head of the frame. */
static void add_content(struct seektable *t, uint64_t at, char byte)
{
	uint64_t len = codec_number(t->head + 4, 4);
	uint64_t entries = len > SEEKTABLE_FOOTER ? len - SEEKTABLE_FOOTER : 0;

	if (at >= entries) {
		if (at - entries < SEEKTABLE_FOOTER)
			t->footer[at - entries] = byte;
		return;
	}
	add_byte(&t->with_sums, SEEKTABLE_ENTRY, byte);
	add_byte(&t->without, PLAIN_ENTRY, byte);
}

void seektable_bytes(struct seektable *t, struct span bytes)
{
	size_t i = 0;

	for (; i < bytes.len && t->len < SEEKTABLE_HEAD; i++)
		t->head[t->len++] = bytes.at[i];
	for (; i < bytes.len && is_table(t); i++)
		add_content(t, t->len++ - SEEKTABLE_HEAD, bytes.at[i]);
	t->len += bytes.len - i;
}

/* True if the current frame is a skippable frame of the user's own, which has another footer. */
static bool is_foreign(const struct seektable *t)
{
	return t->len < SEEKTABLE_HEAD + SEEKTABLE_FOOTER ||
	       codec_number(t->footer + 5, 4) != FOOTER_MAGIC;
}

static bool fits(const struct seektable *t)
{
	const struct seektable_entries *e = t->footer[4] & HAS_SUMS ? &t->with_sums : &t->without;
	uint64_t width = t->footer[4] & HAS_SUMS ? SEEKTABLE_ENTRY : PLAIN_ENTRY;

	return e->hash == t->hash &&
	       t->len == SEEKTABLE_HEAD + SEEKTABLE_FOOTER + width * codec_number(t->footer, 4);
}

bool seektable_end_frame(struct seektable *t, bool empty)
{
	bool table = is_table(t) && !is_foreign(t);
	bool fit = !table || fits(t);
	uint64_t hash = table ? 0 : t->hash;

	if (!is_skippable(t) && !empty)
		hash = add_size(hash, t->len);
	*t = (struct seektable){.hash = hash};
	return fit;
}
