#include "input/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/codec.h"
#include "lib/die.h"
#include "lib/fullio.h"
#include "lib/magic.h"
#include "lib/span.h"

/* Binary files that are named, before it is only said how many more there are. */
enum { BINARIES_SHOWN = 5 };

struct table_cursor {
	struct walk *files;
	size_t binaries;
	char head[WALK_HEAD]; /* here once, and not in each frame of a deep walk */
};

/* A folder's path ends in '/', so that it is sorted to where what is in it belongs:
 * "a.log", "a/1", "a0". */
static bool is_folder(struct span path)
{
	return path.len && path.at[path.len - 1] == '/';
}

/* A path may be longer than a message; then its ends are shown. */
static void tell(const char *name, const char *what)
{
	enum { END = 400 };
	struct span path = span_text(name);

	if (is_folder(path) && path.len > 1)
		path.len--;
	if (path.len <= (size_t)2 * END)
		warn("%.*s: %s", (int)path.len, path.at, what);
	else
		warn("%.*s...%.*s: %s", END, path.at, END, path.at + path.len - END, what);
}

static void leave_out(struct table_cursor *w, const char *path, int why)
{
	tell(path, strerror(why));
	w->files->unreadable++;
}

/* --- A folder's entries ------------------------------------------------------------ */

static char *join(const char *folder, const char *name, const char *end)
{
	char *path;

	if (asprintf(&path, "%s%s%s", folder, name, end) < 0)
		die("files: out of memory");
	return path;
}

/* What can't be looked at is taken for a file: opening it tells why. */
static void add_entry(struct strlist *entries, int fd, const char *folder, const char *name)
{
	struct stat st;
	bool known = fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;

	bool is_folder = known && S_ISDIR(st.st_mode);
	if (known && !is_folder && !S_ISREG(st.st_mode))
		return;
	if (!strlist_add(entries, join(folder, name, is_folder ? "/" : "")))
		die("%s: out of memory", folder);
}

/* False on error (errno): there may be more than what was added. */
static bool list(struct strlist *entries, const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	if (!dir)
		return false;
	while (errno = 0, (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			add_entry(entries, dirfd(dir), folder, entry->d_name);
	int why = errno;
	closedir(dir);
	errno = why;
	return why == 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort(struct strlist *entries)
{
	if (entries->n)
		qsort(entries->at, entries->n, sizeof *entries->at, compare);
}

/* --- Files ------------------------------------------------------------------------- */

/* The file's first bytes, at most WALK_HEAD.  How many, -1 on error (errno). */
static ssize_t read_head(const char *path, char *head)
{
	/* Without waiting, should it have become a FIFO since. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return -1;
	ssize_t n = fullio_read(fd, head, WALK_HEAD);
	int why = errno;
	close(fd);
	errno = why;
	return n;
}

static bool is_binary(struct span head)
{
	return head.len && memchr(head.at, '\0', head.len) && !codec_detect(head);
}

/* The path becomes the walk's. */
static void take_file(struct table_cursor *w, char *path)
{
	ssize_t len = read_head(path, w->head);

	struct span head = span_of(w->head, len > 0 ? (size_t)len : 0);
	bool is_report = magic_is(head, PROGRESS_MAGIC);
	if (len >= 0 && !is_report && !is_binary(head)) {
		if (!strlist_add(&w->files->names, path))
			die("out of memory");
		return;
	}
	if (len < 0)
		leave_out(w, path, errno);
	else if (is_report)
		tell(path, "is what a wf writes while it runs, left out");
	else if (w->binaries++ < BINARIES_SHOWN)
		tell(path, "binary, left out");
	free(path);
}

/* --- All --------------------------------------------------------------------------- */

/* Goes no deeper than opendir does: a path has at most PATH_MAX bytes, so 2,048 folders. */
static void take_folder(struct table_cursor *w, const char *folder)
{
	struct strlist entries = {0};

	if (!list(&entries, folder))
		leave_out(w, folder, errno);
	sort(&entries);
	for (size_t i = 0; i < entries.n; i++) {
		char *path = (char *)(uintptr_t)entries.at[i];
		if (!is_folder(span_text(path))) {
			take_file(w, path);
			continue;
		}
		take_folder(w, path);
		free(path);
	}
	strlist_free(&entries);
}

/* What the user named. */
static void take_root(struct table_cursor *w, const char *name)
{
	struct walk *f = w->files;
	size_t before = f->names.n + f->unreadable;

	if (!*name) {
		leave_out(w, "''", ENOENT); /* and not "/" */
		return;
	}
	char *folder = join(name, "", is_folder(span_text(name)) ? "" : "/");
	take_folder(w, folder);
	if (f->names.n + f->unreadable == before)
		tell(folder, "no file in it to be counted");
	free(folder);
}

struct walk walk_find(const struct strlist *named, const struct strlist *folders)
{
	struct walk files = {.named = named->n};
	struct table_cursor w = {.files = &files};

	for (size_t i = 0; i < named->n; i++)
		if (!strlist_add(&files.names, named->at[i]))
			die("out of memory");
	for (size_t i = 0; i < folders->n; i++)
		take_root(&w, folders->at[i]);
	if (w.binaries > BINARIES_SHOWN)
		warn("binary files: %zu more left out", w.binaries - BINARIES_SHOWN);
	return files;
}

void walk_free(struct walk *f)
{
	for (size_t i = f->named; i < f->names.n; i++)
		free((void *)(uintptr_t)f->names.at[i]);
	strlist_free(&f->names);
}
