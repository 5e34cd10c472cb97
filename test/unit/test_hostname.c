/* test_hostname.c -- compare with uname, and in a UTS namespace, if allowed, try other names. */
#include "lib/hostname.h"

#include <sched.h>
#include <sys/utsname.h>

#include "unit.h"

TEST(as_uname)
{
	struct utsname known;
	char name[HOSTNAME_SIZE];

	assert_int_equal(uname(&known), 0);
	if (!known.nodename[0])
		skip();
	assert_true(hostname_get(name));
	assert_string_equal(name, known.nodename);
}

/* In a child: set the host's name, and exit with what hostname_get() makes of it. */
static int named(const char *text, const char *expected)
{
	char name[HOSTNAME_SIZE];

	if (unshare(CLONE_NEWUTS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWUTS) != 0)
		return 77;
	if (sethostname(text, strlen(text)) != 0)
		return 77;
	bool known = hostname_get(name);
	return strcmp(name, expected) == 0 ? 10 + known : 1;
}

static void check_named(const char *text, const char *expected, bool known)
{
	pid_t child = fork_child();
	int status;

	if (child == 0)
		_exit(named(text, expected));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 10 + known);
}

TEST(none)
{
	check_named("", "unknown", false);
}

TEST(as_long_as_can_be)
{
	char name[HOSTNAME_SIZE];

	memset(name, 'a', HOSTNAME_SIZE - 1);
	name[HOSTNAME_SIZE - 1] = '\0';
	check_named(name, name, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_uname),
		cmocka_unit_test(none),
		cmocka_unit_test(as_long_as_can_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
