/* machine.h -- the CPUs and the memory that this process may use.
 *
 * A control group may allow less than the machine has: cgroups(7), versions 1 and 2.  The effective
 * limit is the smallest one of the process's own group and all groups above it.
 */
#ifndef LIB_MACHINE_H
#define LIB_MACHINE_H

#include <stdint.h>

/* Return the number of CPUs in the affinity mask (sched_getaffinity), or fewer if a control group's
 * quota is smaller.  At least 1. */
unsigned machine_cpus(void);

/* Return how many bytes of memory can be allocated now without swapping.  UINT64_MAX if the system
 * does not say. */
uint64_t machine_memory(void);

/* --- For tests: these functions read proc/ and sys/ in the directory `root`, which is "" for the
 * real directories. */

/* Return the CPU quota of the control groups (version 2: cpu.max; version 1: cpu.cfs_quota_us and
 * cpu.cfs_period_us) as a number of CPUs, rounded up.  0 if there is no quota. */
unsigned machine_cpu_quota(const char *root);

/* Like machine_memory(). */
uint64_t machine_memory_under(const char *root);

#endif
