#include "codec/seektable.h"

#include <stdlib.h>

#include "codec/codec.h"
#include "lib/array.h"

#define TABLE_MAGIC  UINT32_C(0x184d2a5e)
#define FOOTER_MAGIC UINT32_C(0x8f92eab1)

enum { HEAD = 8, ENTRY = 8, ENTRY_WITH_SUM = 12, FOOTER = 9, HAS_SUMS = 0x80 };

/* The hash of n sizes.  The hash of the sizes a, b and c is (A * BASE + B) * BASE + C, where A is
 * mix(a + 1), and B and C are computed in the same way. */
struct hash {
	uint64_t n, value;
};

#define BASE UINT64_C(0x9e3779b97f4a7c15)

/* The entries of the current frame, if this frame is a table whose entries have a certain length.
 * Entries have one of two lengths.  Only the footer, at the end of the frame, says which one, so
 * the frame is read with both lengths. */
struct entries {
	struct hash hash; /* of the compressed sizes */
	char bytes[ENTRY_WITH_SUM];
	unsigned n; /* number of bytes in .bytes: the beginning of the current entry */
};

struct seektable {
	struct hash hash;       /* of all frames so far */
	struct hash last_table; /* of all frames before the last table */
	struct hash expected;   /* what .hash must be after .expected.n frames, because a table came
				 * before the frames that it lists; .n is 0 if there is no such
				 * table */
	uint64_t *before;       /* before[n % KEPT] is the value of the hash of the first n
				 * frames */
	size_t room;            /* number of elements of .before */

	uint64_t len; /* bytes of the current frame so far */
	char head[HEAD];
	char footer[FOOTER];
	struct entries with_sums, without; /* the entries, read as entries with checksums and as
					    * entries without; the footer says which reading is
					    * right */
};

enum { KEPT = SEEKTABLE_FRAMES + 1 };

struct seektable *seektable_new(void)
{
	struct seektable *t = calloc(1, sizeof *t);

	if (t && seektable_reserve(t)) {
		t->before[0] = 0;
		return t;
	}
	free(t);
	return NULL;
}

bool seektable_reserve(struct seektable *t)
{
	return t->room >= KEPT || ARRAY_GROW(t->before, t->hash.n + 1, &t->room);
}

void seektable_free(struct seektable *t)
{
	if (t)
		free(t->before);
	free(t);
}

/* --- Hashes ------------------------------------------------------------------------- */

static uint64_t mix(uint64_t size)
{
	size = (size ^ size >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	return size ^ size >> 31;
}

static struct hash add_size(struct hash h, uint64_t size)
{
	return (struct hash){h.n + 1, h.value * BASE + mix(size + 1)};
}

/* Return the hash of the sizes of a, followed by those of b. */
static struct hash join(struct hash a, struct hash b)
{
	uint64_t value = a.value, power = BASE;

	for (uint64_t n = b.n; n; n >>= 1, power *= power)
		value *= n & 1 ? power : 1;
	return (struct hash){a.n + b.n, value + b.value};
}

static bool is_same(struct hash a, struct hash b)
{
	return a.n == b.n && a.value == b.value;
}

/* Get the hash of the first n frames.  False if that hash has been forgotten. */
static bool hash_of(const struct seektable *t, uint64_t n, struct hash *h)
{
	*h = (struct hash){n, 0};
	if (n == t->last_table.n)
		*h = t->last_table;
	else if (t->hash.n - n < KEPT)
		h->value = t->before[n % KEPT];
	else
		return n == 0;
	return true;
}

/* --- Bytes -------------------------------------------------------------------------- */

static bool is_skippable(const struct seektable *t)
{
	return t->len >= HEAD && codec_is_skippable(span_of(t->head, HEAD));
}

static bool is_table(const struct seektable *t)
{
	return t->len >= HEAD && codec_number(t->head, 4) == TABLE_MAGIC;
}

static void add_byte(struct entries *e, unsigned width, char byte)
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
	uint64_t entries = len > FOOTER ? len - FOOTER : 0;

	if (at >= entries) {
		if (at - entries < FOOTER)
			t->footer[at - entries] = byte;
		return;
	}
	add_byte(&t->with_sums, ENTRY_WITH_SUM, byte);
	add_byte(&t->without, ENTRY, byte);
}

void seektable_bytes(struct seektable *t, struct span bytes)
{
	size_t i = 0;

	for (; i < bytes.len && t->len < HEAD; i++)
		t->head[t->len++] = bytes.at[i];
	for (; i < bytes.len && is_table(t); i++)
		add_content(t, t->len++ - HEAD, bytes.at[i]);
	t->len += bytes.len - i;
}

/* --- Frames ------------------------------------------------------------------------- */

/* True if the current frame begins like a seek table but does not end with the footer of a seek
 * table: such a frame is the user's own. */
static bool is_foreign(const struct seektable *t)
{
	return t->len < HEAD + FOOTER || codec_number(t->footer + 5, 4) != FOOTER_MAGIC;
}

/* End the current frame, which is a table.  False if the frames that the table lists are not before
 * it, and cannot be after it. */
static bool end_table(struct seektable *t)
{
	bool sums = t->footer[4] & HAS_SUMS;
	struct hash listed = sums ? t->with_sums.hash : t->without.hash, start;

	if (t->len != HEAD + FOOTER + (sums ? ENTRY_WITH_SUM : ENTRY) * codec_number(t->footer, 4))
		return false;
	bool before = listed.n <= t->hash.n && hash_of(t, t->hash.n - listed.n, &start) &&
		      is_same(join(start, listed), t->hash);
	bool waits = t->expected.n > t->hash.n;
	if (!before && !waits)
		t->expected = join(t->hash, listed);
	t->last_table = t->hash;
	return before || !waits;
}

/* End the current frame, which is not empty.  False if an earlier table lists frames that differ
 * from the frames after the table. */
static bool end_full(struct seektable *t)
{
	t->hash = add_size(t->hash, t->len);
	t->before[t->hash.n % KEPT] = t->hash.value;
	return t->hash.n != t->expected.n || is_same(t->hash, t->expected);
}

bool seektable_end_frame(struct seektable *t, bool empty)
{
	bool fits = true;

	if (is_table(t) && !is_foreign(t))
		fits = end_table(t);
	else if (!is_skippable(t) && !empty)
		fits = end_full(t);
	t->len = 0;
	t->with_sums = t->without = (struct entries){0};
	return fits;
}

bool seektable_may_end(const struct seektable *t)
{
	return t->expected.n <= t->hash.n;
}
