/* test_input.c -- streams give out all bytes in whole lines, however the bytes arrive; files are
 * mapped or read in pieces, and unreadable ones are reported. */
#include "unit.h"
#include "warnings.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "input/input.h"
#include "input/random_access.h"
#include "input/stream.h"

enum { BUFFER = 256 * 1024 }; /* the first size of a stream's buffer */

/* Fork a child that writes all bytes, in pieces of at most `most` bytes, and exits. */
static pid_t fork_writer(int fd[2], struct span all, size_t most, uint64_t seed)
{
	assert_int_equal(pipe(fd), 0);
	pid_t child = fork_child();
	if (child) {
		close(fd[1]);
		return child;
	}
	close(fd[0]);
	while (all.len) {
		size_t n = 1 + random_below(&seed, most);
		ssize_t written = write(fd[1], all.at, n < all.len ? n : all.len);
		if (written < 0 && errno != EINTR)
			_exit(1);
		all.at += written > 0 ? written : 0;
		all.len -= (size_t)(written > 0 ? written : 0);
	}
	_exit(0);
}

/* Return what a stream returns of its bytes: not the NULs at the start, except the last one. */
static struct span without_hole(struct span all)
{
	size_t nuls = 0;

	while (nuls < all.len && !all.at[nuls])
		nuls++;
	return nuls ? span_from(all, nuls - 1) : all;
}

/* Read the stream to its end: it has the expected bytes, and each piece but the last ends with a
 * line. */
static void check_stream(struct stream *s, struct span expected)
{
	struct span lines;
	size_t n = 0;

	expected = without_hole(expected);
	while (stream_next(s, &lines)) {
		assert_true(lines.len > 0 && lines.len <= expected.len - n);
		assert_memory_equal(lines.at, expected.at + n, lines.len);
		n += lines.len;
		if (lines.at[lines.len - 1] != '\n')
			assert_int_equal(n, expected.len);
	}
	assert_int_equal(n, expected.len);
	assert_int_equal(s->read, s->hole + expected.len);
	/* It stays at its end. */
	assert_false(stream_next(s, &lines));
	assert_int_equal(lines.len, 0);
}

static void check_pipe(struct span all, size_t most, uint64_t seed)
{
	struct stream s;
	int fd[2];
	pid_t child = fork_writer(fd, all, most, seed);

	stream_open(&s, &(struct input){.fd = fd[0]});
	check_stream(&s, all);
	assert_int_equal(s.error, 0);
	stream_close(&s);
	close(fd[0]);
	assert_int_equal(status_of(child), 0);
}

TEST(small_streams)
{
	static const struct span all[] = {BYTES(""), BYTES("\n"), BYTES("a"), BYTES("a\n"),
		BYTES("\na"), BYTES("\n\n\n"), BYTES("a\nb"), BYTES("a\nb\n"),
		BYTES("one\r\ntwo\r\n"), BYTES("\0\n\0"), BYTES("\xff\n\n\xff\n")};

	for (size_t i = 0; i < COUNT(all); i++)
		for (size_t most = 1; most <= 3; most++)
			check_pipe(all[i], most, i);
}

/* A byte-order mark at the start is no part of the first line, however it arrives; elsewhere it is
 * bytes like any other. */
TEST(a_byte_order_mark)
{
	static const struct span all[] = {BYTES("\xef\xbb\xbf"), BYTES("\xef\xbb\xbf\na\n"),
		BYTES("\xef\xbb\xbf"
		      "a\n\xef\xbb\xbf"
		      "b")};

	for (size_t i = 0; i < COUNT(all); i++)
		for (size_t most = 1; most <= 4; most++) {
			struct stream s;
			struct span lines;
			size_t n = 3;
			int fd[2];
			pid_t child = fork_writer(fd, all[i], most, i);
			stream_open(&s, &(struct input){.fd = fd[0]});
			while (stream_next(&s, &lines)) {
				assert_true(n + lines.len <= all[i].len);
				assert_memory_equal(lines.at, all[i].at + n, lines.len);
				n += lines.len;
			}
			assert_int_equal(n, all[i].len);
			stream_close(&s);
			close(fd[0]);
			assert_int_equal(status_of(child), 0);
		}
}

/* A hole at the start is skipped up to its last NUL, however long it is, and without room for it. */
TEST(a_hole_at_the_start)
{
	static char bytes[5 * BUFFER];

	memcpy(bytes + 5 * BUFFER - 4, "a\nb\n", 4);
	check_pipe(span_of(bytes, sizeof bytes), 1 << 20, 1);
	check_pipe(span_of(bytes, sizeof bytes - 4), 1 << 20, 2);
	check_pipe(span_of(bytes + sizeof bytes - 6, 6), 1, 3);
}

/* The lengths of the lines do not divide the buffer, so its end cuts lines anywhere. */
TEST(lines_across_the_buffers_border)
{
	static const size_t lengths[] = {1, 2, 3, 63, 100, 1000, 65535, 65537, 200000};
	static char bytes[3 * BUFFER + 17];
	uint64_t seed = 1;

	for (size_t i = 0; i < COUNT(lengths); i++) {
		random_bytes(&seed, bytes, sizeof bytes, span_of("ab\0\xff", 4));
		for (size_t p = lengths[i] - 1; p < sizeof bytes; p += lengths[i])
			bytes[p] = '\n';
		check_pipe(span_of(bytes, sizeof bytes), 70000, i);
		check_pipe(span_of(bytes, BUFFER), 70000, i);
	}
}

TEST(random_lines)
{
	static char bytes[1 << 20];
	uint64_t seed = 2;

	for (int round = 0; round < 12; round++) {
		size_t len = 0, size = random_below(&seed, sizeof bytes);
		random_bytes(&seed, bytes, size, span_of("abc\0", 4));
		while ((len += random_below(&seed, round % 3 ? 200 : 100000)) < size)
			bytes[len++] = '\n';
		check_pipe(span_of(bytes, size), 1 + random_below(&seed, 100000), seed);
	}
}

/* A line as large as the buffer, one byte smaller or larger, or many times as large; it comes
 * first, after others, or last without a newline. */
TEST(lines_larger_than_the_buffer)
{
	static const size_t lengths[] = {BUFFER - 1, BUFFER, BUFFER + 1, 2 * BUFFER - 1, 2 * BUFFER,
		2 * BUFFER + 1, 5 * BUFFER + 12345};
	static char bytes[6 * BUFFER + 12345];

	for (size_t i = 0; i < COUNT(lengths); i++)
		for (size_t before = 0; before <= 2; before++) {
			size_t len = before + lengths[i];
			memset(bytes, 'x', sizeof bytes);
			memset(bytes, '\n', before);
			check_pipe(span_of(bytes, len), 1 << 20, i);
			bytes[len - 1] = '\n';
			check_pipe(span_of(bytes, len), 1 << 20, i);
			bytes[len] = '\n';
			check_pipe(span_of(bytes, len + 100), 1 << 20, i);
		}
}

TEST(an_error_at_once)
{
	struct stream s;
	struct span lines;
	int folder = open("/", O_RDONLY);

	assert_true(folder >= 0);
	for (int i = 0; i < 2; i++) {
		stream_open(&s, &(struct input){.name = "/nonexistent", .fd = i ? folder : -1});
		assert_false(stream_next(&s, &lines));
		assert_int_equal(s.error, i ? EISDIR : ENOENT);
		assert_int_equal(s.read, 0);
		assert_false(stream_next(&s, &lines));
		assert_int_equal(s.error, i ? EISDIR : ENOENT);
		stream_close(&s);
	}
	close(folder);
}

/* If the other end of a socket is closed before it has read everything, the connection is reset;
 * but the bytes that it wrote can be read first. */
TEST(what_was_read_before_an_error_comes_first)
{
	static const struct span all[] = {
		BYTES("one\ntwo\nthr"), BYTES("one\n"), BYTES("o"), BYTES("")};

	for (size_t i = 0; i < COUNT(all); i++) {
		struct stream s;
		int fd[2];
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
		assert_int_equal(write(fd[0], "unread", 6), 6);
		assert_int_equal(write(fd[1], all[i].at, all[i].len), all[i].len);
		close(fd[1]);
		stream_open(&s, &(struct input){.fd = fd[0]});
		check_stream(&s, all[i]);
		assert_int_equal(s.error, ECONNRESET);
		stream_close(&s);
		close(fd[0]);
	}
}

/* The ticks interrupt reads that wait. */
static void on_tick(int number)
{
	(void)number;
}

static void sample(long microseconds)
{
	struct sigaction action = {.sa_handler = on_tick}; /* no SA_RESTART */
	struct itimerval timer = {{0, microseconds}, {0, microseconds}};

	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

/* Writes slowly, so that reads have to wait. */
static pid_t fork_slow_writer(int fd[2], const char *text)
{
	assert_int_equal(pipe(fd), 0);
	pid_t child = fork_child();
	if (child) {
		close(fd[1]);
		return child;
	}
	for (; *text; text++) {
		usleep(3000);
		if (write(fd[1], text, 1) != 1)
			_exit(1);
	}
	_exit(0);
}

TEST(interrupted_and_non_blocking_pipes)
{
	static const char text[] = "one\ntwo\n\nthree";

	for (int blocks = 0; blocks <= 1; blocks++) {
		struct stream s;
		int fd[2];
		pid_t child = fork_slow_writer(fd, text);
		if (!blocks)
			assert_int_equal(fcntl(fd[0], F_SETFL, O_NONBLOCK), 0);
		sample(500);
		stream_open(&s, &(struct input){.fd = fd[0]});
		check_stream(&s, span_text(text));
		sample(0);
		assert_int_equal(s.error, 0);
		stream_close(&s);
		close(fd[0]);
		assert_int_equal(status_of(child), 0);
	}
}

/* Whole lines are given out as soon as they arrive, not when the buffer is full; even if the '\n'
 * arrives alone, and late. */
TEST(lines_are_not_held_back)
{
	struct stream s;
	struct span lines;
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	stream_open(&s, &(struct input){.fd = fd[0]});
	assert_int_equal(write(fd[1], "one\ntwo\nth", 10), 10);
	assert_true(stream_next(&s, &lines));
	assert_span_equal(lines, span_text("one\ntwo\n"));
	assert_int_equal(write(fd[1], "ree", 3), 3);
	pid_t child = fork_child();
	if (child == 0) {
		usleep(50000);
		_exit(write(fd[1], "\n", 1) == 1 ? 0 : 1);
	}
	/* The other end stays open in this process: a stream that waited for more would never stop.
	 */
	signal(SIGALRM, SIG_DFL);
	alarm(10);
	assert_true(stream_next(&s, &lines));
	alarm(0);
	assert_span_equal(lines, span_text("three\n"));
	assert_int_equal(status_of(child), 0);
	close(fd[1]);
	assert_false(stream_next(&s, &lines));
	stream_close(&s);
	close(fd[0]);
}

/* A descriptor of an unlinked file with these bytes, at its start. */
static int file_with(struct span bytes)
{
	char name[] = "/tmp/test_input-XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	assert_int_equal(write(fd, bytes.at, bytes.len), bytes.len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* Open files, with fd as standard input if it is not -1. */
static struct inputs open_all(const struct strlist *names, int fd, struct warnings *w)
{
	int in = dup(STDIN_FILENO);
	struct complaint why;
	struct inputs inputs;

	if (fd >= 0)
		dup2(fd, STDIN_FILENO);
	warnings_open(w);
	assert_true(inputs_open(&inputs, names, &(struct inputs_spec){.mapping = MAPPING_ALWAYS},
		&w->warner, &why));
	if (in >= 0)
		dup2(in, STDIN_FILENO);
	else
		close(STDIN_FILENO);
	close(in);
	return inputs;
}

/* Another program may have read the beginning, as in "(head -1; wf) < log". */
TEST(standard_input_begins_where_it_is)
{
	static const char all[] = "one\ntwo\n";
	const char *dash[] = {"-"};
	struct strlist none = {0}, named = {.at = dash, .n = 1};

	for (off_t at = 0; at <= (off_t)strlen(all) + 1; at++) {
		int fd = file_with(span_text(all));
		assert_int_equal(lseek(fd, at, SEEK_SET), at);
		struct warnings w;
		struct inputs inputs = open_all(at % 2 ? &none : &named, fd, &w);
		assert_string_equal(w.text, "");
		assert_int_equal(inputs.n, 1);
		assert_string_equal(inputs.at[0].name, "standard input");
		assert_null(inputs.at[0].bytes.at);
		assert_int_equal(inputs.at[0].fd, -1);
		assert_int_equal(inputs.at[0].start, at);
		assert_int_equal(inputs.at[0].size, at < (off_t)strlen(all) ? strlen(all + at) : 0);
		/* The offset is where reading would have left it. */
		assert_int_equal(lseek(fd, 0, SEEK_CUR), strlen(all));
		inputs_close(&inputs);
		close(fd);
	}
}

TEST(files_that_can_not_be_read_are_left_out)
{
	char name[] = "/tmp/test_input-XXXXXX", fifo[] = "/proc/self/status";
	int fd = mkstemp(name);
	const char *files[] = {"/nonexistent", name, "/", fifo, "", "/dev/null", name};
	struct strlist words = {.at = files, .n = COUNT(files)};

	assert_int_equal(write(fd, "a\nb", 3), 3);
	close(fd);
	struct warnings w;
	char expected[300];
	struct inputs inputs = open_all(&words, -1, &w);
	unlink(name);
	snprintf(expected, sizeof expected,
		"/nonexistent: No such file or directory\n"
		"/: Is a directory (use -R to read the files in it)\n"
		"'': No such file or directory\n"
		"%s: is given twice, so each of its lines counts twice\n",
		name);
	assert_string_equal(w.text, expected);
	assert_int_equal(inputs.unreadable, 3);
	assert_int_equal(inputs.n, 4);
	for (size_t i = 0; i < inputs.n; i += 3) {
		assert_ptr_equal(inputs.at[i].name, name);
		assert_null(inputs.at[i].bytes.at);
		assert_int_equal(inputs.at[i].size, 3);
		assert_int_equal(inputs.at[i].fd, -1);
	}
	/* These two tell no size, so they are streams. */
	for (size_t i = 1; i <= 2; i++) {
		struct stream s;
		struct span lines;
		assert_null(inputs.at[i].bytes.at);
		assert_true(inputs.at[i].fd > STDERR_FILENO);
		stream_open(&s, &inputs.at[i]);
		assert_int_equal(stream_next(&s, &lines), i == 1);
		assert_int_equal(s.error, 0);
		stream_close(&s);
	}
	int closed = inputs.at[1].fd;
	inputs_close(&inputs);
	assert_int_equal(inputs.n, 0);
	assert_int_equal(fcntl(closed, F_GETFD), -1);
}

/* After its head was examined, a stream gives out the same bytes. */
static void check_head(struct span all, size_t most, uint64_t seed)
{
	all = without_hole(all);
	size_t expected = all.len < INPUT_HEAD ? all.len : INPUT_HEAD;
	struct stream s;
	int fd[2];
	pid_t child = fork_writer(fd, all, most, seed);

	stream_open(&s, &(struct input){.fd = fd[0]});
	for (int again = 0; again <= 1; again++) {
		struct span head = stream_head(&s);
		assert_true(head.len >= expected && head.len <= all.len);
		assert_memory_equal(head.at, all.at, head.len);
	}
	check_stream(&s, all);
	assert_int_equal(s.error, 0);
	stream_close(&s);
	close(fd[0]);
	assert_int_equal(status_of(child), 0);
}

TEST(the_head_of_a_stream)
{
	static const size_t sizes[] = {0, 1, 2, 1000, INPUT_HEAD - 1, INPUT_HEAD, INPUT_HEAD + 1,
		2 * INPUT_HEAD, 3 * INPUT_HEAD};
	static const size_t lines[] = {1, 2, 100, 70000, 10 * INPUT_HEAD};
	static char bytes[3 * INPUT_HEAD];
	uint64_t seed = 3;

	for (size_t i = 0; i < COUNT(sizes); i++)
		for (size_t j = 0; j < COUNT(lines); j++) {
			random_bytes(&seed, bytes, sizes[i], span_of("ab\0", 3));
			for (size_t p = lines[j] - 1; p < sizes[i]; p += lines[j])
				bytes[p] = '\n';
			check_head(span_of(bytes, sizes[i]), 1 + sizes[i] / 3, seed);
		}
}

/* The head has all bytes before an error, and the error is still reported after them. */
TEST(the_head_before_an_error)
{
	struct stream s;
	struct span lines;
	int fd[2];

	stream_open(&s, &(struct input){.name = "/nonexistent", .fd = -1});
	assert_int_equal(stream_head(&s).len, 0);
	assert_int_equal(s.error, ENOENT);
	assert_false(stream_next(&s, &lines));
	stream_close(&s);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	assert_int_equal(write(fd[0], "unread", 6), 6);
	assert_int_equal(write(fd[1], "one\ntwo", 7), 7);
	close(fd[1]);
	stream_open(&s, &(struct input){.fd = fd[0]});
	assert_span_equal(stream_head(&s), span_text("one\ntwo"));
	check_stream(&s, span_text("one\ntwo"));
	assert_int_equal(s.error, ECONNRESET);
	stream_close(&s);
	close(fd[0]);
}

/* --- Regular files --------------------------------------------------------------- */

/* Write a file, and open and close it as an input. */
static struct input input_of(const char *name, struct span bytes, bool may_map)
{
	const char *names[] = {name};
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, bytes.at, bytes.len), bytes.len);
	close(fd);
	struct warnings w;
	struct complaint why;
	struct inputs inputs;
	warnings_open(&w);
	assert_true(inputs_open(&inputs, &(struct strlist){.at = names, .n = 1},
		&(struct inputs_spec){.mapping = may_map ? MAPPING_ALWAYS : MAPPING_NEVER},
		&w.warner, &why));
	assert_string_equal(w.text, "");
	assert_int_equal(inputs.n, 1);
	struct input in = inputs.at[0];
	inputs_close(&inputs);
	in.held = 0; /* closed: it will be opened by its name */
	return in;
}

TEST(large_files_are_mapped_if_they_may_be)
{
	char name[] = "/tmp/test_input-XXXXXX";
	static char bytes[3 << 20];

	close(mkstemp(name));
	memset(bytes, 'x', sizeof bytes);
	for (int may_map = 0; may_map <= 1; may_map++) {
		struct input in = input_of(name, span_of(bytes, sizeof bytes), may_map);
		assert_int_equal(in.bytes.at != NULL, may_map);
		assert_int_equal(input_size(&in), sizeof bytes);
		assert_false(input_is_stream(&in));
		if (may_map)
			assert_span_equal(in.bytes, span_of(bytes, sizeof bytes));
	}
	unlink(name);
}

/* The lines that begin in [from, to), found byte by byte. */
static struct span naive_lines(struct span all, size_t from, size_t to)
{
	while (from < to && from > 0 && all.at[from - 1] != '\n')
		from++;
	while (to > from && to < all.len && all.at[to - 1] != '\n')
		to++;
	return span_of(all.at + from, to - from);
}

/* The lines that begin in [from, to) come in pieces, each of whole lines. */
static void check_lines(
	struct random_access *r, const struct input *in, struct span all, size_t from, size_t to)
{
	struct span rest = naive_lines(all, from, to), got;
	uint64_t at;

	assert_true(random_access_begin(r, in, from, to));
	for (;;) {
		assert_true(random_access_next(r, &got, &at));
		assert_false(r->cut_short);
		if (!got.len)
			break;
		assert_int_equal(at, rest.at - all.at);
		assert_in_range(got.len, 1, rest.len);
		assert_span_equal(got, span_of(rest.at, got.len));
		rest = span_of(rest.at + got.len, rest.len - got.len);
		assert_true(!rest.len || got.at[got.len - 1] == '\n');
	}
	assert_int_equal(rest.len, 0);
	assert_true(random_access_next(r, &got, &at));
	assert_int_equal(got.len, 0);
}

/* Wherever the cuts are, each line belongs to exactly one of the pieces between them. */
TEST(lines_of_pieces)
{
	char name[] = "/tmp/test_input-XXXXXX";
	static char bytes[700000];
	uint64_t seed = 5;

	close(mkstemp(name));
	for (int round = 0; round < 60; round++) {
		size_t len = random_below(&seed, round % 3 ? 300 : sizeof bytes);
		random_bytes(&seed, bytes, len, span_text(round % 2 ? "abc\n" : "abc"));
		for (size_t n = random_below(&seed, 5); len && n--;)
			bytes[random_below(&seed, len)] = '\n';
		struct span all = span_of(bytes, len);
		struct input in = input_of(name, all, false);
		struct random_access reader = {0};
		for (size_t from = 0, to; from < len; from = to) {
			struct span got;
			to = from + 1 + random_below(&seed, round % 3 ? 40 : 300000);
			to = to < len ? to : len;
			check_lines(&reader, &in, all, from, to);
			assert_true(random_access_bytes(&reader, &in, from, to, &got));
			assert_span_equal(got, span_of(bytes + from, to - from));
		}
		random_access_close(&reader);
	}
	unlink(name);
}

static bool first_lines(struct random_access *r, const struct input *in, uint64_t from, uint64_t to,
	struct span *lines, uint64_t *at)
{
	return random_access_begin(r, in, from, to) && random_access_next(r, lines, at);
}

TEST(the_fate_of_a_file)
{
	char name[] = "/tmp/test_input-XXXXXX";
	static char bytes[5000];
	struct random_access reader = {0};
	struct span got;
	uint64_t at;

	close(mkstemp(name));
	memset(bytes, 'x', sizeof bytes);
	bytes[3000] = bytes[4999] = '\n';
	struct input in = input_of(name, span_of(bytes, sizeof bytes), false);
	assert_int_equal(input_fate(&in), INPUT_SAME);
	int fd = open(name, O_RDWR | O_APPEND);
	assert_int_equal(write(fd, "more", 4), 4);
	assert_int_equal(input_fate(&in), INPUT_SAME);
	assert_true(first_lines(&reader, &in, 3000, 5000, &got, &at));
	assert_int_equal(got.len, 1999);
	assert_false(reader.cut_short);
	assert_int_equal(ftruncate(fd, 3100), 0);
	assert_int_equal(input_fate(&in), INPUT_SHRUNK);
	assert_true(first_lines(&reader, &in, 2000, 5000, &got, &at));
	assert_int_equal(got.len, 99);
	assert_int_equal(at, 3001);
	assert_true(reader.cut_short);
	/* The file is emptied and written again. */
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_true(first_lines(&reader, &in, 0, 5000, &got, &at));
	assert_int_equal(got.len, 0);
	bytes[0] = 'y';
	assert_int_equal(write(fd, bytes, sizeof bytes), sizeof bytes);
	assert_int_equal(input_fate(&in), INPUT_OVERWRITTEN);
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(ftruncate(fd, sizeof bytes), 0);
	assert_int_equal(input_fate(&in), INPUT_OVERWRITTEN);
	/* The name leads to another file, or to none: the one that was opened is unchanged. */
	random_access_close(&reader);
	unlink(name);
	assert_int_equal(input_fate(&in), INPUT_SAME);
	assert_int_equal(input_open(&in), -1);
	assert_int_equal(errno, ENOENT);
	assert_false(first_lines(&reader, &in, 0, 10, &got, &at));
	close(open(name, O_WRONLY | O_CREAT, 0600));
	assert_int_equal(input_open(&in), -1);
	assert_int_equal(errno, ESTALE);
	assert_int_equal(input_fate(&in), INPUT_SAME);
	unlink(name);
	close(fd);
}

TEST(inputs_are_dropped)
{
	/* The bits of `dropped` say which of four inputs, mapped files and streams, are dropped. */
	for (unsigned dropped = 0; dropped < 16; dropped++) {
		struct inputs inputs = {
			.at = calloc(4, sizeof *inputs.at), .n = 4, .unreadable = 7};
		static const char *const names[] = {"a", "b", "c", "d"};
		int fds[4];
		assert_non_null(inputs.at);
		for (size_t i = 0; i < 4; i++) {
			fds[i] = i % 2 ? open("/dev/null", O_RDONLY) : -1;
			inputs.at[i] = (struct input){
				.name = names[i], .fd = fds[i], .bytes = span_text(names[i])};
		}
		for (size_t i = 4; i-- > 0;)
			if (dropped >> i & 1)
				inputs_drop(&inputs, i);
		size_t n = 0;
		for (size_t i = 0; i < 4; i++) {
			if (fds[i] >= 0)
				assert_int_equal(fcntl(fds[i], F_GETFD) == -1, dropped >> i & 1);
			if (!(dropped >> i & 1)) {
				assert_string_equal(inputs.at[n].name, names[i]);
				assert_int_equal(inputs.at[n++].fd, fds[i]);
			}
		}
		assert_int_equal(inputs.n, n);
		assert_int_equal(inputs.unreadable, 7);
		inputs_close(&inputs);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_streams),
		cmocka_unit_test(a_byte_order_mark),
		cmocka_unit_test(a_hole_at_the_start),
		cmocka_unit_test(lines_across_the_buffers_border),
		cmocka_unit_test(random_lines),
		cmocka_unit_test(lines_larger_than_the_buffer),
		cmocka_unit_test(an_error_at_once),
		cmocka_unit_test(what_was_read_before_an_error_comes_first),
		cmocka_unit_test(interrupted_and_non_blocking_pipes),
		cmocka_unit_test(lines_are_not_held_back),
		cmocka_unit_test(standard_input_begins_where_it_is),
		cmocka_unit_test(files_that_can_not_be_read_are_left_out),
		cmocka_unit_test(the_head_of_a_stream),
		cmocka_unit_test(the_head_before_an_error),
		cmocka_unit_test(large_files_are_mapped_if_they_may_be),
		cmocka_unit_test(lines_of_pieces),
		cmocka_unit_test(the_fate_of_a_file),
		cmocka_unit_test(inputs_are_dropped),
	};

	return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}
