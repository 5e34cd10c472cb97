#include "lib/table.h"

#include <errno.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "lib/shared.h"

enum {
	FIRST_BITS = 9,        /* 512 slots, 4 KB */
	FIRST_ENTRIES = 65536, /* bytes */
	BATCH = 32,            /* keys hashed and prefetched at once */
};

/* At the start of the entries, where the parent finds it. */
struct header {
	uint64_t used; /* bytes of entries, this header included */
	uint64_t keys;
	uint64_t bits;
};

struct table {
	struct shared slots, entries;
	uint64_t seed;
	size_t tail;    /* bytes behind an entry's key: its sum, or none */
	unsigned shift; /* 64 - bits: a hash's home is hash >> shift */
};

#define OFFSET_BITS 48
#define OFFSET_MASK ((UINT64_C(1) << OFFSET_BITS) - 1)

static inline struct header *header_of(const struct table *t)
{
	return (struct header *)(void *)t->entries.at;
}

static inline uint64_t *slots_of(const struct table *t)
{
	return (uint64_t *)(void *)t->slots.at;
}

static inline struct entry *entry_at(const struct table *t, uint64_t offset)
{
	return (struct entry *)(void *)(t->entries.at + offset);
}

static inline uint64_t slot_make(uint64_t hash, uint64_t offset)
{
	return hash << OFFSET_BITS | offset;
}

static inline bool slot_may_hold(uint64_t slot, uint64_t hash)
{
	return slot >> OFFSET_BITS == (hash & 0xffff);
}

static inline size_t mask_of(const struct table *t)
{
	return ((size_t)1 << (64 - t->shift)) - 1;
}

static inline size_t entry_size(const struct table *t, size_t len)
{
	return ((sizeof(struct entry) + len + 7) & ~(size_t)7) + t->tail;
}

static inline char *sum_of(struct entry *e)
{
	return e->key + ((e->len + 7) & ~UINT64_C(7));
}

bool table_reset(struct table *t)
{
	size_t slots = sizeof(uint64_t) << FIRST_BITS;

	if (!shared_resize(&t->slots, slots) || !shared_resize(&t->entries, FIRST_ENTRIES))
		return false;
	memset(t->slots.at, 0, slots);
	t->shift = 64 - FIRST_BITS;
	*header_of(t) = (struct header){.used = sizeof(struct header), .bits = FIRST_BITS};
	return true;
}

struct table *table_new(bool between_processes, bool sums, uint64_t seed)
{
	struct table *t = malloc(sizeof *t);

	if (!t)
		return NULL;
	t->seed = seed;
	t->tail = sums ? sizeof(struct sum) : 0;
	if (!shared_open(&t->slots, between_processes))
		goto free;
	if (!shared_open(&t->entries, between_processes))
		goto close_slots;
	if (!table_reset(t))
		goto close_entries;
	return t;

close_entries:
	shared_close(&t->entries);
close_slots:
	shared_close(&t->slots);
free:
	free(t);
	return NULL;
}

void table_free(struct table *t)
{
	if (!t)
		return;
	shared_close(&t->entries);
	shared_close(&t->slots);
	free(t);
}

bool table_follow(struct table *t)
{
	if (!shared_follow(&t->slots) || !shared_follow(&t->entries))
		return false;
	t->shift = 64 - (unsigned)header_of(t)->bits;
	return true;
}

uint64_t table_keys(const struct table *t)
{
	return header_of(t)->keys;
}

const struct entry *table_next(const struct table *t, const struct entry *e)
{
	uint64_t at = sizeof(struct header);

	if (e)
		at = (uint64_t)((const char *)e - t->entries.at) + entry_size(t, e->len);
	return at < header_of(t)->used ? entry_at(t, at) : NULL;
}

/* Write the index anew with 2^bits slots. */
static bool reindex(struct table *t, unsigned bits)
{
	size_t bytes = sizeof(uint64_t) << bits;

	if (!shared_resize(&t->slots, bytes))
		return false;
	memset(t->slots.at, 0, bytes);
	t->shift = 64 - bits;
	header_of(t)->bits = bits;

	uint64_t *slots = slots_of(t);
	size_t mask = mask_of(t);
	for (const struct entry *e = NULL; (e = table_next(t, e));) {
		size_t i = e->hash >> t->shift;
		while (slots[i])
			i = (i + 1) & mask;
		slots[i] = slot_make(e->hash, (uint64_t)((const char *)e - t->entries.at));
	}
	return true;
}

/* Room for one more slot (at most two thirds are used) and an entry of that size. */
static bool make_room(struct table *t, size_t size)
{
	struct header *h = header_of(t);

	if (h->used + size > t->entries.size) {
		size_t step = t->entries.size / 8 > size ? t->entries.size / 8 : size;
		size_t more = (t->entries.size + step + 65535) & ~(size_t)65535;
		if (more > OFFSET_MASK) {
			errno = ENOMEM;
			return false;
		}
		if (!shared_resize(&t->entries, more))
			return false;
		h = header_of(t);
	}
	if (3 * (h->keys + 1) > 2 * (mask_of(t) + 1))
		return reindex(t, (unsigned)h->bits + 1);
	return true;
}

/* What is added: a key of a group, and its hash. */
struct item {
	struct span key;
	uint64_t hash;
	unsigned group;
};

/* The slot that holds the item, or the empty one where it belongs. */
static inline uint64_t *locate(const struct table *t, const struct item *item)
{
	uint64_t *slots = slots_of(t), hash = item->hash;
	size_t mask = mask_of(t), i = hash >> t->shift;

	for (; slots[i]; i = (i + 1) & mask) {
		if (!slot_may_hold(slots[i], hash))
			continue;
		const struct entry *e = entry_at(t, slots[i] & OFFSET_MASK);
		if (e->hash == hash && e->group == item->group &&
			span_equal(entry_key(e), item->key))
			break;
	}
	return &slots[i];
}

static bool insert(struct table *t, const struct item *item, uint64_t count, const struct sum *sum)
{
	size_t size = entry_size(t, item->key.len);

	if (!make_room(t, size))
		return false;
	struct header *h = header_of(t);
	struct entry *e = entry_at(t, h->used);
	*e = (struct entry){item->hash, count, item->group & 0xffff, item->key.len & OFFSET_MASK};
	if (item->key.len)
		memcpy(e->key, item->key.at, item->key.len);
	if (t->tail)
		memcpy(sum_of(e), sum, sizeof *sum);
	*locate(t, item) = slot_make(item->hash, h->used);
	h->used += size;
	h->keys++;
	return true;
}

static bool add_sum(struct entry *e, const struct sum *more)
{
	struct sum sum = entry_sum(e);

	if (!sum_add(&sum, *more)) {
		errno = EOVERFLOW;
		return false;
	}
	memcpy(sum_of(e), &sum, sizeof sum);
	return true;
}

static inline bool add(
	struct table *t, const struct item *item, uint64_t count, const struct sum *sum)
{
	uint64_t slot = *locate(t, item);

	if (!slot)
		return insert(t, item, count, sum);
	struct entry *e = entry_at(t, slot & OFFSET_MASK);
	e->count += count;
	return !t->tail || add_sum(e, sum);
}

/* Three passes over a few keys, so that the cache misses of one overlap with
 * those of the others: hash and fetch the slot, fetch the entry, add. */
static bool add_some(struct table *t, const struct addends *a)
{
	uint64_t hash[BATCH], seed = t->seed + a->group;

	for (size_t i = 0; i < a->n; i++) {
		hash[i] = XXH3_64bits_withSeed(a->keys[i].at, a->keys[i].len, seed);
		__builtin_prefetch(&slots_of(t)[hash[i] >> t->shift]);
	}
	for (size_t i = 0; i < a->n; i++)
		__builtin_prefetch(entry_at(t, slots_of(t)[hash[i] >> t->shift] & OFFSET_MASK), 1);
	for (size_t i = 0; i < a->n; i++) {
		struct item item = {a->keys[i], hash[i], a->group};
		if (!add(t, &item, 1, a->sums ? &a->sums[i] : NULL))
			return false;
	}
	return true;
}

bool table_add(struct table *t, const struct addends *all)
{
	for (size_t done = 0; done < all->n; done += BATCH) {
		struct addends some = *all;
		some.keys += done;
		if (some.sums)
			some.sums += done;
		some.n = all->n - done < BATCH ? all->n - done : BATCH;
		if (!add_some(t, &some))
			return false;
	}
	return true;
}

bool table_merge(struct table *t, const struct table *from)
{
	for (const struct entry *e = NULL; (e = table_next(from, e));) {
		struct item item = {entry_key(e), e->hash, e->group};
		struct sum sum = {0};
		if (t->tail)
			sum = entry_sum(e);
		if (!add(t, &item, e->count, &sum))
			return false;
	}
	return true;
}
