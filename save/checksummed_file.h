/* checksummed_file.h -- writes and reads a file of sections, each with a checksum.  The file may
 * also be a pipe.
 *
 *	file	 [ magic 64 | version 32 | 0 32 | section | section | ... ]
 *	section	 [ kind 32 | number 32 | length 64 | note 64 | checksum 128 | bytes ]
 *		 little-endian
 *
 * The checksum is XXH3-128, its low 64 bits first.  It covers the four fields before it and the
 * bytes after it, and its seed is the offset of the section in the file.  So a checksum does not
 * match if a section is damaged, moved, left out or repeated.
 *
 * The caller decides what the kinds mean, and which kind is the last.  Even if a length is wrong,
 * reading allocates at most 256 KB, or twice the size of the file if that is more.
 *
 * On error all functions return false and set errno: to EBADMSG if the bytes are damaged, to
 * ENODATA if the file ends too early, or to the system's error.
 */
#ifndef SAVE_CHECKSUMMED_FILE_H
#define SAVE_CHECKSUMMED_FILE_H

#include "lib/span.h"

enum { SECTIONS_MAGIC = 8, SECTIONS_START = 16, SECTION_HEAD = 40 };

struct section {
	uint32_t kind, number;
	uint64_t note;
	struct span bytes;
};

/* --- Writing --- */

struct sections_writer {
	int fd;
	uint64_t at;
};

bool sections_create(struct sections_writer *, int fd, const char *magic, uint32_t version);
bool sections_put(struct sections_writer *, const struct section *);

/* --- Reading --- */

struct sections {
	int fd;
	bool seeks;          /* true if the file is a regular one: then any place can be read, even
			      * by several processes */
	uint64_t start, end; /* if .seeks: the offsets of the magic and of the end of the file */
	uint64_t at;         /* where to read next, counted from .start */
	uint64_t len;        /* how many bytes of the current section are still to be loaded; 0 if
			      * they have been loaded */
	uint64_t place;      /* where the current section begins, counted from .start */
	char head[SECTION_HEAD];
	char *buffer;
	size_t room;
};

/* Begin to read a descriptor, which the caller closes.  EINVAL if the file does not begin with the
 * magic, ENODATA if it is empty.  *version is set only if the file begins with the magic. */
bool sections_open(struct sections *, int fd, const char *magic, uint32_t *version);

/* Go to the section that begins at `place`, an offset from the magic.  Only for a regular file. */
void sections_seek(struct sections *, uint64_t place);

/* Read the head of the next section, but not its bytes: .bytes.at is NULL.  The head may be
 * damaged, which is not known until sections_load() has compared the checksum. */
bool sections_next(struct sections *, struct section *);

/* Read the bytes of the section whose head was read last, and compare the checksum.  The bytes are
 * valid until the next section is read. */
bool sections_load(struct sections *, struct section *);

/* Call sections_next() and then sections_load(). */
bool sections_read(struct sections *, struct section *);

/* True if nothing follows the sections that were read.  False with EFBIG if something follows, or
 * with another error if reading fails. */
bool sections_is_over(struct sections *);

/* Free the buffer. */
void sections_close(struct sections *);

#endif
