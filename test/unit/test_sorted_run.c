/* test_sorted_run.c -- runs put together are the keys of all; what is no run is refused. */
#include "runs.h"

#include <errno.h>
#include <stdio.h>

static void write_run(const struct taken *t, bool sums, struct blocks *to)
{
	struct run_writer *w = malloc(sizeof *w);

	assert_non_null(w);
	run_begin(w, measures_for(sums), (struct block_sink){put_block, to});
	for (size_t i = 0; i < t->n; i++)
		assert_true(run_add(w, &t->at[i]));
	assert_true(run_end(w));
	free(w);
}

static void add_random(struct taken *t, uint64_t *seed, size_t n, uint64_t keys, bool sums)
{
	char bytes[RANDOM_KEY];

	for (size_t i = 0; i < n; i++) {
		struct counted c = random_key(seed, keys, bytes, sums);
		take_copy(t, &c);
	}
	taken_put_together(t);
}

TEST(runs_of_many_keys)
{
	static const uint64_t keys[] = {1, 3, 500, 100000};
	enum { RUNS = 5 };
	uint64_t seed = 1;

	for (size_t i = 0; i < 2 * COUNT(keys); i++) {
		bool sums = i % 2;
		struct taken all = {.sums = sums}, got = {.sums = sums};
		struct blocks blocks[RUNS] = {0};
		struct run runs[RUNS];
		for (size_t r = 0; r < RUNS; r++) {
			struct taken t = {.sums = sums};
			add_random(&t, &seed, r == 2 ? 0 : 3000, keys[i / 2], sums);
			write_run(&t, sums, &blocks[r]);
			for (size_t k = 0; k < t.n; k++)
				take_copy(&all, &t.at[k]);
			taken_free(&t);
			runs[r] = run_of(&blocks[r]);
		}
		taken_put_together(&all);
		assert_true(run_merge(runs, RUNS, measures_for(sums), 3, (struct sink){take_copy, &got}));
		assert_same_keys(&got, &all);
		assert_true(runs[2].keys == 0 && runs[0].keys > 0);
		taken_free(&got);
		taken_free(&all);
		for (size_t r = 0; r < RUNS; r++)
			blocks_free(&blocks[r]);
	}
}

TEST(blocks_are_of_one_range_and_no_larger_than_they_may_be)
{
	struct taken t = {0};
	struct blocks b = {0};
	uint64_t seed = 2, keys = 0;
	size_t len = 3 * RUN_BLOCK;
	char *large = malloc(len);

	memset(large, 'x', len);
	for (unsigned group = 0; group < 3; group++) {
		struct counted c = {.group = group, .key = span_of(large, len), .count = 1};
		c.hash = run_hash(NULL, group, c.key);
		take_copy(&t, &c);
	}
	add_random(&t, &seed, 100000, 100000, false);
	write_run(&t, false, &b);
	for (size_t i = 0; i < b.n; i++) {
		assert_true(b.at[i].keys && run_range(b.at[i].first) == b.at[i].range);
		assert_true(b.at[i].entries.len <= RUN_BLOCK || b.at[i].keys == 1);
		keys += b.at[i].keys;
	}
	assert_true(keys == t.n);
	struct run run = run_of(&b);
	struct taken got = {0};
	assert_true(run_merge(&run, 1, NULL, 3, (struct sink){take_copy, &got}));
	assert_same_keys(&got, &t);
	taken_free(&got);
	taken_free(&t);
	blocks_free(&b);
	free(large);
}

/* --- What is no run ---------------------------------------------------------------- */

static void assert_damaged(struct blocks *b, const char *what)
{
	struct run run = run_of(b);
	struct taken got = {0};

	if (run_merge(&run, 1, NULL, 3, (struct sink){take_copy, &got}))
		fail_msg("taken for a run: %s", what);
	assert_int_equal(errno, EBADMSG);
	assert_true(run.failed);
	taken_free(&got);
}

/* A small run, of two blocks at least of which the second has several keys. */
static struct blocks small_run(struct taken *t)
{
	struct blocks b = {0};
	uint64_t seed = 3;

	*t = (struct taken){0};
	add_random(t, &seed, 2000, 5000, false);
	write_run(t, false, &b);
	assert_true(b.n > 2 && b.at[1].keys > 2);
	return b;
}

static char *entry_of(struct blocks *b, size_t block, size_t entry)
{
	struct span rest = b->at[block].entries;
	struct counted c;

	for (size_t i = 0; i < entry; i++)
		assert_true(counted_take(&rest, NULL, &c));
	return (char *)(uintptr_t)rest.at;
}

TEST(hostile_entries)
{
	enum { CASES = 7 };

	for (int i = 0; i < CASES; i++) {
		struct taken t;
		struct blocks b = small_run(&t);
		char *second = entry_of(&b, 1, 1);
		switch (i) {
		case 0:
			b.at[1].entries.len--;
			break;
		case 1:
			memset(second + 10, 0xff, 6); /* a length of 2^48 - 1 */
			break;
		case 2:
			second[8] = 3; /* a group that is none */
			break;
		case 3:
			second[16]++; /* another key: not its range, or not in order */
			break;
		case 4:
			b.at[1].first++;
			break;
		case 5:
			b.at[1].range++;
			break;
		case 6: {
			struct run_block other = b.at[1]; /* not in order */
			b.at[1] = b.at[2];
			b.at[2] = other;
			break;
		}
		}
		char what[20];
		snprintf(what, sizeof what, "case %d", i);
		assert_damaged(&b, what);
		taken_free(&t);
		blocks_free(&b);
	}
}

/* The same block twice has the same keys twice. */
TEST(a_key_that_comes_twice)
{
	struct taken t;
	struct blocks b = small_run(&t);
	struct run_block *again = malloc((b.n + 1) * sizeof *again);
	char *copy = malloc(b.at[0].entries.len);

	memcpy(copy, b.at[0].entries.at, b.at[0].entries.len);
	memcpy(again + 1, b.at, b.n * sizeof *again);
	again[0] = b.at[0];
	again[0].entries.at = copy;
	free(b.at);
	b.at = again;
	b.n++;
	assert_damaged(&b, "a block twice");
	taken_free(&t);
	blocks_free(&b);
}

/* One key in a block by itself, twice: only the copy that is kept of it tells. */
TEST(a_key_that_comes_twice_in_blocks_of_its_own)
{
	struct blocks b = {0};
	char bytes[16 + 3];
	struct counted c = {.key = {"abc", 3}, .count = 1};
	uint64_t hash = run_hash(NULL, 0, c.key);

	counted_put(bytes, &c, NULL);
	struct run_block block = {run_range(hash), hash, 1, span_of(bytes, sizeof bytes)};
	put_block(&b, &block);
	struct run run = run_of(&b);
	struct taken got = {0};
	assert_true(run_merge(&run, 1, NULL, 1, (struct sink){take_copy, &got}));
	assert_int_equal(got.n, 1);
	taken_free(&got);
	put_block(&b, &block);
	assert_damaged(&b, "a key twice");
	blocks_free(&b);
}

TEST(counts_and_sums_out_of_all_bounds)
{
	for (int sums = 0; sums <= 1; sums++) {
		struct blocks b[2] = {0};
		struct run runs[2];
		struct counted c = {.key = {"k", 1}, .count = sums ? 1 : UINT64_MAX};
		char sum[SUM_BYTES];
		c.measures = sums ? put_sum(sum, (struct sum){0, INT64_MAX}) : NULL;
		struct taken t = {.sums = sums}, got = {.sums = sums};
		c.hash = run_hash(NULL, 0, c.key);
		take_copy(&t, &c);
		for (int i = 0; i < 2; i++) {
			write_run(&t, sums, &b[i]);
			runs[i] = run_of(&b[i]);
		}
		assert_false(run_merge(runs, 2, measures_for(sums), 1, (struct sink){take_copy, &got}));
		assert_int_equal(errno, EOVERFLOW);
		taken_free(&t);
		taken_free(&got);
		blocks_free(&b[0]);
		blocks_free(&b[1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_of_many_keys),
		cmocka_unit_test(blocks_are_of_one_range_and_no_larger_than_they_may_be),
		cmocka_unit_test(hostile_entries),
		cmocka_unit_test(a_key_that_comes_twice),
		cmocka_unit_test(a_key_that_comes_twice_in_blocks_of_its_own),
		cmocka_unit_test(counts_and_sums_out_of_all_bounds),
	};

	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
