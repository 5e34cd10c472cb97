#include "count/rejects.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/tempfile.h"
#include "lib/terminal.h"
#include "lib/utf8.h"

/* A worker's file is a sequence of records.  Each record has this head, and after it the text of a
 * line. */
struct record_head {
	uint64_t chunk;
	uint64_t line; /* the line's number in the chunk, from 0; if .len is END_OF_CHUNK, the
		        * number of lines in the chunk */
	uint64_t len;  /* the length of the text; END_OF_CHUNK in the record after a chunk's last
		        * line, which has no text */
};

#define END_OF_CHUNK UINT64_MAX

struct rejects {
	unsigned n;
	struct writer {
		int fd;
		FILE *out; /* only the worker itself uses .out and .failed */
		bool failed;
	} at[];
};

struct rejects *rejects_new(unsigned workers)
{
	struct rejects *r = calloc(1, sizeof *r + workers * sizeof *r->at);

	if (!r)
		return NULL;
	for (; r->n < workers; r->n++) {
		r->at[r->n].fd = tempfile_open();
		if (r->at[r->n].fd < 0) {
			rejects_free(r);
			return NULL;
		}
	}
	return r;
}

void rejects_free(struct rejects *r)
{
	for (unsigned i = 0; r && i < r->n; i++) {
		if (r->at[i].out)
			fclose(r->at[i].out);
		close(r->at[i].fd);
	}
	free(r);
}

bool rejects_begin(struct rejects *r, unsigned worker)
{
	struct writer *w = &r->at[worker];

	if (w->out)
		fclose(w->out); /* an earlier call has opened it */
	w->out = NULL;
	w->failed = true;
	if (ftruncate(w->fd, 0) != 0 || lseek(w->fd, 0, SEEK_SET) < 0)
		return false;
	int fd = dup(w->fd);
	if (fd < 0)
		return false;
	w->out = fdopen(fd, "w");
	w->failed = !w->out;
	return !w->failed;
}

bool rejects_has_failed(const struct rejects *r, unsigned worker)
{
	return r->at[worker].failed;
}

static bool put(struct writer *w, const struct record_head *head, struct span text)
{
	w->failed = fwrite(head, sizeof *head, 1, w->out) != 1 ||
		    (text.len && fwrite(text.at, 1, text.len, w->out) != text.len);
	return !w->failed;
}

bool rejects_add(struct rejects *r, unsigned worker, size_t chunk, uint64_t before,
	const struct reject *rejects, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct span text = rejects[i].line;
		if (text.len && text.at[text.len - 1] == '\r')
			text.len--;
		struct record_head head = {chunk, before + rejects[i].number, text.len};
		if (!put(&r->at[worker], &head, text))
			return false;
	}
	return true;
}

bool rejects_end_chunk(struct rejects *r, unsigned worker, size_t chunk, uint64_t lines)
{
	struct record_head head = {chunk, lines, END_OF_CHUNK};

	return put(&r->at[worker], &head, span_of(NULL, 0));
}

bool rejects_end(struct rejects *r, unsigned worker)
{
	struct writer *w = &r->at[worker];

	w->failed = fclose(w->out) != 0;
	w->out = NULL;
	return !w->failed;
}

/* --- Printing --------------------------------------------------------------------- */

/* The records of a chunk, and how many lines the chunk has. */
struct found_chunk {
	struct span records;
	uint64_t lines;
};

static struct record_head head_at(const char *p)
{
	struct record_head head;

	memcpy(&head, p, sizeof head);
	return head;
}

static size_t size_at(const char *p)
{
	struct record_head head = head_at(p);

	return sizeof head + (head.len == END_OF_CHUNK ? 0 : (size_t)head.len);
}

/* Find the chunks in a worker's file, and set the element of chunks[] for each of them. */
static void find_chunks(struct span file, struct found_chunk *chunks)
{
	const char *start = file.at;

	for (const char *p = start, *end = p + file.len; p < end; p += size_at(p)) {
		struct record_head head = head_at(p);
		if (head.len != END_OF_CHUNK)
			continue;
		chunks[head.chunk] = (struct found_chunk){span_between(start, p), head.line};
		start = p + sizeof head;
	}
}

static void put_text(FILE *out, struct span text, bool safely, bool utf8)
{
	if (safely)
		utf8_put_safely(out, text, utf8);
	else if (text.len)
		fwrite(text.at, 1, text.len, out);
}

static void print_chunk(
	const struct found_chunk *found, const char *name, uint64_t before, FILE *out, bool safely)
{
	bool utf8 = safely && terminal_is_utf8();
	const char *p = found->records.at, *end = p + found->records.len;

	for (; p < end; p += size_at(p)) {
		struct record_head head = head_at(p);
		struct span text = span_of(p + sizeof head, (size_t)head.len);
		put_text(out, span_text(name), safely, utf8);
		fprintf(out, ":%" PRIu64 ":", before + head.line + 1);
		put_text(out, text, safely, utf8);
		putc('\n', out);
	}
}

static void print_chunks(const struct found_chunk *chunks, const struct chunker *chunker,
	const struct inputs *inputs, FILE *out, bool safely)
{
	uint64_t before = 0;
	size_t input = 0;

	for (size_t i = 0; i < chunker_chunks(chunker); i++) {
		struct chunk chunk = chunker_chunk(chunker, i);
		if (chunk.input != input)
			before = 0;
		input = chunk.input;
		print_chunk(&chunks[i], inputs->at[input].name, before, out, safely);
		before += chunks[i].lines;
	}
}

static bool map(int fd, struct span *file)
{
	struct stat st;

	*file = span_of(NULL, 0);
	if (fstat(fd, &st) != 0)
		return false;
	if (st.st_size == 0)
		return true;
	if ((uint64_t)st.st_size > SIZE_MAX) {
		errno = ENOMEM;
		return false;
	}
	void *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		return false;
	*file = span_of(at, (size_t)st.st_size);
	return true;
}

bool rejects_print(const struct rejects *r, const struct chunker *chunker,
	const struct inputs *inputs, FILE *out, bool safely)
{
	struct found_chunk *chunks = calloc(chunker_chunks(chunker) + 1, sizeof *chunks);
	struct span *files = calloc(r->n, sizeof *files);
	bool ok = chunks && files;

	for (unsigned i = 0; ok && i < r->n; i++) {
		ok = map(r->at[i].fd, &files[i]);
		if (ok && files[i].len)
			find_chunks(files[i], chunks);
	}
	if (ok) {
		print_chunks(chunks, chunker, inputs, out, safely);
		ok = fflush(out) == 0 && !ferror(out);
	}
	int saved = errno;
	for (unsigned i = 0; files && i < r->n; i++)
		if (files[i].len)
			munmap((void *)(uintptr_t)files[i].at, files[i].len);
	free(chunks);
	free(files);
	errno = saved;
	return ok;
}
