/* test_resolver.c -- statistics from pairs, compared with a naive program: in one process and in
 * several, from tables, files and runs, and for keys whose hashes collide. */
#include "compiling.h"
#include "runs.h"
#include "tables.h"

#include <errno.h>
#include <stdio.h>

#include "lib/rounded.h"
#include "lib/sketch.h"
#include "rank/ranker.h"
#include "rank/resolver.h"
#include "rank/transfer.h"
#include "store/extsort.h"
#include "store/pair.h"

enum { SEED = 3, VALUES = 200, NUMBERS = 400, TABLES = 3, GROUPS = 3 };

/* Keys that differ little.  Some are tuples, or look like pairs. */
static const struct span keys[] = {BYTES(""), BYTES("\0"), BYTES("\0\0"), BYTES("\0\1"),
	BYTES("\0\2"), BYTES("\1"), BYTES("\1\0"), BYTES("a"), BYTES("a\0"), BYTES("a\0\1"),
	BYTES("a\0\1b"), BYTES("a\0\2"), BYTES("a\0\2b"), BYTES("a\0b"), BYTES("a\1"), BYTES("ab"),
	BYTES("ab\0\1c\0\1d"), BYTES("abc"), BYTES("\xff"), BYTES("\xff\0")};
enum { KEYS = sizeof keys / sizeof *keys };

/* --- The queries --------------------------------------------------------------------- */

/* Rankings with and without pairs.  The columns of the first are in the order of enum column. */
enum column { UNIQ, SKETCH, MEDIAN, P90, AVG, MIN };

/* True if all pairs are codes, so that keys need not be sorted. */
static bool only_codes;

static struct query *open_query(void)
{
	static struct arg columns[] = {
		{"uniq,~uniq:2", "-s"}, {"p50,p90,avg,min:3", "-s"}, {"uniq:3", "-s"}};
	static struct grouping_spec groupings[GROUPS] = {
		{.fields = {"1", "-f"}}, {.fields = {"1", "-f"}}, {.fields = {"1", "-f"}}};
	static const struct query_spec spec = {
		.delimiter = -1, .groupings = groupings, .n_groupings = GROUPS};

	groupings[0].sum = only_codes ? (struct args){.at = columns + 1, .n = 1}
				      : (struct args){.at = columns, .n = 2};
	groupings[2].sum = (struct args){.at = columns + 2, .n = !only_codes};
	return compile_query(&spec, *scan_all());
}

static void open_rankings(const struct query *q, struct ranking to[GROUPS])
{
	size_t n;
	const struct grouping *g = query_groupings(q, &n);

	for (size_t i = 0; i < GROUPS; i++)
		to[i] = (struct ranking){
			.statistics = g[i].measured.statistics.n ? &g[i].measured.statistics : NULL,
			.by = BY_COUNT,
			.order = ORDER_KEY};
}

/* --- The naive program --------------------------------------------------------------- */

struct naive {
	uint64_t lines;
	bool has[VALUES];
	struct sum numbers[NUMBERS]; /* sorted by finish() */
	size_t n;
};

static int by_number(const void *a, const void *b)
{
	return sum_compare(*(const struct sum *)a, *(const struct sum *)b);
}

static struct span value_of(size_t i, char to[8])
{
	memcpy(to, "\0\1v\0\0\0\0\0", 8);
	to[3] = (char)i;
	return span_of(to, i % 5 + 3 + (i % 5 == 0));
}

static uint64_t different(const struct naive *n)
{
	uint64_t all = 0;

	for (size_t i = 0; i < VALUES; i++)
		all += n->has[i];
	return all;
}

static uint64_t estimate(const struct naive *n)
{
	unsigned char greatest[SKETCH_REGISTERS] = {0};
	uint32_t ranks[SKETCH_RANKS + 1] = {0};

	for (size_t i = 0; i < VALUES; i++) {
		char room[8];
		struct sketch_mark m = sketch_mark(value_of(i, room));
		if (n->has[i] && m.rank > greatest[m.index])
			greatest[m.index] = m.rank;
	}
	for (size_t i = 0; i < SKETCH_REGISTERS; i++)
		ranks[greatest[i]]++;
	return sketch_estimate(ranks);
}

static struct sum percentile(const struct naive *n, size_t percent)
{
	struct sum exact, rounded;

	if (!n->n)
		return NUMBER_NONE;
	exact = n->numbers[(n->n * percent + 99) / 100 - 1];
	rounded = rounded_number(rounded_code(exact));
	if (sum_compare(rounded, n->numbers[0]) < 0)
		return n->numbers[0];
	return sum_compare(rounded, n->numbers[n->n - 1]) > 0 ? n->numbers[n->n - 1] : rounded;
}

static bool is_count(struct sum got, uint64_t n)
{
	char text[SUM_TEXT], expected[SUM_TEXT];

	snprintf(expected, sizeof expected, "%llu", (unsigned long long)n);
	return strcmp(sum_print(got, text), expected) == 0;
}

static void check_row(const struct row *row, const struct naive *n)
{
	assert_true(row->count == n->lines);
	size_t first = only_codes ? MEDIAN : 0;
	const struct sum *values = row->values;

	assert_true(only_codes || is_count(values[UNIQ], different(n)));
	assert_true(only_codes || is_count(values[SKETCH], estimate(n)));
	assert_int_equal(sum_compare(values[MEDIAN - first], percentile(n, 50)), 0);
	assert_int_equal(sum_compare(values[P90 - first], percentile(n, 90)), 0);
	if (n->n)
		assert_int_equal(sum_compare(values[MIN - first], n->numbers[0]), 0);
	else
		assert_true(
			number_is_none(values[MIN - first]) && number_is_none(values[AVG - first]));
}

/* The rows are in the order of keys[]; the number of lines in each group differs. */
static void check_rankings(const struct ranking r[GROUPS], struct naive (*naive)[KEYS])
{
	for (size_t g = 0; g < GROUPS; g++) {
		size_t row = 0;
		for (size_t k = 0; k < KEYS; k++) {
			const struct naive *n = &naive[g][k];
			if (!n->lines)
				continue;
			while (row < r[g].n && !span_equal(r[g].rows[row].key, keys[k]))
				row++;
			assert_true(row < r[g].n);
			const struct row *got = &r[g].rows[row];
			assert_true(got->count == n->lines);
			if (g == 0)
				check_row(got, n);
			else if (g == 2 && !only_codes)
				assert_true(is_count(got->values[0], different(n)));
			row = 0;
		}
		uint64_t with = 0;
		for (size_t k = 0; k < KEYS; k++)
			with += naive[g][k].lines > 0;
		assert_true(r[g].keys == with && r[g].n == with);
	}
}

/* --- Counting ------------------------------------------------------------------------ */

struct counting {
	struct query *query;
	struct counts counts;
	struct arena arena;
	struct naive naive[GROUPS][KEYS];
};

static void open_counting(struct counting *c, uint64_t budget)
{
	*c = (struct counting){.query = open_query()};
	c->counts = (struct counts){.n = TABLES,
		.measures = query_measures(c->query),
		.seed = SEED,
		.memory = 1 << 20,
		.tables = calloc(TABLES, sizeof *c->counts.tables),
		.spills = calloc(TABLES, sizeof *c->counts.spills)};
	for (size_t i = 0; i < TABLES; i++) {
		c->counts.tables[i] = table_new(&(struct table_spec){
			.measures = c->counts.measures, .seed = SEED, .budget = budget});
		c->counts.spills[i] = spill_new(false);
		assert_true(c->counts.tables[i] && c->counts.spills[i]);
	}
}

static void close_counting(struct counting *c)
{
	counts_free(&c->counts);
	arena_free(&c->arena);
	query_free(c->query);
}

static void add(
	struct counting *c, size_t table, unsigned group, struct span key, struct sum *numbers)
{
	struct key_batch a = {&key, numbers, 1, group, NULL};

	while (!table_add(c->counts.tables[table], &a)) {
		assert_int_equal(errno, ENOBUFS);
		assert_true(spill_write(c->counts.spills[table], c->counts.tables[table]) &&
			    table_reset(c->counts.tables[table]));
	}
}

/* Count a line as a worker does: the key, and the pairs. */
static void count_line(struct counting *c, size_t table, unsigned group, size_t key, size_t value,
	struct sum number)
{
	size_t n;
	const struct grouping *g = &query_groupings(c->query, &n)[group];
	struct naive *naive = &c->naive[group][key];
	char room[8];

	add(c, table, group, keys[key], &number);
	for (size_t i = 0; i < g->measured.n_pairs; i++) {
		if (g->measured.pairs[i].kind == PAIR_CODE)
			continue;
		struct span the_key = keys[key];
		struct found_keys of[4] = {0}, *pairs = &of[i];
		struct found_keys found = {
			.keys = &the_key, .numbers = &number, .n_numbers = 1, .n = 1, .pairs = of};
		assert_true(found_keys_reserve(pairs));
		assert_true(grouping_add_pair(g, i, 0, value_of(value, room), &c->arena, &found));
		for (size_t k = 0; k < pairs->n; k++)
			add(c, table, g->measured.pairs[i].group, pairs->keys[k], NULL);
		free(pairs->keys);
	}
	arena_reset(&c->arena);
	naive->lines++;
	naive->has[value] = true;
	if (!number_is_none(number))
		naive->numbers[naive->n++] = number;
}

static void count_random(struct counting *c, uint64_t seed, size_t lines)
{
	for (size_t i = 0; i < lines; i++) {
		unsigned group = (unsigned)random_below(&seed, GROUPS);
		size_t key = random_below(&seed, 1 + random_below(&seed, KEYS));
		struct sum number = {random_next(&seed) >> random_below(&seed, 64), 0};
		if (c->naive[group][key].n == NUMBERS)
			continue;
		count_line(c, random_below(&seed, TABLES), group, key,
			random_below(&seed, 1 + random_below(&seed, VALUES)),
			random_below(&seed, 9) ? number : NUMBER_NONE);
	}
	for (size_t i = 0; i < TABLES; i++)
		assert_true(spill_follow(c->counts.spills[i]));
	for (size_t g = 0; g < GROUPS; g++)
		for (size_t k = 0; k < KEYS; k++)
			qsort(c->naive[g][k].numbers, c->naive[g][k].n, sizeof(struct sum),
				by_number);
}

static void check_tables(void)
{
	static const size_t lines[] = {0, 1, 50, 3000, 8000};

	for (size_t i = 0; i < 2 * COUNT(lines); i++) {
		static struct counting c;
		open_counting(&c, i % 2 ? 150000 : 0);
		count_random(&c, i + 1, lines[i / 2]);
		assert_true(
			only_codes || lines[i / 2] < 8000 || !(i % 2) || counts_spilled(&c.counts));
		for (unsigned jobs = 1; jobs <= 3; jobs++) {
			struct ranking r[GROUPS];
			open_rankings(c.query, r);
			assert_true(ranker_rank(&c.counts, r, GROUPS, jobs));
			check_rankings(r, c.naive);
			for (size_t g = 0; g < GROUPS; g++)
				ranking_free(&r[g]);
		}
		close_counting(&c);
	}
}

TEST(tables_and_spilled_tables)
{
	check_tables();
}

TEST(tables_of_codes)
{
	only_codes = true;
	check_tables();
	only_codes = false;
}

static bool hold_key(void *arena, struct span *key)
{
	char *copy = arena_take(arena, key->len + 1);

	if (copy && key->len)
		memcpy(copy, key->at, key->len);
	key->at = copy;
	return copy != NULL;
}

/* --- Runs ---------------------------------------------------------------------------- */

/* What walks hand over goes to the share of one of two resolvers. */
struct halves {
	struct resolver *resolvers[2];
};

static bool take_half(void *halves, const struct counted *c)
{
	struct halves *h = halves;

	return resolver_take(h->resolvers[run_range(c->hash) >= RUN_RANGES / 2], c);
}

static bool add_to_run(void *writer, const struct counted *c)
{
	return run_add(writer, c);
}

static bool sort_key(void *sort, const struct counted *c)
{
	return extsort_add(sort, c);
}

/* Each table becomes a run.  The runs are merged, and two resolvers take half of the keys each. */
TEST(runs_in_two_halves)
{
	static struct counting c;
	static struct run_writer w;
	struct blocks blocks[TABLES] = {0};
	struct run runs[TABLES];
	struct ranking half[2][GROUPS];
	struct halves h;

	open_counting(&c, 0);
	count_random(&c, 77, 6000);
	for (size_t i = 0; i < TABLES; i++) {
		struct counts one = c.counts;
		struct extsort *sort = extsort_new(one.measures, 0);
		one.tables += i;
		one.spills += i;
		one.n = 1;
		run_begin(&w, one.measures, (struct block_sink){put_block, &blocks[i]});
		assert_true(ranker_walk(&one, 1 << 20, (struct sink){sort_key, sort}));
		assert_true(extsort_end(sort, (struct sink){add_to_run, &w}) && run_end(&w));
		runs[i] = run_of(&blocks[i]);
		extsort_free(sort);
	}
	struct arena kept[2] = {0};
	for (size_t i = 0; i < 2; i++) {
		open_rankings(c.query, half[i]);
		for (size_t g = 0; g < GROUPS; g++) {
			half[i][g].hold = hold_key;
			half[i][g].holder = &kept[i];
		}
		h.resolvers[i] = resolver_new(half[i], GROUPS, c.counts.measures);
	}
	assert_true(run_merge(runs, TABLES, c.counts.measures, (unsigned)c.counts.measures->n,
		(struct sink){take_half, &h}));
	for (size_t i = 0; i < 2; i++) {
		assert_true(resolver_end(h.resolvers[i]));
		resolver_free(h.resolvers[i]);
		for (size_t g = 0; g < GROUPS; g++)
			top_finish(&half[i][g]);
	}
	assert_true(half[0][0].n && half[1][0].n);
	/* From one process to another. */
	struct pack p = {0};
	transfer_pack(&p, half[1], GROUPS, TRANSFER_BYTES);
	assert_int_equal(p.n, transfer_size(half[1], GROUPS, TRANSFER_BYTES));
	struct unpack u = {.rest = span_of(p.at, p.n)};
	assert_true(transfer_merge_packed(&u, half[0], GROUPS, TRANSFER_BYTES));
	assert_true(unpack_is_over(&u));
	check_rankings(half[0], c.naive);
	for (size_t i = 0; i < 2; i++) {
		for (size_t g = 0; g < GROUPS; g++)
			ranking_free(&half[i][g]);
		arena_free(&kept[i]);
	}
	for (size_t i = 0; i < TABLES; i++)
		blocks_free(&blocks[i]);
	pack_free(&p);
	close_counting(&c);
}

/* --- Hashes -------------------------------------------------------------------------- */

/* The pairs of a key are where the key is, however many NULs it has. */
TEST(a_pair_has_the_hash_of_its_key)
{
	struct query *q = open_query();
	const struct measures *m = query_measures(q);
	struct arena arena = {0};
	unsigned groups = 0;

	for (unsigned g = GROUPS; g < m->n; g++) {
		unsigned of = measures_pairs_of(m, g);
		assert_true(of < GROUPS);
		for (size_t k = 0; k < KEYS; k++)
			for (size_t v = 0; v < KEYS; v++) {
				struct span pair = pair_make(&arena, keys[k], keys[v]);
				assert_true(run_hash(m, g, pair) == run_hash(m, of, keys[k]));
				assert_true(
					run_hash(m, of, keys[k]) == run_hash(NULL, of, keys[k]));
			}
		groups++;
	}
	assert_int_equal(groups, 4);
	/* Keys of any length. */
	static char bytes[3000];
	uint64_t seed = 1;
	for (int i = 0; i < 3000; i++) {
		struct span key = span_of(bytes, random_below(&seed, sizeof bytes));
		random_bytes(&seed, bytes, key.len, span_of("\0\1abcdefgh", (size_t)i % 10 + 1));
		struct span pair = pair_make(&arena, key, key);
		assert_true(run_hash(m, GROUPS, pair) == run_hash(m, 0, key));
		arena_reset(&arena);
	}
	arena_free(&arena);
	query_free(q);
}

/* Pairs of forged snapshots: without a value, and with NULs at the end. */
TEST(the_hash_of_no_pair)
{
	static const struct span pairs[] = {BYTES(""), BYTES("a"), BYTES("\0"), BYTES("a\0"),
		BYTES("\0\0"), BYTES("\0\0\0"), BYTES("a\0\2"), BYTES("a\0\2\0")};
	struct query *q = open_query();

	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct guarded g = guarded_new(16);
		run_hash(query_measures(q), GROUPS, guarded_copy(&g, pairs[i]));
		guarded_free(&g);
	}
	query_free(q);
}

static int by_order(const void *a, const void *b)
{
	return counted_compare(a, b);
}

/* Keys of all rankings, of which up to KEYS have the same hash, and then other keys. */
TEST(hashes_that_collide)
{
	enum { MOST = 2 * KEYS * (1 + 8 + 8) };
	struct query *q = open_query();
	const struct measures *m = query_measures(q);
	struct arena arena = {0};
	uint64_t seed = 5;

	for (int round = 0; round < 300; round++) {
		static struct counted all[MOST];
		char none[100] = {0};
		uint64_t uniq[2][KEYS] = {{0}};
		size_t n = 0, hashes = 1 + random_below(&seed, 4);
		static const unsigned groups[] = {0, 2};
		for (size_t g = 0; g < 2; g++)
			for (size_t k = 0; k < KEYS; k++) {
				struct counted c = {.group = groups[g],
					.key = keys[k],
					.count = 9,
					.measures = none,
					.hash = random_below(&seed, hashes)};
				if (random_below(&seed, 4) == 0)
					continue;
				all[n++] = c;
				uniq[g][k] = random_below(&seed, 8);
				for (size_t v = 0; v < uniq[g][k]; v++) {
					/* The groups of pairs are those of uniq:2, ~uniq:2, the
					 * percentiles, and uniq:3. */
					c.group = g ? GROUPS + 3 : GROUPS;
					c.key = pair_make(&arena, keys[k], keys[v]);
					all[n++] = c;
					c.group = GROUPS + 1;
					char mark[] = {0, (char)v, 1};
					c.key = pair_make(&arena, keys[k], span_of(mark, 3));
					if (!g)
						all[n++] = c;
				}
			}
		qsort(all, n, sizeof *all, by_order);
		struct ranking r[GROUPS];
		open_rankings(q, r);
		struct resolver *resolver = resolver_new(r, GROUPS, m);
		for (size_t g = 0; g < GROUPS; g++) {
			r[g].hold = hold_key;
			r[g].holder = &arena;
		}
		for (size_t i = 0; i < n; i++)
			assert_true(resolver_take(resolver, &all[i]));
		assert_true(resolver_end(resolver));
		resolver_free(resolver);
		for (size_t g = 0; g < 2; g++) {
			const struct ranking *got = &r[groups[g]];
			for (size_t i = 0; i < got->n; i++) {
				size_t k = 0;
				while (!span_equal(keys[k], got->rows[i].key))
					k++;
				assert_true(is_count(got->rows[i].values[0], uniq[g][k]));
				if (!g)
					assert_true(is_count(got->rows[i].values[1], uniq[g][k]));
			}
		}
		for (size_t g = 0; g < GROUPS; g++)
			ranking_free(&r[g]);
		arena_reset(&arena);
	}
	arena_free(&arena);
	query_free(q);
}

/* Only forged snapshots have such pairs. */
TEST(a_pair_without_its_key)
{
	struct query *q = open_query();
	const char none[100] = {0};
	const struct counted key = {0, {"a", 1}, 1, none, 7};
	const struct counted pairs[] = {
		{GROUPS, {"b\0\1v", 4}, 1, NULL, 7},     /* another key */
		{GROUPS, {"a\0\2\0\1v", 6}, 1, NULL, 7}, /* a key that begins with it */
		{GROUPS, {"\0\1v", 3}, 1, NULL, 7}, {GROUPS, {"", 0}, 1, NULL, 7},
		{GROUPS, {"a\0\1v", 4}, 1, NULL, 8},     /* another hash */
		{GROUPS + 3, {"a\0\1v", 4}, 1, NULL, 7}, /* a pair of another ranking */
	};

	for (size_t i = 0; i < 2 * COUNT(pairs); i++) {
		struct ranking r[GROUPS];
		open_rankings(q, r);
		struct resolver *resolver = resolver_new(r, GROUPS, query_measures(q));
		if (i % 2)
			assert_true(resolver_take(resolver, &key));
		errno = 0;
		assert_false(resolver_take(resolver, &pairs[i / 2]));
		assert_int_equal(errno, EBADMSG);
		resolver_free(resolver);
		for (size_t g = 0; g < GROUPS; g++)
			ranking_free(&r[g]);
	}
	query_free(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_and_spilled_tables),
		cmocka_unit_test(tables_of_codes),
		cmocka_unit_test(runs_in_two_halves),
		cmocka_unit_test(a_pair_has_the_hash_of_its_key),
		cmocka_unit_test(the_hash_of_no_pair),
		cmocka_unit_test(hashes_that_collide),
		cmocka_unit_test(a_pair_without_its_key),
	};

	return cmocka_run_group_tests_name("resolver", tests, NULL, NULL);
}
