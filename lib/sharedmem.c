#include "lib/sharedmem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/tempfile.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

enum { MORE_ADDRESSES = 8 }; /* a block that moves gets this many times the addresses it needs */

#define HUGE_PAGE ((size_t)2 << 20) /* bytes of a huge page, on most CPUs */

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

/* --- Address space ---------------------------------------------------------------- */

static size_t whole_pages(size_t size)
{
	return (size + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
}

/* Return how many bytes of address space to reserve when a block moves and gets `size` bytes.  More
 * addresses are reserved than the block needs, so that it rarely moves again, and can have huge
 * pages.  Return 0 if the block is too small for that, or if addresses are scarce. */
static size_t addresses_for(size_t size)
{
	struct rlimit limit;
	bool scarce = sizeof(size_t) < 8 || getrlimit(RLIMIT_AS, &limit) ||
		      limit.rlim_cur != RLIM_INFINITY;

	return scarce || size < HUGE_PAGE || size > SIZE_MAX >> 20
		       ? 0
		       : whole_pages(size * MORE_ADDRESSES);
}

/* Reserve addresses that begin where a huge page can begin.  NULL on error. */
static char *reserve(size_t bytes)
{
	size_t all = bytes + HUGE_PAGE;
	char *at = mmap(NULL, all, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		return NULL;
	size_t before = -(uintptr_t)at & (HUGE_PAGE - 1);
	if (before)
		munmap(at, before);
	munmap(at + before + bytes, all - before - bytes);
	return at + before;
}

/* --- Shared blocks ---------------------------------------------------------------- */

/* Map the file to more addresses than it has bytes.  False on error. */
static bool map_reserved(struct sharedmem *s, size_t addresses)
{
	char *at = reserve(addresses);

	if (!at)
		return false;
	if (mmap(at, addresses, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, s->fd, 0) ==
		MAP_FAILED) {
		munmap(at, addresses);
		return false;
	}
	if (s->at)
		munmap(s->at, s->mapped);
	s->at = at;
	s->mapped = addresses;
	return true;
}

static bool map_exactly(struct sharedmem *s, size_t size)
{
	char *at = s->at ? mremap(s->at, s->mapped, size, MREMAP_MAYMOVE)
			 : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, 0);

	if (at == MAP_FAILED)
		return false;
	s->at = at;
	s->mapped = size;
	return true;
}

static bool remap(struct sharedmem *s, size_t size)
{
	size_t addresses = addresses_for(size);
	bool fits = s->mapped >= HUGE_PAGE ? size <= s->mapped : size == s->mapped;

	if (!fits && !(addresses && map_reserved(s, addresses)) && !map_exactly(s, size))
		return false;
	s->size = size;
	return true;
}

/* Let bytes [from, to) of a new part of the file have huge pages.  The kernel makes a huge page
 * only where at least one small page exists, so allocate one small page for each huge page.
 * Without huge pages, wf is only slower, so errors are ignored. */
static void use_huge_pages(struct sharedmem *s, size_t from, size_t to)
{
	from &= ~(HUGE_PAGE - 1);
	to &= ~(HUGE_PAGE - 1);
	if (from >= to || (uintptr_t)s->at & (HUGE_PAGE - 1))
		return;
	for (size_t page = from; page < to; page += HUGE_PAGE)
		if (!commit(s->fd, page, page + 1))
			return;
	(void)madvise(s->at + from, to - from, MADV_COLLAPSE);
}

static bool resize_shared(struct sharedmem *s, size_t size)
{
	struct stat st;

	if (fstat(s->fd, &st))
		return false;
	size_t old = (size_t)st.st_size;
	if (ftruncate(s->fd, (off_t)size))
		return false;
	if (size <= old)
		return remap(s, size);
	size_t before = s->size;
	if (!remap(s, size))
		goto truncate;
	use_huge_pages(s, old, size);
	if (commit(s->fd, old, size))
		return true;
	s->size = before;

truncate:;
	int saved = errno;
	if (ftruncate(s->fd, (off_t)old))
		errno = saved; /* the file stays larger than needed, which is harmless */
	errno = saved;
	return false;
}

/* --- Private blocks --------------------------------------------------------------- */

static void release_private(struct sharedmem *s)
{
	if (s->mapped)
		munmap(s->at, s->mapped);
	else
		free(s->at);
}

/* Make the block's addresses usable up to `size`, and the others unusable, which frees their
 * memory. */
static bool resize_mapped(struct sharedmem *s, size_t size)
{
	size_t from = whole_pages(s->size), to = whole_pages(size);

	if (to > from && mprotect(s->at + from, to - from, PROT_READ | PROT_WRITE))
		return false;
	if (to < from && mmap(s->at + to, from - to, PROT_NONE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1,
				 0) == MAP_FAILED)
		return false;
	if (to < from)
		(void)madvise(s->at + to, from - to, MADV_HUGEPAGE);
	s->size = size;
	return true;
}

/* Copy the first `used` bytes of a block, and free its memory piece by piece. */
static void copy_pages(char *to, char *from, size_t used)
{
	for (size_t at = 0; at < used; at += HUGE_PAGE) {
		size_t n = used - at < HUGE_PAGE ? used - at : HUGE_PAGE;
		memcpy(to + at, from + at, n);
		(void)madvise(from + at, n, MADV_DONTNEED);
	}
}

/* Move the bytes of a block to another block that has room for them.  Before Linux 6.17, mremap()
 * can't move a range that the kernel manages as several mappings, as it does with a block that has
 * grown after a move; and it unmaps the destination before it fails. */
static bool move_bytes(struct sharedmem *to, const struct sharedmem *from)
{
	enum { ACCESS = PROT_READ | PROT_WRITE, KIND = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED };
	size_t used = whole_pages(from->size);

	if (!from->mapped) {
		if (from->size)
			memcpy(to->at, from->at, from->size);
		return true;
	}
	if (mremap(from->at, used, used, MREMAP_MAYMOVE | MREMAP_FIXED, to->at) != MAP_FAILED)
		return true;
	if (mmap(to->at, used, ACCESS, KIND, -1, 0) == MAP_FAILED)
		return false;
	(void)madvise(to->at, used, MADV_HUGEPAGE);
	copy_pages(to->at, from->at, used);
	return true;
}

/* Move the block to `addresses` bytes of new address space, and change its size.  False on
 * error. */
static bool move_private(struct sharedmem *s, size_t size, size_t addresses)
{
	struct sharedmem to = {.fd = -1, .at = reserve(addresses), .mapped = addresses};

	if (!to.at)
		return false;
	(void)madvise(to.at, addresses, MADV_HUGEPAGE);
	if (!resize_mapped(&to, size) || !move_bytes(&to, s)) {
		munmap(to.at, addresses);
		return false;
	}
	release_private(s);
	*s = to;
	return true;
}

static bool resize_private(struct sharedmem *s, size_t size)
{
	size_t addresses = addresses_for(size);

	if (s->mapped && size <= s->mapped)
		return resize_mapped(s, size);
	if (addresses && move_private(s, size, addresses))
		return true;
	if (s->mapped)
		return move_private(s, size, whole_pages(size));
	char *at = realloc(s->at, size);
	if (!at)
		return false;
	s->at = at;
	s->size = size;
	return true;
}

/* ---------------------------------------------------------------------------------- */

bool sharedmem_resize(struct sharedmem *s, size_t size)
{
	if (size == 0 || size > PTRDIFF_MAX) {
		errno = size ? ENOMEM : EINVAL;
		return false;
	}
	return s->fd < 0 ? resize_private(s, size) : resize_shared(s, size);
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
		release_private(s);
	} else {
		if (s->at)
			munmap(s->at, s->mapped);
		close(s->fd);
	}
	*s = (struct sharedmem){.fd = -1};
}
