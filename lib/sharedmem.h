/* sharedmem.h -- memory that can grow, private to a process or shared with forked children.
 *
 * A shared block is a file without a name.  memfd_create() makes it; if the system lacks that
 * function, the file is in $TMPDIR.  A process that maps the file sees what other processes write
 * to it, even to pages that were added after the fork.  The limit of /dev/shm has no effect on
 * blocks.  Pages are allocated when the block grows, not when they are first written, so a write
 * does not fail because the system has promised more memory than it has.  sharedmem_resize() may
 * change the address: keep offsets, not pointers.
 *
 * A block of 2 MB or more has huge pages if the kernel provides them, so a process that uses the
 * block waits less often for the kernel to map a page.  Linux gives a file huge pages only if the
 * administrator allows that, or if a process asks for them by MADV_COLLAPSE (since Linux 6.1), as
 * this module does.  A large block reserves more addresses than it has bytes, so it can grow
 * without moving.  If the addresses of the process are limited (ulimit -v), a block reserves no
 * more addresses than it needs.
 *
 * Order of calls: sharedmem_open(); sharedmem_resize(), as often as needed, in one process at a
 * time; sharedmem_follow() in another process that has inherited the block; sharedmem_close().
 */
#ifndef LIB_SHAREDMEM_H
#define LIB_SHAREDMEM_H

#include <stdbool.h>
#include <stddef.h>

struct sharedmem {
	char *at;      /* NULL before the first sharedmem_resize() */
	size_t size;   /* how many bytes the block has */
	int fd;        /* -1 if the memory is private to this process */
	size_t mapped; /* how many bytes of addresses there are at .at, for the block to grow; 0 if
			* malloc() has allocated the block */
};

/* Make an empty block.  It is shared if `between_processes` is true; otherwise it is private
 * memory, which is cheaper.  False on error (errno). */
bool sharedmem_open(struct sharedmem *, bool between_processes);

/* Make a shared block without memfd_create().  sharedmem_open() does this itself when needed. */
bool sharedmem_open_file(struct sharedmem *);

/* Change the size, keeping the bytes that fit; size 0 is EINVAL.  The pages of a shared block are
 * allocated here, so no later write can fail (but a system that has no memory limit may run its OOM
 * killer instead of returning an error).  Added bytes are 0 in a shared block and undefined in a
 * private one.  False on error (errno): then the size is unchanged, and so are the bytes. */
bool sharedmem_resize(struct sharedmem *, size_t size);

/* Map all of the block, after another process has resized it.  False on error (errno). */
bool sharedmem_follow(struct sharedmem *);

/* Release the block.  Other processes that have mapped it can still use it. */
void sharedmem_close(struct sharedmem *);

#endif
