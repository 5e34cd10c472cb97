#include "lib/cgroup.h"

#include <stdio.h>
#include <string.h>

enum { PATH = 4096 };

/* In a container the path may be the host's and not exist here: then only the top
 * counts. */
static uint64_t least_upward(const char *mount, const char *group, cgroup_limit *limit)
{
	char folder[PATH];
	size_t top = strlen(mount);
	uint64_t least = UINT64_MAX;

	int len = snprintf(folder, sizeof folder, "%s%s", mount, group);
	if (len < 0 || (size_t)len >= sizeof folder)
		return least;
	for (;;) {
		uint64_t n = limit(folder);
		if (n < least)
			least = n;
		char *slash = strrchr(folder, '/');
		if (strlen(folder) <= top || !slash)
			return least;
		*slash = '\0';
	}
}

/* What is asked for. */
struct grouping {
	const char *root, *controller;
	cgroup_limit *v2, *v1;
};

static uint64_t least_of_line(const struct grouping *q, const char *controllers, const char *group)
{
	char mount[PATH], list[512], wanted[64];

	if (*controllers == '\0') {
		snprintf(mount, sizeof mount, "%.2000s/sys/fs/cgroup", q->root);
		return least_upward(mount, group, q->v2);
	}
	snprintf(list, sizeof list, ",%.500s,", controllers);
	snprintf(wanted, sizeof wanted, ",%s,", q->controller);
	if (!strstr(list, wanted))
		return UINT64_MAX;
	snprintf(mount, sizeof mount, "%.2000s/sys/fs/cgroup/%s", q->root, q->controller);
	return least_upward(mount, group, q->v1);
}

uint64_t cgroup_least(const char *root, const char *controller, cgroup_limit *v2, cgroup_limit *v1)
{
	struct grouping q = {root, controller, v2, v1};
	uint64_t least = UINT64_MAX;
	char line[PATH];

	snprintf(line, sizeof line, "%.2000s/proc/self/cgroup", root);
	FILE *f = fopen(line, "re");
	if (!f)
		return least;
	/* Each line is NUMBER:CONTROLLERS:/GROUP (cgroups(7)). */
	while (fgets(line, sizeof line, f)) {
		line[strcspn(line, "\n")] = '\0';
		char *controllers = strchr(line, ':');
		char *group = controllers ? strchr(controllers + 1, ':') : NULL;
		if (!group)
			continue;
		*group++ = '\0';
		uint64_t n = least_of_line(&q, controllers + 1, group);
		if (n < least)
			least = n;
	}
	fclose(f);
	return least;
}
