#include "lib/sharedmem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/tempfile.h"

bool sharedmem_open_file(struct sharedmem *s)
{
	*s = (struct sharedmem){.fd = tempfile_open()};
	return s->fd >= 0;
}

bool sharedmem_open(struct sharedmem *s, bool between_processes)
{
	*s = (struct sharedmem){.fd = -1};
	if (!between_processes)
		return true;
	s->fd = memfd_create("wf", MFD_CLOEXEC);
	return s->fd >= 0 || sharedmem_open_file(s);
}

/* Allocate the file's pages in [from, to) now.  If there were no memory for a page later, writing
 * to it would raise SIGBUS.  Some file systems cannot allocate pages in advance; this is not an
 * error. */
static bool commit(int fd, size_t from, size_t to)
{
	int failed;

	do
		failed = fallocate(fd, 0, (off_t)from, (off_t)(to - from));
	while (failed && errno == EINTR);
	return !failed || errno == EOPNOTSUPP || errno == ENOSYS;
}

static char *map(struct sharedmem *s, size_t size)
{
	if (s->at)
		return mremap(s->at, s->size, size, MREMAP_MAYMOVE);
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, 0);
}

static bool remap(struct sharedmem *s, size_t size)
{
	if (size == s->size)
		return true;
	char *at = map(s, size);
	if (at == MAP_FAILED)
		return false;
	s->at = at;
	s->size = size;
	return true;
}

static bool resize_private(struct sharedmem *s, size_t size)
{
	char *at = realloc(s->at, size);

	if (!at)
		return false;
	s->at = at;
	s->size = size;
	return true;
}

bool sharedmem_resize(struct sharedmem *s, size_t size)
{
	if (size == 0 || size > PTRDIFF_MAX) {
		errno = size ? ENOMEM : EINVAL;
		return false;
	}
	if (s->fd < 0)
		return resize_private(s, size);

	struct stat st;
	if (fstat(s->fd, &st))
		return false;
	size_t old = (size_t)st.st_size;
	if (ftruncate(s->fd, (off_t)size))
		return false;
	if (size > old && !commit(s->fd, old, size))
		goto truncate;
	if (!remap(s, size))
		goto truncate;
	return true;

truncate:;
	int saved = errno;
	if (size > old && ftruncate(s->fd, (off_t)old))
		errno = saved; /* the file stays larger than needed, which is harmless */
	errno = saved;
	return false;
}

bool sharedmem_follow(struct sharedmem *s)
{
	struct stat st;

	if (s->fd < 0)
		return true;
	return fstat(s->fd, &st) == 0 && remap(s, (size_t)st.st_size);
}

void sharedmem_close(struct sharedmem *s)
{
	if (s->fd < 0) {
		free(s->at);
	} else {
		if (s->at)
			munmap(s->at, s->size);
		close(s->fd);
	}
	*s = (struct sharedmem){.fd = -1};
}
