/* cgroup.h -- the limits that control groups set for this process: cgroups(7), versions 1
 * and 2.
 */
#ifndef LIB_CGROUP_H
#define LIB_CGROUP_H

#include <stdint.h>

/* What a group's folder says of a limit; UINT64_MAX if it sets none. */
typedef uint64_t cgroup_limit(const char *folder);

/* The smallest limit of the process's group and of those above it, UINT64_MAX if there is
 * none.  controller: as version 1 names it, "cpu".  root is "" but in tests: proc and sys
 * are looked for under it. */
uint64_t cgroup_least(const char *root, const char *controller, cgroup_limit *v2, cgroup_limit *v1);

#endif
