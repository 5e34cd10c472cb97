#include "store/sorted_run.h"

#include <errno.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "store/pack.h"
#include "store/pair.h"

/* Hash the first part of a pair, with its NULs as they are in the key. */
static uint64_t hash_doubled(struct span first, uint64_t seed)
{
	XXH3_state_t state;

	XXH3_INITSTATE(&state);
	XXH3_64bits_reset_withSeed(&state, seed);
	while (first.len) {
		const char *nul = span_first(first, '\0');
		size_t len = nul ? (size_t)(nul + 1 - first.at) : first.len;
		XXH3_64bits_update(&state, first.at, len);
		/* A damaged pair may end with a NUL. */
		first = span_from(first, nul && len < first.len ? len + 1 : len);
	}
	return XXH3_64bits_digest(&state);
}

uint64_t run_hash(const struct measures *m, unsigned group, struct span key)
{
	unsigned first = measures_pairs_of(m, group);

	if (first != group) {
		key = pair_first(key);
		if (span_first(key, '\0'))
			return hash_doubled(key, RUN_SEED + first);
	}
	return XXH3_64bits_withSeed(key.len ? key.at : "", key.len, RUN_SEED + first);
}

/* --- Making a run ----------------------------------------------------------------- */

void run_begin(struct run_writer *w, const struct measures *measures, struct block_sink to)
{
	w->measures = measures;
	w->to = to;
	w->block = (struct run_block){.entries = {w->buffer, 0}};
}

bool run_end(struct run_writer *w)
{
	if (!w->block.keys)
		return true;
	bool ok = w->to.put(w->to.ctx, &w->block);
	w->block.keys = 0;
	w->block.entries.len = 0;
	return ok;
}

/* Hand over an entry that is too large for a block as a block of its own. */
static bool put_alone(struct run_writer *w, const struct counted *c, size_t size)
{
	char *bytes = malloc(size);

	if (!bytes)
		return false;
	counted_put(bytes, c, w->measures);
	struct run_block block = {run_range(c->hash), c->hash, 1, span_of(bytes, size)};
	bool ok = w->to.put(w->to.ctx, &block);
	free(bytes);
	return ok;
}

bool run_add(struct run_writer *w, const struct counted *c)
{
	uint64_t size = counted_size(c, w->measures);
	struct run_block *b = &w->block;

	if ((run_range(c->hash) != b->range || b->entries.len + size > RUN_BLOCK) && !run_end(w))
		return false;
	if (size > RUN_BLOCK)
		return put_alone(w, c, (size_t)size);
	if (!b->keys++) {
		b->range = run_range(c->hash);
		b->first = c->hash;
	}
	counted_put(w->buffer + b->entries.len, c, w->measures);
	b->entries.len += (size_t)size;
	return true;
}

/* --- Merging runs ----------------------------------------------------------------- */

/* A run that is being merged, and how far it has been read.  A block is loaded only when its first
 * key may be the smallest one that is left in all runs.  Until then, only the hash of that key is
 * known; it is in now.hash. */
struct cursor {
	struct run *run;
	struct run_block block;
	bool loaded;
	struct counted now; /* the next entry; until the block is loaded, only its .hash is valid */
	struct span rest;   /* the block's entries after .now */

	/* A copy of the last key of the previous block, if this block begins with the same hash.
	 * Otherwise .key.at is NULL. */
	struct counted last;
};

/* A heap of cursors.  heap[0] is the first of them in the order of is_before() (Knuth, TAOCP vol.
 * 3, 5.2.3). */
struct merger {
	struct cursor **heap;
	size_t n;
	const struct measures *measures;
	char *total; /* the measures of the key that is handed over */
	unsigned groups;
};

/* True if cursor a must be handled before cursor b.  If their hashes are equal, a cursor whose
 * block is not loaded comes first.  So all blocks that begin with a hash are loaded before the
 * first key with that hash is handed over. */
static bool is_before(const struct cursor *a, const struct cursor *b)
{
	if (a->now.hash == b->now.hash && (!a->loaded || !b->loaded))
		return !a->loaded;
	return counted_compare(&a->now, &b->now) < 0;
}

/* Move the cursor at i down the heap until no child comes before it. */
static void sift_down(struct merger *m, size_t i)
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

static void push(struct merger *m, struct cursor *c)
{
	size_t i = m->n++;

	for (size_t parent; i && is_before(c, m->heap[parent = (i - 1) / 2]); i = parent)
		m->heap[i] = m->heap[parent];
	m->heap[i] = c;
}

static struct cursor *pop(struct merger *m)
{
	struct cursor *first = m->heap[0];

	m->heap[0] = m->heap[--m->n];
	if (m->n)
		sift_down(m, 0);
	return first;
}

/* Note that the error was in the run of this cursor.  Always returns false. */
static bool set_failed(struct cursor *c)
{
	c->run->failed = true;
	return false;
}

static bool set_damaged(struct cursor *c)
{
	errno = EBADMSG;
	return set_failed(c);
}

/* Add a count to the run's sum of counts.  False if the count is not valid, or if the sum
 * overflows. */
static bool add_count(struct run *run, uint64_t count)
{
	return count && (!run->most || count <= run->most) &&
	       !__builtin_add_overflow(run->counts, count, &run->counts);
}

static bool take_entry(const struct merger *m, struct cursor *c)
{
	if (!counted_take(&c->rest, m->measures, &c->now) || c->now.group >= m->groups ||
		!add_count(c->run, c->now.count))
		return set_damaged(c);
	c->run->keys++;
	c->now.hash = run_hash(m->measures, c->now.group, c->now.key);
	return run_range(c->now.hash) == c->block.range || set_damaged(c);
}

static bool keep_last(struct cursor *c)
{
	char *copy = malloc(c->now.key.len + 1);

	if (!copy)
		return false;
	if (c->now.key.len)
		memcpy(copy, c->now.key.at, c->now.key.len);
	c->last = c->now;
	c->last.key.at = copy;
	return true;
}

static void forget_last(struct cursor *c)
{
	free((void *)(uintptr_t)c->last.key.at);
	c->last.key.at = NULL;
}

/* Go to the next block.  `first` is true for the first block of a run. */
static bool next_block(struct cursor *c, bool first, bool *more)
{
	uint64_t before = c->now.hash;

	if (!c->run->next(c->run->ctx, &c->block, more))
		return set_failed(c);
	c->loaded = false;
	c->now.hash = c->block.first;
	bool ok = !*more || (run_range(c->block.first) == c->block.range &&
				    (first || c->block.first >= before));
	return ok || set_damaged(c);
}

static bool load_block(const struct merger *m, struct cursor *c)
{
	if (!c->run->load(c->run->ctx, &c->block))
		return set_failed(c);
	c->rest = c->block.entries;
	c->loaded = true;
	if (!take_entry(m, c) || c->now.hash != c->block.first)
		return set_damaged(c);
	bool ok = !c->last.key.at || counted_compare(&c->last, &c->now) < 0;
	forget_last(c);
	return ok || set_damaged(c);
}

/* Go to the next entry.  *more becomes false at the end of the run. */
static bool advance(const struct merger *m, struct cursor *c, bool *more)
{
	struct counted before = c->now;

	*more = true;
	if (c->rest.len)
		return take_entry(m, c) &&
		       (counted_compare(&before, &c->now) < 0 || set_damaged(c));
	if (!keep_last(c) || !next_block(c, false, more))
		return false;
	if (!*more || c->now.hash != before.hash)
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
			push(m, &cursors[i]);
	}
	return true;
}

/* Load blocks until the block of the first cursor is loaded.  Then all blocks that may have its key
 * are loaded. */
static bool load_first(struct merger *m)
{
	while (!m->heap[0]->loaded) {
		if (!load_block(m, m->heap[0]))
			return false;
		sift_down(m, 0);
	}
	return true;
}

/* Move a popped cursor to its next entry, and put it back if there is one. */
static bool put_back(struct merger *m, struct cursor *c)
{
	bool more;

	if (!advance(m, c, &more))
		return false;
	if (more)
		push(m, c);
	return true;
}

/* Hand over the smallest key that is left, with its totals over all runs. */
static bool merge_key(struct merger *m, struct sink sink)
{
	if (!load_first(m))
		return false;
	struct cursor *first = pop(m);
	struct counted all = first->now;
	memcpy(m->total, all.measures, measures_bytes(m->measures, all.group));
	all.measures = m->total;
	while (m->n && m->heap[0]->loaded && counted_is_same_key(&m->heap[0]->now, &all)) {
		struct cursor *other = pop(m);
		if (!counted_add(&all, m->total, &other->now, m->measures) || !put_back(m, other))
			return false;
		/* The next block of the other run may begin with the same hash.  Then it must be
		 * loaded, too. */
		if (m->n && m->heap[0]->now.hash == all.hash && !load_first(m))
			return false;
	}
	return sink.take(sink.ctx, &all) && put_back(m, first);
}

bool run_merge(struct run *runs, size_t n, const struct measures *measures, unsigned groups,
	struct sink sink)
{
	struct cursor *cursors = calloc(n + 1, sizeof *cursors);
	struct merger m = {calloc(n + 1, sizeof(struct cursor *)), 0, measures,
		malloc(measures_most_bytes(measures) + 1), groups};
	bool ok = cursors && m.heap && m.total;

	for (size_t i = 0; ok && i < n; i++)
		cursors[i].run = &runs[i];
	ok = ok && begin(&m, cursors, n);
	while (ok && m.n)
		ok = merge_key(&m, sink);
	for (size_t i = 0; cursors && i < n; i++)
		forget_last(&cursors[i]);
	free(cursors);
	free(m.heap);
	free(m.total);
	return ok;
}
