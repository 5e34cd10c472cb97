#include "input/find_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/codec.h"
#include "lib/fullio.h"
#include "lib/lines.h"
#include "lib/own_magic.h"
#include "lib/span.h"

/* At most this many binary files are named in warnings; a last warning counts the others. */
enum { BINARIES_SHOWN = 5 };

struct search {
	struct found_files *found;
	const struct warner *warner;
	size_t binaries;
	char head[FOUND_FILES_HEAD]; /* not on the stack, because visit_directory() is recursive */
};

/* True if the path is that of a directory.  In this file, the path of a directory ends in '/'.  So
 * sorting puts a directory where the paths of its files belong: "a.log", "a/1", "a0". */
static bool is_directory(const char *path)
{
	size_t len = strlen(path);

	return len && path[len - 1] == '/';
}

/* Warn about a path.  A directory is shown without its '/'. */
static void warn_of(const struct search *s, const char *path, const char *why)
{
	size_t len = strlen(path);
	char *name = is_directory(path) && len > 1 ? strndup(path, len - 1) : NULL;

	warner_warn_of(s->warner, name ? name : path, "%s", why);
	free(name);
}

static void skip_unreadable(struct search *s, const char *path, int error)
{
	warn_of(s, path, strerror(error));
	s->found->unreadable++;
}

/* --- A directory's entries --------------------------------------------------------- */

/* Join three strings to a path.  The caller frees the path.  NULL if out of memory. */
static char *join(const char *directory, const char *name, const char *end)
{
	char *path;

	return asprintf(&path, "%s%s%s", directory, name, end) < 0 ? NULL : path;
}

static void free_paths(struct strlist *paths, size_t from)
{
	for (size_t i = from; i < paths->n; i++)
		free((void *)(uintptr_t)paths->at[i]);
	strlist_free(paths);
}

/* Add an entry of a directory if it is a file or a directory.  An entry that can't be examined is
 * taken for a file, so that the attempt to open it reports the error.  False if out of memory. */
static bool add_entry(struct strlist *entries, int fd, const char *directory, const char *name)
{
	struct stat st;
	bool known = fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
	bool descend = known && S_ISDIR(st.st_mode);

	if (known && !descend && !S_ISREG(st.st_mode))
		return true;
	return strlist_take(entries, join(directory, name, descend ? "/" : ""));
}

/* Add all entries of a directory.  *error becomes 0 if all entries were read.  Otherwise it becomes
 * an errno, and some entries may be missing.  False if out of memory. */
static bool list(struct strlist *entries, const char *directory, int *error)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	bool ok = true;

	*error = errno;
	if (!dir)
		return true;
	while (ok && (errno = 0, (entry = readdir(dir)) != NULL))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			ok = add_entry(entries, dirfd(dir), directory, entry->d_name);
	*error = errno;
	closedir(dir);
	return ok;
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

/* Read the file's first bytes, at most FOUND_FILES_HEAD.  Returns the number of bytes; -1 on error
 * (errno). */
static ssize_t read_head(const char *path, char *head)
{
	/* O_NONBLOCK: do not wait for a writer if a FIFO has taken the place of the file. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return -1;
	ssize_t n = fullio_read(fd, head, FOUND_FILES_HEAD);
	int saved = errno;
	close(fd);
	errno = saved;
	return n;
}

/* True if the file has NULs after those with which a log may begin (see lines_after_hole()). */
static bool is_binary(struct span head)
{
	struct span text = lines_after_hole(head);

	return head.len && (!text.len || span_first(text, '\0')) && !codec_detect(head);
}

/* Add a file, unless it can't be read, is binary, or is a progress file of wf.  False if out of
 * memory. */
static bool visit_file(struct search *s, const char *path)
{
	ssize_t len = read_head(path, s->head);
	struct span head = span_of(s->head, len > 0 ? (size_t)len : 0);

	if (len < 0)
		skip_unreadable(s, path, errno);
	else if (span_begins_with(head, PROGRESS_MAGIC))
		warn_of(s, path, "is a progress file of wf, skipped");
	else if (!is_binary(head))
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): the list owns the path */
		return strlist_take(&s->found->names, strdup(path));
	else if (s->binaries++ < BINARIES_SHOWN)
		warn_of(s, path, "binary file, skipped");
	return true;
}

/* --- Directories ------------------------------------------------------------------- */

/* Add all files in a directory and, recursively, in its directories.  The depth is bounded, because
 * opendir() takes paths of at most PATH_MAX bytes, which name at most 2,048 nested directories.
 * False if out of memory. */
static bool visit_directory(struct search *s, const char *directory)
{
	struct strlist entries = {0};
	int error;
	bool ok = list(&entries, directory, &error);

	if (ok && error)
		skip_unreadable(s, directory, error);
	sort(&entries);
	for (size_t i = 0; ok && i < entries.n; i++)
		ok = is_directory(entries.at[i]) ? visit_directory(s, entries.at[i])
						 : visit_file(s, entries.at[i]);
	free_paths(&entries, 0);
	return ok;
}

/* Add all files in a directory that the user named, and warn if there are none.  False if out of
 * memory. */
static bool visit_root(struct search *s, const char *name)
{
	struct found_files *found = s->found;
	size_t before = found->names.n + found->unreadable;

	if (!*name) {
		skip_unreadable(s, "''", ENOENT); /* without this check, "/" would be searched */
		return true;
	}
	char *directory = join(name, "", is_directory(name) ? "" : "/");
	bool ok = directory && visit_directory(s, directory);
	if (ok && found->names.n + found->unreadable == before)
		warn_of(s, directory, "contains no file to count");
	free(directory);
	return ok;
}

/* Add all files in the directories that the user named.  False if out of memory. */
static bool visit_roots(
	struct found_files *found, const struct strlist *directories, const struct warner *warner)
{
	struct search s = {.found = found, .warner = warner};
	bool ok = true;

	for (size_t i = 0; ok && i < directories->n; i++)
		ok = visit_root(&s, directories->at[i]);
	if (ok && s.binaries > BINARIES_SHOWN)
		warner_warn(warner, "%zu more binary files skipped", s.binaries - BINARIES_SHOWN);
	return ok;
}

bool find_files(struct found_files *found, const struct strlist *named,
	const struct strlist *directories, const struct warner *warner, struct complaint *c)
{
	bool ok = true;

	*found = (struct found_files){0};
	for (size_t i = 0; ok && i < named->n; i++)
		ok = strlist_add(&found->names, named->at[i]);
	found->named = found->names.n;
	/* Without directories, do not even touch the memory that a search needs. */
	if (ok && (!directories->n || visit_roots(found, directories, warner)))
		return true;
	found_files_free(found);
	return complain_memory(c, "files");
}

void found_files_free(struct found_files *w)
{
	free_paths(&w->names, w->named);
	*w = (struct found_files){0};
}
