#include "lib/cpus.h"

#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH = 4096 };

/* Quota and period in microseconds -> CPUs, 0 for none. */
static unsigned whole_cpus(long long quota, long long period)
{
	if (quota <= 0 || period <= 0)
		return 0;
	long long n = (quota - 1) / period + 1;
	return n > INT_MAX ? 0 : (unsigned)n;
}

static long long read_number(const char *dir, const char *file)
{
	char path[PATH + 64];
	long long n = -1;

	snprintf(path, sizeof path, "%s/%s", dir, file);
	FILE *f = fopen(path, "re");
	if (!f)
		return -1;
	if (fscanf(f, "%lld", &n) != 1)
		n = -1;
	fclose(f);
	return n;
}

/* The quota written in one folder of the cgroup tree. */
static unsigned quota_v1(const char *dir)
{
	return whole_cpus(
		read_number(dir, "cpu.cfs_quota_us"), read_number(dir, "cpu.cfs_period_us"));
}

static unsigned quota_v2(const char *dir)
{
	char path[PATH + 64];
	long long quota, period;

	snprintf(path, sizeof path, "%s/cpu.max", dir);
	FILE *f = fopen(path, "re");
	if (!f)
		return 0;
	int got = fscanf(f, "%lld %lld", &quota, &period); /* "max 100000" is none */
	fclose(f);
	return got == 2 ? whole_cpus(quota, period) : 0;
}

static unsigned smaller(unsigned a, unsigned b)
{
	return !a ? b : !b || a < b ? a : b;
}

/* The smallest quota of the group and of those above it.  In a container the path
 * may be the host's and not exist here: then only the top counts. */
static unsigned quota_upward(const char *mount, const char *group, unsigned (*quota)(const char *))
{
	char dir[PATH];
	size_t top = strlen(mount);
	unsigned least = 0;

	int len = snprintf(dir, sizeof dir, "%s%s", mount, group);
	if (len < 0 || (size_t)len >= sizeof dir)
		return 0;
	for (;;) {
		least = smaller(least, quota(dir));
		char *slash = strrchr(dir, '/');
		if (strlen(dir) <= top || !slash)
			return least;
		*slash = '\0';
	}
}

static unsigned quota_of_line(const char *root, const char *controllers, const char *group)
{
	char mount[PATH];

	if (*controllers == '\0') {
		snprintf(mount, sizeof mount, "%.2000s/sys/fs/cgroup", root);
		return quota_upward(mount, group, quota_v2);
	}
	char list[512];
	snprintf(list, sizeof list, ",%.500s,", controllers);
	if (!strstr(list, ",cpu,"))
		return 0;
	snprintf(mount, sizeof mount, "%.2000s/sys/fs/cgroup/cpu", root);
	return quota_upward(mount, group, quota_v1);
}

unsigned cpus_quota(const char *root)
{
	char line[PATH];
	unsigned least = 0;

	snprintf(line, sizeof line, "%.2000s/proc/self/cgroup", root);
	FILE *f = fopen(line, "re");
	if (!f)
		return 0;
	/* Each line is NUMBER:CONTROLLERS:/GROUP (cgroups(7)). */
	while (fgets(line, sizeof line, f)) {
		line[strcspn(line, "\n")] = '\0';
		char *controllers = strchr(line, ':');
		char *group = controllers ? strchr(controllers + 1, ':') : NULL;
		if (!group)
			continue;
		*group++ = '\0';
		least = smaller(least, quota_of_line(root, controllers + 1, group));
	}
	fclose(f);
	return least;
}

static unsigned affinity(void)
{
#ifdef __linux__
	/* More than 1024 CPUs do not fit a cpu_set_t: ask for a larger one. */
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
#endif
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (unsigned)n : 1;
}

unsigned cpus_available(void)
{
	return smaller(affinity(), cpus_quota(""));
}
