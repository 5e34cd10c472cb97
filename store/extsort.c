#include "store/extsort.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/pack.h"
#include "lib/array.h"
#include "lib/fullio.h"
#include "lib/tempfile.h"

enum {
	LEAST = 1 << 20, /* bytes of memory to use even if fewer are allowed */
	LEVELS = 8,
	SMALL = 24, /* up to this many items are sorted by insertion */
};

/* A key that was added: its hash, and the offset of its entry in the sort's .bytes. */
struct item {
	uint64_t hash, at;
};

/* Runs in a file, one after the other.  A run is a sequence of blocks, each with a frame before it;
 * a frame without keys ends the run. */
struct level {
	int fd; /* -1 if there is no file yet */
	uint64_t size;
	uint64_t *runs; /* the offset at which each run begins */
	size_t n, room;
	bool failed; /* true if this file has caused an error */
};

struct frame {
	uint64_t range, first, keys, len;
};

struct extsort {
	const struct measures *measures;
	char *total; /* the measures of the key that is handed over */
	uint64_t memory;
	char *bytes;
	size_t used, room;
	struct item *items;
	size_t n, items_room;
	struct level levels[LEVELS];
};

struct extsort *extsort_new(const struct measures *measures, uint64_t memory)
{
	struct extsort *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->total = malloc(measures_most_bytes(measures) + 1);
	if (!s->total) {
		free(s);
		return NULL;
	}
	s->measures = measures;
	s->memory = memory > LEAST ? memory : LEAST;
	for (int i = 0; i < LEVELS; i++)
		s->levels[i].fd = -1;
	return s;
}

void extsort_free(struct extsort *s)
{
	if (!s)
		return;
	for (int i = 0; i < LEVELS; i++) {
		if (s->levels[i].fd >= 0)
			close(s->levels[i].fd);
		free(s->levels[i].runs);
	}
	free(s->bytes);
	free(s->items);
	free(s->total);
	free(s);
}

bool extsort_has_failed(const struct extsort *s)
{
	for (int i = 0; i < LEVELS; i++)
		if (s->levels[i].failed)
			return true;
	return false;
}

/* --- Sorting in memory ----------------------------------------------------------- */

static struct counted counted_at(const struct extsort *s, const struct item *item)
{
	struct span rest = span_of(s->bytes + item->at, (size_t)(s->used - item->at));
	struct counted c = {0};

	counted_take(&rest, s->measures, &c);
	c.hash = item->hash;
	return c;
}

static int by_order(const void *a, const void *b, void *sort)
{
	const struct item *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	struct counted p = counted_at(sort, x), q = counted_at(sort, y);
	return counted_compare(&p, &q);
}

static void sort_few(struct extsort *s, struct item *items, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct item item = items[i];
		size_t k = i;
		for (; k && by_order(&item, &items[k - 1], s) < 0; k--)
			items[k] = items[k - 1];
		items[k] = item;
	}
}

/* Sort the items, in place, by the byte of their hashes that begins at bit `shift`.  end[b] becomes
 * the end of the items whose byte is b.  (The American flag sort of McIlroy, Bostic, McIlroy:
 * Engineering Radix Sort, Computing Systems 1993.) */
static void sort_by_byte(struct item *items, size_t n, unsigned shift, size_t end[256])
{
	size_t next[256], at = 0, counts[256] = {0};

	for (size_t i = 0; i < n; i++)
		counts[items[i].hash >> shift & 255]++;
	for (unsigned b = 0; b < 256; b++) {
		next[b] = at;
		end[b] = at += counts[b];
	}
	for (unsigned b = 0; b < 256; b++) {
		while (next[b] < end[b]) {
			struct item item = items[next[b]];
			for (unsigned is; (is = item.hash >> shift & 255) != b;) {
				struct item other = items[next[is]];
				items[next[is]++] = item;
				item = other;
			}
			items[next[b]++] = item;
		}
	}
}

static void sort_items(struct extsort *s, struct item *items, size_t n, unsigned shift)
{
	size_t end[256], from = 0;

	if (n <= SMALL) {
		sort_few(s, items, n);
		return;
	}
	sort_by_byte(items, n, shift, end);
	for (unsigned b = 0; b < 256; from = end[b++]) {
		if (shift)
			sort_items(s, items + from, end[b] - from, shift - 8);
		else if (end[b] - from > 1)
			qsort_r(items + from, end[b] - from, sizeof *items, by_order, s);
	}
}

/* --- The memory as a run --------------------------------------------------------- */

/* Sort the keys in memory, and hand over each of them once, with its totals. */
static bool give_items(struct extsort *s, struct sink sink)
{
	sort_items(s, s->items, s->n, 56);
	for (size_t i = 0; i < s->n;) {
		struct counted all = counted_at(s, &s->items[i]);
		memcpy(s->total, all.measures, measures_bytes(s->measures, all.group));
		all.measures = s->total;
		while (++i < s->n && s->items[i].hash == all.hash) {
			struct counted more = counted_at(s, &s->items[i]);
			if (!counted_is_same_key(&all, &more))
				break;
			if (!counted_add(&all, s->total, &more, s->measures))
				return false;
		}
		if (!sink.take(sink.ctx, &all))
			return false;
	}
	return true;
}

/* --- Runs in files --------------------------------------------------------------- */

static bool fail(struct level *l)
{
	l->failed = true;
	return false;
}

static bool append(struct level *l, const void *bytes, size_t len)
{
	if (!fullio_write_at(l->fd, bytes, len, l->size))
		return fail(l);
	l->size += len;
	return true;
}

static bool write_block(void *level, const struct run_block *b)
{
	struct frame frame = {b->range, b->first, b->keys, b->entries.len};

	return append(level, &frame, sizeof frame) && append(level, b->entries.at, b->entries.len);
}

static bool add_to_run(void *writer, const struct counted *c)
{
	return run_add(writer, c);
}

static bool begin_run(struct level *l)
{
	if (!ARRAY_GROW(l->runs, l->n, &l->room))
		return false;
	l->runs[l->n++] = l->size;
	if (l->fd < 0)
		l->fd = tempfile_open();
	return l->fd >= 0 || fail(l);
}

/* Append a run to the file of level `l`.  The run has the keys that give(s, from, sink) hands over.
 */
static bool write_run(struct extsort *s, struct level *l,
	bool (*give)(struct extsort *, struct level *, struct sink), struct level *from)
{
	struct run_writer *w = malloc(sizeof *w);
	struct frame end = {0};

	if (!w)
		return false;
	run_begin(w, s->measures, (struct block_sink){write_block, l});
	bool ok = begin_run(l) && give(s, from, (struct sink){add_to_run, w}) && run_end(w) &&
		  append(l, &end, sizeof end);
	free(w);
	return ok;
}

/* A run that is being read from its file. */
struct stored_run {
	struct level *of;
	uint64_t at; /* where to read next: the next frame, or the entries of the current block */
	uint64_t len;
	char *buffer;
	size_t room;
};

static bool read_more(struct stored_run *r, void *to, size_t len)
{
	r->at += len;
	return fullio_read_all_at(r->of->fd, to, len, r->at - len) || fail(r->of);
}

static bool next_block(void *run, struct run_block *b, bool *more)
{
	struct stored_run *r = run;
	struct frame frame;

	if (!read_more(r, &frame, sizeof frame))
		return false;
	*b = (struct run_block){(unsigned)frame.range, frame.first, frame.keys, {NULL, 0}};
	r->len = frame.len;
	*more = frame.keys > 0;
	return true;
}

static bool load_block(void *run, struct run_block *b)
{
	struct stored_run *r = run;
	size_t room = r->len > RUN_BLOCK ? (size_t)r->len : RUN_BLOCK;

	if (room != r->room) {
		free(r->buffer);
		r->buffer = malloc(room);
		r->room = r->buffer ? room : 0;
	}
	if (!r->buffer || !read_more(r, r->buffer, (size_t)r->len))
		return false;
	b->entries = span_of(r->buffer, (size_t)r->len);
	return true;
}

static void close_runs(struct stored_run *runs, struct run *sources, size_t n)
{
	for (size_t i = 0; runs && i < n; i++)
		free(runs[i].buffer);
	free(runs);
	free(sources);
}

/* Merge the runs of all levels from `from` up to, but not including, `end`. */
static bool merge_levels(
	struct extsort *s, struct level *from, const struct level *end, struct sink sink)
{
	size_t n = 0, all = 0;

	for (struct level *l = from; l < end; l++)
		all += l->n;
	struct stored_run *runs = calloc(all + 1, sizeof *runs);
	struct run *sources = calloc(all + 1, sizeof *sources);
	bool ok = runs && sources;
	for (struct level *l = from; ok && l < end; l++) {
		for (size_t i = 0; i < l->n; i++, n++) {
			runs[n] = (struct stored_run){.of = l, .at = l->runs[i]};
			sources[n] = (struct run){
				.next = next_block, .load = load_block, .ctx = &runs[n]};
		}
	}
	ok = ok && run_merge(sources, n, s->measures, COUNTED_GROUPS, sink);
	for (size_t i = 0; i < n; i++)
		if (sources[i].failed && errno == EBADMSG) /* another program has changed it */
			fail(runs[i].of);
	close_runs(runs, sources, n);
	return ok;
}

/* --- Sorting --------------------------------------------------------------------- */

static bool give_memory(struct extsort *s, struct level *none, struct sink sink)
{
	(void)none;
	return give_items(s, sink);
}

static bool give_level(struct extsort *s, struct level *l, struct sink sink)
{
	return merge_levels(s, l, l + 1, sink);
}

/* The largest number of runs to merge at once.  Half of the memory must have room for one block of
 * each run. */
static size_t most_runs(const struct extsort *s)
{
	return (size_t)(s->memory / 2 / RUN_BLOCK);
}

/* If level i has most_runs() runs, merge them into one run of the next level, and empty level i.
 * The last level is never merged. */
static bool raise_level(struct extsort *s, int i)
{
	struct level *l = &s->levels[i];

	if (l->n < most_runs(s) || i + 1 == LEVELS)
		return true;
	if (!write_run(s, l + 1, give_level, l))
		return false;
	if (ftruncate(l->fd, 0) != 0)
		return fail(l);
	l->n = 0;
	l->size = 0;
	return raise_level(s, i + 1);
}

/* Write the keys in memory to a file, as a run. */
static bool write_items(struct extsort *s)
{
	if (!write_run(s, &s->levels[0], give_memory, NULL))
		return false;
	s->used = s->n = 0;
	if (s->room <= s->memory)
		return true;
	free(s->bytes); /* the buffer has grown beyond the limit, for one large key */
	s->bytes = NULL;
	s->room = 0;
	return true;
}

/* Free the buffers for new keys before a merge, since the merge needs their memory. */
static void free_buffers(struct extsort *s)
{
	free(s->bytes);
	free(s->items);
	s->bytes = NULL;
	s->items = NULL;
	s->used = s->room = s->n = s->items_room = 0;
}

static bool make_room(struct extsort *s)
{
	if (!write_items(s))
		return false;
	if (s->levels[0].n < most_runs(s))
		return true;
	free_buffers(s);
	return raise_level(s, 0);
}

/* Make room for `needed` elements of `size` bytes.  The room doubles, but does not exceed `most`
 * unless more are needed.  Returns the new address; NULL if out of memory. */
static void *grow(void *at, size_t *room, size_t needed, size_t most, size_t size)
{
	size_t wanted = *room ? 2 * *room : LEAST / 4 / size;

	wanted = wanted > most ? most : wanted;
	wanted = wanted < needed ? needed : wanted;
	if (needed <= *room)
		return at;
	void *more = realloc(at, wanted * size);
	if (more)
		*room = wanted;
	return more;
}

static bool widen(struct extsort *s, size_t size)
{
	/* For short keys, the items take about a third of the memory, and the entries take the
	 * rest. */
	size_t most_items = (size_t)(s->memory / 3 / sizeof *s->items);
	size_t most_bytes = (size_t)(s->memory - s->memory / 3);
	struct item *items = grow(s->items, &s->items_room, s->n + 1, most_items, sizeof *s->items);

	if (!items)
		return false;
	s->items = items;
	char *bytes = grow(s->bytes, &s->room, s->used + size, most_bytes, 1);
	if (!bytes)
		return false;
	s->bytes = bytes;
	return true;
}

static bool is_full(const struct extsort *s, uint64_t size)
{
	return s->n && (s->used + size > s->memory - s->memory / 3 ||
			       (s->n + 1) * sizeof *s->items > s->memory / 3);
}

bool extsort_add(struct extsort *s, const struct counted *c)
{
	uint64_t size = counted_size(c, s->measures);

	if (is_full(s, size) && !make_room(s))
		return false;
	if (!widen(s, (size_t)size))
		return false;
	counted_put(s->bytes + s->used, c, s->measures);
	s->items[s->n++] = (struct item){run_hash(s->measures, c->group, c->key), s->used};
	s->used += (size_t)size;
	return true;
}

static bool any_runs(const struct extsort *s)
{
	for (int i = 0; i < LEVELS; i++)
		if (s->levels[i].n)
			return true;
	return false;
}

bool extsort_end(struct extsort *s, struct sink sink)
{
	if (!any_runs(s))
		return give_items(s, sink);
	if (s->n && !write_items(s))
		return false;
	free_buffers(s);
	return merge_levels(s, s->levels, s->levels + LEVELS, sink);
}
