#include "store/run.h"

#include <errno.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "store/pack.h"

uint64_t run_hash(unsigned group, struct span key)
{
	return XXH3_64bits_withSeed(key.len ? key.at : "", key.len, RUN_SEED + group);
}

void run_put(char *to, const struct counted *c, bool sums)
{
	pack_set_u64(to, c->count);
	pack_set_u64(to + 8, (uint64_t)c->key.len << 16 | c->group);
	to += 16;
	if (sums) {
		pack_set_u64(to, c->sum.low);
		pack_set_u64(to + 8, (uint64_t)c->sum.high);
		to += 16;
	}
	if (c->key.len)
		memcpy(to, c->key.at, c->key.len);
}

bool run_take(struct span *rest, bool sums, struct counted *c)
{
	size_t head = sums ? 32 : 16;

	if (rest->len < head)
		return false;
	uint64_t group_and_len = pack_get_u64(rest->at + 8), len = group_and_len >> 16;
	if (len > rest->len - head)
		return false;
	*c = (struct counted){.group = (unsigned)(group_and_len & (RUN_GROUPS - 1)),
		.key = span_of(rest->at + head, (size_t)len),
		.count = pack_get_u64(rest->at)};
	if (sums)
		c->sum = (struct sum){
			pack_get_u64(rest->at + 16), (int64_t)pack_get_u64(rest->at + 24)};
	rest->at += head + len;
	rest->len -= head + (size_t)len;
	return true;
}

/* --- Making a run ----------------------------------------------------------------- */

void run_begin(
	struct run_writer *w, bool sums, bool (*put)(void *, const struct run_block *), void *to)
{
	w->sums = sums;
	w->put = put;
	w->to = to;
	w->block = (struct run_block){.entries = {w->buffer, 0}};
}

bool run_end(struct run_writer *w)
{
	if (!w->block.keys)
		return true;
	bool ok = w->put(w->to, &w->block);
	w->block.keys = 0;
	w->block.entries.len = 0;
	return ok;
}

/* An entry that is larger than a block should be. */
static bool put_alone(struct run_writer *w, uint64_t hash, const struct counted *c, size_t size)
{
	char *bytes = malloc(size);

	if (!bytes)
		return false;
	run_put(bytes, c, w->sums);
	struct run_block block = {run_range(hash), hash, 1, span_of(bytes, size)};
	bool ok = w->put(w->to, &block);
	int why = errno;
	free(bytes);
	errno = why;
	return ok;
}

bool run_add(struct run_writer *w, uint64_t hash, const struct counted *c)
{
	uint64_t size = run_size(c->key, w->sums);
	struct run_block *b = &w->block;

	if ((run_range(hash) != b->range || b->entries.len + size > RUN_BLOCK) && !run_end(w))
		return false;
	if (size > RUN_BLOCK)
		return put_alone(w, hash, c, (size_t)size);
	if (!b->keys++) {
		b->range = run_range(hash);
		b->first = hash;
	}
	run_put(w->buffer + b->entries.len, c, w->sums);
	b->entries.len += (size_t)size;
	return true;
}

/* --- Putting runs together -------------------------------------------------------- */

/* A run, and where it is. */
struct cursor {
	struct run *run;
	struct run_block block;
	struct span rest;   /* entries of the block behind this one */
	bool loaded;        /* false: it is before the block's first entry, and only knows hash */
	uint64_t hash;      /* of this entry */
	struct counted now; /* this entry */
	struct span last;   /* of the block before, its last key, if the hash is the same; owned */
	unsigned last_group;
};

struct merger {
	struct cursor **heap; /* the first comes first */
	size_t n;
	bool sums;
	unsigned groups;
};

/* What is not loaded comes before what is, of one hash: so all of that hash are loaded when the
 * first of them is looked at. */
static bool is_before(const struct cursor *a, const struct cursor *b)
{
	if (a->hash != b->hash)
		return a->hash < b->hash;
	if (!a->loaded || !b->loaded)
		return !a->loaded;
	if (a->now.group != b->now.group)
		return a->now.group < b->now.group;
	return span_compare(a->now.key, b->now.key) < 0;
}

static bool is_same_key(const struct cursor *c, const struct counted *key)
{
	return c->now.group == key->group && span_equal(c->now.key, key->key);
}

static void sink(struct merger *m, size_t i)
{
	struct cursor *c = m->heap[i];

	for (size_t child; (child = 2 * i + 1) < m->n; i = child) {
		if (child + 1 < m->n && is_before(m->heap[child + 1], m->heap[child]))
			child++;
		if (!is_before(m->heap[child], c))
			break;
		m->heap[i] = m->heap[child];
	}
	m->heap[i] = c;
}

static void rise(struct merger *m, struct cursor *c)
{
	size_t i = m->n++;

	for (size_t parent; i && is_before(c, m->heap[parent = (i - 1) / 2]); i = parent)
		m->heap[i] = m->heap[parent];
	m->heap[i] = c;
}

static struct cursor *take_first(struct merger *m)
{
	struct cursor *first = m->heap[0];

	m->heap[0] = m->heap[--m->n];
	if (m->n)
		sink(m, 0);
	return first;
}

/* The two are errors: both return false. */
static bool set_damaged(struct cursor *c)
{
	c->run->failed = true;
	errno = EBADMSG;
	return false;
}

static bool set_failed(struct cursor *c)
{
	c->run->failed = true;
	return false;
}

/* Keys ascend: group and key behind those before, where the hash is the same. */
static bool ascends(uint64_t hash, unsigned group, struct span key, const struct cursor *c)
{
	if (c->hash != hash)
		return c->hash > hash;
	if (c->now.group != group)
		return c->now.group > group;
	return span_compare(c->now.key, key) > 0;
}

/* The next entry of the block, which must be one. */
static bool take_entry(const struct merger *m, struct cursor *c)
{
	if (!run_take(&c->rest, m->sums, &c->now) || c->now.group >= m->groups)
		return set_damaged(c);
	c->run->keys++;
	c->hash = run_hash(c->now.group, c->now.key);
	return run_range(c->hash) == c->block.range || set_damaged(c);
}

/* Have a copy of this key, for as long as the next block may hold another of its hash. */
static bool keep_last(struct cursor *c)
{
	char *copy = malloc(c->now.key.len + 1);

	if (!copy)
		return false;
	if (c->now.key.len)
		memcpy(copy, c->now.key.at, c->now.key.len);
	c->last = span_of(copy, c->now.key.len);
	c->last_group = c->now.group;
	return true;
}

static void forget_last(struct cursor *c)
{
	free((void *)(uintptr_t)c->last.at);
	c->last = span_of(NULL, 0);
}

/* Go to the next block; first: there is none before it. */
static bool next_block(struct cursor *c, bool first, bool *more)
{
	struct run_block before = c->block;
	uint64_t hash = c->hash;

	if (!c->run->next(c->run->of, &c->block, more))
		return set_failed(c);
	c->loaded = false;
	c->hash = c->block.first;
	if (!*more)
		return true;
	if (c->block.range >= RUN_RANGES || run_range(c->hash) != c->block.range)
		return set_damaged(c);
	return first || (c->block.range >= before.range && c->hash >= hash) || set_damaged(c);
}

static bool load_block(const struct merger *m, struct cursor *c)
{
	if (!c->run->load(c->run->of, &c->block))
		return set_failed(c);
	c->rest = c->block.entries;
	c->loaded = true;
	if (!take_entry(m, c) || c->hash != c->block.first)
		return set_damaged(c);
	bool ok = !c->last.at || ascends(c->hash, c->last_group, c->last, c);
	forget_last(c);
	return ok || set_damaged(c);
}

/* Go to the next entry, and tell whether there is one. */
static bool advance(const struct merger *m, struct cursor *c, bool *more)
{
	struct counted before = c->now;
	uint64_t hash = c->hash;

	*more = true;
	if (c->rest.len)
		return take_entry(m, c) &&
		       (ascends(hash, before.group, before.key, c) || set_damaged(c));
	if (!keep_last(c) || !next_block(c, false, more))
		return false;
	if (!*more || c->hash != hash)
		forget_last(c);
	return true;
}

static bool begin(struct merger *m, struct cursor *cursors, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool more;
		if (!next_block(&cursors[i], true, &more))
			return false;
		if (more)
			rise(m, &cursors[i]);
	}
	return true;
}

/* Have the first cursor's entry in memory, and so all that may be of the same key. */
static bool load_first(struct merger *m)
{
	while (!m->heap[0]->loaded) {
		if (!load_block(m, m->heap[0]))
			return false;
		sink(m, 0);
	}
	return true;
}

/* Go on behind an entry that was taken. */
static bool put_back(struct merger *m, struct cursor *c)
{
	bool more;

	if (!advance(m, c, &more))
		return false;
	if (more)
		rise(m, c);
	return true;
}

/* The key that comes first, with what all have of it. */
static bool merge_key(
	struct merger *m, bool (*take)(void *, uint64_t hash, const struct counted *), void *to)
{
	if (!load_first(m))
		return false;
	struct cursor *first = take_first(m);
	struct counted all = first->now;
	while (m->n && m->heap[0]->loaded && is_same_key(m->heap[0], &all)) {
		struct cursor *other = take_first(m);
		if (!sum_add_counted(&all.count, &all.sum, other->now.count, other->now.sum) ||
			!put_back(m, other))
			return false;
		/* Behind a block's end there may be another of the same hash. */
		if (m->n && m->heap[0]->hash == first->hash && !load_first(m))
			return false;
	}
	return take(to, first->hash, &all) && put_back(m, first);
}

bool run_merge(struct run *runs, size_t n, bool sums, unsigned groups,
	bool (*take)(void *, uint64_t hash, const struct counted *), void *to)
{
	struct cursor *cursors = calloc(n + 1, sizeof *cursors);
	struct merger m = {calloc(n + 1, sizeof(struct cursor *)), 0, sums, groups};
	bool ok = cursors && m.heap;

	for (size_t i = 0; ok && i < n; i++)
		cursors[i].run = &runs[i];
	ok = ok && begin(&m, cursors, n);
	while (ok && m.n)
		ok = merge_key(&m, take, to);
	int why = errno;
	for (size_t i = 0; cursors && i < n; i++)
		forget_last(&cursors[i]);
	free(cursors);
	free(m.heap);
	errno = why;
	return ok;
}
