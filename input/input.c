#include "input/input.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "codec/foreign.h"
#include "lib/fullio.h"
#include "lib/lines.h"
#include "lib/own_magic.h"
#include "lib/utf8.h"

static const char standard_input[] = "standard input";

/* Files with more bytes than this are mapped; smaller files are read, which is as fast. */
enum { SMALL = 1 << 20 };

/* How many mappings may still be made, and of how many bytes in all.  Linux allows a process about
 * 65,000 mappings (vm.max_map_count), and a 32-bit process has little address space.  The limits
 * below leave room for other code. */
struct map_room {
	size_t mappings;
	uint64_t bytes;
};

static const struct map_room all_map_room = {30000, SIZE_MAX / 4};

/* The resources that the inputs have to share. */
struct budget {
	struct map_room map;
	struct memory_limit *memory; /* NULL if there is no limit */
	uint64_t lists;              /* bytes that lists of parts have used */
	int held;                    /* only descriptors below this number are kept open */
	bool streams;                /* true if an input is a stream */
};

/* All decoders together may use 1/DECODERS_SHARE of the memory, but at least DECODERS_LEAST bytes.
 * With less, they could not decode the files that other programs write by default. */
enum { DECODERS_SHARE = 2, DECODERS_LEAST = 32 << 20 };

/* All lists of parts together may use 1/LISTS_SHARE of the memory. */
enum { LISTS_SHARE = 16 };

/* Linux lets any user enlarge a pipe to 1 MB (pipe-max-size). */
enum { PIPE_SIZE = 1 << 20 };

/* Only files whose descriptors are below HELD are kept open.  OTHERS descriptors remain for
 * everything else, such as four for each worker, or three quarters of the limit (ulimit -n) if that is fewer. */
enum { HELD = 16384, OTHERS = 4096 };

/* True for a regular file that reports its real size.  Many files in /proc report 0, although they
 * contain bytes. */
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

/* Read the first INPUT_MARK bytes, or all if there are fewer.  The result is shorter on error. */
static struct span read_head(const struct input *in, char head[INPUT_MARK])
{
	size_t len = in->size < INPUT_MARK ? (size_t)in->size : INPUT_MARK;
	ssize_t n = fullio_read_at(in->fd, head, len, in->start);

	return span_of(head, n > 0 ? (size_t)n : 0);
}

/* Skip the byte-order mark, which belongs to no line. */
static void skip_mark(struct input *in, size_t len)
{
	in->mark_len = len;
	in->start += len;
	in->size -= len;
}

/* If a regular file begins with NULs, skip all but the last of them.  There may be as many as the
 * log had bytes when it was truncated. */
static void skip_hole(struct input *in)
{
	char bytes[64 << 10];
	uint64_t end = in->start + in->size, at = in->start;
	size_t len = 1, nuls = 1;

	while (nuls == len && at < end) {
		off_t data = lseek(in->fd, (off_t)at, SEEK_DATA);
		if (data > (off_t)at)
			at = (uint64_t)data;
		ssize_t n = at < end ? fullio_read_at(in->fd, bytes, sizeof bytes, at) : 0;
		if (n <= 0)
			return; /* only NULs, or an error: nothing is skipped */
		len = (size_t)n;
		nuls = len - lines_after_hole(span_of(bytes, len)).len;
		at += nuls;
	}
	if (nuls == len || at <= in->start + 1)
		return;
	in->hole = at - 1 - in->start;
	in->start += in->hole;
	in->size -= in->hole;
}

/* Examine a regular file: where reading begins, how many bytes there are, and whether they are
 * compressed.  Standard input is read from its current offset, because another program may have
 * read the beginning.  False if the file must be read as a stream. */
static bool open_regular(struct input *in, const struct stat *st)
{
	char head[INPUT_MARK];
	bool standard = in->fd == STDIN_FILENO;
	off_t start = standard ? lseek(in->fd, 0, SEEK_CUR) : 0;

	if (!tells_its_size(in->fd, st) || start < 0)
		return false;
	in->start = (uint64_t)start;
	in->size = st->st_size > start ? (uint64_t)(st->st_size - start) : 0;
	struct span bytes = read_head(in, head);
	if (!bytes.len && in->size)
		return false; /* reading it as a stream will fail, too, and report the error */
	size_t mark = utf8_mark(bytes);
	if (mark) {
		skip_mark(in, mark);
		bytes = read_head(in, head);
	}
	if (bytes.len && !*bytes.at && !foreign_detect(bytes)) {
		skip_hole(in);
		bytes = read_head(in, head);
	}
	in->mark = mark_of(bytes);
	in->codec = codec_detect(bytes);
	in->foreign = foreign_detect(bytes);
	in->snapshot = span_begins_with(bytes, SNAPSHOT_MAGIC);
	if (standard)
		lseek(in->fd, 0, SEEK_END); /* where reading the file would have left the offset */
	return true;
}

/* Open a file, or take standard input if `file` is NULL.  Note the file's device, inode and size.
 * False on error (errno); a directory is an error (EISDIR). */
static bool open_file(struct input *in, const char *file, struct stat *st)
{
	in->fd = file ? open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY) : STDIN_FILENO;
	if (in->fd < 0 || fstat(in->fd, st) != 0)
		return false;
	in->device = st->st_dev;
	in->inode = st->st_ino;
	in->file_size = st->st_size;
	in->written = S_ISREG(st->st_mode) ? st->st_mtim.tv_sec : time(NULL);
	if (!S_ISDIR(st->st_mode))
		return true;
	errno = EISDIR;
	return false;
}

/* Decode the first bytes of a mapped file.  If they show that the file contains no log, return what
 * it contains; else NULL.  The decoder may use `memory` bytes, or any number if `memory` is 0. */
static const char *foreign_inside(const struct input *in, uint64_t memory)
{
	struct decoder_spec spec = {.memory = memory};
	struct decoder *decoder = decoder_new(in->codec, &spec);
	char head[FOREIGN_HEAD];
	size_t n = 0, made;

	for (struct span rest = in->bytes; decoder && rest.len && n < sizeof head; n += made) {
		size_t before = rest.len;
		if (decoder_run(decoder, &rest, head + n, sizeof head - n, &made) != DECODED ||
			(!made && rest.len == before))
			break;
	}
	decoder_free(decoder);
	return foreign_detect(span_of(head, n));
}

/* Find the independent parts of a compressed file.  The file is mapped only for this search. */
static void find_parts(struct input *in, struct budget *left)
{
	uint64_t most = left->memory ? memory_limit(left->memory) / LISTS_SHARE : 0;
	uint64_t memory = most > left->lists ? most - left->lists : 0;

	if (left->memory && !memory)
		return;
	inputs_reading(in);
	map(in, in->fd);
	if (in->bytes.at) {
		in->parts = parts_find(in->codec, in->bytes, memory);
		if (in->parts.n)
			in->foreign = foreign_inside(in, inputs_decoder_memory(most * LISTS_SHARE));
		munmap((void *)(uintptr_t)(in->bytes.at - in->start),
			(size_t)(in->start + in->size));
	}
	in->bytes = span_of(NULL, 0);
	left->lists += in->parts.n * sizeof *in->parts.at;
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

/* Keep the file open.  Then it can be read even after it was renamed or removed, and also by
 * workers, which may not open files.  Mapped files are kept open, too, because wf goes on with
 * read() if a mapped file has been truncated.  But if many descriptors are in use, close the file;
 * then it will be opened again by its name. */
static void hold(struct input *in, int below)
{
	if (in->fd > STDERR_FILENO && in->fd < below)
		in->held = in->fd + 1;
	else if (in->fd > STDIN_FILENO)
		close(in->fd);
	in->fd = -1;
}

/* True if an earlier stream has the same descriptor or is the same pipe.  With two readers, each
 * would get only pieces of the lines.  False for a file that was opened twice, such as one in
 * /proc: it can be read twice. */
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

/* True if the file is a FIFO that is open already.  Opening it again would wait for a second
 * writer. */
static bool is_open_fifo(const struct inputs *all, const char *file)
{
	struct stat st;

	if (stat(file, &st) != 0 || !S_ISFIFO(st.st_mode))
		return false;
	struct input in = {.fd = -1, .device = st.st_dev, .inode = st.st_ino};
	return is_read_already(all, &in, false);
}

/* Warn that a file can't be opened, and hint at what may be wrong with the command line. */
static void warn_of(const struct warner *w, const char *name, int error)
{
	bool pattern = error == ENOENT && strpbrk(name, "^$()[]\\*|+ ");

	warner_warn_of(w, *name ? name : "''", "%s%s%s", strerror(error),
		pattern ? " (a pattern needs -e)" : "",
		error == EISDIR && name != standard_input ? " (use -R to read the files in it)"
							  : "");
}

/* Enlarge a pipe: the more bytes it can hold, the less often its reader and its writer wait for
 * each other.  Failure does no harm. */
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

static void open_seekable(struct input *in, struct budget *left)
{
	if (in->codec && codec_load(in->codec))
		find_parts(in, left);
	else if (!in->codec)
		map_large(in, &left->map);
	hold(in, left->held);
}

/* True, with a warning, if the first bytes of a regular file show that it is no log. */
static bool is_no_log(const struct input *in, const char *name, const struct warner *warner)
{
	if (in->snapshot)
		warner_warn_of(
			warner, in->name, "is a wf snapshot, not a log (use wf --merge %s)", name);
	else if (in->foreign)
		warner_warn_of(warner, in->name, "%s", in->foreign);
	return in->snapshot || in->foreign;
}

/* Append an input, unless it is a pipe that is open already.  False, with a warning, if the file
 * can't be read or is no log. */
static bool add_input(
	struct inputs *all, const char *name, struct budget *left, const struct warner *warner)
{
	bool standard = strcmp(name, "-") == 0;
	struct input *in = &all->at[all->n];
	struct stat st;

	if (!standard && left->streams && is_open_fifo(all, name))
		return true;
	*in = (struct input){.name = standard ? standard_input : name};
	if (!open_file(in, standard ? NULL : name, &st)) {
		warn_of(warner, in->name, errno);
		close_input(in);
		return false;
	}
	bool regular = open_regular(in, &st);
	if (!regular && is_read_already(all, in, S_ISREG(st.st_mode))) {
		close_input(in);
		return true;
	}
	if (regular && !in->foreign && !in->snapshot)
		open_seekable(in, left);
	if (is_no_log(in, name, warner)) {
		close_input(in);
		return false;
	}
	if (in->fd >= 0) {
		left->streams = true;
		enlarge_pipe(in->fd, &st);
		codec_load_all(); /* the worker that reads the stream finds out its codec, but
				   * cannot load libraries */
	}
	all->n++;
	return true;
}

/* Return how many of the descriptors that a limit allows are for files that are kept open. */
static rlim_t held_within(rlim_t limit)
{
	rlim_t others = limit - limit / 4;

	return limit - (others < OTHERS ? others : OTHERS);
}

/* Return the number below which descriptors of files are kept open.  If this number is too small
 * for n files, raise the limit of descriptors, but no higher than needed or allowed. */
static int held_below(size_t n)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 0;
	rlim_t most = limit.rlim_max < HELD + OTHERS ? limit.rlim_max : HELD + OTHERS;
	struct rlimit raised = {most, limit.rlim_max};
	if (held_within(limit.rlim_cur) <= n + STDERR_FILENO && limit.rlim_cur < most &&
		setrlimit(RLIMIT_NOFILE, &raised) == 0)
		limit = raised;
	rlim_t held = held_within(limit.rlim_cur);
	return held < HELD ? (int)held : HELD;
}

uint64_t inputs_decoder_memory(uint64_t memory)
{
	uint64_t share = memory / DECODERS_SHARE;

	return !memory ? 0 : share > DECODERS_LEAST ? share : DECODERS_LEAST;
}

uint64_t inputs_memory_for(uint64_t need)
{
	return need * DECODERS_SHARE;
}

/* Limit the memory of the decoders.  If that memory does not suffice to decode two parts of a file
 * at the same time, forget the file's parts.  Then one worker decodes the whole file, and other
 * workers can count its lines. */
static void limit_decoders(struct inputs *all, struct memory_limit *limit)
{
	for (size_t i = 0; i < all->n; i++) {
		struct input *in = &all->at[i];
		if (!input_is_stream(in))
			continue;
		in->decoder_memory = inputs_decoder_memory(memory_limit(limit));
		if (in->parts.need > in->decoder_memory / 2)
			parts_free(&in->parts);
	}
}

/* Order the inputs by the files that they are. */
static int compare_files(const void *a, const void *b)
{
	const struct input *x = *(const struct input *const *)a;
	const struct input *y = *(const struct input *const *)b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* Warn of a file that is n > 1 of the inputs. */
static void warn_of_repeated(const struct warner *w, const struct input *const *same, size_t n)
{
	char times[40] = "twice", as[300] = "";

	if (n > 2)
		snprintf(times, sizeof times, "%zu times", n);
	if (strcmp(same[0]->name, same[1]->name) != 0)
		snprintf(as, sizeof as, " (also as %.250s)", same[1]->name);
	warner_warn_of(w, same[0]->name, "is given %s%s, so each of its lines counts %s", times, as,
		times);
}

/* Order lists of inputs by the first input of each. */
static int compare_lists(const void *a, const void *b)
{
	const struct input *x = **(const struct input **const *)a;
	const struct input *y = **(const struct input **const *)b;

	return x < y ? -1 : x > y;
}

/* True if both inputs are the same file. */
static bool is_same_file(const struct input *a, const struct input *b)
{
	return a->device == b->device && a->inode == b->inode;
}

/* Find the files that are given more than once among n files, which are in the order of
 * compare_files().  Writes the first of each to `repeated`, and returns their number. */
static size_t find_repeated(
	const struct input **files, size_t n, const struct input ***repeated)
{
	size_t found = 0;

	for (size_t i = 1; i < n; i++) {
		bool is_third = i > 1 && is_same_file(files[i], files[i - 2]);
		if (is_same_file(files[i], files[i - 1]) && !is_third)
			repeated[found++] = &files[i - 1];
	}
	if (found)
		qsort(repeated, found, sizeof *repeated, compare_lists);
	return found;
}

/* Warn of each regular file that is given more than once, in the order in which the inputs were given.
 * False if out of memory. */
static bool warn_of_all_repeated(const struct inputs *all, const struct warner *w)
{
	const struct input **files = calloc(all->n + 1, sizeof *files);
	const struct input ***repeated = calloc(all->n + 1, sizeof *repeated);
	size_t n = 0;
	bool ok = files && repeated;

	for (size_t i = 0; ok && i < all->n; i++)
		if (all->at[i].fd < 0)
			files[n++] = &all->at[i];
	if (n)
		qsort(files, n, sizeof *files, compare_files);
	size_t found = n ? find_repeated(files, n, repeated) : 0;
	for (size_t i = 0; i < found; i++) {
		const struct input **same = repeated[i];
		size_t times = 2;
		while (same + times < files + n && is_same_file(same[0], same[times]))
			times++;
		warn_of_repeated(w, same, times);
	}
	free(files);
	free(repeated);
	return ok;
}

bool inputs_open(struct inputs *all, const struct strlist *files, const struct inputs_spec *spec,
	const struct warner *warner, struct complaint *c)
{
	static const char *const standard[] = {"-"};
	size_t n = files->n ? files->n : 1;
	const char *const *names = files->n ? files->at : standard;
	struct budget left = {
		.map = spec->mapping != MAPPING_NEVER ? all_map_room : (struct map_room){0},
		.memory = spec->memory,
		.held = held_below(n)};

	*all = (struct inputs){.at = calloc(n, sizeof *all->at), .mapping = spec->mapping};
	if (!all->at)
		return complain_memory(c, "inputs");
	if (!files->n && isatty(STDIN_FILENO))
		warner_warn(warner,
			"standard input: reading from the terminal until Ctrl-D (see wf "
			"--help)");
	for (size_t i = 0; i < n; i++)
		all->unreadable += !add_input(all, names[i], &left, warner);
	if (spec->memory)
		limit_decoders(all, spec->memory);
	if (all->n > 1 && !warn_of_all_repeated(all, warner))
		return complain_memory(c, "inputs");
	return true;
}

/* With O_NONBLOCK, open() does not wait for a writer if the name now belongs to a FIFO. */
int input_open(const struct input *in)
{
	struct stat st;

	if (in->held)
		return in->held - 1;
	if (in->name == standard_input)
		return STDIN_FILENO;
	int fd = open(in->name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_dev == in->device &&
		st.st_ino == in->inode)
		return fd;
	close(fd);
	errno = ESTALE;
	return -1;
}

void input_release(const struct input *in, int fd)
{
	if (!in->held && fd > STDIN_FILENO)
		close(fd);
}

/* True if the first bytes of the file have changed.  The first bytes of a log that is still being
 * written stay the same, because the log grows at its end. */
static bool has_other_bytes(const struct input *in, int fd)
{
	char head[INPUT_MARK];
	size_t len = in->size < sizeof head ? (size_t)in->size : sizeof head;
	ssize_t n = fullio_read_at(fd, head, len, in->start);

	return n >= 0 && mark_of(span_of(head, (size_t)n)) != in->mark;
}

/* If the name now belongs to another file, the opened file is assumed to be unchanged: logs are
 * rotated by renaming them. */
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
	input_release(in, fd);
	return fate;
}

static bool is_open(const struct input *in)
{
	return in->fd >= 0 || in->held || in->name == standard_input;
}

bool inputs_may_read(const struct inputs *all, const struct input *in)
{
	return in->bytes.at && all->mapping == MAPPING_AUTO && is_open(in);
}

bool inputs_are_open(const struct inputs *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (!is_open(&all->at[i]))
			return false;
	return true;
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
		bytes += input_window_size(&all->at[i]);
	}
	return bytes;
}

uint64_t inputs_skipped(const struct inputs *all)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < all->n; i++)
		if (all->at[i].window.is_set)
			bytes += input_size(&all->at[i]) - input_window_size(&all->at[i]);
	return bytes;
}

void inputs_close(struct inputs *all)
{
	/* Do not unmap files: unmapping gigabytes takes time, and the process ends soon. */
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

/* The state of the handler of SIGBUS: see inputs_on_truncation(). */
static const char *volatile reading = "a file";
static sigjmp_buf *volatile jump_to;
static void (*volatile leave_by)(const char *input);

/* Handle SIGBUS: the page that was read is beyond the end of the mapped file, which has been
 * truncated. */
static void on_bus_error(int signal_number, siginfo_t *info, void *context)
{
	bool sent = info->si_code <= 0; /* true if a process has sent the signal */

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
