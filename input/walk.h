/* walk.h -- the files to be read: those that were named, and those found in folders.
 *
 * A folder is walked to all depths.  What it holds is sorted by the bytes of its path, so
 * that neither the order of files nor that of messages depends on the file system.  As
 * with grep -r, a symbolic link in it is not followed, so there are no loops, though the
 * folder itself may be named by one; and FIFOs, sockets and devices are passed over.
 *
 * This is neither fts(3) nor nftw(3): fts in glibc takes an error of readdir for the end
 * of the folder, and nftw needs a mutable global and does not sort.
 */
#ifndef INPUT_WALK_H
#define INPUT_WALK_H

#include "lib/strlist.h"

struct walk {
	struct strlist names; /* the named ones, then each folder's */
	size_t named;         /* names[0, named) are not owned, those behind them are */
	size_t unreadable; /* folders, and files in them, that were named on stderr and left out */
};

/* A file in a folder is binary, and left out, if there is a NUL in its first bytes, unless it is
 * compressed: then it is not looked into. */
enum { WALK_HEAD = 32 * 1024 };

/* Find what is in folders and put it behind the named files, whose strings stay the caller's.
 * Nothing is asked of the named ones.  Said on stderr: what can't be read, a folder in which there
 * is no file to be counted, and what is binary, the first few by name.  At no time more than one
 * descriptor is open.  Dies where memory is out. */
struct walk walk_find(const struct strlist *named, const struct strlist *folders);

void walk_free(struct walk *);

#endif
