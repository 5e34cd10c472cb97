/* atomicfile.h -- replace a file atomically: at any time its name leads to the whole old file or to
 * the whole new one.
 *
 * The new file is written in the same directory.  It has no name, or, if the system cannot do that,
 * a temporary one.  Then it is flushed to the disk and gets its final name.  If that is the name of
 * a symbolic link, the link stays, and the file that it leads to is replaced.  If it is the name of
 * something other than a regular file, such as /dev/null or a FIFO, nothing is replaced: the bytes
 * are written to it.
 *
 * Order of calls: atomicfile_open(); write to .fd; atomicfile_commit() or atomicfile_abandon().
 * Functions that return a bool return false on error (errno).
 */
#ifndef LIB_ATOMICFILE_H
#define LIB_ATOMICFILE_H

#include <stdbool.h>

struct atomicfile {
	int fd;
	char *name;      /* the name that the file will get; NULL: .fd is the file itself, nothing
			  * is replaced */
	char *directory; /* the directory of .name */
	char *draft;     /* the temporary name; NULL: it has none */
};

bool atomicfile_open(struct atomicfile *, const char *name);

/* Check that atomicfile_open() would succeed.  Leaves no file behind.  Anything but a regular file
 * is not opened. */
bool atomicfile_try(const char *name);

/* Give the file its name, and close it.  On error the new file is removed. */
bool atomicfile_commit(struct atomicfile *);

/* Close and remove the new file. */
void atomicfile_abandon(struct atomicfile *);

#endif
