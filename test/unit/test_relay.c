/* test_relay.c -- each published block is received once, whichever workers publish and receive. */
#include "unit.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>

#include "count/relay.h"

enum { WORKERS = 5, BLOCKS = 2000, ROOM = 64 };

/* In shared memory: how often each block was received. */
static atomic_uint *seen;

static void got(struct relay *r, int slot, const struct block *b)
{
	char expected[ROOM];
	int n = snprintf(
		expected, sizeof expected, "%zu %llu", b->chunk, (unsigned long long)b->offset);

	if (b->lines.at != relay_slot(r, slot) || b->lines.len != (size_t)n ||
		memcmp(b->lines.at, expected, (size_t)n) != 0 || b->format != b->chunk + 1)
		_exit(1);
	atomic_fetch_add(&seen[b->chunk * BLOCKS + b->offset], 1);
}

/* Act as a worker: publish blocks if `worker` is less than `readers`, then receive blocks. */
static void work(struct relay *r, unsigned worker, unsigned readers)
{
	struct block b = {.chunk = worker, .format = worker + 1};
	int slot, error;

	for (; worker < readers && b.offset < BLOCKS; b.offset++) {
		/* If other workers only receive, wait until one of them waits for blocks. */
		do
			slot = relay_acquire(r);
		while (slot == RELAY_NONE && readers < WORKERS && !b.offset);
		if (slot == RELAY_NONE) {
			atomic_fetch_add(&seen[b.chunk * BLOCKS + b.offset], 1);
			continue;
		}
		int n = snprintf(relay_slot(r, slot), relay_room(r), "%zu %llu", b.chunk,
			(unsigned long long)b.offset);
		b.lines = span_of(relay_slot(r, slot), (size_t)n);
		if (!relay_publish(r, slot, &b))
			_exit(2);
	}
	if (!relay_leave(r, worker))
		_exit(3);
	while (relay_receive(r, &slot, &b, &error)) {
		got(r, slot, &b);
		relay_release(r, slot);
	}
	_exit(error ? 4 : 0);
}

static void run(struct relay *r, unsigned readers)
{
	pid_t child[WORKERS];
	int status;

	memset(seen, 0, WORKERS * BLOCKS * sizeof *seen);
	for (unsigned i = 0; i < WORKERS; i++) {
		child[i] = fork_child();
		if (child[i] == 0)
			work(r, i, readers);
	}
	for (unsigned i = 0; i < WORKERS; i++) {
		assert_int_equal(waitpid(child[i], &status, 0), child[i]);
		assert_int_equal(status, 0);
	}
	for (size_t i = 0; i < readers * BLOCKS; i++)
		assert_int_equal(seen[i], 1);
	assert_true(relay_was_used(r) || readers == 0 || readers == WORKERS);
	assert_true(readers || !relay_was_used(r));
}

TEST(each_block_once)
{
	for (unsigned readers = 0; readers <= WORKERS; readers++) {
		struct relay *r = relay_new(WORKERS, ROOM);
		assert_non_null(r);
		run(r, readers);
		relay_free(r);
	}
}

/* Workers that were killed have left slots taken and blocks in the pipe. */
TEST(again_after_some_were_killed)
{
	struct relay *r = relay_new(WORKERS, ROOM);

	assert_non_null(r);
	for (int round = 0; round < 20; round++) {
		pid_t child[2];
		for (unsigned i = 0; i < 2; i++) {
			child[i] = fork_child();
			if (child[i] == 0)
				work(r, i, 2);
		}
		usleep((useconds_t)(100 * round));
		for (unsigned i = 0; i < 2; i++) {
			kill(child[i], SIGKILL);
			waitpid(child[i], NULL, 0);
		}
		assert_true(relay_reset(r, WORKERS));
		assert_false(relay_was_used(r));
		run(r, 3);
		assert_true(relay_reset(r, WORKERS));
	}
	relay_free(r);
}

/* Workers do not wait for workers that could not be forked, neither before nor after a reset. */
TEST(fewer_workers_than_planned)
{
	struct relay *r = relay_new(WORKERS + 3, ROOM);

	assert_non_null(r);
	for (unsigned i = WORKERS; i < WORKERS + 3; i++)
		assert_true(relay_leave(r, i));
	run(r, 2);
	assert_true(relay_reset(r, WORKERS));
	run(r, 2);
	relay_free(r);
}

enum { MOST_SLOTS = 100 };

/* Acquire all free slots.  Returns their number. */
static int acquire_all(struct relay *r, int *slots)
{
	int n = 0;

	while ((slots[n] = relay_acquire(r)) != RELAY_NONE)
		assert_true(++n < MOST_SLOTS);
	return n;
}

/* A slot is not acquired again before it is released. */
TEST(slots)
{
	struct relay *r = relay_new(3, ROOM);
	int slots[MOST_SLOTS];

	assert_non_null(r);
	assert_true(relay_leave(r, 0));
	for (int round = 0; round < 3; round++) {
		int n = acquire_all(r, slots);
		assert_true(n >= 6);
		for (int i = 0; i < n; i++)
			memset(relay_slot(r, slots[i]), i, relay_room(r));
		for (int i = 0; i < n; i++) {
			assert_int_equal(relay_slot(r, slots[i])[ROOM - 1], i);
			relay_release(r, slots[i]);
		}
	}
	relay_free(r);
}

/* While all workers read, no worker could receive a block, so no slot is acquired. */
TEST(no_slot_while_no_worker_waits)
{
	struct relay *r = relay_new(3, ROOM);

	assert_non_null(r);
	assert_int_equal(relay_acquire(r), RELAY_NONE);
	assert_true(relay_leave(r, 1));
	assert_true(relay_acquire(r) != RELAY_NONE);
	assert_true(relay_reset(r, 3));
	assert_int_equal(relay_acquire(r), RELAY_NONE);
	relay_free(r);
}

/* A worker that finds no free slot counts blocks itself.  Meanwhile the others must be able to
 * receive all blocks that it has published, not only whole batches. */
TEST(no_block_is_held_back_when_no_slot_is_free)
{
	struct relay *r = relay_new(2, ROOM);
	int slots[MOST_SLOTS], slot, error;
	struct block b = {0};

	assert_non_null(r);
	assert_true(relay_leave(r, 1));
	int n = acquire_all(r, slots);
	for (int i = 1; i < n; i++)
		assert_true(relay_publish(r, slots[i], &b));
	assert_int_equal(relay_acquire(r), RELAY_NONE);
	alarm(20); /* relay_receive() would wait forever */
	for (int i = 1; i < n; i++)
		assert_true(relay_receive(r, &slot, &b, &error));
	alarm(0);
	relay_free(r);
}

static int share(void **state)
{
	(void)state;
	seen = mmap(NULL, WORKERS * BLOCKS * sizeof *seen, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return seen == MAP_FAILED ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_block_once),
		cmocka_unit_test(again_after_some_were_killed),
		cmocka_unit_test(fewer_workers_than_planned),
		cmocka_unit_test(slots),
		cmocka_unit_test(no_slot_while_no_worker_waits),
		cmocka_unit_test(no_block_is_held_back_when_no_slot_is_free),
	};

	return cmocka_run_group_tests_name("relay", tests, share, NULL);
}
