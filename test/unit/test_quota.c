/* test_quota.c -- users together never have more than the quota, and each gets its turn. */
#include "unit.h"

#include <stdatomic.h>

#include "lib/quota.h"

enum { USERS = 5, TIMES = 20, BYTES = 100 };

/* In shared memory: how many bytes all users have together. */
static atomic_uint *used;

static void use(struct quota *q, unsigned user)
{
	uint64_t seed = user;

	for (int i = 0; i < TIMES; i++) {
		unsigned bytes = 1 + (unsigned)random_below(&seed, BYTES);
		quota_reserve(q, user, bytes);
		if (atomic_fetch_add(used, bytes) + bytes > BYTES)
			_exit(1);
		usleep(100);
		atomic_fetch_sub(used, bytes);
		quota_release(q, user);
	}
	_exit(0);
}

TEST(never_too_much)
{
	struct quota *q = quota_new(BYTES, USERS);
	pid_t child[USERS];
	int status;

	assert_non_null(q);
	used = mmap(NULL, sizeof *used, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(used != MAP_FAILED);
	for (unsigned i = 0; i < USERS; i++) {
		child[i] = fork_child();
		if (child[i] == 0)
			use(q, i);
	}
	for (unsigned i = 0; i < USERS; i++) {
		assert_int_equal(waitpid(child[i], &status, 0), child[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(quota_used(q), 0);
	munmap(used, sizeof *used);
	quota_free(q);
}

TEST(a_user_that_dies)
{
	struct quota *q = quota_new(BYTES, 2);
	int status;

	pid_t child = fork_child();
	if (child == 0) {
		quota_reserve(q, 1, BYTES);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(quota_used(q), BYTES);
	quota_release(q, 1);
	quota_reserve(q, 0, BYTES);
	assert_int_equal(quota_used(q), BYTES);
	quota_free(q);
}

TEST(instead_of_what_it_has)
{
	struct quota *q = quota_new(BYTES, 2);

	quota_reserve(q, 0, 30);
	quota_reserve(q, 0, 80);
	assert_int_equal(quota_used(q), 80);
	quota_reserve(q, 1, 20);
	quota_reserve(q, 0, 10);
	assert_int_equal(quota_used(q), 30);
	quota_release(q, 1);
	quota_reserve(q, 0, 1000 * BYTES);
	assert_int_equal(quota_used(q), BYTES);
	quota_free(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(never_too_much),
		cmocka_unit_test(a_user_that_dies),
		cmocka_unit_test(instead_of_what_it_has),
	};

	return cmocka_run_group_tests_name("quota", tests, NULL, NULL);
}
