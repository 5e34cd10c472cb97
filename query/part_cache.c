#include "query/part_cache.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Most values are URLs or User-Agent headers, and what is made from a header is short. */
enum { PLACE_BITS = 12, PLACES = 1 << PLACE_BITS, LONGEST = 319, LONGEST_MADE = 127 };

struct place {
	unsigned short len;
	unsigned char made_len;
	bool is_used, is_same; /* .is_same: the value itself was made */
	char value[LONGEST], made[LONGEST_MADE];
};

struct part_cache {
	struct place places[PLACES];
};

struct part_cache *part_cache_new(void)
{
	return calloc(1, sizeof(struct part_cache));
}

void part_cache_free(struct part_cache *c)
{
	free(c);
}

static struct place *find_place(struct part_cache *c, struct span value)
{
	return &c->places[XXH3_64bits(value.at, value.len) >> (64 - PLACE_BITS)];
}

struct span part_cache_find(struct part_cache *c, struct span value, struct arena *arena)
{
	const struct span unknown = span_of(NULL, 0);

	if (!value.len || value.len > LONGEST)
		return unknown;
	const struct place *p = find_place(c, value);
	if (!p->is_used || p->len != value.len || memcmp(p->value, value.at, value.len) != 0)
		return unknown;
	if (p->is_same)
		return value;
	char *at = arena_take(arena, p->made_len);
	return at ? span_of(memcpy(at, p->made, p->made_len), p->made_len) : unknown;
}

void part_cache_put(struct part_cache *c, struct span value, struct span made)
{
	if (!value.len || value.len > LONGEST || made.len > LONGEST_MADE)
		return;
	struct place *p = find_place(c, value);
	*p = (struct place){.len = (unsigned short)value.len,
		.made_len = (unsigned char)made.len,
		.is_used = true,
		.is_same = made.at == value.at && made.len == value.len};
	memcpy(p->value, value.at, value.len);
	if (made.len)
		memcpy(p->made, made.at, made.len);
}
