#include "input/random_access.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/fullio.h"

/* The fewest bytes that are read at a time to find the end of the last line. */
enum { MORE = 4096 };

/* Extra room in the buffer, for the beginning of a line that ends in the next piece. */
enum { SPARE = 64 * 1024 };

static bool open_input(struct random_access *s, const struct input *in)
{
	if (s->input == in)
		return true;
	if (s->input)
		input_release(s->input, s->fd);
	s->input = NULL;
	s->fd = input_open(in);
	if (s->fd >= 0)
		s->input = in;
	return s->fd >= 0;
}

void random_access_close(struct random_access *s)
{
	if (s->input)
		input_release(s->input, s->fd);
	free(s->buffer);
	*s = (struct random_access){0};
}

static bool widen(struct random_access *s, size_t room)
{
	if (room <= s->room)
		return true;
	room += SPARE;
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

/* Reading begins one byte before `start`, because a line begins at `start` only if that byte is a
 * newline.  chunker_lines() does the same with mapped bytes. */
bool random_access_begin(
	struct random_access *r, const struct input *in, uint64_t start, uint64_t end)
{
	r->held = r->given = r->from = 0;
	r->next = start - (start > 0);
	r->end = end;
	r->in_line = start > 0;
	r->cut_short = false;
	return open_input(r, in);
}

/* Return the offset up to which to read next.  Until all bytes before .end have been read, this
 * offset is at most .end.  Later it is after .end, in order to read the rest of the last line. */
static uint64_t next_stop(const struct random_access *r)
{
	uint64_t stop = r->end, most = RANDOM_ACCESS_PIECE;

	if (r->next >= r->end) {
		stop = r->input->size;
		most = r->held > MORE ? r->held : MORE;
	}
	return stop - r->next > most ? r->next + most : stop;
}

/* Return how many of the held bytes are complete lines that are wanted.  Only the bytes from
 * `searched` on can contain newlines. */
static size_t complete(const struct random_access *r, size_t searched)
{
	const char *from = r->buffer + searched, *newline;
	size_t n = r->held - searched;

	/* Bytes after .end are read only to complete a line, so only their first newline counts. */
	newline = r->next > r->end ? memchr(from, '\n', n) : memrchr(from, '\n', n);
	return newline ? (size_t)(newline + 1 - r->buffer) : 0;
}

/* Drop the first n of the held bytes. */
static void drop(struct random_access *r, size_t n)
{
	if (!n)
		return; /* perhaps there is no buffer yet */
	memmove(r->buffer, r->buffer + n, r->held - n);
	r->held -= n;
}

/* Skip the rest of the line that began before the wanted lines. */
static void skip_begun(struct random_access *r)
{
	const char *newline = memchr(r->buffer, '\n', r->held);

	r->in_line = !newline;
	if (newline)
		r->from = (size_t)(newline + 1 - r->buffer);
	else
		r->held = 0;
}

/* Return true if all bytes of the wanted lines have been read. */
static bool is_over(const struct random_access *r)
{
	bool ended = !r->held || r->buffer[r->held - 1] == '\n';

	return r->cut_short || r->next >= r->input->size || (r->next >= r->end && ended);
}

bool random_access_next(struct random_access *r, struct span *lines, uint64_t *at)
{
	drop(r, r->given);
	r->from = 0;
	for (r->given = 0; !r->given && !is_over(r);) {
		size_t searched = r->held;
		uint64_t stop = next_stop(r);
		if (!append(r, r->next, stop, &r->held))
			return false;
		r->next += r->held - searched;
		if (r->in_line) {
			skip_begun(r);
			searched = r->from;
		}
		r->given = complete(r, searched);
	}
	uint64_t first = r->next - r->held + r->from;
	if (r->given && r->next > r->end)
		r->held = r->given; /* the other lines begin after .end */
	if (!r->given)
		r->given = r->held;
	*lines = span_of(r->buffer + r->from, r->given - r->from);
	*at = first;
	return true;
}
