/* find_files.h -- finds the names of the files to be read: those that the user named, and those
 * found in directories.
 *
 * Directories are searched recursively.  The files in a directory are sorted by the bytes of their
 * paths, so that the order of files and of messages does not depend on the file system.  As with
 * grep -r, symbolic links found in a directory are not followed, so there are no loops; but the
 * directory that the user named may itself be a link.  FIFOs, sockets and devices are skipped.
 *
 * Neither fts(3) nor nftw(3) is good enough: glibc's fts mistakes an error of readdir() for the end
 * of the directory, and nftw needs a mutable global variable and does not sort.
 */
#ifndef INPUT_FIND_FILES_H
#define INPUT_FIND_FILES_H

#include "lib/complaint.h"
#include "lib/strlist.h"

struct found_files {
	struct strlist names; /* the named files, then the files found in each directory */
	size_t named;         /* the first .named names belong to the caller, the others to this
			       * struct */
	size_t unreadable;    /* how many directories, and files in them, could not be read */
};

/* A file found in a directory is skipped as binary if there is a NUL among its first
 * FOUND_FILES_HEAD bytes.  A compressed file is not skipped, whatever it contains. */
enum { FOUND_FILES_HEAD = 32 * 1024 };

/* Find the files in some directories, and append them to the named files.  The named files are not
 * examined, and their strings must outlive found_files.  Warns of each file or directory that can't
 * be read, of each directory without a file to count, and of binary files, the first few by name.
 * Never has more than one descriptor open.  False, with a complaint, if out of memory: then there
 * is nothing to free. */
bool find_files(struct found_files *, const struct strlist *named,
	const struct strlist *directories, const struct warner *, struct complaint *);

void found_files_free(struct found_files *);

#endif
