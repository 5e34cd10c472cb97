#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"

enum { STREAM_BUFFER = 256 * 1024 };

/* Map a regular file from where it is read next, which is not 0 if another program
 * has read the beginning of our standard input.  False: read it as a stream. */
static bool map(struct input *in, const struct stat *st)
{
	off_t from = lseek(in->fd, 0, SEEK_CUR);

	if (!S_ISREG(st->st_mode) || from < 0 || st->st_size <= from ||
		(uintmax_t)st->st_size > SIZE_MAX)
		return false;
	size_t size = (size_t)st->st_size;
	const char *at = mmap(NULL, size, PROT_READ, MAP_SHARED, in->fd, 0);
	if (at == MAP_FAILED)
		return false;
	in->bytes = span_between(at + from, at + size);
	lseek(in->fd, 0, SEEK_END); /* as if it had been read */
	return true;
}

/* False, after a warning, if it can't be read. */
static bool open_input(struct input *in, const char *file)
{
	bool standard = strcmp(file, "-") == 0;
	struct stat st;

	*in = (struct input){.name = standard ? "standard input" : file};
	in->fd = standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (in->fd < 0 || fstat(in->fd, &st) != 0) {
		warn("%s: %s", in->name, strerror(errno));
		goto close;
	}
	if (S_ISDIR(st.st_mode)) {
		warn("%s: is a directory", in->name);
		goto close;
	}
	if (map(in, &st)) {
		if (!standard)
			close(in->fd);
		in->fd = -1;
	}
	return true;

close:
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	return false;
}

struct inputs inputs_open(const struct words *files)
{
	static const char *const standard[] = {"-"};
	size_t n = files->n ? files->n : 1;
	const char *const *names = files->n ? files->at : standard;
	struct inputs all = {.at = calloc(n, sizeof *all.at)};

	if (!all.at)
		die("inputs: out of memory");
	for (size_t i = 0; i < n; i++) {
		if (open_input(&all.at[all.n], names[i]))
			all.n++;
		else
			all.unreadable++;
	}
	return all;
}

void inputs_close(struct inputs *all)
{
	/* Mappings go with the process: unmapping gigabytes takes time. */
	for (size_t i = 0; i < all->n; i++)
		if (all->at[i].fd > STDIN_FILENO)
			close(all->at[i].fd);
	free(all->at);
	*all = (struct inputs){0};
}

void stream_open(struct stream *s, int fd)
{
	*s = (struct stream){.fd = fd};
}

void stream_close(struct stream *s)
{
	free(s->buffer);
}

/* Make room behind what is there: by moving it to the front, and for a line that
 * fills the whole buffer by a larger one. */
static bool make_room(struct stream *s)
{
	if (s->from) {
		memmove(s->buffer, s->buffer + s->from, s->to - s->from);
		s->to -= s->from;
		s->from = 0;
	}
	if (s->to < s->room)
		return true;
	size_t room = s->room ? 2 * s->room : STREAM_BUFFER;
	char *more = realloc(s->buffer, room);
	if (!more) {
		s->error = ENOMEM;
		return false;
	}
	s->buffer = more;
	s->room = room;
	return true;
}

/* Read once.  The number of bytes, 0 at the end and on error. */
static size_t fill(struct stream *s)
{
	if (s->error || !make_room(s))
		return 0;
	for (;;) {
		ssize_t n = read(s->fd, s->buffer + s->to, s->room - s->to);
		if (n >= 0) {
			s->to += (size_t)n;
			s->read += (size_t)n;
			return (size_t)n;
		}
		/* Somebody made our standard input non-blocking. */
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			poll(&(struct pollfd){.fd = s->fd, .events = POLLIN}, 1, -1);
		else if (errno != EINTR)
			break;
	}
	s->error = errno;
	return 0;
}

bool stream_next(struct stream *s, struct span *lines)
{
	size_t searched = 0; /* bytes of the unfinished line that hold no '\n' */

	for (;;) {
		struct span fresh = span_of(s->buffer + s->from + searched, s->to - s->from - searched);
		const char *last = fresh.len ? span_last(fresh, '\n') : NULL;
		if (last) {
			*lines = span_between(s->buffer + s->from, last + 1);
			s->from += lines->len;
			return true;
		}
		searched = s->to - s->from;
		if (!fill(s))
			break;
	}
	*lines = span_of(s->buffer + s->from, s->to - s->from);
	s->from = s->to;
	return lines->len > 0;
}
