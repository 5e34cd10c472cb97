/* test_pool.c -- the limit of the steps that all workers may take on lines that they give up. */
#include "unit.h"

#include "count/pool.h"

TEST(steps_of_all_workers)
{
	static struct worker_state workers[2];
	atomic_bool many_gave_up = false;
	struct pool p = {.workers = workers, .n = 2, .many_gave_up = &many_gave_up};
	bool many;

	assert_true(pool_note_gave_up(&p, &workers[0],
		&(struct verdicts){.gave_up = 60, .steps = STEPS_MOST - 1}, &many));
	assert_false(many);
	/* Lines with too large a number are no matter of patterns. */
	assert_true(pool_note_gave_up(
		&p, &workers[1], &(struct verdicts){.gave_up = 70, .too_large = 30}, &many));
	assert_false(many);
	assert_true(pool_note_gave_up(
		&p, &workers[1], &(struct verdicts){.gave_up = 41, .steps = 1}, &many));
	assert_true(many);
	assert_false(pool_note_gave_up(
		&p, &workers[1], &(struct verdicts){.gave_up = 42, .steps = 2}, &many));
	assert_false(many);
}

/* The limit of a line depends on its length only. */
TEST(limits_of_lines)
{
	assert_int_equal(pattern_limit(0), 1000000);
	assert_int_equal(pattern_limit(30), 1030000);
	assert_int_equal(pattern_limit(8999), 9999000);
	assert_int_equal(pattern_limit(9000), 10000000);
	assert_int_equal(pattern_limit(SIZE_MAX), 10000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_of_all_workers),
		cmocka_unit_test(limits_of_lines),
	};

	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
