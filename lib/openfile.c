#include "lib/openfile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int openfile_regular(const char *name)
{
	int fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -1;
	int error = fstat(fd, &st) != 0   ? errno
		    : S_ISREG(st.st_mode) ? 0
		    : S_ISDIR(st.st_mode) ? EISDIR
					  : EINVAL;
	if (!error)
		return fd;
	close(fd);
	errno = error;
	return -1;
}

FILE *openfile_stream(const char *name)
{
	int fd = openfile_regular(name);
	FILE *in = fd >= 0 ? fdopen(fd, "r") : NULL;

	if (fd >= 0 && !in)
		close(fd);
	return in;
}
