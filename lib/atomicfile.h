/* atomicfile.h -- replaces a file atomically: at any time its name leads to the complete old file
 * or to the complete new one.
 *
 * The new file is written in the same directory.  While it is written, it has no name, or a
 * temporary name if the system does not support files without a name.  Then it is flushed to the
 * disk and gets its final name.  If the final name belongs to a symbolic link, the link stays, and
 * the file to which it leads is replaced.  If the name belongs to a device or a FIFO, such as
 * /dev/null, nothing is replaced: the bytes are written to the device or the FIFO.
 *
 * The new file keeps the permissions of the old one, but never setuid, setgid or the sticky bit.
 * If the old file belongs to another user, the new one gets only those of the old permissions that
 * open() would give to a new file.  If the old file belongs to another group, and the new one
 * cannot be given to that group, the new file's group gets no permissions.  In a directory that
 * others can write to, a symbolic link is followed only if this user or the owner of the directory
 * has made it (otherwise EACCES).
 *
 * Order of calls: atomicfile_open(); write to .fd; atomicfile_commit() or atomicfile_abandon().
 * Functions that return a bool return false on error (errno).
 */
#ifndef LIB_ATOMICFILE_H
#define LIB_ATOMICFILE_H

#include <stdbool.h>

struct atomicfile {
	int fd;
	char *name;      /* the name that the new file will get; NULL if nothing is replaced, since
			  * .fd is a device or a FIFO */
	char *directory; /* the directory of .name */
	char *draft;     /* the temporary name; NULL if there is none */
	bool is_brief;   /* the file need not be flushed to the disk */
};

bool atomicfile_open(struct atomicfile *, const char *name);

/* Open a file that is replaced often, and need not survive a crash of the system.  The new file
 * replaces whatever `name` belongs to, even a symbolic link or a device, but not a directory.  It
 * does not get the permissions of the old file. */
bool atomicfile_open_brief(struct atomicfile *, const char *name);

/* Check that atomicfile_open() would succeed, without leaving a file behind.  For devices and
 * FIFOs, which are not opened, the result is always true. */
bool atomicfile_try(const char *name);

/* Give the file its name, and close it.  On error the new file is removed. */
bool atomicfile_commit(struct atomicfile *);

/* Close and remove the new file. */
void atomicfile_abandon(struct atomicfile *);

#endif
