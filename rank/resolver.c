#include "rank/resolver.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/array.h"
#include "store/pair.h"

/* A key that waits for its pairs. */
struct waiting {
	struct counted key;            /* its bytes and measures are in the arena */
	struct statistic_pairs *pairs; /* one for each statistic of its ranking */
};

struct resolver {
	struct ranking *rankings;
	size_t n_rankings;
	const struct measures *measures;
	struct arena arena;
	struct row_sink to; /* .take is NULL if rows are added to the rankings */

	/* The keys with the hash of the last key, in the order of a run. */
	struct waiting *waiting;
	size_t n, room;

	/* The pairs of a group come in the order of their keys, so this is the first key that the
	 * next pair of the group can have. */
	unsigned group;
	size_t next;
};

struct resolver *resolver_new(struct ranking *rankings, size_t n, const struct measures *m)
{
	struct resolver *r = calloc(1, sizeof *r);

	if (r)
		*r = (struct resolver){.rankings = rankings, .n_rankings = n, .measures = m};
	return r;
}

void resolver_hand_over(struct resolver *r, struct row_sink to)
{
	r->to = to;
}

void resolver_free(struct resolver *r)
{
	if (!r)
		return;
	arena_free(&r->arena);
	free(r->waiting);
	free(r);
}

static bool add_row(struct ranking *ranking, const struct counted *key,
	const struct statistic_pairs *pairs, const struct row_sink *to)
{
	const struct statistics *s = ranking->statistics;
	struct sum values[STATISTICS_ALL];
	struct row row = {key->key, key->count, values};

	for (size_t i = 0; s && i < s->n_all; i++)
		values[i] = statistic_value(&s->at[i], key, pairs ? &pairs[i] : NULL);
	return to && to->take ? to->take(to->ctx, key, &row) : top_add(ranking, &row);
}

bool resolver_add_key(struct ranking *ranking, const struct counted *key)
{
	return add_row(ranking, key, NULL, NULL);
}

bool resolver_add_coded(struct ranking *ranking, const struct counted *key,
	const struct group_measures *g, const struct code_list *codes)
{
	const struct statistics *s = ranking->statistics;
	struct statistic_pairs pairs[STATISTICS_ALL];

	for (size_t i = 0; s && i < s->n_all; i++) {
		pairs[i] = (struct statistic_pairs){.value = NUMBER_NONE, .index = -1};
		size_t k = 0;
		while (k < g->coded_n && s->at[i].pairs != g->coded[k].group)
			k++;
		for (size_t w = 0; k < g->coded_n && w < codes[k].n; w++)
			statistic_take_code(&s->at[i], &pairs[i],
				(uint16_t)code_of_word(codes[k].words[w]),
				code_count(codes[k].words[w]), key);
	}
	return add_row(ranking, key, pairs, NULL);
}

/* Add all waiting keys to their rankings. */
static bool flush(struct resolver *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct waiting *w = &r->waiting[i];
		if (!add_row(&r->rankings[w->key.group], &w->key, w->pairs, &r->to))
			return false;
	}
	r->n = 0;
	r->next = 0;
	arena_reset(&r->arena);
	return true;
}

/* Take memory from the arena, and copy some bytes to it.  NULL if out of memory. */
static char *copy(struct resolver *r, const char *bytes, size_t n)
{
	char *at = arena_take(&r->arena, n + 1);

	if (at && n)
		memcpy(at, bytes, n);
	return at;
}

static struct statistic_pairs *begin_pairs(struct resolver *r, const struct statistics *s)
{
	struct statistic_pairs *pairs =
		arena_take_aligned(&r->arena, (s->n_all + 1) * sizeof *pairs);

	for (size_t i = 0; pairs && i < s->n_all; i++) {
		pairs[i] = (struct statistic_pairs){.value = NUMBER_NONE, .index = -1};
		if (s->at[i].kind != STATISTIC_SKETCH)
			continue;
		pairs[i].ranks =
			arena_take_aligned(&r->arena, (SKETCH_RANKS + 1) * sizeof *pairs[i].ranks);
		if (!pairs[i].ranks)
			return NULL;
	}
	return pairs;
}

static bool take_key(struct resolver *r, const struct counted *key)
{
	const struct statistics *s = r->rankings[key->group].statistics;
	size_t measured = measures_bytes(r->measures, key->group);

	if (!ARRAY_GROW(r->waiting, r->n, &r->room))
		return false;
	struct waiting *w = &r->waiting[r->n];
	*w = (struct waiting){.key = *key};
	w->key.key.at = copy(r, key->key.at, key->key.len);
	w->key.measures = copy(r, key->measures, measured);
	if (s)
		w->pairs = begin_pairs(r, s);
	if (!w->key.key.at || !w->key.measures || (s && !w->pairs)) {
		errno = ENOMEM;
		return false;
	}
	r->n++;
	return true;
}

static bool take_pair(struct resolver *r, const struct counted *pair, unsigned group)
{
	if (pair->group != r->group)
		r->next = 0;
	r->group = pair->group;
	while (r->next < r->n && (r->waiting[r->next].key.group != group ||
					 !pair_has_first(pair->key, r->waiting[r->next].key.key)))
		r->next++;
	if (r->next == r->n) {
		errno = EBADMSG;
		return false;
	}
	const struct waiting *w = &r->waiting[r->next];
	const struct statistics *s = r->rankings[group].statistics;
	for (size_t i = 0; s && i < s->n_all; i++)
		if (s->at[i].pairs == pair->group)
			statistic_take_pair(&s->at[i], &w->pairs[i], pair, &w->key);
	return true;
}

bool resolver_take(struct resolver *r, const struct counted *c)
{
	unsigned group = measures_pairs_of(r->measures, c->group);

	if (r->n && r->waiting[0].key.hash != c->hash && !flush(r))
		return false;
	return group == c->group ? take_key(r, c) : take_pair(r, c, group);
}

bool resolver_end(struct resolver *r)
{
	return flush(r);
}

bool resolver_add_unseen(struct ranking *ranking, struct span key, const struct group_measures *g)
{
	struct statistic_pairs pairs[STATISTICS_ALL];
	char *measures = g ? malloc(g->bytes + 1) : NULL;
	struct counted c = {.key = key, .measures = measures};

	if (g && !measures)
		return false;
	if (g)
		measures_begin(g, measures);
	for (size_t i = 0; i < STATISTICS_ALL; i++)
		pairs[i] = (struct statistic_pairs){.value = NUMBER_NONE, .index = -1};
	bool ok = add_row(ranking, &c, pairs, NULL);
	free(measures);
	return ok;
}
