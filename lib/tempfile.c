#include "lib/tempfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *tempfile_folder(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/tmp";
}

int tempfile_open(void)
{
	char name[4096];

#ifdef O_TMPFILE
	int fd = open(tempfile_folder(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
#endif
	int n = snprintf(name, sizeof name, "%s/wf-XXXXXX", tempfile_folder());
	if (n < 0 || (size_t)n >= sizeof name) {
		errno = ENAMETOOLONG;
		return -1;
	}
	int file = mkstemp(name);
	if (file < 0)
		return -1;
	unlink(name);
	fcntl(file, F_SETFD, FD_CLOEXEC);
	return file;
}
