/* test_machine.c -- CPUs and memory, from made-up proc and sys trees in a temporary directory. */
#include "folder.h"
#include "unit.h"

#include <sched.h>
#include <unistd.h>

#include "lib/machine.h"
#include "lib/memory_limit.h"

enum { FILES = 6 };

struct file {
	const char *path, *text;
};

#define CGROUP "proc/self/cgroup"
#define V2     "sys/fs/cgroup/"
#define V1     "sys/fs/cgroup/cpu/"
#define QUOTA  "cpu.cfs_quota_us"
#define PERIOD "cpu.cfs_period_us"

static const struct tree {
	const char *what;
	unsigned expected;
	struct file files[FILES];
} trees[] = {
	{"nothing at all", 0, {{0}}},
	{"an empty cgroup file", 0, {{CGROUP, ""}}},
	{"v2: no cpu.max", 0, {{CGROUP, "0::/a\n"}}},
	{"v2: two CPUs", 2, {{CGROUP, "0::/a\n"}, {V2 "a/cpu.max", "200000 100000\n"}}},
	{"v2: no final newline", 2, {{CGROUP, "0::/a"}, {V2 "a/cpu.max", "200000 100000"}}},
	{"v2: max", 0, {{CGROUP, "0::/a\n"}, {V2 "a/cpu.max", "max 100000\n"}}},
	{"v2: 1.5 CPUs are 2", 2, {{CGROUP, "0::/a\n"}, {V2 "a/cpu.max", "150000 100000\n"}}},
	{"v2: 1.00001 CPUs are 2", 2, {{CGROUP, "0::/a\n"}, {V2 "a/cpu.max", "100001 100000\n"}}},
	{"v2: 1 CPU is 1", 1, {{CGROUP, "0::/a\n"}, {V2 "a/cpu.max", "100000 100000\n"}}},
	{"v2: 0.01 CPUs are 1", 1, {{CGROUP, "0::/a\n"}, {V2 "a/cpu.max", "1000 100000\n"}}},
	{"v2: another period", 3, {{CGROUP, "0::/a\n"}, {V2 "a/cpu.max", "25000 10000\n"}}},
	{"v2: the parent's", 3, {{CGROUP, "0::/a/b/c\n"}, {V2 "a/cpu.max", "300000 100000\n"}}},
	{"v2: the grandparent's is less", 1,
		{{CGROUP, "0::/a/b/c\n"}, {V2 "a/cpu.max", "100000 100000\n"},
			{V2 "a/b/cpu.max", "500000 100000\n"},
			{V2 "a/b/c/cpu.max", "400000 100000\n"}}},
	{"v2: its own is less", 4,
		{{CGROUP, "0::/a/b\n"}, {V2 "a/cpu.max", "500000 100000\n"},
			{V2 "a/b/cpu.max", "400000 100000\n"}}},
	{"v2: max below a quota", 5,
		{{CGROUP, "0::/a/b\n"}, {V2 "a/cpu.max", "500000 100000\n"},
			{V2 "a/b/cpu.max", "max 100000\n"}}},
	{"v2: the top's", 2, {{CGROUP, "0::/\n"}, {V2 "cpu.max", "200000 100000\n"}}},
	{"v2: the top's, from below", 2,
		{{CGROUP, "0::/a/b\n"}, {V2 "cpu.max", "200000 100000\n"}}},
	{"v2: a container, whose path is the host's", 2,
		{{CGROUP, "0::/docker/0123abc\n"}, {V2 "cpu.max", "200000 100000\n"}}},
	{"v2: a brother's does not count", 0,
		{{CGROUP, "0::/a\n"}, {V2 "ab/cpu.max", "200000 100000\n"}}},
	{"v2: what is above the tree does not count", 0,
		{{CGROUP, "0::/a\n"}, {"sys/fs/cpu.max", "200000 100000\n"},
			{"cpu.max", "100000 100000\n"}}},
	{"v2: colons in the path", 2,
		{{CGROUP, "0::/a:b::c\n"}, {V2 "a:b::c/cpu.max", "200000 100000\n"}}},
	{"v2: blanks in the path", 2,
		{{CGROUP, "0::/a b\n"}, {V2 "a b/cpu.max", "200000 100000\n"}}},
	{"v2: an empty file", 0, {{CGROUP, "0::/a\n"}, {V2 "a/cpu.max", ""}}},
	{"v2: no period", 0, {{CGROUP, "0::/a\n"}, {V2 "a/cpu.max", "100000\n"}}},
	{"v2: nothing to divide by", 0, {{CGROUP, "0::/a\n"}, {V2 "a/cpu.max", "100000 0\n"}}},
	{"v2: negative", 0, {{CGROUP, "0::/a\n"}, {V2 "a/cpu.max", "-100000 100000\n"}}},
	{"v2: negative period", 0, {{CGROUP, "0::/a\n"}, {V2 "a/cpu.max", "100000 -100000\n"}}},
	{"v2: no numbers", 0, {{CGROUP, "0::/a\n"}, {V2 "a/cpu.max", "many 100000\n"}}},
	{"v1: two CPUs", 2,
		{{CGROUP, "4:cpu:/a\n"}, {V1 "a/" QUOTA, "200000\n"},
			{V1 "a/" PERIOD, "100000\n"}}},
	{"v1: with its neighbour", 2,
		{{CGROUP, "4:cpu,cpuacct:/a\n"}, {V1 "a/" QUOTA, "150000\n"},
			{V1 "a/" PERIOD, "100000\n"}}},
	{"v1: after its neighbour", 2,
		{{CGROUP, "4:cpuacct,cpu:/a\n"}, {V1 "a/" QUOTA, "150000\n"},
			{V1 "a/" PERIOD, "100000\n"}}},
	{"v1: none", 0,
		{{CGROUP, "4:cpu:/a\n"}, {V1 "a/" QUOTA, "-1\n"}, {V1 "a/" PERIOD, "100000\n"}}},
	{"v1: no period", 0, {{CGROUP, "4:cpu:/a\n"}, {V1 "a/" QUOTA, "100000\n"}}},
	{"v1: no quota", 0, {{CGROUP, "4:cpu:/a\n"}, {V1 "a/" PERIOD, "100000\n"}}},
	{"v1: the parent's", 3,
		{{CGROUP, "4:cpu:/a/b\n"}, {V1 "a/" QUOTA, "300000\n"},
			{V1 "a/" PERIOD, "100000\n"}, {V1 "a/b/" QUOTA, "-1\n"},
			{V1 "a/b/" PERIOD, "100000\n"}}},
	{"v1: the parent's is less", 1,
		{{CGROUP, "4:cpu:/a/b\n"}, {V1 "a/" QUOTA, "50000\n"}, {V1 "a/" PERIOD, "100000\n"},
			{V1 "a/b/" QUOTA, "300000\n"}, {V1 "a/b/" PERIOD, "100000\n"}}},
	{"v1: a container", 2,
		{{CGROUP, "4:cpu:/docker/0123abc\n"}, {V1 QUOTA, "200000\n"},
			{V1 PERIOD, "100000\n"}}},
	{"v1: cpuset and cpuacct are not cpu", 0,
		{{CGROUP, "3:cpuset:/a\n4:cpuacct:/a\n5:name=cpu:/a\n"},
			{V1 "a/" QUOTA, "200000\n"}, {V1 "a/" PERIOD, "100000\n"}}},
	{"v1: among many lines", 2,
		{{CGROUP, "12:pids:/a\n4:cpu:/a\n1:name=systemd:/b\n0::/c\n"},
			{V1 "a/" QUOTA, "200000\n"}, {V1 "a/" PERIOD, "100000\n"}}},
	{"both: the less counts", 1,
		{{CGROUP, "4:cpu:/a\n0::/b\n"}, {V1 "a/" QUOTA, "200000\n"},
			{V1 "a/" PERIOD, "100000\n"}, {V2 "b/cpu.max", "100000 100000\n"}}},
	{"lines that are none", 2,
		{{CGROUP, "\n:\nx\n0\n0:\n::\n0::/a\n"}, {V2 "a/cpu.max", "200000 100000\n"}}},
};

/* Quotas that are too large to be rounded up count as no quotas. */
static const struct tree huge[] = {
	{"v2: 2^63 - 1", 0,
		{{CGROUP, "0::/a\n"}, {V2 "a/cpu.max", "9223372036854775807 100000\n"}}},
	{"v2: more than 64 bits", 0,
		{{CGROUP, "0::/a\n"}, {V2 "a/cpu.max", "99999999999999999999999 100000\n"}}},
	{"v2: more CPUs than int", 0, {{CGROUP, "0::/a\n"}, {V2 "a/cpu.max", "9000000000000 1\n"}}},
};

static void make_tree(const struct tree *tree, char *root)
{
	assert_non_null(mkdtemp(root));
	for (size_t i = 0; i < FILES && tree->files[i].path; i++)
		folder_put(root, tree->files[i].path, tree->files[i].text);
}

static void check(const struct tree *tree)
{
	char root[] = "/tmp/test_machine-XXXXXX";

	make_tree(tree, root);
	unsigned got = machine_cpu_quota(root);
	folder_remove(root);
	if (got != tree->expected)
		fail_msg("%s: %u", tree->what, got);
}

TEST(quotas)
{
	for (size_t i = 0; i < COUNT(trees); i++)
		check(&trees[i]);
}

TEST(quotas_that_overflow)
{
	for (size_t i = 0; i < COUNT(huge); i++)
		check(&huge[i]);
}

/* Paths longer than any buffer: no quota is found, and nothing overflows. */
TEST(paths_that_are_too_long)
{
	static char text[20000];

	for (size_t len = 4030; len < sizeof text; len += len < 4110 ? 1 : 777) {
		char root[] = "/tmp/test_machine-XXXXXX";
		memset(text, 'x', len);
		memcpy(text, "0::/a/", 6);
		text[len] = '\0';
		struct tree tree = {"long", 0, {{CGROUP, text}}};
		make_tree(&tree, root);
		assert_int_equal(machine_cpu_quota(root), 0);
		folder_remove(root);
		memset(text, '/', len);
		assert_int_equal(machine_cpu_quota(text), 0);
	}
}

TEST(the_affinity_mask_counts)
{
	cpu_set_t set;

	assert_int_equal(sched_getaffinity(0, sizeof set, &set), 0);
	assert_in_range(machine_cpus(), 1, CPU_COUNT(&set));
	size_t first = 0;
	while (!CPU_ISSET(first, &set))
		first++;
	pid_t child = fork_child();
	if (child == 0) {
		CPU_ZERO(&set);
		CPU_SET(first, &set);
		if (sched_setaffinity(0, sizeof set, &set))
			_exit(1);
		_exit(machine_cpus() == 1 ? 0 : 2);
	}
	assert_int_equal(status_of(child), 0);
}

/* --- Memory ----------------------------------------------------------------------- */

static char memory_root[] = "/tmp/test_machine-XXXXXX";

static int make_memory_root(void **state)
{
	(void)state;
	strcpy(memory_root + sizeof memory_root - 7, "XXXXXX");
	return mkdtemp(memory_root) ? 0 : -1;
}

static int remove_memory_root(void **state)
{
	(void)state;
	folder_remove(memory_root);
	return 0;
}

TEST(memory_of_the_machine_alone)
{
	folder_put(memory_root, "proc/meminfo",
		"MemTotal: 9 kB\nMemFree:  1 kB\nMemAvailable:     1000 kB\n");
	assert_true(machine_memory_under(memory_root) == 1000 * 1024);
	/* Without MemAvailable, the result is all memory that is installed. */
	folder_put(memory_root, "proc/meminfo", "MemTotal: 9 kB\n");
	uint64_t all = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
	assert_true(machine_memory_under(memory_root) == all);
}

TEST(memory_of_a_group_of_version_2)
{
	folder_put(memory_root, "proc/meminfo", "MemAvailable: 1000 kB\n");
	folder_put(memory_root, "proc/self/cgroup", "0::/a/b\n");
	folder_put(memory_root, "sys/fs/cgroup/a/b/memory.max", "max\n");
	folder_put(memory_root, "sys/fs/cgroup/a/b/memory.current", "5000\n");
	assert_true(machine_memory_under(memory_root) == 1000 * 1024);
	folder_put(memory_root, "sys/fs/cgroup/a/memory.max", "50000\n");
	folder_put(memory_root, "sys/fs/cgroup/a/memory.current", "20000\n");
	assert_true(machine_memory_under(memory_root) == 30000);
	/* Cached files do not count as used, but shared memory does. */
	folder_put(memory_root, "sys/fs/cgroup/a/memory.stat",
		"anon 1\nfile 15000\nshmem 9000\ninactive_file 1000\nactive_file 5000\n");
	assert_true(machine_memory_under(memory_root) == 36000);
	folder_put(memory_root, "sys/fs/cgroup/a/memory.current", "80000\n");
	assert_true(machine_memory_under(memory_root) == 0);
}

TEST(memory_of_a_group_of_version_1)
{
	folder_put(memory_root, "proc/meminfo", "MemAvailable: 1000 kB\n");
	folder_put(memory_root, "proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/a\n");
	folder_put(memory_root, "sys/fs/cgroup/memory/a/memory.limit_in_bytes", "70000\n");
	folder_put(memory_root, "sys/fs/cgroup/memory/a/memory.usage_in_bytes", "20000\n");
	assert_true(machine_memory_under(memory_root) == 50000);
}

/* This machine has some memory, and at most as much as is installed. */
TEST(memory_of_this_machine)
{
	/* Under qemu, sysconf() would return what a 32-bit CPU can address. */
	FILE *f = fopen("/proc/meminfo", "r");
	unsigned long long kilobytes = 0;

	assert_non_null(f);
	assert_int_equal(fscanf(f, "MemTotal: %llu kB", &kilobytes), 1);
	fclose(f);
	assert_in_range(machine_memory(), 1, kilobytes * 1024);
}

TEST(limits_of_memory)
{
	struct memory_limit given = {1000}, found = {0}, all = {UINT64_MAX};

	assert_true(memory_limit(&given) == 1000);
	assert_true(memory_limit(&all) == SIZE_MAX / 4);
	uint64_t first = memory_limit(&found);
	assert_in_range(first, 1, SIZE_MAX / 4);
	assert_true(memory_limit(&found) == first);
	assert_true(found.bytes == first);
}

#define IN_A_DIRECTORY(test)                                                                       \
	cmocka_unit_test_setup_teardown(test, make_memory_root, remove_memory_root)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotas),
		cmocka_unit_test(paths_that_are_too_long),
		cmocka_unit_test(the_affinity_mask_counts),
		cmocka_unit_test(quotas_that_overflow),
		cmocka_unit_test(limits_of_memory),
		IN_A_DIRECTORY(memory_of_the_machine_alone),
		IN_A_DIRECTORY(memory_of_a_group_of_version_2),
		IN_A_DIRECTORY(memory_of_a_group_of_version_1),
		cmocka_unit_test(memory_of_this_machine),
	};

	return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
