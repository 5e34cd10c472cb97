/* runs.h -- runs of keys for tests: random ones, kept as blocks in memory, and put together. */
#ifndef RUNS_H
#define RUNS_H

#include "store/sorted_run.h"
#include "sums.h"
#include "unit.h"

static inline int compare_counted(const void *a, const void *b)
{
	return counted_compare(a, b);
}

/* Keys that are taken, with bytes of their own. */
struct taken {
	bool sums; /* keys have a sum; others have .measures = NULL */
	struct counted *at;
	size_t n;
};

static inline bool take_copy(void *taken, const struct counted *c)
{
	struct taken *t = taken;
	size_t len = c->key.len, measured = t->sums ? SUM_BYTES : 0;
	char *copy = malloc(len + measured + 1);

	if (!(t->n & (t->n - 1))) /* twice as much, each time that it is full */
		t->at = realloc(t->at, (t->n ? 2 * t->n : 1) * sizeof *t->at);
	assert_true(t->at && copy);
	if (len)
		memcpy(copy, c->key.at, len);
	if (measured)
		memcpy(copy + len, c->measures, measured);
	t->at[t->n] = *c;
	t->at[t->n].measures = measured ? copy + len : NULL;
	t->at[t->n++].key.at = copy;
	return true;
}

static inline void taken_free(struct taken *t)
{
	for (size_t i = 0; i < t->n; i++)
		free((void *)(uintptr_t)t->at[i].key.at);
	free(t->at);
	*t = (struct taken){.sums = t->sums};
}

/* The same keys, each once, in a run's order: the plain way. */
static inline void taken_put_together(struct taken *t)
{
	size_t n = 0;

	if (t->n)
		qsort(t->at, t->n, sizeof *t->at, compare_counted);
	for (size_t i = 0; i < t->n; i++) {
		if (!n || compare_counted(&t->at[n - 1], &t->at[i]) != 0) {
			t->at[n++] = t->at[i];
			continue;
		}
		struct counted *to = &t->at[n - 1];
		to->count += t->at[i].count;
		struct sum sum = counted_sum(to);
		assert_true(sum_add(&sum, counted_sum(&t->at[i])));
		if (to->measures)
			put_sum((char *)(uintptr_t)to->measures, sum);
		free((void *)(uintptr_t)t->at[i].key.at);
	}
	t->n = n;
}

static inline void assert_same_keys(const struct taken *got, const struct taken *expected)
{
	assert_int_equal(got->n, expected->n);
	for (size_t i = 0; i < got->n; i++) {
		const struct counted *a = &got->at[i], *b = &expected->at[i];
		assert_true(a->hash == b->hash);
		assert_int_equal(a->group, b->group);
		assert_span_equal(a->key, b->key);
		assert_true(a->count == b->count);
		assert_int_equal(sum_compare(counted_sum(a), counted_sum(b)), 0);
	}
}

/* Blocks that were put, which a run gives again. */
struct blocks {
	struct run_block *at;
	size_t n, next;
};

static inline bool put_block(void *blocks, const struct run_block *b)
{
	struct blocks *all = blocks;
	char *copy = malloc(b->entries.len);

	all->at = realloc(all->at, (all->n + 1) * sizeof *all->at);
	assert_true(all->at && copy);
	memcpy(copy, b->entries.at, b->entries.len);
	all->at[all->n] = *b;
	all->at[all->n++].entries.at = copy;
	return true;
}

static inline bool next_of_blocks(void *blocks, struct run_block *b, bool *more)
{
	struct blocks *all = blocks;

	*more = all->next < all->n;
	if (*more) {
		*b = all->at[all->next];
		b->entries = span_of(NULL, 0);
	}
	return true;
}

static inline bool load_of_blocks(void *blocks, struct run_block *b)
{
	struct blocks *all = blocks;

	b->entries = all->at[all->next++].entries;
	return true;
}

static inline struct run run_of(struct blocks *b)
{
	b->next = 0;
	return (struct run){.next = next_of_blocks, .load = load_of_blocks, .ctx = b};
}

static inline void blocks_free(struct blocks *b)
{
	for (size_t i = 0; i < b->n; i++)
		free((void *)(uintptr_t)b->at[i].entries.at);
	free(b->at);
	*b = (struct blocks){0};
}

enum { RANDOM_KEY = 64 + SUM_BYTES };

/* A key of some length, one of `keys`, in one of three groups. */
static inline struct counted random_key(
	uint64_t *seed, uint64_t keys, char bytes[RANDOM_KEY], bool sums)
{
	uint64_t number = (random_next(seed) >> 11) % keys;
	struct counted c = {
		.group = (unsigned)random_below(seed, 3), .count = 1 + random_below(seed, 1000)};

	memset(bytes, (int)number, 64);
	memcpy(bytes, &number, sizeof number);
	c.key = span_of(bytes, number ? sizeof number + number % 50 : 0);
	if (sums)
		c.measures = put_sum(bytes + 64,
			(struct sum){random_next(seed), (int64_t)random_below(seed, 9) - 4});
	c.hash = run_hash(NULL, c.group, c.key);
	return c;
}

#endif
