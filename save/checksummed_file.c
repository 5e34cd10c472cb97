#include "save/checksummed_file.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "store/pack.h"
#include "lib/fullio.h"

enum {
	KEPT = 64 << 10,     /* a buffer of more bytes is freed before the next section is read */
	CHECKED = 24,        /* bytes of a section's head that the checksum covers */
	AT_ONCE = 256 << 10, /* bytes of a section to read first; each further read doubles the
			      * number of bytes that have been read */
};

static XXH128_hash_t checksum(const char *head, struct span bytes, uint64_t place)
{
	XXH3_state_t state;

	XXH3_INITSTATE(&state);
	XXH3_128bits_reset_withSeed(&state, place);
	XXH3_128bits_update(&state, head, CHECKED);
	if (bytes.len)
		XXH3_128bits_update(&state, bytes.at, bytes.len);
	return XXH3_128bits_digest(&state);
}

/* --- Writing --------------------------------------------------------------------- */

static bool append(struct sections_writer *w, const char *at, size_t len)
{
	w->at += len;
	return fullio_write(w->fd, at, len);
}

bool sections_create(struct sections_writer *w, int fd, const char *magic, uint32_t version)
{
	char start[SECTIONS_START];

	*w = (struct sections_writer){.fd = fd};
	memcpy(start, magic, SECTIONS_MAGIC);
	word_store(start + SECTIONS_MAGIC, version);
	return append(w, start, sizeof start);
}

bool sections_put(struct sections_writer *w, const struct section *s)
{
	char head[SECTION_HEAD];

	word_store(head, (uint64_t)s->number << 32 | s->kind);
	word_store(head + 8, s->bytes.len);
	word_store(head + 16, s->note);
	XXH128_hash_t sum = checksum(head, s->bytes, w->at);
	word_store(head + CHECKED, sum.low64);
	word_store(head + CHECKED + 8, sum.high64);
	return append(w, head, sizeof head) && append(w, s->bytes.at, s->bytes.len);
}

/* --- Reading --------------------------------------------------------------------- */

/* Read len bytes, or fewer if the file ends earlier.  Returns their number, or -1 (errno). */
static ssize_t read_some(struct sections *f, char *to, size_t len)
{
	ssize_t n = f->seeks ? fullio_read_at(f->fd, to, len, f->start + f->at)
			     : fullio_read(f->fd, to, len);

	f->at += n > 0 ? (uint64_t)n : 0;
	return n;
}

static bool read_all(struct sections *f, char *to, size_t len)
{
	ssize_t n = read_some(f, to, len);

	if (n >= 0 && (size_t)n < len)
		errno = ENODATA;
	return n >= 0 && (size_t)n == len;
}

static void look_at(struct sections *f)
{
	struct stat st;
	off_t start = lseek(f->fd, 0, SEEK_CUR);

	if (start < 0 || fstat(f->fd, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	f->seeks = true;
	f->start = (uint64_t)start;
	f->end = st.st_size > start ? (uint64_t)st.st_size : f->start;
}

bool sections_open(struct sections *f, int fd, const char *magic, uint32_t *version)
{
	char start[SECTIONS_START];

	*f = (struct sections){.fd = fd};
	look_at(f);
	ssize_t n = read_some(f, start, sizeof start);
	if (n < 0)
		return false;
	errno = n ? EINVAL : ENODATA;
	if (n < SECTIONS_MAGIC || memcmp(start, magic, SECTIONS_MAGIC) != 0)
		return false;
	errno = ENODATA;
	if (n < SECTIONS_START)
		return false;
	uint64_t both = word_load(start + SECTIONS_MAGIC);
	*version = (uint32_t)both;
	errno = EBADMSG;
	return both >> 32 == 0;
}

void sections_close(struct sections *f)
{
	free(f->buffer);
	f->buffer = NULL;
	f->room = 0;
}

void sections_seek(struct sections *f, uint64_t place)
{
	f->at = place;
	f->len = 0;
}

bool sections_next(struct sections *f, struct section *s)
{
	if (f->room > KEPT)
		sections_close(f);
	f->place = f->at;
	if (!read_all(f, f->head, sizeof f->head))
		return false;
	uint64_t both = word_load(f->head);
	f->len = word_load(f->head + 8);
	*s = (struct section){
		(uint32_t)both, (uint32_t)(both >> 32), word_load(f->head + 16), {NULL, 0}};
	errno = ENODATA;
	return !f->seeks || f->len <= f->end - f->start - f->at;
}

static bool widen(struct sections *f, size_t room)
{
	if (room <= f->room)
		return true;
	char *more = realloc(f->buffer, room);
	if (!more)
		return false;
	f->buffer = more;
	f->room = room;
	return true;
}

/* Read the section's bytes.  Since the length may be wrong, do not allocate memory for all of them
 * at once: double the buffer each time that it has been filled. */
static bool read_bytes(struct sections *f)
{
	for (uint64_t done = 0; done < f->len;) {
		uint64_t most = done ? 2 * done : AT_ONCE;
		size_t end = (size_t)(f->len < most ? f->len : most);
		if (!widen(f, end) || !read_all(f, f->buffer + done, end - (size_t)done))
			return false;
		done = end;
	}
	return true;
}

bool sections_load(struct sections *f, struct section *s)
{
	if (!read_bytes(f))
		return false;
	s->bytes = span_of(f->len ? f->buffer : "", (size_t)f->len);
	f->len = 0;
	XXH128_hash_t sum = checksum(f->head, s->bytes, f->place);
	errno = EBADMSG;
	return sum.low64 == word_load(f->head + CHECKED) &&
	       sum.high64 == word_load(f->head + CHECKED + 8);
}

bool sections_read(struct sections *f, struct section *s)
{
	return sections_next(f, s) && sections_load(f, s);
}

bool sections_is_over(struct sections *f)
{
	char byte;
	ssize_t n = read_some(f, &byte, 1);

	if (n > 0)
		errno = EFBIG;
	return n == 0;
}
