#include "store/combine.h"

#include <stdlib.h>

#include "lib/arena.h"

enum {
	WINDOW = 1024, /* about this many entries, of all tables together, are in one window */
	FOUND = 64,    /* entries to get from a table at a time */
};

/* The keys of a window, in a hash table.  An element of .index is 0, or 1 + the number of an item.
 * .index has mask + 1 elements, at least twice as many as there are items. */
struct window {
	struct counted *items;
	size_t n, room;
	uint32_t *index;
	size_t mask;
	const struct measures *measures;
	struct arena totals; /* the measures of the items */
	struct arena pair;
	bool gives_codes; /* as pairs */
};

static void index_item(struct window *w, size_t item)
{
	size_t i = w->items[item].hash & w->mask;

	while (w->index[i])
		i = (i + 1) & w->mask;
	w->index[i] = (uint32_t)item + 1;
}

/* Make room for twice as many items, and index the present ones anew.  False if out of memory. */
static bool grow(struct window *w)
{
	size_t room = w->room ? 2 * w->room : WINDOW;
	struct counted *items = realloc(w->items, room * sizeof *items);

	if (!items)
		return false;
	w->items = items;
	uint32_t *index = calloc(2 * room, sizeof *index);
	if (!index)
		return false;
	free(w->index);
	w->index = index;
	w->mask = 2 * room - 1;
	w->room = room;
	for (size_t i = 0; i < w->n; i++)
		index_item(w, i);
	return true;
}

static bool is_key_of(const struct counted *item, const struct entry *e)
{
	return item->hash == e->hash && item->group == e->group &&
	       span_equal(item->key, entry_key(e));
}

/* Make a copy of the item's measures, to which those of other tables can be added. */
static bool copy_measures(struct window *w, struct counted *item)
{
	size_t bytes = measures_bytes(w->measures, item->group);
	char *copy = bytes ? arena_take(&w->totals, bytes) : NULL;

	if (copy)
		memcpy(copy, item->measures, bytes);
	item->measures = copy;
	return copy || !bytes;
}

static bool add(struct window *w, const struct entry *e)
{
	if (w->n == w->room && !grow(w))
		return false;
	struct counted more = entry_counted(e);
	size_t i = e->hash & w->mask;
	for (; w->index[i]; i = (i + 1) & w->mask) {
		struct counted *item = &w->items[w->index[i] - 1];
		if (is_key_of(item, e))
			return counted_add(
				item, (char *)(uintptr_t)item->measures, &more, w->measures);
	}
	w->items[w->n++] = more;
	w->index[i] = (uint32_t)w->n;
	return copy_measures(w, &w->items[w->n - 1]);
}

static bool add_table(struct window *w, const struct table *t, struct range range, struct sink sink)
{
	const struct entry *found[FOUND];
	struct table_cursor walk = {.range = range};

	for (size_t n; (n = table_range(t, &walk, found, FOUND));)
		for (size_t i = 0; i < n; i++)
			if (!add(w, found[i]) ||
				(w->gives_codes && !table_give_codes(t, found[i], &w->pair, sink)))
				return false;
	return true;
}

static bool combine_window(struct window *w, const struct table *const *tables, size_t n,
	struct range range, struct sink sink)
{
	if (w->index)
		memset(w->index, 0, (w->mask + 1) * sizeof *w->index);
	w->n = 0;
	arena_reset(&w->totals);
	for (size_t i = 0; i < n; i++)
		if (!add_table(w, tables[i], range, sink))
			return false;
	for (size_t i = 0; i < w->n; i++)
		if (!sink.take(sink.ctx, &w->items[i]))
			return false;
	return true;
}

/* Return the number of different hashes that a window spans. */
static uint64_t window_length(const struct table *const *tables, size_t n)
{
	uint64_t keys = 0, windows = 1;

	for (size_t i = 0; i < n; i++)
		keys += table_keys(tables[i]);
	while (windows < keys / WINDOW)
		windows *= 2;
	return UINT64_MAX / windows;
}

static bool combine(const struct table *const *tables, size_t n, struct range range,
	struct sink sink, bool gives_codes)
{
	struct window w = {
		.measures = n ? table_measures(tables[0]) : NULL, .gives_codes = gives_codes};
	uint64_t length = window_length(tables, n);
	bool ok = true;

	for (uint64_t first = range.first, last; ok; first = last + 1) {
		last = range.last - first > length ? first + length - 1 : range.last;
		ok = combine_window(&w, tables, n, (struct range){first, last}, sink);
		if (last == range.last)
			break;
	}
	free(w.items);
	free(w.index);
	arena_free(&w.totals);
	arena_free(&w.pair);
	return ok;
}

bool combine_tables(
	const struct table *const *tables, size_t n, struct range range, struct sink sink)
{
	return combine(tables, n, range, sink, true);
}

bool combine_keys(const struct table *const *tables, size_t n, struct range range, struct sink sink)
{
	return combine(tables, n, range, sink, false);
}
