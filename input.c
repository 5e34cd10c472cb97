#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "lib/die.h"
#include "lib/readat.h"

enum { STREAM_BUFFER = INPUT_HEAD };

static const char standard_input[] = "standard input";

/* Files larger than this are mapped; for smaller ones reading is as fast. */
enum { SMALL = 1 << 20 };

/* What may still be mapped.  Linux has some 65,000 mappings for a process (vm.max_map_count),
 * and others want some; so they do of a 32-bit machine's addresses. */
struct room {
	size_t mappings;
	uint64_t bytes;
};

static const struct room most = {30000, SIZE_MAX / 4};

/* Linux lets everyone have a pipe of 1 MB (pipe-max-size). */
enum { PIPE_SIZE = 1 << 20 };

/* Descriptors below this may stay open. */
enum { HELD = 256 };

/* A regular file that has no size may still have bytes, in /proc. */
static bool tells_its_size(int fd, const struct stat *st)
{
	char byte;

	return S_ISREG(st->st_mode) && (st->st_size > 0 || pread(fd, &byte, 1, 0) == 0);
}

static void map(struct input *in, int fd)
{
	size_t size = (size_t)(in->start + in->size);

	if (in->start + in->size > SIZE_MAX)
		return;
	const char *at = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (at != MAP_FAILED)
		in->bytes = span_between(at + in->start, at + size);
}

/* Of no bytes, 0. */
static uint64_t mark_of(struct span head)
{
	return head.len ? XXH3_64bits(head.at, head.len) : 0;
}

static bool is_snapshot(struct span head)
{
	enum { LEN = sizeof SNAPSHOT_MAGIC - 1 };

	return head.at && head.len >= LEN && memcmp(head.at, SNAPSHOT_MAGIC, LEN) == 0;
}

/* A regular file is read from where it is read next, which is not 0 if another program has
 * read the beginning of our standard input.  False: it is a stream. */
static bool take_regular(struct input *in, const struct stat *st)
{
	char head[INPUT_MARK];
	off_t start = tells_its_size(in->fd, st) ? lseek(in->fd, 0, SEEK_CUR) : -1;

	if (start < 0)
		return false;
	in->start = (uint64_t)start;
	in->size = st->st_size > start ? (uint64_t)(st->st_size - start) : 0;
	size_t len = in->size < sizeof head ? (size_t)in->size : sizeof head;
	ssize_t n = read_at(in->fd, head, len, in->start);
	if (n < 0)
		return false; /* reading it as a stream tells why */
	in->mark = mark_of(span_of(head, (size_t)n));
	in->compression = compression_of(span_of(head, (size_t)n));
	in->snapshot = is_snapshot(span_of(head, (size_t)n));
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
	in->file_size = st->st_size;
	if (!S_ISDIR(st->st_mode))
		return true;
	errno = EISDIR;
	return false;
}

/* Where a compressed file has parts.  They are looked for in memory that is not kept. */
static void find_parts(struct input *in)
{
	inputs_reading(in);
	map(in, in->fd);
	if (in->bytes.at) {
		in->parts = parts_find(in->compression, in->bytes);
		munmap((void *)(uintptr_t)(in->bytes.at - in->start),
			(size_t)(in->start + in->size));
	}
	in->bytes = span_of(NULL, 0);
}

static void close_input(struct input *in)
{
	parts_free(&in->parts);
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	if (in->held)
		close(in->held - 1);
	in->fd = -1;
	in->held = 0;
}

/* Of files that are not mapped, the first ones are kept open, so that it does not matter
 * what becomes of their names. */
static void hold(struct input *in)
{
	struct rlimit limit;
	bool spare = getrlimit(RLIMIT_NOFILE, &limit) == 0 && (rlim_t)in->fd < limit.rlim_cur / 4;

	if (spare && in->fd > STDERR_FILENO && in->fd < HELD)
		in->held = in->fd + 1;
	else if (in->fd > STDIN_FILENO)
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

/* Once more, a FIFO would be opened only when somebody else writes to it. */
static bool is_open_fifo(const struct inputs *all, const char *file)
{
	struct stat st;

	if (stat(file, &st) != 0 || !S_ISFIFO(st.st_mode))
		return false;
	struct input in = {.fd = -1, .device = st.st_dev, .inode = st.st_ino};
	return is_read_already(all, &in, false);
}

/* Why a file can't be opened, and what may have been meant. */
static void warn_of(const char *name, int why)
{
	bool pattern = why == ENOENT && strpbrk(name, "^$()[]\\*|+ ");

	warn("%s: %s%s", *name ? name : "''", strerror(why),
		pattern ? " (a pattern needs -e)" : "");
}

/* The more a pipe holds, the less often its two ends wait for each other.  A hint. */
static void enlarge_pipe(int fd, const struct stat *st)
{
#ifdef F_SETPIPE_SZ
	if (S_ISFIFO(st->st_mode))
		fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
#else
	(void)fd;
	(void)st;
#endif
}

static void map_large(struct input *in, struct room *left)
{
	uint64_t bytes = in->start + in->size;

	if (in->size <= SMALL || !left->mappings || bytes > left->bytes)
		return;
	map(in, in->fd);
	if (!in->bytes.at)
		return;
	left->mappings--;
	left->bytes -= bytes;
}

static void add_input(struct inputs *all, const char *name, struct room *left)
{
	bool standard = strcmp(name, "-") == 0;
	struct input *in = &all->at[all->n];
	struct stat st;

	if (!standard && is_open_fifo(all, name))
		return;
	*in = (struct input){.name = standard ? standard_input : name};
	if (!open_file(in, standard ? NULL : name, &st)) {
		warn_of(in->name, errno);
		close_input(in);
		all->unreadable++;
		return;
	}
	bool regular = take_regular(in, &st);
	if (in->snapshot) {
		warn("%s: is a snapshot, and no log: wf --merge %s", in->name, name);
		close_input(in);
		all->unreadable++;
		return;
	}
	if (regular) {
		if (in->compression)
			find_parts(in);
		else
			map_large(in, left);
		if (in->bytes.at)
			close_input(in);
		else
			hold(in);
	} else if (is_read_already(all, in, S_ISREG(st.st_mode))) {
		close_input(in);
		return;
	}
	if (in->fd >= 0)
		enlarge_pipe(in->fd, &st);
	all->n++;
}

struct inputs inputs_open(const struct words *files, bool may_map)
{
	static const char *const standard[] = {"-"};
	size_t n = files->n ? files->n : 1;
	const char *const *names = files->n ? files->at : standard;
	struct inputs all = {.at = calloc(n, sizeof *all.at)};
	struct room left = may_map ? most : (struct room){0};

	if (!all.at)
		die("inputs: out of memory");
	if (!files->n && isatty(STDIN_FILENO))
		warn("standard input: reading the terminal, up to Ctrl-D; see wf --help");
	for (size_t i = 0; i < n; i++)
		add_input(&all, names[i], &left);
	return all;
}

/* The name may be a FIFO's now: do not wait for who writes to it. */
int input_open(const struct input *in)
{
	struct stat st;
	bool standard = in->name == standard_input;
	int fd = in->held   ? fcntl(in->held - 1, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
		 : standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
			    : open(in->name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_dev == in->device &&
		st.st_ino == in->inode)
		return fd;
	close(fd);
	errno = ESTALE;
	return -1;
}

/* A log that is written to only grows at its end. */
static bool has_other_bytes(const struct input *in, int fd)
{
	char head[INPUT_MARK];
	size_t len = in->size < sizeof head ? (size_t)in->size : sizeof head;
	ssize_t n = read_at(fd, head, len, in->start);

	return n >= 0 && mark_of(span_of(head, (size_t)n)) != in->mark;
}

/* A name may have gone to another file since; the one we had is then whole. */
enum input_fate input_fate(const struct input *in)
{
	struct stat st;
	enum input_fate fate = INPUT_SAME;

	if (in->fd >= 0 || !in->size)
		return INPUT_SAME;
	int fd = input_open(in);
	if (fd < 0)
		return INPUT_SAME;
	if (fstat(fd, &st) == 0 && st.st_size < in->file_size)
		fate = INPUT_SHRUNK;
	else if (has_other_bytes(in, fd))
		fate = INPUT_OVERWRITTEN;
	close(fd);
	return fate;
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
static sigjmp_buf *volatile jump_to;

/* The file ends before the page that was read: it has been cut short. */
static void on_bus_error(int signal_number, siginfo_t *info, void *context)
{
	(void)context;
	if (info->si_code <= 0) { /* somebody sent it */
		signal(signal_number, SIG_DFL);
		raise(signal_number);
		return;
	}
	/* Raised by a load from the log, not in the middle of stdio or malloc. */
	if (jump_to)
		siglongjmp(*jump_to, 1);
	warn("%s: became smaller while it was counted", reading);
	_exit(STATUS_ERROR);
}

void inputs_guard(sigjmp_buf *where)
{
	struct sigaction action = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO};

	jump_to = where;
	sigaction(SIGBUS, &action, NULL);
}

void inputs_reading(const struct input *in)
{
	reading = in->name;
}

/* --- Pieces ---------------------------------------------------------------------- */

static bool open_piece(struct reader *r, const struct input *in)
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

void reader_close(struct reader *r)
{
	if (r->of)
		close(r->fd);
	free(r->buffer);
	*r = (struct reader){0};
}

/* Have len bytes of room. */
static bool widen(struct reader *r, size_t len)
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
static bool fill_piece(struct reader *r, uint64_t from, uint64_t to, size_t *n)
{
	size_t len = (size_t)(to - from);

	if (to - from > SIZE_MAX / 2 || !widen(r, *n + len)) {
		errno = ENOMEM;
		return false;
	}
	ssize_t got = read_at(r->fd, r->buffer + *n, len, r->of->start + from);
	if (got < 0)
		return false;
	*n += (size_t)got;
	r->cut_short |= (size_t)got < len;
	return true;
}

bool reader_bytes(
	struct reader *r, const struct input *in, uint64_t from, uint64_t to, struct span *bytes)
{
	size_t n = 0;

	r->cut_short = false;
	if (!open_piece(r, in) || !fill_piece(r, from, to, &n))
		return false;
	*bytes = span_of(r->buffer, n);
	return true;
}

/* Read on behind the n bytes up to position to, until the last line is whole. */
static bool finish_line(struct reader *r, uint64_t to, size_t *n)
{
	uint64_t size = r->of->size;

	while (to < size && !r->cut_short && r->buffer[*n - 1] != '\n') {
		size_t searched = *n, more = *n < STREAM_BUFFER ? *n : STREAM_BUFFER;
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
bool reader_lines(struct reader *r, const struct input *in, uint64_t from, uint64_t to,
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

/* --- Streams --------------------------------------------------------------------- */

/* No more will be read. */
static void end(struct stream *s, enum stream_end how, int error)
{
	s->end = how;
	s->error = error;
}

void stream_open(struct stream *s, const struct input *in)
{
	*s = (struct stream){.fd = in->fd, .longest = UINT64_MAX};
	if (in->fd >= 0)
		return;
	s->fd = input_open(in);
	s->own = s->fd >= 0;
	if (s->fd < 0 || lseek(s->fd, (off_t)in->start, SEEK_SET) < 0) {
		s->end = STREAM_ERROR;
		s->error = errno;
	}
}

void stream_close(struct stream *s)
{
	if (s->own)
		close(s->fd);
	free(s->own_buffer);
	free(s->raw_buffer);
	decoder_free(s->decoder);
}

void stream_open_parts(struct stream *s, const struct input *in, size_t from, size_t to)
{
	stream_open(s, in);
	s->parts_of = in;
	s->part = from;
	s->part_end = to;
	s->skips = from > 0;
	s->looked = true;
	s->compression = in->compression;
	s->raw_buffer = malloc(STREAM_BUFFER);
	if (!s->raw_buffer && s->end == STREAM_END)
		end(s, STREAM_ERROR, ENOMEM);
}

/* What is not yet given out goes to the front of a buffer that has room for it. */
static void go_on_in(struct stream *s, char *buffer, size_t room)
{
	size_t left = s->to - s->from;

	if (left)
		memmove(buffer, s->buffer + s->from, left);
	s->behind -= s->over ? s->from : 0;
	s->buffer = buffer;
	s->room = room;
	s->from = 0;
	s->to = left;
}

/* Have that much room of our own. */
static bool widen_own(struct stream *s, size_t room)
{
	if (room <= s->own_room)
		return true;
	char *more = realloc(s->own_buffer, room);
	if (!more) {
		end(s, STREAM_ERROR, ENOMEM);
		return false;
	}
	if (s->buffer == s->own_buffer)
		s->buffer = more;
	s->own_buffer = more;
	s->own_room = room;
	return true;
}

/* Make room behind what is there: by moving it to the front, and for a line that
 * fills the whole buffer by a larger one. */
static bool make_room(struct stream *s)
{
	if (s->from)
		go_on_in(s, s->buffer, s->room);
	if (s->to < s->room)
		return true;
	if (s->to >= STREAM_BUFFER && s->to >= s->longest) {
		s->to = 0; /* not even its beginning is a line */
		end(s, STREAM_LONG_LINE, 0);
		return false;
	}
	if (!widen_own(s, s->room ? 2 * s->room : STREAM_BUFFER))
		return false;
	go_on_in(s, s->own_buffer, s->own_room);
	return true;
}

bool stream_move(struct stream *s, char *buffer, size_t room)
{
	size_t left = s->to - s->from;

	if (!buffer && s->buffer == s->own_buffer)
		return true;
	if (buffer && left > room / 2)
		return false;
	if (!buffer && !widen_own(s, 2 * left > STREAM_BUFFER ? 2 * left : STREAM_BUFFER))
		return false;
	go_on_in(s, buffer ? buffer : s->own_buffer, buffer ? room : s->own_room);
	return true;
}

/* Read once.  The number of bytes, 0 at the end and on error. */
static size_t read_some(struct stream *s, char *to, size_t room)
{
	for (;;) {
		ssize_t n = read(s->fd, to, room);
		if (n >= 0) {
			s->taken += (uint64_t)n;
			return (size_t)n;
		}
		/* Somebody made our standard input non-blocking. */
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			poll(&(struct pollfd){.fd = s->fd, .events = POLLIN}, 1, -1);
		else if (errno != EINTR)
			break;
	}
	end(s, STREAM_ERROR, errno);
	return 0;
}

/* The same, of a part. */
static size_t read_part(struct stream *s)
{
	const struct input *in = s->parts_of;
	ssize_t n = parts_read(
		&in->parts, s->part, s->part_at, s->fd, in->start, s->raw_buffer, STREAM_BUFFER);

	if (n < 0)
		end(s, STREAM_ERROR, errno);
	s->part_at += n > 0 ? (uint64_t)n : 0;
	s->taken += n > 0 ? (uint64_t)n : 0;
	return n > 0 ? (size_t)n : 0;
}

/* More compressed bytes, if there are any. */
static bool fill_raw(struct stream *s)
{
	if (s->raw.len || s->raw_ended)
		return true;
	size_t n = s->parts_of ? read_part(s) : read_some(s, s->raw_buffer, STREAM_BUFFER);
	s->raw = span_of(s->raw_buffer, n);
	s->raw_ended = n == 0;
	return s->end == STREAM_END;
}

/* Go on with the next part, for the end of the last line if that is another's. */
static bool begin_part(struct stream *s)
{
	s->part++;
	s->part_at = s->part_made = 0;
	s->raw_ended = false;
	if (s->part == s->part_end) {
		s->over = true;
		s->behind = s->to;
	}
	if (decoder_may_end(s->decoder))
		return true; /* and so may go on */
	decoder_free(s->decoder);
	s->decoder = decoder_new(s->compression);
	if (!s->decoder)
		end(s, STREAM_ERROR, ENOMEM);
	return s->decoder != NULL;
}

/* There is no more of what is compressed, or of a part of it.  True if another part follows. */
static bool end_decoding(struct stream *s)
{
	const struct parts *parts = s->parts_of ? &s->parts_of->parts : NULL;
	bool whole = parts ? s->part_at == parts_length(parts, s->part) &&
				     parts_is_whole(parts, s->part, s->decoder, s->part_made)
			   : decoder_may_end(s->decoder);

	if (whole && parts && s->part + 1 < parts->n)
		return begin_part(s);
	end(s, whole ? STREAM_END : STREAM_CUT_OFF, 0);
	return false;
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
		s->part_made += made;
		if (made || s->raw.len < before || (last && end_decoding(s)))
			continue;
		if (!last)
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
	while (s->to < sizeof SNAPSHOT_MAGIC - 1) {
		size_t n = read_some(s, s->buffer + s->to, s->room - s->to);
		if (!n)
			break;
		s->to += n;
	}
	s->looked = true;
	s->compression = compression_of(span_of(s->buffer, s->to));
	if (is_snapshot(span_of(s->buffer, s->to))) {
		s->to = 0;
		end(s, STREAM_SNAPSHOT, 0);
		return false;
	}
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
	if (s->end != STREAM_END || s->done || !make_room(s))
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

/* True if there is more to be had at once. */
static bool would_not_wait(const struct stream *s)
{
	return s->raw.len || poll(&(struct pollfd){.fd = s->fd, .events = POLLIN}, 1, 0) > 0;
}

/* Take what belongs to others off both ends: the rest of the line before, and all behind the line
 * that ends, or begins and ends, behind our last part. */
static void trim(struct stream *s)
{
	size_t ours = s->over ? s->behind : s->to;

	if (s->skips) {
		const char *newline =
			span_first(span_of(s->buffer + s->from, ours - s->from), '\n');
		s->from = newline ? (size_t)(newline + 1 - s->buffer) : ours;
		s->skips = !newline;
		if (!newline && s->over) {
			s->from = s->to;
			s->done = true;
		}
	}
	if (!s->over || s->done)
		return;
	const char *newline = span_first(unread(s, s->behind - s->from), '\n');
	s->behind = s->to;
	if (newline) {
		s->to = (size_t)(newline + 1 - s->buffer);
		s->done = true;
	}
}

bool stream_next(struct stream *s, struct span *lines)
{
	size_t searched = 0; /* bytes of the unfinished line that hold no '\n' */

	for (;;) {
		/* Little at a time would cost more for each line. */
		while (s->to - s->from < s->room / 2 && would_not_wait(s) && fill(s))
			;
		if (s->parts_of)
			trim(s);
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
