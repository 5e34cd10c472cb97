/* atomicfile.h -- replace a file atomically: at any time its name leads to all of the old file or
 * to all of the new one.
 *
 * The new file is written in the same directory, without a name or, where the system cannot do
 * that, under a temporary one.  Then it is flushed to the disk and gets its name.  A symbolic link
 * stays, and the file that it leads to is replaced.  A name that is not that of a regular file,
 * such as /dev/null or a FIFO's, is not replaced: the bytes are written to it.
 *
 * Order of calls: atomicfile_open(); write to .fd; atomicfile_commit() or atomicfile_abandon().
 * They return false on error (errno).
 */
#ifndef LIB_ATOMICFILE_H
#define LIB_ATOMICFILE_H

#include <stdbool.h>

struct atomicfile {
	int fd;
	char *name;      /* that the file will get; NULL: it is written to directly */
	char *directory; /* of name */
	char *draft;     /* the temporary name; NULL: it has none */
};

bool atomicfile_open(struct atomicfile *, const char *name);

/* Check that atomicfile_open() would succeed.  Leaves no file behind, and opens regular files
 * only. */
bool atomicfile_try(const char *name);

/* Give the file its name, and close it.  On error it is abandoned. */
bool atomicfile_commit(struct atomicfile *);

/* Close and remove the new file. */
void atomicfile_abandon(struct atomicfile *);

#endif
