#include "rank/row_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/tempfile.h"

/* A row in the file: this head, the values, and the key.  The file is read by the process that has
 * written it. */
struct head {
	uint64_t hash, count, len;
	unsigned group, n_values;
};

struct row_file {
	FILE *file;
	struct sum *values;
	size_t values_room;
	char *key;
	size_t key_room;
};

struct row_file *row_file_new(void)
{
	struct row_file *f = calloc(1, sizeof *f);
	int fd = f ? tempfile_open() : -1;

	if (fd >= 0)
		f->file = fdopen(fd, "w+");
	if (f && f->file)
		return f;
	int saved = errno;
	if (fd >= 0)
		close(fd);
	free(f);
	errno = saved;
	return NULL;
}

void row_file_free(struct row_file *f)
{
	if (!f)
		return;
	fclose(f->file);
	free(f->values);
	free(f->key);
	free(f);
}

static bool put(struct row_file *f, const void *at, size_t len)
{
	return !len || fwrite(at, 1, len, f->file) == len;
}

bool row_file_add(
	struct row_file *f, const struct counted *key, const struct row *row, size_t n_values)
{
	struct head head = {key->hash, row->count, row->key.len, key->group, (unsigned)n_values};

	return put(f, &head, sizeof head) && put(f, row->values, n_values * sizeof *row->values) &&
	       put(f, row->key.at, row->key.len);
}

bool row_file_rewind(struct row_file *f)
{
	return fflush(f->file) == 0 && fseeko(f->file, 0, SEEK_SET) == 0;
}

/* Read `len` bytes.  False on error (errno), or if the file ends before. */
static bool get(struct row_file *f, void *at, size_t len)
{
	if (!len || fread(at, 1, len, f->file) == len)
		return true;
	if (feof(f->file))
		errno = EIO;
	return false;
}

/* Make room for n things of this size in the array *at, which has room for *room.  False if out of
 * memory. */
static bool make_room(void **at, size_t size, size_t n, size_t *room)
{
	if (*at && n <= *room)
		return true;
	void *grown = reallocarray(*at, n + n / 2 + 16, size);
	if (!grown)
		return false;
	*at = grown;
	*room = n + n / 2 + 16;
	return true;
}

bool row_file_next(struct row_file *f, struct counted *key, struct row *row, bool *more)
{
	struct head head;
	int c = getc(f->file);
	void *values = f->values, *bytes = f->key;

	*more = c != EOF;
	if (c == EOF)
		return !ferror(f->file);
	ungetc(c, f->file);
	if (!get(f, &head, sizeof head))
		return false;
	bool ok = make_room(&values, sizeof *f->values, head.n_values, &f->values_room);
	f->values = values;
	ok = ok && make_room(&bytes, 1, (size_t)head.len, &f->key_room);
	f->key = bytes;
	if (!ok || !get(f, f->values, head.n_values * sizeof *f->values) ||
		!get(f, f->key, (size_t)head.len))
		return false;
	*row = (struct row){span_of(f->key, (size_t)head.len), head.count, f->values};
	*key = (struct counted){.group = head.group,
		.key = row->key,
		.count = head.count,
		.hash = head.hash};
	return true;
}
