/* test_arena.c -- the pieces of an arena do not move, change or overlap. */
#include "unit.h"

#include "lib/arena.h"

struct taken {
	char *at;
	size_t len;
	char fill;
};

static void check(const struct taken *t, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t p = 0; p < t[i].len; p++)
			if (t[i].at[p] != t[i].fill)
				fail_msg("piece %zu of %zu, byte %zu", i, n, p);
}

TEST(pieces_of_random_sizes)
{
	enum { TAKES = 400 };
	static const size_t sizes[] = {1, 10, 100, 20000, 70000};
	static struct taken taken[TAKES];
	struct arena arena = {0};
	uint64_t seed = 1;

	for (int round = 0; round < 30; round++) {
		size_t n = random_below(&seed, TAKES);
		for (size_t i = 0; i < n; i++) {
			size_t most = sizes[random_below(&seed, COUNT(sizes))];
			taken[i].len = random_below(&seed, most + 1);
			taken[i].at = arena_take(&arena, taken[i].len);
			taken[i].fill = (char)random_next(&seed);
			assert_non_null(taken[i].at);
			memset(taken[i].at, taken[i].fill, taken[i].len);
		}
		check(taken, n);
		arena_reset(&arena);
		if (round % 7 == 0)
			arena_free(&arena);
	}
	arena_free(&arena);
}

/* Memory is reused: no more is allocated. */
TEST(memory_is_kept_for_the_next_ones)
{
	struct arena arena = {0};

	for (size_t i = 0; i < 100; i++)
		assert_non_null(arena_take(&arena, 1000));
	arena_reset(&arena);
	assert_int_equal(arena.used, 0);
	struct piece *last = arena.last;
	assert_non_null(last);
	size_t room = arena.room;
	assert_true(room >= 50000);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < room / 1000; i++)
			assert_non_null(arena_take(&arena, 1000));
		assert_ptr_equal(arena.last, last);
		arena_reset(&arena);
		assert_int_equal(arena.room, room);
	}
	arena_free(&arena);
	assert_null(arena.last);
}

TEST(exactly_what_is_left)
{
	struct arena arena = {0};
	char *first = arena_take(&arena, 1);

	size_t left = arena.room - arena.used;
	char *rest = arena_take(&arena, left);
	assert_ptr_equal(rest, first + 1);
	memset(rest, 'x', left);
	char *more = arena_take(&arena, 1);
	*more = 'y';
	assert_true(more < first || more > rest + left - 1);
	arena_free(&arena);
}

TEST(an_arena_that_was_never_used)
{
	struct arena arena = {0};

	arena_reset(&arena);
	arena_free(&arena);
	arena_free(&arena);
	assert_non_null(arena_take(&arena, 0));
	assert_null(arena_take(&arena, SIZE_MAX / 2));
	char *at = arena_take(&arena, 10);
	assert_non_null(at);
	memset(at, 'x', 10);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_of_random_sizes),
		cmocka_unit_test(memory_is_kept_for_the_next_ones),
		cmocka_unit_test(exactly_what_is_left),
		cmocka_unit_test(an_arena_that_was_never_used),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
