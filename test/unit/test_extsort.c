/* test_extsort.c -- whatever was added comes out in order, each key once, in little memory. */
#include "runs.h"

#include <errno.h>

#include "store/extsort.h"

static void check(size_t n, uint64_t keys, bool sums, uint64_t memory)
{
	struct extsort *s = extsort_new(measures_for(sums), memory);
	struct taken all = {.sums = sums}, got = {.sums = sums};
	uint64_t seed = n + keys;
	char bytes[RANDOM_KEY];

	assert_non_null(s);
	for (size_t i = 0; i < n; i++) {
		struct counted c = random_key(&seed, keys, bytes, sums);
		assert_true(extsort_add(s, &c));
		take_copy(&all, &c);
	}
	taken_put_together(&all);
	assert_true(extsort_end(s, (struct sink){take_copy, &got}));
	assert_same_keys(&got, &all);
	assert_false(extsort_has_failed(s));
	taken_free(&all);
	taken_free(&got);
	extsort_free(s);
}

TEST(in_memory)
{
	static const size_t n[] = {0, 1, 2, 24, 25, 1000, 50000};

	for (size_t i = 0; i < COUNT(n); i++) {
		check(n[i], 1, false, 1 << 30);
		check(n[i], 100, true, 1 << 30);
		check(n[i], 1000000, i % 2, 1 << 30);
	}
}

/* A megabyte is the least: so there are runs, and with 32 of them a second level. */
TEST(in_files)
{
	check(100000, 50000, false, 0);
	check(100000, 50000, true, 0);
	check(1000000, 900000, false, 0);
}

TEST(a_key_larger_than_the_memory)
{
	struct extsort *s = extsort_new(NULL, 0);
	size_t len = 3 << 20;
	char *large = calloc(1, len);
	struct taken got = {0};
	uint64_t seed = 1;
	char bytes[RANDOM_KEY];

	for (int i = 0; i < 60000; i++) {
		struct counted c =
			i % 20000 ? random_key(&seed, 5, bytes, false)
				  : (struct counted){.key = span_of(large, len), .count = 7};
		assert_true(extsort_add(s, &c));
	}
	assert_true(extsort_end(s, (struct sink){take_copy, &got}));
	assert_int_equal(got.n, 3 * 5 + 1);
	for (size_t i = 0; i < got.n; i++)
		assert_true(got.at[i].key.len != len || got.at[i].count == 21);
	taken_free(&got);
	extsort_free(s);
	free(large);
}

/* In memory, and where it is written to a file. */
TEST(counts_and_sums_that_get_out_of_bounds)
{
	char none[SUM_BYTES], one[SUM_BYTES], most[SUM_BYTES];
	put_sum(none, (struct sum){0});
	put_sum(one, (struct sum){1, 0});
	put_sum(most, (struct sum){UINT64_MAX, INT64_MAX});
	const struct counted pairs[][2] = {
		{{.key = {"key", 3}, .count = UINT64_MAX, .measures = none},
			{.key = {"key", 3}, .count = 1, .measures = none}},
		{{.key = {"key", 3}, .count = 1, .measures = most},
			{.key = {"key", 3}, .count = 1, .measures = one}},
	};
	char bytes[RANDOM_KEY];

	for (size_t i = 0; i < COUNT(pairs); i++)
		for (size_t more = 0; more <= 100000; more += 100000) {
			struct extsort *s = extsort_new(measures_for(true), 0);
			struct taken got = {.sums = true};
			uint64_t seed = 1;
			bool ok = extsort_add(s, &pairs[i][0]) && extsort_add(s, &pairs[i][1]);
			for (size_t k = 0; ok && k < more; k++) {
				struct counted c = random_key(&seed, 1 << 20, bytes, true);
				ok = extsort_add(s, &c);
			}
			assert_false(ok && extsort_end(s, (struct sink){take_copy, &got}));
			assert_int_equal(errno, EOVERFLOW);
			assert_false(extsort_has_failed(s));
			taken_free(&got);
			extsort_free(s);
		}
}

TEST(no_folder_for_it)
{
	struct extsort *s = extsort_new(NULL, 0);
	struct counted c = {.key = {"key", 3}, .count = 1};
	bool ok = true;

	setenv("TMPDIR", "/nowhere", 1);
	for (int i = 0; ok && i < 100000; i++)
		ok = extsort_add(s, &c);
	unsetenv("TMPDIR");
	assert_false(ok);
	assert_int_equal(errno, ENOENT);
	assert_true(extsort_has_failed(s));
	extsort_free(s);
}

/* A key that is larger than a block takes memory to be written; in a child. */
TEST(memory_is_no_folder)
{
	if (!addresses_have_bounds())
		skip();
	pid_t child = fork_child();
	if (child == 0) {
		struct extsort *s = extsort_new(NULL, 0);
		char *large = calloc(1, 3 << 20);
		struct counted c = {.key = {large, 3 << 20}, .count = 1};
		if (!s || !large || !extsort_add(s, &c))
			_exit(1);
		use_up_memory();
		errno = 0;
		if (extsort_add(s, &c) || errno != ENOMEM)
			_exit(2);
		_exit(extsort_has_failed(s) ? 3 : 0);
	}
	assert_int_equal(status_of(child), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_memory),
		cmocka_unit_test(in_files),
		cmocka_unit_test(a_key_larger_than_the_memory),
		cmocka_unit_test(counts_and_sums_that_get_out_of_bounds),
		cmocka_unit_test(no_folder_for_it),
		cmocka_unit_test(memory_is_no_folder),
	};

	return cmocka_run_group_tests_name("extsort", tests, NULL, NULL);
}
