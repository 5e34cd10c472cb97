/* test_code_set.c -- codes that are counted in tables, compared with an array of counts. */
#include "unit.h"

#include <errno.h>

#include "lib/rounded.h"
#include "store/pair.h"
#include "store/table.h"

enum { KEYS = 24, NUMBERS = 3, CODED = 2, CODES = 1 << 16, GROUP = 1 };

/* A group whose lines have three numbers; the codes of n of them are counted. */
struct coded {
	struct group_measures groups[GROUP + 1];
	struct measures measures;
	struct table *table;
	uint64_t (*counts)[CODED][CODES]; /* of each key */
	uint64_t lines[KEYS];
};

static void open_coded(struct coded *c, uint64_t budget, unsigned n)
{
	static const unsigned coded[CODED] = {2, 0};
	unsigned at;
	size_t k;

	*c = (struct coded){.counts = calloc(KEYS, sizeof *c->counts)};
	struct group_measures *g = &c->groups[GROUP];
	assert_true(c->counts && group_measures_want(g, MEASURE_COUNT, NUMBERS - 1, &at));
	for (unsigned i = 0; i < n; i++) {
		assert_true(group_measures_want_codes(g, coded[i], &k));
		assert_int_equal(k, i);
		g->coded[i].group = 10 + i;
	}
	assert_true(group_measures_want_codes(g, coded[0], &k) && k == 0 && g->coded_n == n);
	g->numbers = NUMBERS;
	c->measures = (struct measures){c->groups, GROUP + 1};
	c->table = table_new(&(struct table_spec){.measures = &c->measures, .budget = budget});
	assert_non_null(c->table);
}

static void close_coded(struct coded *c)
{
	table_free(c->table);
	group_measures_free(&c->groups[GROUP]);
	free(c->counts);
}

static struct span key_of(size_t k, char room[300])
{
	memset(room, k % 3 ? '\0' : 'x', 300);
	room[0] = (char)k;
	return span_of(room, 1 + k * k % 300);
}

/* Some keys have few codes, and others have thousands. */
static struct sum random_number(uint64_t *seed, size_t k)
{
	uint64_t n = random_next(seed) % (k < 2 ? UINT64_MAX : 3 * k + 1);
	struct sum number = {n >> random_below(seed, k < 2 ? 64 : 1), 0};

	if (!random_below(seed, 9))
		return NUMBER_NONE;
	return random_below(seed, 2) ? number : sum_negate(number);
}

/* Count some lines at once.  Returns false if the table is full; then only the counted lines are in the
 * array. */
static bool count_lines(struct coded *c, uint64_t *seed, size_t n)
{
	struct sum numbers[64 * NUMBERS];
	struct span keys[64];
	char rooms[64][300];
	size_t of[64];

	for (size_t i = 0; i < n; i++) {
		of[i] = random_below(seed, 1 + random_below(seed, KEYS));
		keys[i] = key_of(of[i], rooms[i]);
		for (size_t k = 0; k < NUMBERS; k++)
			numbers[i * NUMBERS + k] = random_number(seed, of[i]);
	}
	struct key_batch a = {keys, numbers, n, GROUP, NULL};
	bool ok = table_add(c->table, &a);
	assert_true(ok || errno == ENOBUFS);
	for (size_t i = 0; i < n - a.n; i++) {
		c->lines[of[i]]++;
		for (size_t k = 0; k < c->groups[GROUP].coded_n; k++) {
			struct sum number = numbers[i * NUMBERS + c->groups[GROUP].coded[k].number];
			if (!number_is_none(number))
				c->counts[of[i]][k][rounded_code(number)]++;
		}
	}
	return ok;
}

/* Subtract what is handed over. */
static bool subtract(void *coded, const struct counted *got)
{
	struct coded *c = coded;
	bool is_pair = got->group != GROUP;
	char room[300];

	for (size_t k = 0; k < KEYS; k++) {
		struct span key = key_of(k, room);
		if (is_pair ? !pair_has_first(got->key, key) : !span_equal(got->key, key))
			continue;
		struct span code = pair_second(got->key);
		if (!is_pair)
			c->lines[k] -= got->count;
		else
			c->counts[k][got->group - 10][(unsigned char)code.at[0] << 8 |
						      (unsigned char)code.at[1]] -= got->count;
		return true;
	}
	return false;
}

static void check(struct coded *c)
{
	struct arena arena = {0};
	struct sink sink = {subtract, c};
	uint64_t codes = 0;

	for (size_t k = 0; k < KEYS * CODED * CODES; k++)
		codes += (&c->counts[0][0][0])[k] != 0;
	assert_true(table_all_codes(c->table) >= codes);
	for (const struct entry *e = NULL; (e = table_next(c->table, e));) {
		struct counted key = entry_counted(e);
		assert_int_equal(e->group, GROUP);
		assert_true(subtract(c, &key) && table_give_codes(c->table, e, &arena, sink));
	}
	for (size_t k = 0; k < KEYS; k++)
		assert_int_equal(c->lines[k], 0);
	for (size_t k = 0; k < KEYS * CODED * CODES; k++)
		assert_int_equal((&c->counts[0][0][0])[k], 0);
	arena_free(&arena);
}

TEST(codes_of_many_lines)
{
	for (unsigned coded = 1; coded <= CODED; coded++) {
		struct coded c;
		uint64_t seed = coded;
		open_coded(&c, 0, coded);
		for (size_t i = 0; i < 2000; i++)
			assert_true(count_lines(&c, &seed, 1 + random_below(&seed, 64)));
		check(&c);
		table_clear(c.table);
		assert_int_equal(table_all_codes(c.table), 0);
		for (size_t i = 0; i < 100; i++)
			assert_true(count_lines(&c, &seed, 1 + random_below(&seed, 64)));
		check(&c);
		close_coded(&c);
	}
}

/* When the table is full, a line is counted with all its codes or not at all.  A table without keys is
 * never full. */
TEST(a_full_table)
{
	size_t full = 0;

	for (uint64_t budget = 90000; budget < 400000; budget += budget / 2) {
		struct coded c;
		uint64_t seed = budget;
		open_coded(&c, budget, budget % 4 < 2 ? 1 : 2);
		for (size_t i = 0; i < 600; i++) {
			if (count_lines(&c, &seed, 1 + random_below(&seed, 64)))
				continue;
			full++;
			assert_true(table_keys(c.table));
			check(&c);
			assert_true(table_reset(c.table));
		}
		check(&c);
		close_coded(&c);
	}
	print_message("full %zu times\n", full);
	assert_true(full > 10);
}

/* The codes of one table are added to those of another. */
TEST(codes_of_an_entry)
{
	struct coded a, b;
	struct code_list codes[CODED_MOST];
	uint64_t seed = 5;

	open_coded(&a, 0, CODED);
	open_coded(&b, 0, CODED);
	for (size_t round = 0; round < 3; round++) {
		for (size_t i = 0; i < 100; i++)
			assert_true(count_lines(&a, &seed, 40));
		for (const struct entry *e = NULL; (e = table_next(a.table, e));) {
			assert_int_equal(table_codes(a.table, e, codes), CODED);
			assert_true(table_add_entry(b.table, e, codes));
		}
		table_clear(a.table);
	}
	memcpy(b.counts, a.counts, KEYS * sizeof *a.counts);
	memcpy(b.lines, a.lines, sizeof a.lines);
	check(&b);
	close_coded(&a);
	close_coded(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_of_many_lines),
		cmocka_unit_test(a_full_table),
		cmocka_unit_test(codes_of_an_entry),
	};

	return cmocka_run_group_tests_name("code_set", tests, NULL, NULL);
}
