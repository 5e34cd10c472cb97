/* atomicfile.h -- write a file so that under its name there is the old one or all of the new one.
 *
 * It is written without a name in the same folder, or where the system can't do that with one of
 * its own; then it is brought to the disk, and takes the name.  What is no regular file, as
 * /dev/null or a FIFO, is written to as it is.  A symbolic link to a file stays, and leads to the
 * new one.
 *
 * Order of calls: atomicfile_open; write to .fd; atomicfile_commit, or atomicfile_abandon.  All
 * return false on error (errno).
 */
#ifndef LIB_ATOMICFILE_H
#define LIB_ATOMICFILE_H

#include <stdbool.h>

struct atomicfile {
	int fd;
	char *name;   /* that it gets; NULL: it is written to as it is */
	char *folder; /* where that is */
	char *draft;  /* its name until then, NULL: none */
};

bool atomicfile_open(struct atomicfile *, const char *name);

/* Would it work?  Leaves nothing, and what is no regular file alone. */
bool atomicfile_try(const char *name);

/* Give it its name, and close it.  On error it is abandoned. */
bool atomicfile_commit(struct atomicfile *);

/* Close it, and leave nothing. */
void atomicfile_abandon(struct atomicfile *);

#endif
