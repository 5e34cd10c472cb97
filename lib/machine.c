#include "lib/machine.h"

#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH = 4096 };

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* --- Files of the kernel ------------------------------------------------------------ */

static FILE *open_file(const char *directory, const char *file)
{
	char path[PATH + 64];

	snprintf(path, sizeof path, "%s/%s", directory, file);
	return fopen(path, "re");
}

/* Read the next word as a number.  UINT64_MAX if the word is not a number ("max"), or if the number
 * is negative ("-1"). */
static uint64_t next_number(FILE *f)
{
	char text[32], *end;

	if (fscanf(f, "%31s", text) != 1 || text[0] == '-')
		return UINT64_MAX;
	uint64_t n = strtoull(text, &end, 10);
	return end == text ? UINT64_MAX : n;
}

/* Read the first n numbers of a file.  Each number that is missing becomes UINT64_MAX. */
static void read_numbers(const char *directory, const char *file, uint64_t *numbers, size_t n)
{
	FILE *f = open_file(directory, file);

	for (size_t i = 0; i < n; i++)
		numbers[i] = f ? next_number(f) : UINT64_MAX;
	if (f)
		fclose(f);
}

static uint64_t read_number(const char *directory, const char *file)
{
	uint64_t n;

	read_numbers(directory, file, &n, 1);
	return n;
}

/* Find the line "NAME NUMBER" in a file, and return the number.  0 if there is no such line. */
static uint64_t read_statistic(const char *directory, const char *file, const char *name)
{
	uint64_t n = 0;
	size_t len = strlen(name);
	char line[256];
	FILE *f = open_file(directory, file);

	if (!f)
		return 0;
	while (fgets(line, sizeof line, f)) {
		if (strncmp(line, name, len) == 0 && line[len] == ' ') {
			n = strtoull(line + len, NULL, 10);
			break;
		}
	}
	fclose(f);
	return n;
}

/* --- Control groups ----------------------------------------------------------------- */

/* A function that returns the limit that the files in a group's directory set; UINT64_MAX if they
 * set none. */
typedef uint64_t limit_fn(const char *directory);

/* A kind of limit, and the functions that read it, one for each version of cgroups. */
struct limit {
	const char *controller; /* the name of the controller in version 1, such as "cpu" */
	limit_fn *v2, *v1;
};

/* Return the smallest limit of a group and of the groups above it, up to the hierarchy's mount
 * point.  In a container, the group's path may be the path on the host, which does not exist in the
 * container.  Then only the limit at the mount point has an effect. */
static uint64_t smallest_upward(const char *mount, const char *group, limit_fn *limit)
{
	char directory[PATH];
	size_t top = strlen(mount);
	uint64_t smallest = UINT64_MAX;

	int len = snprintf(directory, sizeof directory, "%s%s", mount, group);
	if (len < 0 || (size_t)len >= sizeof directory)
		return smallest;
	for (;;) {
		smallest = smaller(smallest, limit(directory));
		char *slash = strrchr(directory, '/');
		if (strlen(directory) <= top || !slash)
			return smallest;
		*slash = '\0';
	}
}

static uint64_t smallest_in_hierarchy(
	const char *root, const struct limit *limit, const char *controllers, const char *group)
{
	char mount[PATH], list[512], wanted[64];

	if (*controllers == '\0') {
		snprintf(mount, sizeof mount, "%.2000s/sys/fs/cgroup", root);
		return smallest_upward(mount, group, limit->v2);
	}
	snprintf(list, sizeof list, ",%.500s,", controllers);
	snprintf(wanted, sizeof wanted, ",%s,", limit->controller);
	if (!strstr(list, wanted))
		return UINT64_MAX;
	snprintf(mount, sizeof mount, "%.2000s/sys/fs/cgroup/%s", root, limit->controller);
	return smallest_upward(mount, group, limit->v1);
}

/* Return the smallest limit in all hierarchies; UINT64_MAX if there is none. */
static uint64_t smallest_limit(const char *root, const struct limit *limit)
{
	uint64_t smallest = UINT64_MAX;
	char line[PATH];

	snprintf(line, sizeof line, "%.2000s/proc/self/cgroup", root);
	FILE *f = fopen(line, "re");
	if (!f)
		return smallest;
	/* Each line is NUMBER:CONTROLLERS:/GROUP (cgroups(7)). */
	while (fgets(line, sizeof line, f)) {
		line[strcspn(line, "\n")] = '\0';
		char *controllers = strchr(line, ':');
		char *group = controllers ? strchr(controllers + 1, ':') : NULL;
		if (!group)
			continue;
		*group++ = '\0';
		smallest = smaller(
			smallest, smallest_in_hierarchy(root, limit, controllers + 1, group));
	}
	fclose(f);
	return smallest;
}

/* --- CPUs --------------------------------------------------------------------------- */

/* Return the number of CPUs, rounded up, for a quota and a period in microseconds.  UINT64_MAX if
 * there is no quota. */
static uint64_t whole_cpus(uint64_t quota, uint64_t period)
{
	if (quota == UINT64_MAX || !quota || period == UINT64_MAX || !period)
		return UINT64_MAX;
	return (quota - 1) / period + 1;
}

static uint64_t quota_v1(const char *directory)
{
	return whole_cpus(read_number(directory, "cpu.cfs_quota_us"),
		read_number(directory, "cpu.cfs_period_us"));
}

/* cpu.max contains "QUOTA PERIOD", such as "150000 100000", or "max 100000" if there is no quota.
 */
static uint64_t quota_v2(const char *directory)
{
	uint64_t n[2];

	read_numbers(directory, "cpu.max", n, 2);
	return whole_cpus(n[0], n[1]);
}

unsigned machine_cpu_quota(const char *root)
{
	uint64_t n = smallest_limit(root, &(struct limit){"cpu", quota_v2, quota_v1});

	return n > INT_MAX ? 0 : (unsigned)n;
}

static unsigned cpus_in_affinity_mask(void)
{
	/* A cpu_set_t has room for 1024 CPUs.  If the machine has more, try larger and larger sets.
	 */
	for (int n = 1024; n <= 1 << 20; n *= 2) {
		cpu_set_t *set = CPU_ALLOC((size_t)n);
		if (!set)
			break;
		int failed = sched_getaffinity(0, CPU_ALLOC_SIZE((size_t)n), set);
		int count = failed ? 0 : CPU_COUNT_S(CPU_ALLOC_SIZE((size_t)n), set);
		CPU_FREE(set);
		if (count > 0)
			return (unsigned)count;
	}
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (unsigned)n : 1;
}

unsigned machine_cpus(void)
{
	unsigned cpus = cpus_in_affinity_mask(), quota = machine_cpu_quota("");

	return quota && quota < cpus ? quota : cpus;
}

/* --- Memory ------------------------------------------------------------------------- */

/* Return the number of bytes that a control group may still allocate.  The kernel counts cached
 * files as memory that the group uses.  Here they count as free, since the kernel drops them when
 * memory is needed. */
static uint64_t memory_left(const char *directory, const char *limit_file, const char *used_file)
{
	uint64_t limit = read_number(directory, limit_file),
		 used = read_number(directory, used_file);

	if (limit == UINT64_MAX || used == UINT64_MAX)
		return UINT64_MAX;
	uint64_t cached = read_statistic(directory, "memory.stat", "active_file") +
			  read_statistic(directory, "memory.stat", "inactive_file");
	used = used > cached ? used - cached : 0;
	return limit > used ? limit - used : 0;
}

static uint64_t memory_left_v2(const char *directory)
{
	return memory_left(directory, "memory.max", "memory.current");
}

static uint64_t memory_left_v1(const char *directory)
{
	return memory_left(directory, "memory.limit_in_bytes", "memory.usage_in_bytes");
}

/* Return Linux's estimate of the available memory, or the size of the whole memory if there is no
 * estimate. */
static uint64_t memory_of_machine(const char *root)
{
	char proc[256];

	snprintf(proc, sizeof proc, "%.200s/proc", root);
	uint64_t kb = read_statistic(proc, "meminfo", "MemAvailable:");
	if (kb)
		return kb * 1024;
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
	return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : UINT64_MAX;
}

uint64_t machine_memory_under(const char *root)
{
	struct limit group = {"memory", memory_left_v2, memory_left_v1};

	return smaller(memory_of_machine(root), smallest_limit(root, &group));
}

uint64_t machine_memory(void)
{
	return machine_memory_under("");
}
