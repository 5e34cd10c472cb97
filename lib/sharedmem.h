/* sharedmem.h -- memory that grows, private or shared with forked children.
 *
 * A shared block is a file without a name (memfd_create, or an unlinked file in
 * $TMPDIR where there is no memfd), so a process that maps it sees what another
 * wrote, even what was added after the fork.  /dev/shm and its limit are not
 * involved, and since the file's pages are allocated as it grows, neither is
 * overcommit.  The address may change with every sharedmem_resize: keep offsets,
 * not pointers.
 *
 * Order of calls: sharedmem_open; then sharedmem_resize as often as you like, in one
 * process at a time; sharedmem_follow in another process that had it before a fork;
 * sharedmem_close.
 */
#ifndef LIB_SHAREDMEM_H
#define LIB_SHAREDMEM_H

#include <stdbool.h>
#include <stddef.h>

struct sharedmem {
	char *at;    /* NULL before the first sharedmem_resize */
	size_t size; /* bytes mapped */
	int fd;      /* -1: private to this process */
};

/* An empty block.  between_processes false makes it plain private memory, which
 * is cheaper.  False on error, errno set. */
bool sharedmem_open(struct sharedmem *, bool between_processes);

/* The same as sharedmem_open(s, true) without a memfd: the fallback, by itself. */
bool sharedmem_open_file(struct sharedmem *);

/* Make it size bytes, keeping what fits; 0 is EINVAL.  A shared block's memory is
 * committed here, so that a later write cannot fail; where the system has no limit to
 * tell of, it may call its OOM killer instead.  Bytes added to a shared block are 0, to a
 * private one undefined.  On error (errno set): false, and nothing has changed. */
bool sharedmem_resize(struct sharedmem *, size_t size);

/* Map the block as large as another process has made it. */
bool sharedmem_follow(struct sharedmem *);

/* Give it back; what other processes mapped of it stays with them. */
void sharedmem_close(struct sharedmem *);

#endif
