/* vanishing.c -- the file VANISHING is removed as soon as a folder has been read. */
#include <dirent.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

int closedir(DIR *dir)
{
	static int (*real)(DIR *);
	const char *file = getenv("VANISHING");

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "closedir");
	if (file)
		unlink(file);
	return real(dir);
}
