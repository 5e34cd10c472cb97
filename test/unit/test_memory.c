/* test_memory.c -- memory that can be had, by folders that look like proc and cgroup. */
#include "folder.h"
#include "unit.h"

#include <unistd.h>

#include "lib/memory.h"

static char root[] = "/tmp/wf-memory-XXXXXX";

static int make_root(void **state)
{
	(void)state;
	strcpy(root + sizeof root - 7, "XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
	(void)state;
	folder_remove(root);
	return 0;
}

TEST(the_machine_alone)
{
	folder_put(root, "proc/meminfo",
		"MemTotal: 9 kB\nMemFree:  1 kB\nMemAvailable:     1000 kB\n");
	assert_true(memory_available(root) == 1000 * 1024);
	/* Without it: all there is. */
	folder_put(root, "proc/meminfo", "MemTotal: 9 kB\n");
	uint64_t all = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
	assert_true(memory_available(root) == all);
}

TEST(a_group_of_version_2)
{
	folder_put(root, "proc/meminfo", "MemAvailable: 1000 kB\n");
	folder_put(root, "proc/self/cgroup", "0::/a/b\n");
	folder_put(root, "sys/fs/cgroup/a/b/memory.max", "max\n");
	folder_put(root, "sys/fs/cgroup/a/b/memory.current", "5000\n");
	assert_true(memory_available(root) == 1000 * 1024);
	folder_put(root, "sys/fs/cgroup/a/memory.max", "50000\n");
	folder_put(root, "sys/fs/cgroup/a/memory.current", "20000\n");
	assert_true(memory_available(root) == 30000);
	/* Cached files don't count, but what lies in memory only does. */
	folder_put(root, "sys/fs/cgroup/a/memory.stat",
		"anon 1\nfile 15000\nshmem 9000\ninactive_file 1000\nactive_file 5000\n");
	assert_true(memory_available(root) == 36000);
	folder_put(root, "sys/fs/cgroup/a/memory.current", "80000\n");
	assert_true(memory_available(root) == 0);
}

TEST(a_group_of_version_1)
{
	folder_put(root, "proc/meminfo", "MemAvailable: 1000 kB\n");
	folder_put(root, "proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/a\n");
	folder_put(root, "sys/fs/cgroup/memory/a/memory.limit_in_bytes", "70000\n");
	folder_put(root, "sys/fs/cgroup/memory/a/memory.usage_in_bytes", "20000\n");
	assert_true(memory_available(root) == 50000);
}

/* The real one: something, and not more than there is. */
TEST(this_machine)
{
	uint64_t all = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);

	assert_in_range(memory_available(""), 1, all);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_root, remove_root)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_FOLDER(the_machine_alone),
		IN_A_FOLDER(a_group_of_version_2),
		IN_A_FOLDER(a_group_of_version_1),
		cmocka_unit_test(this_machine),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
