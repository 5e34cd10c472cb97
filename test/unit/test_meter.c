/* test_meter.c -- what a meter shows of the samples. */
#include "unit.h"

#include "progress/meter.h"

/* The last warning, and a pipe that gets a byte for each warning. */
struct shown {
	struct complaint last;
	int pipe[2];
};

static void note(void *ctx, const struct complaint *c)
{
	struct shown *s = ctx;

	s->last = *c;
	assert_int_equal(write(s->pipe[1], "", 1), 1);
}

/* Wait until the meter has shown its progress. */
static void wait_for(struct meter *m, const struct shown *s)
{
	struct childwait waiting;
	char byte;

	childwait_begin(&waiting);
	pid_t child = fork_child();
	if (child == 0)
		_exit(read(s->pipe[0], &byte, 1) != 1);
	assert_int_equal(meter_wait(m, &waiting), SIGCHLD);
	assert_int_equal(waitpid(child, NULL, 0), child);
	childwait_end(&waiting);
}

TEST(spilled_bytes_are_shown_while_ranking)
{
	struct shown s = {0};
	const struct warner warner = {note, &s};
	const struct meter_spec spec = {.when = CHOICE_ALWAYS};

	setenv("TERM", "dumb", 1); /* so progress is not shown on the terminal, but to the warner */
	assert_int_equal(pipe(s.pipe), 0);
	struct meter *m = meter_open(&spec, 2, 0, &warner);
	assert_non_null(m);
	meter_sample(m, 0, &(struct progress_sample){.spilled = 3000000});
	meter_sample(m, 1, &(struct progress_sample){.spilled = 2000000});
	meter_fall_silent(m); /* adds up the samples */
	meter_begin_ranking(m, 2, 10);
	meter_sample(m, 0, &(struct progress_sample){.done = 10});
	wait_for(m, &s);
	assert_string_equal(s.last.text, "ranking  100%  ETA 0:00  5.00 MB spilled  2 workers");
	meter_close(m);
	close(s.pipe[0]);
	close(s.pipe[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spilled_bytes_are_shown_while_ranking),
	};

	return cmocka_run_group_tests_name("meter", tests, NULL, NULL);
}
