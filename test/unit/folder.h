/* folder.h -- files in folders that look like /proc and /sys, for tests. */
#ifndef FOLDER_H
#define FOLDER_H

#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

#include "unit.h"

/* Write a file under root, in folders that are made where they are not there. */
static inline void folder_put(const char *root, const char *path, const char *text)
{
	char name[300];

	snprintf(name, sizeof name, "%s/%s", root, path);
	for (char *p = name + strlen(root) + 1; (p = strchr(p, '/')); *p++ = '/') {
		*p = '\0';
		assert_true(mkdir(name, 0777) == 0 || errno == EEXIST);
	}
	FILE *file = fopen(name, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static inline int folder_remove_one(
	const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

/* Remove it and all that is in it. */
static inline void folder_remove(const char *root)
{
	assert_int_equal(nftw(root, folder_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

#endif
