#include "rank/over_time.h"

#include <errno.h>
#include <stdlib.h>

#include "rank/ranker.h"
#include "rank/resolver.h"
#include "store/extsort.h"
#include "store/pair.h"
#include "store/tuple.h"

/* The key of a cell: the start of its row and the number of its column, the highest byte first, so
 * that cells are ordered as bytes.  The start is moved so that it is not negative. */
enum { START_BYTES = 8, CELL_BYTES = START_BYTES + 4 };

/* --- Other keys ------------------------------------------------------------------- */

/* Makes other keys from the counted ones, and sorts them. */
struct maker {
	const struct over_time_keys *keys;
	const struct counts *counts;
	struct over_time *table;
	struct extsort *sort;
	struct arena arena; /* of the key that is made */

	/* Make a key from the time and the rest of a counted key.  It may be in the arena.  False
	 * (errno) on error. */
	bool (*make)(struct maker *, struct span time, struct span rest, struct span *key);

	struct span *columns; /* the keys of the columns, sorted, */
	size_t *numbers;      /* and the numbers of their columns */
	bool any;             /* true if a key has been made */
};

/* Split a counted key into its time and the rest, a tuple of the other values. */
static struct span split_time(struct span key, struct span *rest)
{
	struct span time = pair_first(key);

	*rest = pair_second(key);
	return time;
}

/* Find the start of the row of a time, and let the rows of the table include it. */
static bool find_start(struct maker *m, struct span time, int64_t *start)
{
	struct over_time *t = m->table;

	if (!m->keys->start(m->keys->ctx, time, start)) {
		errno = EBADMSG;
		return false;
	}
	if (!m->any || *start < t->first)
		t->first = *start;
	if (!m->any || *start > t->last)
		t->last = *start;
	m->any = true;
	return true;
}

/* Find the value of a tuple that has only one.  False if out of memory. */
static bool unescape(struct maker *m, struct span tuple, struct span *value)
{
	char *at = arena_take(&m->arena, tuple.len + 1);

	if (at)
		tuple_split(tuple, 1, at, value);
	return at != NULL;
}

static bool make_column(struct maker *m, struct span time, struct span rest, struct span *key)
{
	int64_t start;

	*key = rest;
	if (!find_start(m, time, &start))
		return false;
	return m->keys->n_values != 1 || !span_first(rest, '\0') || unescape(m, rest, key);
}

static int compare_keys(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* Return the number of the column of a key; that of the rest if the key has no column. */
static size_t find_column(const struct maker *m, struct span key)
{
	size_t n = m->table->columns->n;
	const struct span *found =
		n ? bsearch(&key, m->columns, n, sizeof key, compare_keys) : NULL;

	return found ? m->numbers[found - m->columns] : n;
}

static bool make_cell(struct maker *m, struct span time, struct span rest, struct span *key)
{
	char *at = arena_take(&m->arena, CELL_BYTES);
	int64_t start;
	struct span column = rest;

	if (!at || !find_start(m, time, &start))
		return false;
	if (m->keys->n_values == 1 && span_first(rest, '\0') && !unescape(m, rest, &column))
		return false;
	uint64_t moved = (uint64_t)start ^ UINT64_C(1) << 63;
	size_t number = m->keys->n_values ? find_column(m, column) : 0;
	for (int i = 0; i < START_BYTES; i++)
		at[i] = (char)(moved >> (56 - 8 * i));
	for (int i = START_BYTES; i < CELL_BYTES; i++)
		at[i] = (char)(number >> (8 * (CELL_BYTES - 1 - i)));
	*key = span_of(at, CELL_BYTES);
	return true;
}

struct over_time_place over_time_place(const struct row *cell)
{
	const unsigned char *at = (const unsigned char *)cell->key.at;
	struct over_time_place p = {0};
	uint64_t moved = 0;

	for (int i = 0; i < START_BYTES; i++)
		moved = moved << 8 | at[i];
	for (int i = START_BYTES; i < CELL_BYTES; i++)
		p.column = p.column << 8 | at[i];
	p.start = (int64_t)(moved ^ UINT64_C(1) << 63);
	return p;
}

/* Make a key from a counted key. */
static bool make_key(struct maker *m, struct span counted, struct span *key)
{
	struct span rest, time = split_time(counted, &rest);

	return m->make(m, time, rest, key);
}

/* Make a pair from a counted pair: only its key changes. */
static bool make_pair(struct maker *m, struct span pair, struct span *made)
{
	struct span counted, key;

	if (!unescape(m, pair_first(pair), &counted) || !make_key(m, counted, &key))
		return false;
	*made = pair_make(&m->arena, key, pair_second(pair));
	return made->at != NULL;
}

static bool take(void *maker, const struct counted *c)
{
	struct maker *m = maker;
	struct counted made = *c;

	if (measures_pairs_of(m->counts->measures, c->group) != m->keys->group)
		return true;
	arena_reset(&m->arena);
	bool ok = c->group == m->keys->group ? make_key(m, c->key, &made.key)
					     : make_pair(m, c->key, &made.key);
	return ok && extsort_add(m->sort, &made);
}

/* --- Ranking them ------------------------------------------------------------------ */

static bool resolve(void *resolver, const struct counted *c)
{
	return resolver_take(resolver, c);
}

/* Copy the key of a row that is added to a ranking. */
static bool hold(void *arena, struct span *key)
{
	char *at = arena_take(arena, key->len + 1);

	if (!at)
		return false;
	if (key->len)
		memcpy(at, key->at, key->len);
	key->at = at;
	return true;
}

/* Walk through all counted keys, make other keys, and add these to the last of `rankings`, whose
 * number is that of the group. */
static bool sort_and_resolve(struct maker *m, struct ranking *rankings)
{
	const struct counts *c = m->counts;
	uint64_t half = counts_memory_left(c) / 2;
	struct resolver *r = resolver_new(rankings, m->keys->group + 1, c->measures);

	m->sort = extsort_new(c->measures, half);
	bool ok = r && m->sort && ranker_walk(c, half, (struct sink){take, m}) &&
		  extsort_end(m->sort, (struct sink){resolve, r}) && resolver_end(r);
	int saved = errno;
	resolver_free(r);
	extsort_free(m->sort);
	arena_free(&m->arena);
	errno = saved;
	return ok;
}

/* Make other keys, and add them to a ranking. */
static bool rank(struct maker *m, struct ranking *to)
{
	struct ranking *rankings = calloc(m->keys->group + 1, sizeof *rankings);

	if (!rankings)
		return false;
	to->hold = hold;
	to->holder = &m->table->keys;
	rankings[m->keys->group] = *to;
	bool ok = sort_and_resolve(m, rankings);
	*to = rankings[m->keys->group];
	to->hold = NULL;
	free(rankings);
	return ok;
}

bool over_time_begin(struct over_time *t, const struct counts *c, const struct over_time_keys *keys)
{
	struct maker m = {.keys = keys, .counts = c, .table = t, .make = make_column};

	return rank(&m, t->columns);
}

/* --- Cells ------------------------------------------------------------------------ */

static int compare_cells(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return memcmp(x->key.at, y->key.at, CELL_BYTES);
}

/* Sort the keys of the columns, so that find_column() finds them. */
static bool sort_columns(struct maker *m)
{
	const struct ranking *columns = m->table->columns;

	m->columns = calloc(columns->n + 1, sizeof *m->columns);
	m->numbers = calloc(columns->n + 1, sizeof *m->numbers);
	if (!m->columns || !m->numbers)
		return false;
	for (size_t i = 0; i < columns->n; i++)
		m->columns[i] = columns->rows[i].key;
	qsort(m->columns, columns->n, sizeof *m->columns, compare_keys);
	for (size_t i = 0; i < columns->n; i++) {
		const struct span *found = bsearch(
			&columns->rows[i].key, m->columns, columns->n, sizeof *found, compare_keys);
		m->numbers[found - m->columns] = i;
	}
	return true;
}

/* Compute the values of an empty cell. */
static bool find_empty(struct over_time *t, const struct counts *c, unsigned group)
{
	struct ranking scratch = {.by = BY_COUNT, .statistics = t->cells.statistics};
	const struct statistics *s = scratch.statistics;

	if (!s)
		return true;
	bool ok = resolver_add_unseen(&scratch, span_of("", 0), measures_of(c->measures, group));
	if (ok)
		memcpy(t->empty, scratch.rows[0].values, s->n_all * sizeof *t->empty);
	ranking_free(&scratch);
	return ok;
}

bool over_time_fill(struct over_time *t, const struct counts *c, const struct over_time_keys *keys)
{
	struct maker m = {.keys = keys, .counts = c, .table = t, .make = make_cell};

	t->has_rest = keys->n_values && t->columns->keys > t->columns->n;
	t->cells = (struct ranking){.order = ORDER_WEIGHT,
		.by = BY_COUNT,
		.statistics = t->columns->statistics,
		.first = NUMBER_NONE,
		.last = NUMBER_NONE};
	t->row = calloc(over_time_columns(t), sizeof *t->row);
	bool ok =
		t->row && sort_columns(&m) && find_empty(t, c, keys->group) && rank(&m, &t->cells);
	free(m.columns);
	free(m.numbers);
	if (ok && t->cells.n)
		qsort(t->cells.rows, t->cells.n, sizeof *t->cells.rows, compare_cells);
	return ok;
}

size_t over_time_columns(const struct over_time *t)
{
	size_t n = t->columns->n + t->has_rest;

	return n ? n : 1;
}

void over_time_free(struct over_time *t)
{
	ranking_free(&t->cells);
	arena_free(&t->keys);
	free(t->row);
	*t = (struct over_time){0};
}
