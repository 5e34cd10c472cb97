#include "store/table.h"

#include <errno.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "lib/rounded.h"
#include "lib/sharedmem.h"

enum {
	FIRST_BITS = 9,        /* at first, there are 512 slots, 4 KB */
	FIRST_ENTRIES = 65536, /* bytes of memory for entries, at first; later a multiple of that */
	PAGE = 32768,          /* bytes of a page; a page for a single large entry has more */
	STREAM_BITS = 6,
	LARGE = 16 << 20, /* a table with at least this many bytes of entries has several
			       * streams */
	AHEAD = 24,       /* slots whose entries are prefetched when a table is walked */
	BATCH = 32,       /* keys hashed and prefetched at once */
	HUGE_PAGE = 2 << 20,
	IN_CACHE = 256 << 10, /* up to this many bytes of slots stay in the L2 cache */
};

/* The start of a page. */
struct page {
	uint64_t used;   /* where the page's entries end; 0 while a stream appends to the page,
			  * because then .used of the stream says where they end */
	uint64_t end;    /* where the page ends, and the next one begins */
	uint64_t stream; /* the number of the stream to which the page belongs */
	uint64_t before; /* the page of this stream before this one; NO_PAGE if there is none */
};

#define NO_PAGE UINT64_MAX

/* A stream's current page: where the page begins, where its entries end, and where the room for
 * entries ends.  These offsets are not kept in the page itself, since the starts of all pages
 * compete for the same few cache lines. */
struct stream {
	uint64_t page, used, end;
};

/* The start of the entries' memory.  These members are here, not in struct table, so that the
 * parent sees what a child has written. */
struct header {
	struct page first;
	uint64_t end; /* where the last page ends */
	uint64_t keys;
	uint64_t bits;
	uint64_t streams;                       /* the number of streams in use: 1, or all in
						 * a large table */
	struct stream stream[1 << STREAM_BITS]; /* a stream without a page has .end 0 */
	uint64_t codes;                         /* the number of codes in all sets */
	struct stream sets;                     /* the page where sets are appended */
	/* For each number of bits, the offset of the first unused set of that size; 0 if there is
	 * none.  Its first word has the offset of the next one. */
	uint64_t unused[CODE_SET_MOST_BITS + 1];
};

struct table {
	struct sharedmem slots, entries;
	uint64_t seed, budget;
	const struct measures *measures; /* NULL if there are none */
	unsigned shift; /* 64 - header.bits; the home of a hash is slot hash >> shift */
	unsigned turn;  /* bits by which hashes are rotated: 32 in a table of one range, else 0 */
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

static inline struct page *page_at(const struct table *t, uint64_t offset)
{
	return (struct page *)(void *)(t->entries.at + offset);
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

static inline size_t stream_of(const struct table *t, uint64_t hash)
{
	return hash >> (64 - STREAM_BITS) & (header_of(t)->streams - 1);
}

/* The number of bytes of an entry with the words for its sets. */
static inline size_t whole_entry_bytes(const struct table *t, const struct entry *e)
{
	size_t coded = measures_coded(t->measures, e->group);

	return entry_bytes(e, t->measures) + coded * sizeof(uint64_t);
}

static inline char *measures_at(struct entry *e)
{
	return e->key + ((e->len + 7) & ~UINT64_C(7));
}

/* The words for the sets of an entry of a group with these measures. */
static inline uint64_t *sets_of(const struct group_measures *g, struct entry *e)
{
	return (uint64_t *)(void *)(measures_at(e) + g->bytes);
}

/* Make the table empty, with 2^bits slots, in the memory that it has. */
static void begin(struct table *t, unsigned bits)
{
	memset(t->slots.at, 0, sizeof(uint64_t) << bits);
	t->shift = 64 - bits;
	*header_of(t) = (struct header){.first = {.end = PAGE, .before = NO_PAGE},
		.end = PAGE,
		.bits = bits,
		.streams = 1,
		.stream[0] = {0, sizeof(struct header), PAGE}};
}

bool table_reset(struct table *t)
{
	size_t slots = sizeof(uint64_t) << FIRST_BITS;

	if (!sharedmem_resize(&t->slots, slots) || !sharedmem_resize(&t->entries, FIRST_ENTRIES))
		return false;
	begin(t, FIRST_BITS);
	return true;
}

void table_clear(struct table *t)
{
	begin(t, (unsigned)header_of(t)->bits);
}

struct table *table_new(const struct table_spec *spec)
{
	struct table *t = malloc(sizeof *t);

	if (!t)
		return NULL;
	t->seed = spec->seed;
	t->budget = spec->budget ? spec->budget : UINT64_MAX;
	t->measures = spec->measures;
	t->turn = spec->one_range ? 32 : 0;
	if (!sharedmem_open(&t->slots, spec->between_processes))
		goto free;
	if (!sharedmem_open(&t->entries, spec->between_processes))
		goto close_slots;
	if (!table_reset(t))
		goto close_entries;
	return t;

close_entries:
	sharedmem_close(&t->entries);
close_slots:
	sharedmem_close(&t->slots);
free:
	free(t);
	return NULL;
}

void table_free(struct table *t)
{
	if (!t)
		return;
	sharedmem_close(&t->entries);
	sharedmem_close(&t->slots);
	free(t);
}

bool table_follow(struct table *t)
{
	if (!sharedmem_follow(&t->slots) || !sharedmem_follow(&t->entries))
		return false;
	t->shift = 64 - (unsigned)header_of(t)->bits;
	return true;
}

uint64_t table_keys(const struct table *t)
{
	return header_of(t)->keys;
}

uint64_t table_all_codes(const struct table *t)
{
	return header_of(t)->codes;
}

uint64_t table_bytes(const struct table *t)
{
	return t->slots.size + t->entries.size;
}

static inline uint64_t end_of_entries(const struct table *t, uint64_t page)
{
	const struct page *p = page_at(t, page);

	return p->used ? p->used : header_of(t)->stream[p->stream].used;
}

static inline uint64_t first_entry_of(uint64_t page)
{
	return page ? page + sizeof(struct page) : sizeof(struct header);
}

const struct entry *table_next(const struct table *t, const struct entry *e)
{
	uint64_t at = first_entry_of(0), page = 0;

	if (e) {
		at = (uint64_t)((const char *)e - t->entries.at);
		page = at & ~(uint64_t)(PAGE - 1);
		at += whole_entry_bytes(t, e);
	}
	while (at == end_of_entries(t, page)) {
		page = page_at(t, page)->end;
		at = first_entry_of(page);
		if (page == header_of(t)->end)
			return NULL;
	}
	return entry_at(t, at);
}

/* Put a few entries into the index.  The first one is at `at`, and `end` is the end of the page's
 * entries.  All of their slots are prefetched before the first slot is looked at.  Returns where
 * the next entry begins. */
static uint64_t index_some(struct table *t, uint64_t at, uint64_t end)
{
	uint64_t some[BATCH], *slots = slots_of(t);
	size_t mask = mask_of(t), n = 0;

	while (at < end && n < BATCH) {
		const struct entry *e = entry_at(t, at);
		__builtin_prefetch(&slots[e->hash >> t->shift], 1);
		some[n++] = at;
		at += whole_entry_bytes(t, e);
	}
	for (size_t k = 0; k < n; k++) {
		uint64_t hash = entry_at(t, some[k])->hash;
		size_t i = (size_t)(hash >> t->shift);
		while (slots[i])
			i = (i + 1) & mask;
		slots[i] = slot_make(hash, some[k]);
	}
	return at;
}

/* Put the entries of a stream into the index.  The stream's slots are near each other, in a part of
 * the index that may fit in a cache. */
static void index_stream(struct table *t, const struct stream *s)
{
	for (uint64_t page = s->page; page != NO_PAGE; page = page_at(t, page)->before) {
		uint64_t at = first_entry_of(page), end = end_of_entries(t, page);
		while (at < end)
			at = index_some(t, at, end);
	}
}

/* Make a new index, with 2^bits slots.  False on error (errno). */
static bool reindex(struct table *t, unsigned bits)
{
	size_t bytes = sizeof(uint64_t) << bits;

	if (!sharedmem_resize(&t->slots, bytes))
		return false;
	memset(t->slots.at, 0, bytes);
	t->shift = 64 - bits;
	header_of(t)->bits = bits;

	for (uint64_t i = 0; i < header_of(t)->streams; i++)
		if (header_of(t)->stream[i].end)
			index_stream(t, &header_of(t)->stream[i]);
	return true;
}

/* True if the table would exceed the budget with this many bytes of slots and of entries.  An empty
 * table is never full. */
static bool is_full(const struct table *t, uint64_t slots, uint64_t entries)
{
	return slots + entries > t->budget && header_of(t)->keys;
}

static inline uint64_t round_up(uint64_t n, uint64_t unit)
{
	return (n + unit - 1) / unit * unit;
}

/* Return the new size of the entries' memory if `size` more bytes are needed.  If the budget
 * allows, the memory grows by at least an eighth, and a large memory is rounded up to whole huge
 * pages.  Otherwise the memory grows only by the bytes that are needed. */
static uint64_t grown(const struct table *t, size_t size)
{
	uint64_t need = round_up(header_of(t)->end + size, FIRST_ENTRIES);
	uint64_t more = t->entries.size + t->entries.size / 8;

	more = more > need ? more : need;
	more = round_up(more, more < HUGE_PAGE ? FIRST_ENTRIES : HUGE_PAGE);
	return t->slots.size + more > t->budget ? need : more;
}

static bool grow_entries(struct table *t, size_t size)
{
	uint64_t more = grown(t, size);

	if (more > OFFSET_MASK || more > SIZE_MAX) {
		errno = ENOMEM;
		return false;
	}
	if (is_full(t, t->slots.size, more)) {
		errno = ENOBUFS;
		return false;
	}
	return sharedmem_resize(&t->entries, (size_t)more);
}

static bool grow_slots(struct table *t)
{
	if (!is_full(t, UINT64_C(2) * t->slots.size, t->entries.size))
		return reindex(t, (unsigned)header_of(t)->bits + 1);
	errno = ENOBUFS;
	return false;
}

/* Append a new page with room for at least `size` bytes.  Returns its place; .end is 0 on error
 * (errno). */
static struct stream append_page(struct table *t, size_t size)
{
	size_t bytes = (sizeof(struct page) + size + PAGE - 1) & ~(size_t)(PAGE - 1);
	struct stream s = {.end = 0};

	if (header_of(t)->end + bytes > t->entries.size && !grow_entries(t, bytes))
		return s;
	struct header *h = header_of(t);
	s = (struct stream){h->end, h->end + sizeof(struct page), h->end + bytes};
	h->end = s.end;
	if (h->end >= LARGE)
		h->streams = 1 << STREAM_BITS;
	return s;
}

/* Begin a new page for a stream, with room for at least `size` bytes.  False on error (errno). */
static bool begin_page(struct table *t, size_t stream, size_t size)
{
	struct stream next = append_page(t, size), *s = &header_of(t)->stream[stream];
	struct page page = {.end = next.end, .stream = stream, .before = NO_PAGE};

	if (!next.end)
		return false;
	if (s->end) {
		page.before = s->page;
		page_at(t, s->page)->used = s->used;
	}
	*page_at(t, next.page) = page;
	/* table_next() rounds an entry's offset down to a multiple of PAGE to find where the page
	 * begins.  The result is right only in the first PAGE bytes of a page.  So a page of more
	 * than PAGE bytes gets only one entry. */
	if (next.end - next.page > PAGE)
		next.end = next.used + size;
	*s = next;
	return true;
}

/* True if one more key needs more slots.  At most two thirds of the slots are used; at most one
 * third if there are so few that twice as many stay in the cache, because then more keys are at
 * home. */
static inline bool needs_slots(const struct table *t)
{
	uint64_t thirds = t->slots.size < IN_CACHE ? 1 : 2;

	return 3 * (header_of(t)->keys + 1) > thirds * (mask_of(t) + 1);
}

/* Make room for an entry of `size` bytes in the stream for its hash, and for one more key in the
 * index.  Returns the stream; NULL on error (errno). */
static struct stream *make_room(struct table *t, uint64_t hash, size_t size)
{
	size_t stream = stream_of(t, hash);
	const struct stream *s = &header_of(t)->stream[stream];

	if (s->used + size > s->end && !begin_page(t, stream, size))
		return NULL;
	if (needs_slots(t) && !grow_slots(t))
		return NULL;
	return &header_of(t)->stream[stream];
}

/* A key to add, with its group and its hash. */
struct item {
	struct span key;
	uint64_t hash;
	unsigned group;
	size_t first; /* the slot where probing begins: the home of the hash, or a later one if no
		       * slot between them may hold the hash */
};

static inline size_t home_of(const struct table *t, uint64_t hash)
{
	return (size_t)(hash >> t->shift);
}

/* Return the slot that leads to the item's entry; if the item has no entry yet, the empty slot for
 * it. */
static inline uint64_t *locate(const struct table *t, const struct item *item)
{
	uint64_t *slots = slots_of(t), hash = item->hash;
	size_t mask = mask_of(t), i = item->first;

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

/* Make an entry without measures for an item.  Returns the entry; NULL on error (errno). */
static struct entry *insert(struct table *t, struct item *item, uint64_t count)
{
	struct entry head = {item->hash, count, item->group & 0xffff, item->key.len & OFFSET_MASK};
	size_t size = whole_entry_bytes(t, &head);
	unsigned shift = t->shift;
	struct stream *s = make_room(t, item->hash, size);

	if (!s)
		return NULL;
	struct entry *e = entry_at(t, s->used);
	*e = head;
	if (item->key.len)
		memcpy(e->key, item->key.at, item->key.len);
	if (t->shift != shift)
		item->first = home_of(t, item->hash);
	*locate(t, item) = slot_make(item->hash, s->used);
	s->used += size;
	__builtin_prefetch(entry_at(t, s->used + 64), 1);
	header_of(t)->keys++;
	return e;
}

/* Count an item `count` times.  Its measures, which the caller changes, are as before; a new item has
 * those of a key without lines.  Returns its entry; NULL on error (errno). */
static inline struct entry *add(struct table *t, struct item *item, uint64_t count)
{
	uint64_t slot = *locate(t, item);

	if (slot) {
		struct entry *e = entry_at(t, slot & OFFSET_MASK);
		e->count += count;
		return e;
	}
	struct entry *e = insert(t, item, count);
	const struct group_measures *g = measures_of(t->measures, item->group);
	if (e && g) {
		measures_begin(g, measures_at(e));
		memset(sets_of(g, e), 0, g->coded_n * sizeof(uint64_t));
	}
	return e;
}

static inline uint64_t hash_of(struct span key, uint64_t seed)
{
	return XXH3_64bits_withSeed(key.at, key.len, seed);
}

/* Return the item's entry if the item's home slot leads to it, as is nearly always the case.
 * Otherwise return NULL. */
static inline struct entry *at_home(const uint64_t *slots, char *entries, const struct item *item)
{
	uint64_t slot = slots[item->first];
	struct entry *e = (struct entry *)(void *)(entries + (slot & OFFSET_MASK));

	if (!slot || e->hash != item->hash || e->group != item->group)
		return NULL;
	return span_equal(entry_key(e), item->key) ? e : NULL;
}

/* Return item number i of a batch. */
static inline struct item item_of(const struct table *t, const struct key_batch *a, size_t i)
{
	uint64_t hash = hash_of(a->keys[i], t->seed + a->group);

	return (struct item){a->keys[i], hash, a->group, home_of(t, hash)};
}

/* Count n keys in one pass, in which each key is hashed and then counted.  Returns how many keys
 * were counted, which is less than n on error (errno).  Members of the table and of the batch are
 * copied to local variables, so the compiler knows that incrementing a count does not change
 * them. */
static size_t add_in_cache(struct table *t, const struct key_batch *a, size_t n)
{
	const struct span *keys = a->keys;
	const uint64_t *slots = slots_of(t), seed = t->seed + a->group;
	char *entries = t->entries.at;
	unsigned shift = t->shift, group = a->group;

	for (size_t i = 0; i < n; i++) {
		uint64_t hash = hash_of(keys[i], seed);
		struct item item = {keys[i], hash, group, (size_t)(hash >> shift)};
		struct entry *e = at_home(slots, entries, &item);
		if (e) {
			e->count++;
			continue;
		}
		struct item again = item; /* so that `item` itself can stay in registers */
		if (!add(t, &again, 1))
			return i;
		slots = slots_of(t);
		entries = t->entries.at;
		shift = t->shift;
	}
	return n;
}

/* Find the slot that probably leads to the item's entry, and prefetch that entry. */
static inline void find_ahead(const struct table *t, struct item *item)
{
	const uint64_t *slots = slots_of(t);
	size_t mask = mask_of(t), i = item->first;

	while (slots[i] && !slot_may_hold(slots[i], item->hash))
		i = (i + 1) & mask;
	item->first = i;
	const struct entry *e = entry_at(t, slots[i] & OFFSET_MASK);
	__builtin_prefetch(e, 1);
	__builtin_prefetch(e->key + item->key.len); /* often in the next cache line */
}

/* Hash n keys, and prefetch their slots and then their entries.  So the cache misses of one key
 * overlap with those of the other keys. */
static void prepare_items(
	const struct table *t, const struct key_batch *a, size_t n, struct item *items)
{
	for (size_t i = 0; i < n; i++) {
		items[i] = item_of(t, a, i);
		__builtin_prefetch(&slots_of(t)[items[i].first], 1);
	}
	for (size_t i = 0; i < n; i++)
		find_ahead(t, &items[i]);
}

/* Count n keys in three passes: compute hashes and prefetch slots; look at the slots and prefetch
 * entries; count.  Returns how many keys were counted, which is less than n on error (errno). */
static size_t add_in_memory(struct table *t, const struct key_batch *a, size_t n)
{
	struct item items[BATCH];
	unsigned shift = t->shift;

	prepare_items(t, a, n, items);
	for (size_t i = 0; i < n; i++) {
		if (t->shift != shift)
			items[i].first = home_of(t, items[i].hash);
		if (!add(t, &items[i], 1))
			return i;
	}
	return n;
}

/* --- Sets of codes ----------------------------------------------------------------- */

/* The word for a set in an entry: where the set is, how many codes it has, and its size.  The word is 0
 * if there is no set yet.
 *
 *	[ offset / 8 42 | codes 17 | bits 5 ] */
enum { SET_BITS = 5, SET_CODES = 17, SET_OFFSET = SET_BITS + SET_CODES };

static inline uint64_t set_offset(uint64_t set)
{
	return set >> SET_OFFSET << 3;
}

static inline unsigned set_bits(uint64_t set)
{
	return (unsigned)(set & ((1 << SET_BITS) - 1));
}

static inline size_t set_codes(uint64_t set)
{
	return set >> SET_BITS & ((1 << SET_CODES) - 1);
}

static inline uint64_t *words_at(const struct table *t, uint64_t offset)
{
	return (uint64_t *)(void *)(t->entries.at + offset);
}

static struct code_list list_of(const struct table *t, uint64_t set)
{
	return (struct code_list){
		words_at(t, set_offset(set)), set ? (size_t)1 << set_bits(set) : 0};
}

static void give_back(struct table *t, uint64_t offset, unsigned bits)
{
	*words_at(t, offset) = header_of(t)->unused[bits];
	header_of(t)->unused[bits] = offset;
}

/* Divide the rest of the sets' page into unused sets. */
static void give_back_rest(struct table *t)
{
	struct stream *s = &header_of(t)->sets;

	for (unsigned bits = CODE_SET_MOST_BITS; bits >= CODE_SET_LEAST_BITS; bits--)
		for (; s->used + (UINT64_C(8) << bits) <= s->end; s->used += UINT64_C(8) << bits)
			give_back(t, s->used, bits);
}

/* Make room for `size` more bytes of sets.  The pages of sets look empty, so table_next() passes over
 * them.  False on error (errno). */
static bool make_room_for_sets(struct table *t, size_t size)
{
	if (header_of(t)->sets.used + size <= header_of(t)->sets.end)
		return true;
	struct stream next = append_page(t, size);
	if (!next.end)
		return false;
	give_back_rest(t);
	*page_at(t, next.page) =
		(struct page){.used = next.used, .end = next.end, .before = NO_PAGE};
	header_of(t)->sets = next;
	return true;
}

/* Make an empty set.  Returns its offset; 0 on error (errno). */
static uint64_t new_set(struct table *t, unsigned bits)
{
	size_t size = sizeof(uint64_t) << bits;
	uint64_t offset = header_of(t)->unused[bits];

	if (offset) {
		header_of(t)->unused[bits] = *words_at(t, offset);
	} else {
		if (!make_room_for_sets(t, size))
			return 0;
		offset = header_of(t)->sets.used;
		header_of(t)->sets.used += size;
	}
	memset(words_at(t, offset), 0, size);
	return offset;
}

/* Make room for one more code in the set of the word at offset `at`.  False on error (errno). */
static bool widen_set(struct table *t, uint64_t at)
{
	uint64_t set = *words_at(t, at);
	unsigned bits = set ? set_bits(set) + 1 : CODE_SET_LEAST_BITS;

	if (set && !code_set_is_full(set_bits(set), set_codes(set)))
		return true;
	uint64_t offset = new_set(t, bits);
	if (!offset)
		return false;
	struct code_list old = list_of(t, set);
	code_set_copy(&old, words_at(t, offset), bits);
	if (set)
		give_back(t, set_offset(set), set_bits(set));
	*words_at(t, at) = offset >> 3 << SET_OFFSET | set_codes(set) << SET_BITS | bits;
	return true;
}

/* Return the word that counts a code in a set; NULL if there is none. */
static inline uint64_t *find_code(const struct table *t, uint64_t set, unsigned code)
{
	uint64_t *word = NULL;

	if (set)
		word = code_set_find(words_at(t, set_offset(set)), set_bits(set), code);
	return word && code_of_word(*word) == code ? word : NULL;
}

/* Add a code with a count of 0 to the set of the word at offset `at`.  Returns the word of the code; NULL
 * on error (errno). */
static uint64_t *add_code(struct table *t, uint64_t at, unsigned code)
{
	if (!widen_set(t, at))
		return NULL;
	uint64_t *set = words_at(t, at);
	uint64_t *word =
		code_set_free(words_at(t, set_offset(*set)), set_bits(*set), set_codes(*set), code);
	*word = code_word(code, 0);
	*set += 1 << SET_BITS;
	header_of(t)->codes++;
	return word;
}

/* Add to the count of a code in the set of the word at offset `at`.  False on error (errno). */
static bool count_code(struct table *t, uint64_t at, unsigned code, uint64_t n)
{
	uint64_t *word = find_code(t, *words_at(t, at), code);

	if (!word)
		word = add_code(t, at, code);
	if (!word)
		return false;
	if ((code_count(*word) + n) >> CODE_COUNT_BITS) {
		errno = EOVERFLOW;
		return false;
	}
	*word += n;
	return true;
}

static inline uint64_t offset_of(const struct table *t, const void *at)
{
	return (uint64_t)((const char *)at - t->entries.at);
}

/* The codes of the numbers of some lines: those of the k-th coded number are .of[k]; 0 if a line lacks
 * the number. */
struct line_codes {
	uint16_t of[CODED_MOST][BATCH];
};

static void find_codes(const struct group_measures *g, const struct sum *numbers, size_t n,
	struct line_codes *codes)
{
	for (size_t k = 0; k < g->coded_n; k++)
		rounded_codes(numbers + g->coded[k].number, g->numbers, n, codes->of[k]);
}

/* Count the codes of line i.  If there is no room for one of them, none of them is counted.  False on
 * error (errno). */
static bool count_codes(struct table *t, const struct group_measures *g, struct entry *e,
	const struct line_codes *codes, size_t i)
{
	uint64_t at = offset_of(t, sets_of(g, e));

	for (size_t k = 0; k < g->coded_n; k++) {
		if (!codes->of[k][i] || count_code(t, at + 8 * k, codes->of[k][i], 1))
			continue;
		while (k--)
			if (codes->of[k][i])
				--*find_code(t, *words_at(t, at + 8 * k), codes->of[k][i]);
		return false;
	}
	return true;
}

/* Count the codes of the numbers of n lines whose keys have these entries.  The entries may move; then
 * entries[] is updated.  Returns for how many lines the codes were counted, which is less than n on
 * error (errno).
 *
 * A count does not overflow when one is added to it, which would take months. */
static size_t count_all_codes(struct table *t, const struct group_measures *g,
	struct entry **entries, size_t n, const struct sum *numbers)
{
	struct line_codes codes;
	bool only_one = g->coded_n == 1;

	find_codes(g, numbers, n, &codes);
	for (size_t i = 0; i < n; i++) {
		uint64_t *word = NULL;
		if (only_one && !codes.of[0][i])
			continue;
		if (only_one)
			word = find_code(t, *sets_of(g, entries[i]), codes.of[0][i]);
		if (word) {
			++*word;
			continue;
		}
		char *before = t->entries.at;
		if (!count_codes(t, g, entries[i], &codes, i))
			return i;
		for (size_t k = 0; t->entries.at != before && k < n; k++)
			entries[k] = entry_at(t, (uint64_t)((char *)entries[k] - before));
	}
	return n;
}

size_t table_codes(const struct table *t, const struct entry *e, struct code_list codes[CODED_MOST])
{
	size_t n = measures_coded(t->measures, e->group);
	const char *sets = (const char *)e + entry_bytes(e, t->measures);

	for (size_t k = 0; k < n; k++)
		codes[k] = list_of(t, word_load(sets + 8 * k));
	return n;
}

const struct entry *table_find(const struct table *t, const struct counted *key)
{
	struct item item = {key->key, key->hash, key->group, home_of(t, key->hash)};
	uint64_t slot = *locate(t, &item);

	return slot ? entry_at(t, slot & OFFSET_MASK) : NULL;
}

bool table_give_codes(
	const struct table *t, const struct entry *e, struct arena *arena, struct sink sink)
{
	struct code_list codes[CODED_MOST];
	size_t n = table_codes(t, e, codes);
	struct counted key = entry_counted(e);

	for (size_t k = 0; k < n; k++)
		if (!code_list_give(&codes[k], &key, t->measures->groups[e->group].coded[k].group,
			    arena, sink))
			return false;
	return true;
}

/* --- Keys with measures ------------------------------------------------------------ */

/* Find the entries of the keys from number `from` on, up to the first key that has none, which becomes
 * *missing.  Returns how many entries were found. */
static size_t find_in_cache(const struct table *t, const struct key_batch *a, size_t from, size_t n,
	struct entry **found, struct item *missing)
{
	const uint64_t *slots = slots_of(t);
	char *entries = t->entries.at;

	for (size_t i = from; i < n; i++) {
		struct item item = item_of(t, a, i);
		struct entry *e = at_home(slots, entries, &item);
		if (!e) {
			struct item again = item; /* so that `item` itself can stay in registers */
			uint64_t slot = *locate(t, &again);
			if (!slot) {
				*missing = again;
				return i - from;
			}
			e = entry_at(t, slot & OFFSET_MASK);
		}
		found[i - from] = e;
	}
	return n - from;
}

/* The same for keys that have been prepared when the table had this shift. */
static size_t find_in_memory(const struct table *t, struct item *items, unsigned shift, size_t from,
	size_t n, struct entry **found, struct item *missing)
{
	for (size_t i = from; i < n; i++) {
		if (t->shift != shift)
			items[i].first = home_of(t, items[i].hash);
		uint64_t slot = *locate(t, &items[i]);
		if (!slot) {
			*missing = items[i];
			return i - from;
		}
		found[i - from] = entry_at(t, slot & OFFSET_MASK);
	}
	return n - from;
}

/* Count n lines whose keys have these entries, which may move.  Returns how many lines were counted,
 * which is less than n on error (errno). */
static size_t take_lines(struct table *t, const struct group_measures *g, struct entry **entries,
	size_t n, const struct sum *numbers)
{
	char *to[BATCH];

	if (g->coded_n)
		n = count_all_codes(t, g, entries, n, numbers);
	for (size_t i = 0; i < n; i++) {
		entries[i]->count++;
		to[i] = measures_at(entries[i]);
	}
	return measures_take_all(g, to, n, numbers) ? n : 0;
}

/* Count a line whose key has no entry yet.  First make room for its sets, so that counting its codes
 * does not fail. */
static bool take_first_line(struct table *t, struct item *item, const struct group_measures *g,
	const struct sum *numbers)
{
	size_t sets = g->coded_n * (sizeof(uint64_t) << CODE_SET_LEAST_BITS);
	struct line_codes codes;

	if (!make_room_for_sets(t, sets))
		return false;
	struct entry *e = add(t, item, 1);
	find_codes(g, numbers, 1, &codes);
	return e && measures_take(g, measures_at(e), numbers) && count_codes(t, g, e, &codes, 0);
}

/* Count n lines, each with a key and with numbers.  Finding the entries of many keys first, and then
 * changing each measure of all of them, takes less time than key by key.  A new key must wait until
 * the lines before it are counted, because it may move the entries.  Returns how many lines were
 * counted, which is less than n on error (errno). */
static size_t add_lines(
	struct table *t, const struct key_batch *a, const struct group_measures *g, size_t n)
{
	bool in_cache = t->slots.size <= IN_CACHE;
	struct item items[BATCH], missing;
	struct entry *found[BATCH];
	unsigned shift = t->shift;
	size_t done = 0;

	if (!in_cache)
		prepare_items(t, a, n, items);
	for (;; done++) {
		const struct sum *numbers = a->numbers + done * g->numbers;
		size_t some = in_cache ? find_in_cache(t, a, done, n, found, &missing)
				       : find_in_memory(t, items, shift, done, n, found, &missing);
		size_t taken = take_lines(t, g, found, some, numbers);
		done += taken;
		if (taken < some || done == n)
			return done;
		if (!take_first_line(t, &missing, g, a->numbers + done * g->numbers))
			return done;
	}
}

/* ---------------------------------------------------------------------------------- */

/* Count n keys, each as often as a->counts says.  Such a batch has few keys. */
static size_t add_counted(struct table *t, const struct key_batch *a, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct item item = item_of(t, a, i);
		if (!add(t, &item, a->counts[i]))
			return i;
	}
	return n;
}

/* Count n keys.  If the slots are in the cache, one pass is faster than three.  Both hashing a key
 * and comparing it depend on its length; in one pass the branch on the length is mispredicted only
 * once for each key. */
static size_t add_some(struct table *t, const struct key_batch *a, size_t n)
{
	const struct group_measures *g = measures_of(t->measures, a->group);

	if (a->counts)
		return add_counted(t, a, n);
	if (g)
		return add_lines(t, a, g, n);
	return t->slots.size <= IN_CACHE ? add_in_cache(t, a, n) : add_in_memory(t, a, n);
}

bool table_add(struct table *t, struct key_batch *a)
{
	const struct group_measures *g = measures_of(t->measures, a->group);

	while (a->n) {
		size_t n = a->n < BATCH ? a->n : BATCH;
		size_t added = add_some(t, a, n);
		a->keys += added;
		if (g)
			a->numbers += added * g->numbers;
		if (a->counts)
			a->counts += added;
		a->n -= added;
		if (added < n)
			return false;
	}
	return true;
}

/* Add codes to the sets of an entry. */
static bool add_codes(struct table *t, const struct group_measures *g, struct entry *e,
	const struct code_list *codes)
{
	uint64_t at = offset_of(t, sets_of(g, e));

	for (size_t k = 0; k < g->coded_n; k++)
		for (size_t i = 0; i < codes[k].n; i++) {
			uint64_t word = codes[k].words[i];
			if (code_count(word) &&
				!count_code(t, at + 8 * k, code_of_word(word), code_count(word)))
				return false;
		}
	return true;
}

bool table_add_entry(struct table *t, const struct entry *e, const struct code_list *codes)
{
	uint64_t hash = e->hash << t->turn | e->hash >> (-t->turn & 63);
	struct item item = {entry_key(e), hash, e->group, home_of(t, hash)};
	const struct group_measures *g = measures_of(t->measures, e->group);
	struct entry *to = add(t, &item, e->count);

	return to && (!g || (measures_add(g, measures_at(to), entry_measures(e)) &&
				    (!codes || add_codes(t, g, to, codes))));
}

const struct measures *table_measures(const struct table *t)
{
	return t->measures;
}

struct range range_part(unsigned i, unsigned n)
{
	uint64_t size = UINT64_MAX / n;

	return (struct range){i * size, i + 1 == n ? UINT64_MAX : (i + 1) * size - 1};
}

/* Visit all slots that may lead to an entry of the range.  These slots begin at the home of the
 * range's first hash and end at the first empty slot after the home of its last hash, since the
 * slot of an entry may be after the entry's home.  The slots form a ring: the first slot follows
 * the last one.  Some of the entries that are found may belong to other ranges. */
static size_t walk_slots(
	const struct table *t, struct table_cursor *w, const struct entry **found, size_t room)
{
	const uint64_t *slots = slots_of(t);
	size_t mask = mask_of(t), n = 0;
	size_t home = (size_t)(w->range.first >> t->shift);
	size_t last = (size_t)(w->range.last >> t->shift) - home;

	for (; w->steps <= mask && n < room; w->steps++) {
		uint64_t slot = slots[(home + w->steps) & mask];
		const struct entry *ahead =
			entry_at(t, slots[(home + w->steps + AHEAD) & mask] & OFFSET_MASK);
		__builtin_prefetch(ahead);
		__builtin_prefetch(&ahead->key[39]); /* the next cache line */
		if (slot)
			found[n++] = entry_at(t, slot & OFFSET_MASK);
		else if (w->steps > last)
			w->steps = mask;
	}
	return n;
}

size_t table_range(
	const struct table *t, struct table_cursor *w, const struct entry **found, size_t room)
{
	size_t seen, n = 0;

	while (!n && (seen = walk_slots(t, w, found, room)))
		for (size_t i = 0; i < seen; i++)
			if (found[i]->hash >= w->range.first && found[i]->hash <= w->range.last)
				found[n++] = found[i];
	return n;
}
