#include "input/input.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "lib/fullio.h"
#include "lib/magic.h"

static const char standard_input[] = "standard input";

/* Files larger than this are mapped; for smaller ones reading is as fast. */
enum { SMALL = 1 << 20 };

/* How much may still be mapped.  Linux allows a process some 65,000 mappings (vm.max_map_count),
 * and a 32-bit machine has few addresses; other code needs some of both. */
struct map_room {
	size_t mappings;
	uint64_t bytes;
};

static const struct map_room all_map_room = {30000, SIZE_MAX / 4};

/* Linux lets any user enlarge a pipe to 1 MB (pipe-max-size). */
enum { PIPE_SIZE = 1 << 20 };

/* Only descriptors below this stay open. */
enum { HELD = 256 };

/* Files in /proc have bytes, although their size is 0. */
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

static uint64_t mark_of(struct span head)
{
	return head.len ? XXH3_64bits(head.at, head.len) : 0;
}

/* A regular file is read from its current offset: another program may have read the beginning of
 * our standard input.  False: it is a stream. */
static bool open_regular(struct input *in, const struct stat *st)
{
	char head[INPUT_MARK];
	off_t start = tells_its_size(in->fd, st) ? lseek(in->fd, 0, SEEK_CUR) : -1;

	if (start < 0)
		return false;
	in->start = (uint64_t)start;
	in->size = st->st_size > start ? (uint64_t)(st->st_size - start) : 0;
	size_t len = in->size < sizeof head ? (size_t)in->size : sizeof head;
	ssize_t n = fullio_read_at(in->fd, head, len, in->start);
	if (n < 0)
		return false; /* reading it as a stream will fail, and tell why */
	in->mark = mark_of(span_of(head, (size_t)n));
	in->codec = codec_detect(span_of(head, (size_t)n));
	in->snapshot = magic_is(span_of(head, (size_t)n), SNAPSHOT_MAGIC);
	lseek(in->fd, 0, SEEK_END); /* as if it had been read */
	return true;
}

/* Open the file, NULL being standard input, and note which file it is.  False on error (errno). */
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

/* The file is mapped only for this search. */
static void find_parts(struct input *in)
{
	inputs_reading(in);
	map(in, in->fd);
	if (in->bytes.at) {
		in->parts = parts_find(in->codec, in->bytes);
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

/* The first files that are not mapped are kept open, so that they can be read even if they are
 * renamed or removed. */
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

/* Two readers of one pipe, or of one descriptor, would tear its lines apart.  But a regular file
 * that was opened twice is read twice. */
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

/* Opening a FIFO a second time would wait for a second writer. */
static bool is_open_fifo(const struct inputs *all, const char *file)
{
	struct stat st;

	if (stat(file, &st) != 0 || !S_ISFIFO(st.st_mode))
		return false;
	struct input in = {.fd = -1, .device = st.st_dev, .inode = st.st_ino};
	return is_read_already(all, &in, false);
}

/* Say why a file can't be opened, and suggest how it can be. */
static void warn_of(const struct warner *w, const char *name, int error)
{
	bool pattern = error == ENOENT && strpbrk(name, "^$()[]\\*|+ ");

	warner_warn_of(w, *name ? name : "''", "%s%s%s", strerror(error),
		pattern ? " (a pattern needs -e)" : "",
		error == EISDIR && name != standard_input ? " (use -R to read the files in it)"
							  : "");
}

/* The more a pipe holds, the less often its two ends wait for each other.  If this fails, it does
 * not matter. */
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

static void map_large(struct input *in, struct map_room *left)
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

static void open_seekable(struct input *in, struct map_room *left)
{
	if (in->codec)
		find_parts(in);
	else
		map_large(in, left);
	if (in->bytes.at)
		close_input(in);
	else
		hold(in);
}

/* Append an input.  False if the file can't be read: a warning says why. */
static bool add_input(
	struct inputs *all, const char *name, struct map_room *left, const struct warner *warner)
{
	bool standard = strcmp(name, "-") == 0;
	struct input *in = &all->at[all->n];
	struct stat st;

	if (!standard && is_open_fifo(all, name))
		return true;
	*in = (struct input){.name = standard ? standard_input : name};
	if (!open_file(in, standard ? NULL : name, &st)) {
		warn_of(warner, in->name, errno);
		close_input(in);
		return false;
	}
	bool regular = open_regular(in, &st);
	if (in->snapshot) {
		warner_warn_of(
			warner, in->name, "is a wf snapshot, not a log (use wf --merge %s)", name);
		close_input(in);
		return false;
	}
	if (!regular && is_read_already(all, in, S_ISREG(st.st_mode))) {
		close_input(in);
		return true;
	}
	if (regular)
		open_seekable(in, left);
	if (in->fd >= 0)
		enlarge_pipe(in->fd, &st);
	all->n++;
	return true;
}

bool inputs_open(struct inputs *all, const struct strlist *files, bool may_map,
	const struct warner *warner, struct complaint *c)
{
	static const char *const standard[] = {"-"};
	size_t n = files->n ? files->n : 1;
	const char *const *names = files->n ? files->at : standard;
	struct map_room left = may_map ? all_map_room : (struct map_room){0};

	*all = (struct inputs){.at = calloc(n, sizeof *all->at)};
	if (!all->at)
		return complain_memory(c, "inputs");
	if (!files->n && isatty(STDIN_FILENO))
		warner_warn(warner,
			"standard input: reading from the terminal until Ctrl-D (see wf "
			"--help)");
	for (size_t i = 0; i < n; i++)
		all->unreadable += !add_input(all, names[i], &left, warner);
	return true;
}

/* O_NONBLOCK: the name may be a FIFO's by now, whose writer would be waited for. */
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

/* A log that is still written to grows at its end: its first bytes stay the same. */
static bool has_other_bytes(const struct input *in, int fd)
{
	char head[INPUT_MARK];
	size_t len = in->size < sizeof head ? (size_t)in->size : sizeof head;
	ssize_t n = fullio_read_at(fd, head, len, in->start);

	return n >= 0 && mark_of(span_of(head, (size_t)n)) != in->mark;
}

/* If the name leads to another file by now, the one that was read is complete. */
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

uint64_t inputs_size(const struct inputs *all)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < all->n; i++) {
		if (all->at[i].fd >= 0)
			return 0;
		bytes += input_size(&all->at[i]);
	}
	return bytes;
}

void inputs_close(struct inputs *all)
{
	/* The mappings stay until the process ends, as unmapping gigabytes takes time. */
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

/* For the handler of SIGBUS. */
static const char *volatile reading = "a file";
static sigjmp_buf *volatile jump_to;
static void (*volatile leave_by)(const char *input);

/* The file ends before the page that was read: it has been truncated. */
static void on_bus_error(int signal_number, siginfo_t *info, void *context)
{
	bool sent = info->si_code <= 0; /* by a process, not raised by a load */

	(void)context;
	if (!sent && jump_to)
		siglongjmp(*jump_to, 1);
	if (!sent && leave_by)
		leave_by(reading);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

void inputs_guard(sigjmp_buf *where)
{
	struct sigaction action = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO};

	jump_to = where;
	sigaction(SIGBUS, &action, NULL);
}

void inputs_on_truncation(void (*leave)(const char *input))
{
	leave_by = leave;
	inputs_guard(NULL);
}

void inputs_reading(const struct input *in)
{
	reading = in->name;
}
