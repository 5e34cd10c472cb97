#include "input/random_access.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/fullio.h"

/* The most bytes that are read at a time to find the end of a long line. */
enum { MORE = 256 * 1024 };

static bool open_input(struct random_access *s, const struct input *in)
{
	if (s->input == in)
		return true;
	if (s->input)
		close(s->fd);
	s->input = NULL;
	s->fd = input_open(in);
	if (s->fd >= 0)
		s->input = in;
	return s->fd >= 0;
}

void random_access_close(struct random_access *s)
{
	if (s->input)
		close(s->fd);
	free(s->buffer);
	*s = (struct random_access){0};
}

static bool widen(struct random_access *s, size_t room)
{
	if (room <= s->room)
		return true;
	char *grown = realloc(s->buffer, room);
	if (!grown)
		return false;
	s->buffer = grown;
	s->room = room;
	return true;
}

/* Read the bytes in [start, end) of the file, and append them to the first *n bytes of the buffer.
 * *n becomes the new number of bytes.  False on error (errno). */
static bool append(struct random_access *s, uint64_t start, uint64_t end, size_t *n)
{
	size_t len = (size_t)(end - start);

	if (end - start > SIZE_MAX / 2 || !widen(s, *n + len)) {
		errno = ENOMEM;
		return false;
	}
	ssize_t got = fullio_read_at(s->fd, s->buffer + *n, len, s->input->start + start);
	if (got < 0)
		return false;
	*n += (size_t)got;
	s->cut_short |= (size_t)got < len;
	return true;
}

bool random_access_bytes(struct random_access *s, const struct input *in, uint64_t start,
	uint64_t end, struct span *bytes)
{
	size_t n = 0;

	s->cut_short = false;
	if (!open_input(s, in) || !append(s, start, end, &n))
		return false;
	*bytes = span_of(s->buffer, n);
	return true;
}

/* Complete the last line in the buffer.  The buffer has *n bytes, which end at offset `end` of the
 * file.  *n becomes the number of bytes up to the end of that line.  False on error (errno). */
static bool finish_line(struct random_access *s, uint64_t end, size_t *n)
{
	uint64_t size = s->input->size;

	while (end < size && !s->cut_short && s->buffer[*n - 1] != '\n') {
		size_t searched = *n, more = *n < MORE ? *n : MORE;
		more = size - end < more ? (size_t)(size - end) : more;
		if (!append(s, end, end + more, n))
			return false;
		end += more;
		const char *newline = memchr(s->buffer + searched, '\n', *n - searched);
		if (newline)
			*n = (size_t)(newline + 1 - s->buffer);
	}
	return true;
}

/* Reading begins one byte before `start`, because a line begins at `start` only if that byte is a
 * newline.  chunker_lines() does the same with mapped bytes. */
bool random_access_lines(struct random_access *s, const struct input *in, uint64_t start,
	uint64_t end, struct span *lines, uint64_t *at)
{
	uint64_t first = start - (start > 0);
	size_t n = 0, skipped = 0;

	*lines = span_of("", 0);
	*at = start;
	s->cut_short = false;
	if (!open_input(s, in) || !append(s, first, end, &n))
		return false;
	if (start > 0) {
		const char *newline = n > 1 ? memchr(s->buffer, '\n', n - 1) : NULL;
		if (!newline)
			return true;
		skipped = (size_t)(newline + 1 - s->buffer);
	}
	if (n == skipped)
		return true;
	if (!finish_line(s, end, &n))
		return false;
	*lines = span_of(s->buffer + skipped, n - skipped);
	*at = first + skipped;
	return true;
}
