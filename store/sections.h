/* sections.h -- a file of sections, each with a checksum, that can go through a pipe.
 *
 *	file	 [ magic 64 | version 32 | 0 32 | section | section | ... ]
 *	section	 [ kind 32 | number 32 | length 64 | note 64 | checksum 128 | bytes ]
 *		 little-endian; the checksum is XXH3-128 (its low 64 bits, then its high ones) of
 *		 what is before it in the section and of the bytes, with the section's place in
 *		 the file as the seed: a section that is damaged, moved, left out or doubled is
 *		 known by that
 *
 * What the kinds mean, and which one is the last, is the caller's.  Reading allocates no more
 * than twice of what is there, whatever a length says.
 *
 * On error all functions return false with errno: EBADMSG, the bytes are damaged; ENODATA, they
 * end too early; or what the system says.
 */
#ifndef STORE_SECTIONS_H
#define STORE_SECTIONS_H

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
	bool seeks; /* a regular file: it can be read anywhere, also by several processes */
	uint64_t start, end; /* of that: where it begins, and ends */
	uint64_t at;         /* from the start: where to read next */
	uint64_t len;        /* of the section's bytes that are not loaded yet */
	uint64_t place;      /* of that section */
	char head[SECTION_HEAD];
	char *buffer;
	size_t room;
};

/* Begin to read a descriptor, which stays yours.  *version is only set if the magic fits; no
 * file of this kind: EINVAL.  (ENODATA: it is empty.) */
bool sections_open(struct sections *, int fd, const char *magic, uint32_t *version);

/* Go to a section that begins at a place, of what can be read anywhere. */
void sections_seek(struct sections *, uint64_t place);

/* Read what is before the next section's bytes.  It is not known to be true until they are
 * loaded; .bytes.at is NULL. */
bool sections_next(struct sections *, struct section *);

/* Read its bytes and compare the checksum.  They stay until the next section is asked for. */
bool sections_load(struct sections *, struct section *);

/* Both. */
bool sections_read(struct sections *, struct section *);

/* True if there is nothing behind the last section; else false with EFBIG. */
bool sections_is_over(struct sections *);

/* Frees the buffer. */
void sections_close(struct sections *);

#endif
