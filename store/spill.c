#include "store/spill.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/fullio.h"
#include "lib/tempfile.h"

enum {
	BUFFER = 1 << 20, /* bytes to write or read at a time */
	FOUND = 64,       /* entries to get from a table at a time */
};

struct run {
	uint64_t at; /* where the run begins in the file */
	uint64_t offset[SPILL_RANGES + 1];
};

struct spill {
	int fd;    /* -1 if the file is not open yet */
	int error; /* the errno with which opening the file failed; 0 if it did not fail */
	bool failed;
	uint64_t size; /* the size of the file in bytes */
	struct run *runs;
	size_t n, room;
};

static bool open_file(struct spill *s)
{
	if (s->fd < 0 && !s->error)
		s->fd = tempfile_open();
	if (s->fd >= 0)
		return true;
	if (!s->error)
		s->error = errno;
	errno = s->error;
	return false;
}

struct spill *spill_new(bool between_processes)
{
	struct spill *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->fd = -1;
	if (between_processes)
		open_file(s);
	return s;
}

void spill_free(struct spill *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	free(s->runs);
	free(s);
}

bool spill_reset(struct spill *s)
{
	s->size = 0;
	s->n = 0;
	return s->fd < 0 || ftruncate(s->fd, 0) == 0;
}

bool spill_has_failed(const struct spill *s)
{
	return s->failed;
}

uint64_t spill_bytes(const struct spill *s)
{
	return s->size;
}

/* --- Writing --------------------------------------------------------------------- */

/* Collects bytes and appends them to the file in large pieces. */
struct writer {
	struct spill *to;
	uint64_t at;
	char *buffer;
	size_t used;
};

static bool write_to(struct spill *s, const void *bytes, size_t len, uint64_t at)
{
	s->failed = !fullio_write_at(s->fd, bytes, len, at);
	return !s->failed;
}

static bool flush(struct writer *w)
{
	if (!write_to(w->to, w->buffer, w->used, w->at))
		return false;
	w->at += w->used;
	w->used = 0;
	return true;
}

static bool put(struct writer *w, const void *bytes, size_t len)
{
	if (w->used + len > BUFFER && !flush(w))
		return false;
	if (len > BUFFER) {
		w->at += len;
		return write_to(w->to, bytes, len, w->at - len);
	}
	memcpy(w->buffer + w->used, bytes, len);
	w->used += len;
	return true;
}

/* Append the codes of a coded number. */
static bool put_codes(struct writer *w, const struct code_list *codes)
{
	uint64_t n = 0;

	for (size_t i = 0; i < codes->n; i++)
		n += code_count(codes->words[i]) != 0;
	bool ok = put(w, &n, sizeof n);
	for (size_t i = 0; ok && i < codes->n; i++)
		if (code_count(codes->words[i]))
			ok = put(w, &codes->words[i], sizeof codes->words[i]);
	return ok;
}

static bool put_entry(struct writer *w, const struct table *t, const struct entry *e)
{
	struct code_list codes[CODED_MOST];
	size_t n = table_codes(t, e, codes);
	bool ok = put(w, e, entry_bytes(e, table_measures(t)));

	for (size_t k = 0; ok && k < n; k++)
		ok = put_codes(w, &codes[k]);
	return ok;
}

static bool put_range(struct writer *w, const struct table *t, struct range range)
{
	const struct entry *found[FOUND];
	struct table_cursor walk = {.range = range};

	for (size_t n; (n = table_range(t, &walk, found, FOUND));)
		for (size_t i = 0; i < n; i++)
			if (!put_entry(w, t, found[i]))
				return false;
	return true;
}

static bool put_run(struct writer *w, const struct table *t, struct run *run)
{
	for (unsigned i = 0; i < SPILL_RANGES; i++) {
		run->offset[i] = w->at + w->used - run->at;
		if (!put_range(w, t, range_part(i, SPILL_RANGES)))
			return false;
	}
	run->offset[SPILL_RANGES] = w->at + w->used - run->at;
	return flush(w) && write_to(w->to, run->offset, sizeof run->offset, run->at);
}

static bool write_run(struct spill *s, const struct table *t, struct run *run)
{
	struct writer w = {.to = s, .at = s->size + sizeof run->offset};

	run->at = s->size;
	w.buffer = malloc(BUFFER);
	bool ok = w.buffer && put_run(&w, t, run);

	free(w.buffer);
	if (ok)
		s->size = w.at;
	return ok;
}

bool spill_write(struct spill *s, const struct table *t)
{
	s->failed = !open_file(s);
	struct run *run = s->failed ? NULL : malloc(sizeof *run);
	bool ok = run && write_run(s, t, run);

	free(run);
	return ok;
}

/* --- Reading --------------------------------------------------------------------- */

/* False (EIO) if the offsets contradict each other or the size of the file, which is then damaged.
 */
static bool is_sound(const struct spill *s, const struct run *run)
{
	bool sound = run->offset[0] == sizeof run->offset &&
		     run->offset[SPILL_RANGES] <= s->size - run->at;

	for (unsigned i = 0; i < SPILL_RANGES; i++)
		sound = sound && run->offset[i] <= run->offset[i + 1];
	errno = EIO;
	return sound;
}

static bool add_run(struct spill *s, uint64_t at)
{
	if (!ARRAY_GROW(s->runs, s->n, &s->room))
		return false;
	struct run *run = &s->runs[s->n];
	run->at = at;
	if (!fullio_read_all_at(s->fd, run->offset, sizeof run->offset, at) || !is_sound(s, run))
		return false;
	s->n++;
	return true;
}

bool spill_follow(struct spill *s)
{
	struct stat st;

	s->n = 0;
	if (s->fd < 0)
		return true;
	if (fstat(s->fd, &st) != 0)
		return false;
	s->size = (uint64_t)st.st_size;
	for (uint64_t at = 0; at < s->size; at += s->runs[s->n - 1].offset[SPILL_RANGES])
		if (!add_run(s, at))
			return false;
	return true;
}

uint64_t spill_range_bytes(const struct spill *s, unsigned range)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < s->n; i++)
		bytes += s->runs[i].offset[range + 1] - s->runs[i].offset[range];
	return bytes;
}

/* Reads the bytes of the file from .at to .end through a buffer. */
struct run_reader {
	int fd;
	uint64_t at, end; /* the bytes in the file that are not in the buffer yet */
	char *buffer;
	size_t from, to, room;
};

/* Make sure that the next len bytes are in the buffer.  False on error (errno). */
static bool have(struct run_reader *r, size_t len)
{
	if (r->to - r->from >= len)
		return true;
	if (r->to > r->from)
		memmove(r->buffer, r->buffer + r->from, r->to - r->from);
	r->to -= r->from;
	r->from = 0;
	if (len > r->room) {
		char *more = realloc(r->buffer, len);
		if (!more)
			return false;
		r->buffer = more;
		r->room = len;
	}
	size_t n = r->end - r->at < r->room - r->to ? (size_t)(r->end - r->at) : r->room - r->to;
	if (!fullio_read_all_at(r->fd, r->buffer + r->to, n, r->at))
		return false;
	r->at += n;
	r->to += n;
	errno = EIO; /* if too few bytes are left, the file is damaged */
	return r->to >= len;
}

/* Make sure that the next entry is in the buffer, and its codes.  Returns the number of bytes of both;
 * 0 on error (errno). */
static size_t have_entry(struct run_reader *r, const struct measures *m, struct code_list *codes)
{
	if (!have(r, sizeof(struct entry)))
		return 0;
	const struct entry *e = (const void *)(r->buffer + r->from);
	size_t bytes = entry_bytes(e, m), coded = measures_coded(m, e->group), at = bytes;
	for (size_t k = 0; k < coded; k++) {
		if (!have(r, bytes + sizeof(uint64_t)))
			return 0;
		codes[k].n = (size_t)word_load(r->buffer + r->from + bytes);
		bytes += sizeof(uint64_t);
		if (codes[k].n > 1 << 16) {
			errno = EIO;
			return 0;
		}
		bytes += codes[k].n * sizeof(uint64_t);
	}
	if (!have(r, bytes)) /* this may move the buffer, so the words are found only now */
		return 0;
	for (size_t k = 0; k < coded; at += codes[k++].n * sizeof(uint64_t)) {
		at += sizeof(uint64_t);
		codes[k].words = (const void *)(r->buffer + r->from + at);
	}
	return bytes;
}

static bool load_run(struct run_reader *r, struct range wanted, struct table *t)
{
	struct code_list codes[CODED_MOST];

	while (r->at < r->end || r->from < r->to) {
		size_t bytes = have_entry(r, table_measures(t), codes);
		if (!bytes)
			return false;
		const struct entry *e = (const void *)(r->buffer + r->from);
		r->from += bytes;
		if (e->hash >= wanted.first && e->hash <= wanted.last &&
			!table_add_entry(t, e, codes))
			return false;
	}
	return true;
}

/* Return the size of the buffer for reading a range: BUFFER, or less if the range has fewer bytes
 * in each run, as is usual. */
static size_t buffer_for(const struct spill *s, unsigned range)
{
	uint64_t most = sizeof(struct entry);

	for (size_t i = 0; i < s->n; i++) {
		uint64_t bytes = s->runs[i].offset[range + 1] - s->runs[i].offset[range];
		most = bytes > most ? bytes : most;
	}
	return most < BUFFER ? (size_t)most : BUFFER;
}

bool spill_load(const struct spill *s, unsigned range, struct range wanted, struct table *t)
{
	struct run_reader r = {.fd = s->fd, .room = buffer_for(s, range)};
	bool ok = (r.buffer = malloc(r.room)) != NULL;

	for (size_t i = 0; ok && i < s->n; i++) {
		const struct run *run = &s->runs[i];
		r.at = run->at + run->offset[range];
		r.end = run->at + run->offset[range + 1];
		r.from = r.to = 0;
		ok = load_run(&r, wanted, t);
	}
	free(r.buffer);
	return ok;
}
