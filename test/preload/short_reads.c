/* short_reads.c -- read() gives 1 to 7 bytes a time, and is interrupted before each third.
 *
 * But what processes tell each other through pipes of their own, in a few bytes, is read whole,
 * as pipes promise. */
#include <dlfcn.h>
#include <errno.h>
#include <unistd.h>

ssize_t read(int fd, void *to, size_t size)
{
	static ssize_t (*real)(int, void *, size_t);
	static unsigned calls;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "read");
	if (++calls % 3 == 0) {
		errno = EINTR;
		return -1;
	}
	size_t few = size <= 8 ? size : 1 + calls % 7;
	return real(fd, to, size < few ? size : few);
}
