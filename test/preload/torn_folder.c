/* torn_folder.c -- a folder can't be read behind its first ENTRIES (default 0) entries. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

struct dirent *readdir(DIR *dir)
{
	static struct dirent *(*real)(DIR *);
	static int done;
	const char *entries = getenv("ENTRIES");

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "readdir64");
	if (done++ >= (entries ? atoi(entries) : 0)) {
		errno = EIO;
		return NULL;
	}
	return real(dir);
}
