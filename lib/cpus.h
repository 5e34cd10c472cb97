/* cpus.h -- how many CPUs this process may use. */
#ifndef LIB_CPUS_H
#define LIB_CPUS_H

/* The CPUs of the affinity mask (sched_getaffinity), or fewer where a cgroup's
 * quota allows less; a quota of 1.5 CPUs counts as 2.  At least 1. */
unsigned cpus_available(void);

/* The quota alone, of the process's cgroup and those above it (v2: cpu.max; v1:
 * cpu.cfs_quota_us and cpu.cfs_period_us), rounded up; 0 if there is none.  root
 * is "" but in tests: proc and sys are looked for under it. */
unsigned cpus_quota(const char *root);

#endif
