/* test_memory.c -- memory that is free, by folders that look like proc and cgroup. */
#include "unit.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/memory.h"

static char root[] = "/tmp/wf-memory-XXXXXX";

static void write_file(const char *path, const char *text)
{
	char name[300];

	snprintf(name, sizeof name, "%s/%s", root, path);
	for (char *slash = name + strlen(root); (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		mkdir(name, 0700);
		*slash = '/';
	}
	FILE *f = fopen(name, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void remove_all(void)
{
	char command[100];

	snprintf(command, sizeof command, "rm -rf %s/*", root);
	assert_int_equal(system(command), 0);
}

TEST(the_machine_alone)
{
	write_file("proc/meminfo", "MemTotal: 9 kB\nMemFree:  1 kB\nMemAvailable:     1000 kB\n");
	assert_true(memory_free(root) == 1000 * 1024);
	remove_all();
	/* Without it: all there is. */
	uint64_t all = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
	assert_true(memory_free(root) == all);
}

TEST(a_group_of_version_2)
{
	write_file("proc/meminfo", "MemAvailable: 1000 kB\n");
	write_file("proc/self/cgroup", "0::/a/b\n");
	write_file("sys/fs/cgroup/a/b/memory.max", "max\n");
	write_file("sys/fs/cgroup/a/b/memory.current", "5000\n");
	assert_true(memory_free(root) == 1000 * 1024);
	write_file("sys/fs/cgroup/a/memory.max", "50000\n");
	write_file("sys/fs/cgroup/a/memory.current", "20000\n");
	assert_true(memory_free(root) == 30000);
	/* Cached files don't count, but what lies in memory only does. */
	write_file("sys/fs/cgroup/a/memory.stat",
		"anon 1\nfile 15000\nshmem 9000\ninactive_file 1000\nactive_file 5000\n");
	assert_true(memory_free(root) == 36000);
	write_file("sys/fs/cgroup/a/memory.current", "80000\n");
	assert_true(memory_free(root) == 0);
	remove_all();
}

TEST(a_group_of_version_1)
{
	write_file("proc/meminfo", "MemAvailable: 1000 kB\n");
	write_file("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/a\n");
	write_file("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "70000\n");
	write_file("sys/fs/cgroup/memory/a/memory.usage_in_bytes", "20000\n");
	assert_true(memory_free(root) == 50000);
	remove_all();
}

/* The real one: something, and not more than there is. */
TEST(this_machine)
{
	uint64_t all = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);

	assert_in_range(memory_free(""), 1, all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_machine_alone),
		cmocka_unit_test(a_group_of_version_2),
		cmocka_unit_test(a_group_of_version_1),
		cmocka_unit_test(this_machine),
	};

	assert_non_null(mkdtemp(root));
	int failed = cmocka_run_group_tests_name("memory", tests, NULL, NULL);
	rmdir(root);
	return failed;
}
