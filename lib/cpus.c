#include "lib/cpus.h"

#include <limits.h>
#include <sched.h>
#include <unistd.h>

#include "lib/cgroup.h"
#include "lib/kernel.h"

/* Quota and period in microseconds -> CPUs. */
static uint64_t whole_cpus(uint64_t quota, uint64_t period)
{
	if (quota == UINT64_MAX || !quota || period == UINT64_MAX || !period)
		return UINT64_MAX;
	return (quota - 1) / period + 1;
}

static uint64_t quota_v1(const char *dir)
{
	return whole_cpus(
		kernel_number(dir, "cpu.cfs_quota_us"), kernel_number(dir, "cpu.cfs_period_us"));
}

/* "max 100000" or "150000 100000" */
static uint64_t quota_v2(const char *dir)
{
	uint64_t n[2];

	kernel_numbers(dir, "cpu.max", n, 2);
	return whole_cpus(n[0], n[1]);
}

unsigned cpus_quota(const char *root)
{
	uint64_t n = cgroup_least(root, "cpu", quota_v2, quota_v1);

	return n > INT_MAX ? 0 : (unsigned)n;
}

static unsigned affinity(void)
{
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
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (unsigned)n : 1;
}

unsigned cpus_available(void)
{
	unsigned most = affinity(), quota = cpus_quota("");

	return quota && quota < most ? quota : most;
}
