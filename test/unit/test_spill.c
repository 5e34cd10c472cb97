/* test_spill.c -- entries that were written to a file are read again, range by range. */
#include "tables.h"
#include "unit.h"

#include <errno.h>
#include <unistd.h>

#include "store/spill.h"

enum { SEED = 3 };

static void add(struct table *t, const char *bytes, size_t len, unsigned group)
{
	struct span key = span_of(bytes, len);
	struct sum sum = {len, 0};

	assert_true(table_add(
		t, &(struct key_batch){&key, table_measures(t) ? &sum : NULL, 1, group, NULL}));
}

static struct table *some_table(bool sums, size_t n, uint64_t seed)
{
	struct table *t = new_table_of(false, sums, SEED);
	char bytes[300];

	for (size_t i = 0; i < n; i++) {
		size_t len = random_below(&seed, sizeof bytes);
		random_bytes(&seed, bytes, len, span_of("\0\xff", 2));
		add(t, bytes, len, (unsigned)random_below(&seed, 2));
	}
	return t;
}

/* Check that the tables have the same entries, in any order. */
static void assert_same(const struct table *a, const struct table *b)
{
	struct ranking x[2], y[2];

	for (size_t g = 0; g < 2; g++) {
		x[g] = ranking_for(table_measures(a));
		x[g].order = ORDER_KEY;
	}
	memcpy(y, x, sizeof x);
	assert_true(table_keys(a) == table_keys(b));
	assert_true(rank_table(a, x, 2) && rank_table(b, y, 2));
	for (size_t g = 0; g < 2; g++) {
		assert_same_ranking(&x[g], &y[g]);
		ranking_free(&x[g]);
		ranking_free(&y[g]);
	}
}

static void check_load(const struct spill *s, const struct table *expected, bool sums)
{
	struct table *all = new_table_of(false, sums, SEED);
	uint64_t bytes = 0;

	for (unsigned i = 0; i < SPILL_RANGES; i++) {
		struct table *part = new_table_of(false, sums, SEED);
		struct range range = range_part(i, SPILL_RANGES);
		assert_true(spill_load(s, i, range, part));
		for (const struct entry *e = NULL; (e = table_next(part, e));)
			assert_true(e->hash >= range.first && e->hash <= range.last);
		assert_true(add_table(all, part));
		bytes += spill_range_bytes(s, i);
		table_free(part);
	}
	assert_true(bytes <= spill_bytes(s));
	assert_same(all, expected);
	table_free(all);
}

TEST(runs_of_several_tables)
{
	for (int sums = 0; sums <= 1; sums++) {
		struct spill *s = spill_new(sums);
		struct table *all = new_table_of(false, sums, SEED);
		assert_true(spill_bytes(s) == 0);
		for (size_t i = 0; i < 4; i++) {
			struct table *t = some_table(sums, i == 2 ? 0 : 3000 * (i + 1), i / 2);
			assert_true(spill_write(s, t));
			assert_true(add_table(all, t));
			table_free(t);
			assert_true(spill_follow(s));
			check_load(s, all, sums);
		}
		/* Forgotten, and used again. */
		assert_true(spill_reset(s) && spill_follow(s));
		assert_true(spill_bytes(s) == 0);
		struct table *t = some_table(sums, 100, 9);
		assert_true(spill_write(s, t) && spill_follow(s));
		check_load(s, t, sums);
		table_free(t);
		table_free(all);
		spill_free(s);
	}
}

TEST(a_key_larger_than_any_buffer)
{
	struct spill *s = spill_new(false);
	struct table *t = some_table(true, 500, 1);
	size_t len = 5 << 20;
	char *bytes = malloc(len);

	memset(bytes, 'x', len);
	add(t, bytes, len, 1);
	add(t, bytes, len - 1, 0);
	assert_true(spill_write(s, t) && spill_follow(s));
	check_load(s, t, true);
	free(bytes);
	table_free(t);
	spill_free(s);
}

/* The file contradicts itself, as after writes that a disk has lost.  spill_follow() must fail, not
 * run forever. */
TEST(damaged)
{
	struct table *t = some_table(false, 10, 1);
	int fd = dup(0);

	close(fd); /* the file gets this number */
	for (unsigned place = 0; place <= SPILL_RANGES; place++) {
		struct spill *s = spill_new(true);
		uint64_t good, bad[] = {0, 1, UINT64_MAX, UINT64_MAX / 2};
		assert_true(s && spill_write(s, t) && spill_follow(s));
		assert_int_equal(pread(fd, &good, sizeof good, place * sizeof good), sizeof good);
		for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
			assert_int_equal(
				pwrite(fd, &bad[i], sizeof good, place * sizeof good), sizeof good);
			errno = 0;
			assert_false(spill_follow(s));
			assert_int_equal(errno, EIO);
		}
		spill_free(s);
	}
	table_free(t);
}

/* A missing directory is an error when the file is first needed, not before. */
TEST(no_folder_for_it)
{
	struct table *t = some_table(false, 10, 1);

	setenv("TMPDIR", "/nowhere", 1);
	for (int shared = 0; shared <= 1; shared++) {
		struct spill *s = spill_new(shared);
		assert_non_null(s);
		assert_true(spill_reset(s) && spill_follow(s) && spill_bytes(s) == 0);
		assert_false(spill_has_failed(s));
		assert_false(spill_write(s, t));
		assert_int_equal(errno, ENOENT);
		assert_true(spill_has_failed(s));
		spill_free(s);
	}
	unsetenv("TMPDIR");
	table_free(t);
}

/* In a child. */
TEST(memory_is_no_folder)
{
	if (!addresses_have_bounds())
		skip();
	pid_t child = fork_child();
	if (child == 0) {
		struct spill *s = spill_new(true);
		struct table *t = some_table(false, 10, 1);
		if (!s)
			_exit(1);
		use_up_memory();
		errno = 0;
		if (spill_write(s, t) || errno != ENOMEM)
			_exit(2);
		_exit(spill_has_failed(s) ? 3 : 0);
	}
	assert_int_equal(status_of(child), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_of_several_tables),
		cmocka_unit_test(a_key_larger_than_any_buffer),
		cmocka_unit_test(damaged),
		cmocka_unit_test(no_folder_for_it),
		cmocka_unit_test(memory_is_no_folder),
	};

	return cmocka_run_group_tests_name("spill", tests, NULL, NULL);
}
