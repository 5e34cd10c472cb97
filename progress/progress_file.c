#include "progress/progress_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/atomicfile.h"
#include "lib/clock.h"
#include "lib/exitstatus.h"
#include "lib/fullio.h"
#include "lib/hostname.h"
#include "lib/human.h"
#include "lib/own_magic.h"
#include "lib/openfile.h"
#include "lib/terminal.h"
#include "lib/childwait.h"

enum { NAME = 256, TEXT = 4096, INTERVAL_MS = 500 };

/* A run writes its first report within this many seconds. */
static const double first_report = 3;

/* The process that writes the file.  The members show whether it is still running. */
struct writer {
	char host[NAME];  /* for messages */
	char place[NAME]; /* the boot and the PID namespace in which .pid is valid */
	uint64_t pid;
	uint64_t born; /* the start time of the process, in the units of /proc/PID/stat; 0 if it is
		        * not known */
};

char *progress_file_name(const char *output)
{
	size_t size = strlen(output) + sizeof ".progress";
	char *path = malloc(size);

	if (path)
		snprintf(path, size, "%s.progress", output);
	return path;
}

/* --- Processes -------------------------------------------------------------------- */

/* Read the first line of a small file.  `out` becomes "" if the file is empty or cannot be read. */
static void read_text(const char *name, char *out, size_t room)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? fullio_read(fd, out, room - 1) : 0;

	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	if (fd >= 0)
		close(fd);
}

/* Return the start time of a process: word 22 of /proc/PID/stat; 0 if it is not known.  Word 2 is a
 * name in parentheses, which may contain blanks and parentheses, so words are counted after the
 * last ')'. */
static uint64_t born(uint64_t pid)
{
	char name[NAME], text[TEXT];

	snprintf(name, sizeof name, "/proc/%" PRIu64 "/stat", pid);
	read_text(name, text, sizeof text);
	char *at = strrchr(text, ')');
	for (int word = 2; at && word < 22; word++)
		at = strchr(at + 1, ' ');
	return at ? strtoull(at, NULL, 10) : 0;
}

/* Make a text that identifies this boot of this machine, and this PID namespace. */
static void find_place(char place[NAME])
{
	char boot[64], numbers[64];
	ssize_t n = readlink("/proc/self/ns/pid", numbers, sizeof numbers - 1);

	read_text("/proc/sys/kernel/random/boot_id", boot, sizeof boot);
	numbers[n > 0 ? n : 0] = '\0';
	snprintf(place, NAME, "%s/%s", boot, numbers);
}

static struct writer this_process(void)
{
	struct writer w = {.pid = (uint64_t)getpid()};

	w.born = born(w.pid);
	find_place(w.place);
	hostname_get(w.host);
	return w;
}

/* True if it is certain that the writer is dead.  False if the writer is alive, or if wf can't find
 * out. */
static bool is_dead(const struct writer *w)
{
	char here[NAME];

	find_place(here);
	if (strcmp(w->place, here) != 0 || *here == '/' || w->pid > INT32_MAX || !w->pid)
		return false;
	if (kill((pid_t)w->pid, 0) != 0 && errno == ESRCH)
		return true;
	return w->born && born(w->pid) != w->born;
}

/* --- The file --------------------------------------------------------------------- */

/* A number in the file: its name, and the offset of its member in struct progress_report. */
struct number {
	const char *name;
	size_t offset;
};

#define IN_REPORT(what)   #what, offsetof(struct progress_report, what)
#define IN_PROGRESS(what) #what, offsetof(struct progress_report, progress.what)

static const struct number numbers[] = {
	{IN_REPORT(seconds)},
	{IN_REPORT(again)},
	{IN_REPORT(status)},
	{IN_PROGRESS(done)},
	{IN_PROGRESS(total)},
	{IN_PROGRESS(bytes)},
	{IN_PROGRESS(lines)},
	{IN_PROGRESS(spilled)},
	{IN_PROGRESS(workers)},
};

/* The rates in the file, like numbers[].  Rates are written as whole numbers. */
static const struct number rates[] = {
	{IN_PROGRESS(done_rate)},
	{IN_PROGRESS(bytes_rate)},
	{IN_PROGRESS(lines_rate)},
};

enum { NUMBERS = sizeof numbers / sizeof *numbers, RATES = sizeof rates / sizeof *rates };

static uint64_t *number_in(struct progress_report *r, const struct number *which)
{
	return (uint64_t *)(void *)((char *)r + which->offset);
}

static double *rate_in(struct progress_report *r, const struct number *which)
{
	return (double *)(void *)((char *)r + which->offset);
}

static const char *state_of(const struct progress_report *r)
{
	return r->ended ? "ended" : r->progress.ranking ? "ranking" : "counting";
}

static void print(FILE *out, const struct progress_report *report)
{
	struct writer w = this_process();
	struct progress_report r = *report;

	fprintf(out, "%s\nhost %s\nplace %s\npid %" PRIu64 "\nborn %" PRIu64 "\nstate %s\n",
		PROGRESS_MAGIC, w.host, w.place, w.pid, w.born, state_of(&r));
	for (size_t i = 0; i < NUMBERS; i++)
		fprintf(out, "%s %" PRIu64 "\n", numbers[i].name, *number_in(&r, &numbers[i]));
	for (size_t i = 0; i < RATES; i++)
		fprintf(out, "%s %.0f\n", rates[i].name, *rate_in(&r, &rates[i]));
}

bool progress_file_remove(const char *path)
{
	char head[sizeof PROGRESS_MAGIC] = "";
	struct stat st;

	if (lstat(path, &st) != 0)
		return true;
	FILE *in = S_ISREG(st.st_mode) ? openfile_stream(path) : NULL;
	size_t n = in ? fread(head, 1, sizeof head - 1, in) : 0;
	if (in)
		fclose(in);
	if (span_begins_with(span_of(head, n), PROGRESS_MAGIC))
		return unlink(path) == 0;
	errno = S_ISDIR(st.st_mode) ? EISDIR : EEXIST;
	return false;
}

/* Return the report as text; the caller frees the text.  NULL if out of memory. */
static char *text_of(const struct progress_report *report, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	if (!out)
		return NULL;
	print(out, report);
	bool ok = !ferror(out);
	if (fclose(out) == 0 && ok)
		return text;
	free(text);
	return NULL;
}

/* Replace the file atomically.  Other users may be able to write to the directory, so this function
 * does not trust any name in the directory. */
static bool replace(const char *path, const char *text, size_t len)
{
	struct atomicfile file;

	if (!atomicfile_open_brief(&file, path))
		return false;
	if (!fullio_write(file.fd, text, len)) {
		atomicfile_abandon(&file);
		return false;
	}
	return atomicfile_commit(&file);
}

bool progress_file_write(const char *path, const struct progress_report *report)
{
	size_t len;
	char *text = text_of(report, &len);
	bool ok = text && replace(path, text, len);
	int saved = errno;

	free(text);
	errno = saved;
	return ok;
}

/* Store the value of a line "NAME VALUE".  Unknown names are ignored: a later version may write
 * them. */
static void read_line(
	struct progress_report *r, struct writer *w, const char *name, const char *value)
{
	if (strcmp(name, "host") == 0)
		snprintf(w->host, sizeof w->host, "%s", value);
	else if (strcmp(name, "place") == 0)
		snprintf(w->place, sizeof w->place, "%s", value);
	else if (strcmp(name, "pid") == 0)
		w->pid = strtoull(value, NULL, 10);
	else if (strcmp(name, "born") == 0)
		w->born = strtoull(value, NULL, 10);
	else if (strcmp(name, "state") == 0) {
		r->ended = strcmp(value, "ended") == 0;
		r->progress.ranking = strcmp(value, "ranking") == 0;
	}
	for (size_t i = 0; i < NUMBERS; i++)
		if (strcmp(name, numbers[i].name) == 0)
			*number_in(r, &numbers[i]) = strtoull(value, NULL, 10);
	for (size_t i = 0; i < RATES; i++)
		if (strcmp(name, rates[i].name) == 0)
			*rate_in(r, &rates[i]) = (double)strtoull(value, NULL, 10);
}

/* Read a progress file.  False on error (errno); EINVAL if it is not a progress file. */
static bool read_report(const char *path, struct progress_report *r, struct writer *w)
{
	char line[TEXT];
	FILE *in = openfile_stream(path);

	*r = (struct progress_report){0};
	*w = (struct writer){0};
	if (!in)
		return false;
	bool ok = fgets(line, sizeof line, in) && span_begins_with(span_text(line), PROGRESS_MAGIC);
	while (ok && fgets(line, sizeof line, in)) {
		line[strcspn(line, "\n")] = '\0';
		char *value = strchr(line, ' ');
		if (!value)
			continue;
		*value++ = '\0';
		read_line(r, w, line, value);
	}
	fclose(in);
	errno = EINVAL;
	return ok && w->pid && *w->host;
}

/* --- Following -------------------------------------------------------------------- */

/* The run that is followed, and its last report. */
struct follower {
	const char *output; /* the file that the run writes, as the user named it */
	const char *path;   /* the name of the progress file */
	const struct warner *warner;
	struct progress_report report;
	struct writer writer;
	ino_t inode;             /* the inode of the file from which .report was read; 0 if no file
				  * was found yet */
	struct timespec written; /* the modification time of that file, used only to notice that the
				  * file has changed */
	double read_at;          /* when this version of the file was first read, by
				  * clock_seconds(); until a file was found, when following began */
};

static int end(const struct follower *f)
{
	const struct progress_report *r = &f->report;
	char after[HUMAN_TEXT];

	human_clock(r->seconds, after);
	if (r->status > 128 && r->status < 256)
		warner_warn_of(f->warner, f->output, "ended by a signal after %s: %s", after,
			strsignal((int)r->status - 128));
	else
		warner_warn_of(f->warner, f->output, "ended after %s: %s", after,
			r->status == 0   ? "everything was counted"
			: r->status == 1 ? "nothing matched"
					 : "an error occurred, or not everything was counted");
	return r->status < 256 ? (int)r->status : STATUS_ERROR;
}

/* True if there is no progress file yet, perhaps because the run has only just begun. */
static bool is_early(const struct follower *f)
{
	return !f->inode && clock_seconds() - f->read_at < first_report &&
	       access(f->path, F_OK) != 0 && errno == ENOENT;
}

/* Read the progress file.  If the file is a new one, note when it was read.  On error, warn and
 * return false. */
static bool look(struct follower *f)
{
	struct stat st;

	if (!read_report(f->path, &f->report, &f->writer)) {
		if (errno == ENOENT)
			warner_warn_of(f->warner, f->path,
				"%s: a run with --save %s writes it, if it takes longer than a "
				"second",
				strerror(errno), f->output);
		else
			warner_warn_of(f->warner, f->path, "%s",
				errno == EINVAL ? "is not a progress file of wf" : strerror(errno));
		return false;
	}
	if (stat(f->path, &st) == 0 &&
		(st.st_ino != f->inode || st.st_mtim.tv_sec != f->written.tv_sec ||
			st.st_mtim.tv_nsec != f->written.tv_nsec)) {
		f->inode = st.st_ino;
		f->written = st.st_mtim;
		f->read_at = clock_seconds();
	}
	return true;
}

/* True, with a warning, if no more reports are expected although the run has not reported its end.
 */
static bool is_lost(struct follower *f)
{
	if (is_dead(&f->writer)) {
		/* The run may have reported its end after look() was last called. */
		if (!look(f) || f->report.ended)
			return !f->report.ended;
		warner_warn_of(f->warner, f->output,
			"its run, process %" PRIu64 " on this machine, died without reporting it",
			f->writer.pid);
		return true;
	}
	double silent = clock_seconds() - f->read_at;
	if (silent <= (double)f->report.again)
		return false;
	warner_warn_of(f->warner, f->output,
		"no report for %.0f seconds from its run, process %" PRIu64
		" on %s: it may have died",
		silent, f->writer.pid, f->writer.host);
	return true;
}

/* Follow the run until it has ended or is lost, or until a signal comes.  Returns the exit status.
 * *signal_number becomes the signal, or 0 if none came. */
static int follow(struct follower *f, const struct childwait *waiting, int *signal_number)
{
	bool shows = terminal_can_erase(STDERR_FILENO);

	*signal_number = 0;
	while (is_early(f) && !*signal_number)
		*signal_number = childwait_next_within(waiting, INTERVAL_MS);
	while (!*signal_number || *signal_number == SIGCHLD) {
		if (!look(f))
			return STATUS_ERROR;
		if (f->report.ended)
			return end(f);
		if (is_lost(f))
			return STATUS_ERROR;
		if (f->report.ended)
			continue;
		if (shows)
			progress_line_paint(&f->report.progress, STDERR_FILENO);
		*signal_number = childwait_next_within(waiting, INTERVAL_MS);
		if (shows)
			terminal_put_line(STDERR_FILENO, "");
	}
	return 128 + *signal_number;
}

int progress_file_follow(const char *output, const struct warner *warner)
{
	char *path = progress_file_name(output);
	struct follower f = {
		.output = output, .path = path, .warner = warner, .read_at = clock_seconds()};
	struct childwait waiting;
	int signal_number;

	if (!path) {
		warner_warn_of(warner, output, "out of memory");
		return STATUS_ERROR;
	}
	childwait_begin(&waiting);
	int status = follow(&f, &waiting, &signal_number);
	free(path);
	if (signal_number)
		raise(signal_number);
	childwait_end(&waiting);
	return status;
}
