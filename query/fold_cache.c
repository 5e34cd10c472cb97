#include "query/fold_cache.h"

#include <stdlib.h>

enum { PLACE_BITS = 12, PLACES = 1 << PLACE_BITS, SHORTEST = 16, LONGEST = 63 };

/* A text and its folded form.  A place fills two lines of the CPU's cache. */
struct place {
	unsigned char len;      /* 0 if the place is empty */
	unsigned char made_len; /* 0 if the folded form is the text itself */
	char text[LONGEST], made[LONGEST];
};

_Static_assert(sizeof(struct place) == 128, "a place has two lines");

struct fold_cache {
	struct place places[PLACES];
};

struct fold_cache *fold_cache_new(void)
{
	size_t alignment = sizeof(struct place);
	struct fold_cache *c = aligned_alloc(alignment, sizeof *c);

	return c ? memset(c, 0, sizeof *c) : NULL;
}

void fold_cache_free(struct fold_cache *c)
{
	free(c);
}

/* Return the place of a text.  It depends only on some of the bytes: texts that differ in others
 * replace each other, which costs time but is not wrong.  The factors are large odd numbers
 * (XXH64's primes). */
static struct place *find_place(struct fold_cache *c, struct span text)
{
	const char *end = span_end(text);
	uint64_t hash = word_load(text.at) + UINT64_C(0x9e3779b185ebca87) * word_load(end - 8);

	hash += UINT64_C(0xc2b2ae3d27d4eb4f) *
		(word_load(end - 16) ^ word_load(text.at + text.len / 2 - 4));
	return &c->places[hash * UINT64_C(0x165667b19e3779f9) >> (64 - PLACE_BITS)];
}

static void remember(struct place *p, struct span text, struct span made)
{
	if (made.len > LONGEST)
		return;
	bool is_same = made.at == text.at;
	p->len = (unsigned char)text.len;
	p->made_len = is_same ? 0 : (unsigned char)made.len;
	memcpy(p->text, text.at, text.len);
	if (!is_same)
		memcpy(p->made, made.at, made.len);
}

bool fold_cache_fold(struct fold_cache *c, struct span *text, char out[FOLD_ROOM])
{
	struct span from = *text;

	if (from.len < SHORTEST || from.len > LONGEST)
		return fold_usual(text, out);
	struct place *p = find_place(c, from);
	if (p->len == from.len && memcmp(p->text, from.at, from.len) == 0) {
		if (p->made_len)
			*text = span_of(memcpy(out, p->made, sizeof p->made), p->made_len);
		return true;
	}
	if (!fold_usual(text, out))
		return false;
	remember(p, from, *text);
	return true;
}
