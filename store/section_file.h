/* section_file.h -- a file of sections, each with a checksum, that can go through a pipe.
 *
 *	file	 [ magic 64 | version 32 | 0 32 | section | section | ... ]
 *	section	 [ kind 32 | number 32 | length 64 | note 64 | checksum 128 | bytes ]
 *		 little-endian
 *
 * The checksum is XXH3-128, its low 64 bits first.  It covers the fields before it and the bytes,
 * and its seed is the section's place in the file.  So it does not match if a section is damaged,
 * moved, left out or doubled.
 *
 * The caller decides what the kinds mean, and which kind is the last.  Reading allocates at most
 * twice as much memory as there are bytes, even if a length is wrong.
 *
 * On error all functions return false with errno: EBADMSG if the bytes are damaged, ENODATA if they
 * end too early, or the system's error.
 */
#ifndef STORE_SECTION_FILE_H
#define STORE_SECTION_FILE_H

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
	bool seeks;          /* a regular file: any place can be read, also by several processes */
	uint64_t start, end; /* of a regular file: where the magic is, and where the file ends */
	uint64_t at;         /* where to read next, counted from .start */
	uint64_t len;        /* the length of this section's bytes; 0 if they are loaded */
	uint64_t place;      /* where this section begins, counted from .start */
	char head[SECTION_HEAD];
	char *buffer;
	size_t room;
};

/* Begin to read a descriptor, which the caller closes.  EINVAL if the file does not begin with the
 * magic, ENODATA if it is empty.  *version is set only if the magic is right. */
bool sections_open(struct sections *, int fd, const char *magic, uint32_t *version);

/* Go to the section that begins at a place.  Only for a regular file. */
void sections_seek(struct sections *, uint64_t place);

/* Read the next section except its bytes: .bytes.at is NULL.  What was read may be wrong until
 * sections_load() has compared the checksum. */
bool sections_next(struct sections *, struct section *);

/* Read the section's bytes and compare the checksum.  The bytes are valid until the next section is
 * read. */
bool sections_load(struct sections *, struct section *);

/* sections_next() and sections_load(). */
bool sections_read(struct sections *, struct section *);

/* True if nothing follows the last section.  Otherwise false with EFBIG. */
bool sections_is_over(struct sections *);

/* Free the buffer. */
void sections_close(struct sections *);

#endif
