#include "input/seekable.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/fullio.h"

/* Of a long line, read at once. */
enum { MORE = 256 * 1024 };

static bool open_piece(struct seekable *r, const struct input *in)
{
	if (r->of == in)
		return true;
	if (r->of)
		close(r->fd);
	r->of = NULL;
	r->fd = input_open(in);
	if (r->fd >= 0)
		r->of = in;
	return r->fd >= 0;
}

void seekable_close(struct seekable *r)
{
	if (r->of)
		close(r->fd);
	free(r->buffer);
	*r = (struct seekable){0};
}

/* Have len bytes of room. */
static bool widen(struct seekable *r, size_t len)
{
	if (len <= r->room)
		return true;
	char *more = realloc(r->buffer, len);
	if (!more)
		return false;
	r->buffer = more;
	r->room = len;
	return true;
}

/* Read [from, to) behind the first n bytes of the buffer.  *n becomes how many there are. */
static bool fill_piece(struct seekable *r, uint64_t from, uint64_t to, size_t *n)
{
	size_t len = (size_t)(to - from);

	if (to - from > SIZE_MAX / 2 || !widen(r, *n + len)) {
		errno = ENOMEM;
		return false;
	}
	ssize_t got = fullio_read_at(r->fd, r->buffer + *n, len, r->of->start + from);
	if (got < 0)
		return false;
	*n += (size_t)got;
	r->cut_short |= (size_t)got < len;
	return true;
}

bool seekable_bytes(
	struct seekable *r, const struct input *in, uint64_t from, uint64_t to, struct span *bytes)
{
	size_t n = 0;

	r->cut_short = false;
	if (!open_piece(r, in) || !fill_piece(r, from, to, &n))
		return false;
	*bytes = span_of(r->buffer, n);
	return true;
}

/* Read on behind the n bytes up to position to, until the last line is whole. */
static bool finish_line(struct seekable *r, uint64_t to, size_t *n)
{
	uint64_t size = r->of->size;

	while (to < size && !r->cut_short && r->buffer[*n - 1] != '\n') {
		size_t searched = *n, more = *n < MORE ? *n : MORE;
		more = size - to < more ? (size_t)(size - to) : more;
		if (!fill_piece(r, to, to + more, n))
			return false;
		to += more;
		const char *newline = memchr(r->buffer + searched, '\n', *n - searched);
		if (newline)
			*n = (size_t)(newline + 1 - r->buffer);
	}
	return true;
}

/* As chunker_lines does it in memory: from the byte before, as the line begins there if that
 * is a newline. */
bool seekable_lines(struct seekable *r, const struct input *in, uint64_t from, uint64_t to,
	struct span *lines, uint64_t *at)
{
	uint64_t first = from - (from > 0);
	size_t n = 0, skipped = 0;

	*lines = span_of("", 0);
	*at = from;
	r->cut_short = false;
	if (!open_piece(r, in) || !fill_piece(r, first, to, &n))
		return false;
	if (from > 0) {
		const char *newline = n > 1 ? memchr(r->buffer, '\n', n - 1) : NULL;
		if (!newline)
			return true;
		skipped = (size_t)(newline + 1 - r->buffer);
	}
	if (n == skipped || !finish_line(r, to, &n))
		return n == skipped;
	*lines = span_of(r->buffer + skipped, n - skipped);
	*at = first + skipped;
	return true;
}
