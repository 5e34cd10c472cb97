#include "progress/watch.h"

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

#include "lib/clock.h"
#include "lib/die.h"
#include "lib/fullio.h"
#include "lib/hostname.h"
#include "lib/human.h"
#include "lib/magic.h"
#include "lib/terminal.h"
#include "lib/childwait.h"

enum { NAME = 256, TEXT = 4096, LOOK_EACH = 500 /* ms */ };

/* Seconds in which a run that has just begun writes for the first time. */
static const double first_report = 3;

/* Who writes: enough to tell whether it still lives. */
struct writer {
	char host[NAME];  /* for people */
	char place[NAME]; /* where its process number means something */
	uint64_t pid;
	uint64_t born; /* in the system's own time, 0: not known */
};

char *watch_name(const char *file)
{
	size_t size = strlen(file) + sizeof ".progress";
	char *name = malloc(size);

	if (name)
		snprintf(name, size, "%s.progress", file);
	return name;
}

/* --- Processes -------------------------------------------------------------------- */

/* A small file's text, without its end of line.  Empty if there is none. */
static void read_text(const char *name, char *out, size_t room)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? fullio_read(fd, out, room - 1) : 0;

	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	if (fd >= 0)
		close(fd);
}

/* When a process began, 0 if that can't be told: the 22nd word of its stat, where the second is a
 * name in parentheses that may hold anything. */
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

/* This boot of this machine, and which numbers its processes have here. */
static void find_place(char place[NAME])
{
	char boot[64], numbers[64];
	ssize_t n = readlink("/proc/self/ns/pid", numbers, sizeof numbers - 1);

	read_text("/proc/sys/kernel/random/boot_id", boot, sizeof boot);
	numbers[n > 0 ? n : 0] = '\0';
	snprintf(place, NAME, "%s/%s", boot, numbers);
}

static struct writer myself(void)
{
	struct writer w = {.pid = (uint64_t)getpid()};

	w.born = born(w.pid);
	find_place(w.place);
	hostname_get(w.host);
	return w;
}

/* False if it can't be told, too. */
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

/* One of its numbers, by name. */
struct number {
	const char *name;
	size_t offset;
};

#define IN_NEWS(what)     #what, offsetof(struct progress_report, what)
#define IN_STANDING(what) #what, offsetof(struct progress_report, progress.what)

static const struct number numbers[] = {
	{IN_NEWS(seconds)},
	{IN_NEWS(again)},
	{IN_NEWS(status)},
	{IN_STANDING(done)},
	{IN_STANDING(total)},
	{IN_STANDING(bytes)},
	{IN_STANDING(lines)},
	{IN_STANDING(spilled)},
	{IN_STANDING(workers)},
};

/* Whole numbers will do: by the second, of bytes and lines. */
static const struct number rates[] = {
	{IN_STANDING(done_rate)},
	{IN_STANDING(bytes_rate)},
	{IN_STANDING(lines_rate)},
};

enum { NUMBERS = sizeof numbers / sizeof *numbers, RATES = sizeof rates / sizeof *rates };

static uint64_t *number_in(struct progress_report *n, const struct number *which)
{
	return (uint64_t *)(void *)((char *)n + which->offset);
}

static double *rate_in(struct progress_report *n, const struct number *which)
{
	return (double *)(void *)((char *)n + which->offset);
}

static const char *state_of(const struct progress_report *n)
{
	return n->ended ? "ended" : n->progress.ranking ? "ranking" : "counting";
}

static void print(FILE *out, const struct progress_report *news)
{
	struct writer w = myself();
	struct progress_report n = *news;

	fprintf(out, "%s\nhost %s\nplace %s\npid %" PRIu64 "\nborn %" PRIu64 "\nstate %s\n",
		PROGRESS_MAGIC, w.host, w.place, w.pid, w.born, state_of(&n));
	for (size_t i = 0; i < NUMBERS; i++)
		fprintf(out, "%s %" PRIu64 "\n", numbers[i].name, *number_in(&n, &numbers[i]));
	for (size_t i = 0; i < RATES; i++)
		fprintf(out, "%s %.0f\n", rates[i].name, *rate_in(&n, &rates[i]));
}

bool watch_forget(const char *name)
{
	char head[sizeof PROGRESS_MAGIC] = "";
	struct stat st;

	if (lstat(name, &st) != 0)
		return true;
	FILE *in = S_ISREG(st.st_mode) ? fopen(name, "re") : NULL;
	size_t n = in ? fread(head, 1, sizeof head - 1, in) : 0;
	if (in)
		fclose(in);
	if (magic_is(span_of(head, n), PROGRESS_MAGIC))
		return unlink(name) == 0;
	errno = S_ISDIR(st.st_mode) ? EISDIR : EEXIST;
	return false;
}

bool watch_write(const char *name, const struct progress_report *news)
{
	size_t size = strlen(name) + 32;
	char *new = malloc(size);

	if (!new)
		return false;
	/* Beside it, so that a rename is one step; of our own, whoever else writes there. */
	snprintf(new, size, "%s.%ld", name, (long)getpid());
	FILE *out = fopen(new, "we");
	bool ok = out != NULL;
	if (ok) {
		print(out, news);
		ok = !ferror(out);
		ok = fclose(out) == 0 && ok;
		ok = ok && rename(new, name) == 0;
		int why = errno;
		if (!ok)
			unlink(new);
		errno = why;
	}
	free(new);
	return ok;
}

/* What a line "NAME VALUE" says.  Others are of a later version. */
static void take(struct progress_report *n, struct writer *w, const char *name, const char *value)
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
		n->ended = strcmp(value, "ended") == 0;
		n->progress.ranking = strcmp(value, "ranking") == 0;
	}
	for (size_t i = 0; i < NUMBERS; i++)
		if (strcmp(name, numbers[i].name) == 0)
			*number_in(n, &numbers[i]) = strtoull(value, NULL, 10);
	for (size_t i = 0; i < RATES; i++)
		if (strcmp(name, rates[i].name) == 0)
			*rate_in(n, &rates[i]) = (double)strtoull(value, NULL, 10);
}

/* False on error (errno); EINVAL if that is no such file. */
static bool read_report(const char *name, struct progress_report *n, struct writer *w)
{
	char line[TEXT];
	FILE *in = fopen(name, "re");

	*n = (struct progress_report){0};
	*w = (struct writer){0};
	if (!in)
		return false;
	bool ok = fgets(line, sizeof line, in) && magic_is(span_text(line), PROGRESS_MAGIC);
	while (ok && fgets(line, sizeof line, in)) {
		line[strcspn(line, "\n")] = '\0';
		char *value = strchr(line, ' ');
		if (!value)
			continue;
		*value++ = '\0';
		take(n, w, line, value);
	}
	fclose(in);
	errno = EINVAL;
	return ok && w->pid && *w->host;
}

/* --- Who follows ------------------------------------------------------------------ */

static int say_end(const char *file, const struct progress_report *n)
{
	char after[HUMAN_TEXT];

	human_clock(n->seconds, after);
	if (n->status > 128 && n->status < 256)
		warn("%s: ended by a signal after %s: %s", file, after,
			strsignal((int)n->status - 128));
	else
		warn("%s: ended after %s, %s", file, after,
			n->status == 0   ? "and all is counted"
			: n->status == 1 ? "and nothing matched"
					 : "with an error, or not all could be counted");
	return n->status < 256 ? (int)n->status : STATUS_ERROR;
}

/* What was last read, and when it was new. */
struct follower {
	const char *file; /* as it was said */
	const char *name;
	struct progress_report news;
	struct writer writer;
	ino_t inode; /* of the file that told it: each time another, or at another time */
	struct timespec written;
	double came; /* our time; at first, when we began */
};

/* The run may have only just begun. */
static bool is_early(const struct follower *f)
{
	return !f->inode && clock_seconds() - f->came < first_report &&
	       access(f->name, F_OK) != 0 && errno == ENOENT;
}

static bool look(struct follower *f)
{
	struct stat st;

	if (!read_report(f->name, &f->news, &f->writer)) {
		if (errno == ENOENT)
			warn("%s: %s; a run that saves %s writes it, if it takes more than a "
			     "second",
				f->name, strerror(errno), f->file);
		else
			warn("%s: %s", f->name,
				errno == EINVAL ? "is not what a wf writes while it runs"
						: strerror(errno));
		return false;
	}
	if (stat(f->name, &st) == 0 &&
		(st.st_ino != f->inode || st.st_mtim.tv_sec != f->written.tv_sec ||
			st.st_mtim.tv_nsec != f->written.tv_nsec)) {
		f->inode = st.st_ino;
		f->written = st.st_mtim;
		f->came = clock_seconds();
	}
	return true;
}

/* True, with a message, if no news are to be expected. */
static bool say_lost(struct follower *f)
{
	if (is_dead(&f->writer)) {
		/* It may have ended as it should since we looked. */
		if (!look(f) || f->news.ended)
			return !f->news.ended;
		warn("%s: its run, process %" PRIu64 " here, died without a word", f->file,
			f->writer.pid);
		return true;
	}
	if (clock_seconds() - f->came <= (double)f->news.again)
		return false;
	warn("%s: no news for %.0f seconds from its run, process %" PRIu64
	     " on %s: it may have died",
		f->file, clock_seconds() - f->came, f->writer.pid, f->writer.host);
	return true;
}

/* Until it has ended, or is lost: its status. */
static int follow(struct follower *f, const struct childwait *waiting, int *signal_number)
{
	bool shows = terminal_can_erase(STDERR_FILENO);

	*signal_number = 0;
	while (is_early(f) && !*signal_number)
		*signal_number = childwait_next_within(waiting, LOOK_EACH);
	while (!*signal_number || *signal_number == SIGCHLD) {
		if (!look(f))
			return STATUS_ERROR;
		if (f->news.ended)
			return say_end(f->file, &f->news);
		if (say_lost(f))
			return STATUS_ERROR;
		if (f->news.ended)
			continue;
		if (shows)
			status_paint(&f->news.progress, STDERR_FILENO);
		*signal_number = childwait_next_within(waiting, LOOK_EACH);
		if (shows)
			terminal_put_line(STDERR_FILENO, "");
	}
	return 128 + *signal_number;
}

int watch_follow(const char *file)
{
	char *name = watch_name(file);
	struct follower f = {.file = file, .name = name, .came = clock_seconds()};
	struct childwait waiting;
	int signal_number;

	if (!name)
		die("%s: %s", file, strerror(errno));
	childwait_begin(&waiting);
	int status = follow(&f, &waiting, &signal_number);
	free(name);
	if (signal_number)
		raise(signal_number);
	childwait_end(&waiting);
	return status;
}
