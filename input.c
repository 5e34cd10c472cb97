#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"

enum { STREAM_BUFFER = INPUT_HEAD };

static const char standard_input[] = "standard input";

/* A regular file that has no size may still have bytes, in /proc. */
static bool is_empty(int fd, const struct stat *st)
{
	char byte;

	return S_ISREG(st->st_mode) && st->st_size == 0 && pread(fd, &byte, 1, 0) == 0;
}

/* Map a regular file from where it is read next, which is not 0 if another program
 * has read the beginning of our standard input.  False: read it as a stream. */
static bool map(struct input *in, const struct stat *st)
{
	if (is_empty(in->fd, st)) {
		in->bytes = span_of("", 0);
		return true;
	}
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

/* Open the file, NULL being standard input, and look at it.  False on error (errno). */
static bool open_file(struct input *in, const char *file, struct stat *st)
{
	in->fd = file ? open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY) : STDIN_FILENO;
	if (in->fd < 0 || fstat(in->fd, st) != 0)
		return false;
	in->device = st->st_dev;
	in->inode = st->st_ino;
	in->size = st->st_size;
	if (!S_ISDIR(st->st_mode))
		return true;
	errno = EISDIR;
	return false;
}

static void close_input(struct input *in)
{
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	in->fd = -1;
}

/* Two readers of one pipe, or of one descriptor, would tear its lines apart.  A regular
 * file that was opened twice is read from its start twice. */
static bool is_read_already(const struct inputs *all, const struct input *in, bool regular)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct input *other = &all->at[i];
		if (other->fd < 0)
			continue;
		if (other->fd == in->fd ||
			(!regular && other->device == in->device && other->inode == in->inode))
			return true;
	}
	return false;
}

/* Why a file can't be opened, and what may have been meant. */
static void warn_of(const char *name, int why)
{
	bool pattern = why == ENOENT && strpbrk(name, "^$()[]\\*|+ ");

	warn("%s: %s%s", *name ? name : "''", strerror(why),
		pattern ? " (a pattern needs -e)" : "");
}

static void add_input(struct inputs *all, const char *name)
{
	bool standard = strcmp(name, "-") == 0;
	struct input *in = &all->at[all->n];
	struct stat st;

	*in = (struct input){.name = standard ? standard_input : name};
	if (!open_file(in, standard ? NULL : name, &st)) {
		warn_of(in->name, errno);
		close_input(in);
		all->unreadable++;
		return;
	}
	if (map(in, &st)) {
		close_input(in);
		in->compression = compression_of(in->bytes);
	} else if (is_read_already(all, in, S_ISREG(st.st_mode))) {
		close_input(in);
		return;
	}
	all->n++;
}

struct inputs inputs_open(const struct words *files)
{
	static const char *const standard[] = {"-"};
	size_t n = files->n ? files->n : 1;
	const char *const *names = files->n ? files->at : standard;
	struct inputs all = {.at = calloc(n, sizeof *all.at)};

	if (!all.at)
		die("inputs: out of memory");
	if (!files->n && isatty(STDIN_FILENO))
		warn("standard input: reading the terminal, up to Ctrl-D; see wf --help");
	for (size_t i = 0; i < n; i++)
		add_input(&all, names[i]);
	return all;
}

/* A name may have gone to another file since; the one we mapped is then whole. */
static bool has_shrunk(const struct input *in)
{
	struct stat st;
	bool standard = in->name == standard_input;

	if ((standard ? fstat(STDIN_FILENO, &st) : stat(in->name, &st)) != 0)
		return false;
	return st.st_dev == in->device && st.st_ino == in->inode && st.st_size < in->size;
}

bool inputs_shrunk(const struct inputs *all)
{
	bool any = false;

	for (size_t i = 0; i < all->n; i++) {
		if (!all->at[i].bytes.len || !has_shrunk(&all->at[i]))
			continue;
		warn("%s: became smaller while it was counted", all->at[i].name);
		any = true;
	}
	return any;
}

bool inputs_have(const struct inputs *all, int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	for (size_t i = 0; i < all->n; i++)
		if (all->at[i].device == st.st_dev && all->at[i].inode == st.st_ino)
			return true;
	return false;
}

void inputs_close(struct inputs *all)
{
	/* Mappings go with the process: unmapping gigabytes takes time. */
	for (size_t i = 0; i < all->n; i++)
		close_input(&all->at[i]);
	free(all->at);
	*all = (struct inputs){0};
}

void inputs_drop(struct inputs *all, size_t i)
{
	close_input(&all->at[i]);
	all->n--;
	memmove(&all->at[i], &all->at[i + 1], (all->n - i) * sizeof *all->at);
}

/* For the handler of SIGBUS, and nothing else. */
static const char *volatile reading = "a file";

/* The file ends before the page that was read: it has been cut short. */
static void on_bus_error(int signal_number)
{
	(void)signal_number;
	/* Raised by a load from the log, not in the middle of stdio or malloc. */
	warn("%s: became smaller while it was counted", reading);
	_exit(STATUS_ERROR);
}

void inputs_guard(void)
{
	signal(SIGBUS, on_bus_error);
}

void inputs_reading(const struct input *in)
{
	reading = in->name;
}

void stream_open(struct stream *s, const struct input *in)
{
	*s = (struct stream){.fd = in->fd, .compression = in->compression, .raw = in->bytes};
	s->looked = s->raw_ended = in->compression != NULL;
}

void stream_close(struct stream *s)
{
	free(s->buffer);
	free(s->raw_buffer);
	decoder_free(s->decoder);
}

/* No more will be read. */
static void end(struct stream *s, enum stream_end how, int error)
{
	s->end = how;
	s->error = error;
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
		end(s, STREAM_ERROR, ENOMEM);
		return false;
	}
	s->buffer = more;
	s->room = room;
	return true;
}

/* Read once.  The number of bytes, 0 at the end and on error. */
static size_t read_some(struct stream *s, char *to, size_t room)
{
	for (;;) {
		ssize_t n = read(s->fd, to, room);
		if (n >= 0)
			return (size_t)n;
		/* Somebody made our standard input non-blocking. */
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			poll(&(struct pollfd){.fd = s->fd, .events = POLLIN}, 1, -1);
		else if (errno != EINTR)
			break;
	}
	end(s, STREAM_ERROR, errno);
	return 0;
}

/* More compressed bytes, if there are any. */
static bool fill_raw(struct stream *s)
{
	if (s->raw.len || s->raw_ended)
		return true;
	size_t n = read_some(s, s->raw_buffer, STREAM_BUFFER);
	s->raw = span_of(s->raw_buffer, n);
	s->raw_ended = n == 0;
	return s->end == STREAM_END;
}

/* The end of what is compressed, where nothing more can be made of it. */
static void end_decoding(struct stream *s)
{
	end(s, decoder_may_end(s->decoder) ? STREAM_END : STREAM_CUT_OFF, 0);
}

/* Decode until some bytes are made.  How many; 0 at the end and on error. */
static size_t decode_some(struct stream *s, char *to, size_t room)
{
	size_t made = 0;

	while (!made && fill_raw(s)) {
		bool last = s->raw_ended && !s->raw.len;
		size_t before = s->raw.len;
		switch (decoder_run(s->decoder, &s->raw, to, room, &made)) {
		case DECODED:
			break;
		case DECODE_CORRUPT:
			end(s, STREAM_CORRUPT, 0);
			return made;
		case DECODE_MEMORY:
			end(s, STREAM_ERROR, ENOMEM);
			return made;
		}
		if (made || s->raw.len < before)
			continue;
		if (last)
			end_decoding(s);
		else
			end(s, STREAM_CORRUPT, 0); /* it does not go on */
		break;
	}
	return made;
}

/* Begin to decode, where the first bytes tell that this is to be done. */
static bool begin_decoding(struct stream *s)
{
	if (!s->compression->here) {
		end(s, STREAM_NO_LIBRARY, 0);
		return false;
	}
	s->decoder = decoder_new(s->compression);
	if (!s->decoder)
		end(s, STREAM_ERROR, ENOMEM);
	return s->decoder != NULL;
}

/* The first bytes of what is not mapped: are they compressed?  Then they go to a buffer of
 * their own. */
static bool look(struct stream *s)
{
	while (s->to < COMPRESSION_HEAD) {
		size_t n = read_some(s, s->buffer + s->to, s->room - s->to);
		if (!n)
			break;
		s->to += n;
	}
	s->looked = true;
	s->compression = compression_of(span_of(s->buffer, s->to));
	if (!s->compression) {
		s->read = s->to;
		return s->to > 0;
	}
	s->raw_buffer = malloc(STREAM_BUFFER);
	if (!s->raw_buffer) {
		end(s, STREAM_ERROR, ENOMEM);
		return false;
	}
	memcpy(s->raw_buffer, s->buffer, s->to);
	s->raw = span_of(s->raw_buffer, s->to);
	s->to = 0;
	return true;
}

/* Read once, or decode.  The number of bytes, 0 at the end and on error. */
static size_t fill(struct stream *s)
{
	if (s->end != STREAM_END || !make_room(s))
		return 0;
	if (!s->looked && (!look(s) || s->to))
		return s->to;
	if (s->compression && !s->decoder && !begin_decoding(s))
		return 0;
	char *to = s->buffer + s->to;
	size_t room = s->room - s->to;
	size_t n = s->decoder ? decode_some(s, to, room) : read_some(s, to, room);
	s->to += n;
	s->read += n;
	return n;
}

/* What is read and not yet given out, but for the first bytes of it. */
static struct span unread(const struct stream *s, size_t but)
{
	return s->buffer ? span_between(s->buffer + s->from + but, s->buffer + s->to)
			 : span_of("", 0);
}

struct span stream_head(struct stream *s)
{
	while (s->to - s->from < INPUT_HEAD && fill(s))
		;
	return unread(s, 0);
}

bool stream_next(struct stream *s, struct span *lines)
{
	size_t searched = 0; /* bytes of the unfinished line that hold no '\n' */

	for (;;) {
		const char *last = span_last(unread(s, searched), '\n');
		if (last) {
			*lines = span_between(s->buffer + s->from, last + 1);
			s->from += lines->len;
			return true;
		}
		searched = s->to - s->from;
		if (!fill(s))
			break;
	}
	*lines = unread(s, 0);
	s->from = s->to;
	return lines->len > 0;
}
