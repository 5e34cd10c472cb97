/* no_memory.c -- LD_PRELOAD: lets allocations fail.
 *
 * In each process, allocation number NO_MEMORY_AT fails (malloc, calloc and realloc together, from
 * 1), and if NO_MEMORY_ON is set, all later ones fail, too.  A forked process counts on.
 */
#include <errno.h>
#include <stdlib.h>

/* NOLINTNEXTLINE(bugprone-reserved-identifier): glibc names them so */
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);

static long done, at = -1;
static int on;

static int fails(void)
{
	if (at < 0) {
		const char *text = getenv("NO_MEMORY_AT");
		at = text ? atol(text) : 0;
		on = getenv("NO_MEMORY_ON") != NULL;
	}
	done++;
	if (!at || (on ? done < at : done != at))
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}
