#include "lib/memory.h"

#include <stdio.h>
#include <unistd.h>

#include "lib/cgroup.h"
#include "lib/kernel.h"

/* What a group has left: of what it uses, cached files are given back when needed. */
static uint64_t left(const char *folder, const char *limit, const char *used)
{
	uint64_t most = kernel_number(folder, limit), now = kernel_number(folder, used);

	if (most == UINT64_MAX || now == UINT64_MAX)
		return UINT64_MAX;
	uint64_t cached = kernel_statistic(folder, "memory.stat", "active_file") +
			  kernel_statistic(folder, "memory.stat", "inactive_file");
	now = now > cached ? now - cached : 0;
	return most > now ? most - now : 0;
}

static uint64_t left_v2(const char *folder)
{
	return left(folder, "memory.max", "memory.current");
}

static uint64_t left_v1(const char *folder)
{
	return left(folder, "memory.limit_in_bytes", "memory.usage_in_bytes");
}

/* Of the machine: what Linux thinks can be had, else all. */
static uint64_t of_machine(const char *root)
{
	char path[256];

	snprintf(path, sizeof path, "%.200s/proc", root);
	uint64_t kb = kernel_statistic(path, "meminfo", "MemAvailable:");
	if (kb)
		return kb * 1024;
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
	return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : UINT64_MAX;
}

uint64_t memory_available(const char *root)
{
	uint64_t machine = of_machine(root);
	uint64_t group = cgroup_least(root, "memory", left_v2, left_v1);

	return group < machine ? group : machine;
}
