/* no_memfd.c -- a kernel without memfd_create, as before Linux 3.17. */
#include <errno.h>

int memfd_create(const char *name, unsigned flags)
{
	(void)name, (void)flags;
	errno = ENOSYS;
	return -1;
}
