#include "lib/atomicfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libgen.h>

enum { TRIES = 100 };

/* Make the temporary name "DIRECTORY/.wf-PID-N".  NULL if out of memory. */
static char *draft_name(const struct atomicfile *f, int n)
{
	char *name;

	return asprintf(&name, "%s/.wf-%ld-%d", f->directory, (long)getpid(), n) < 0 ? NULL : name;
}

/* Set .draft to a temporary name and call make(), which creates a file of that name.  If the name
 * exists already, try another one.  False on error (errno). */
static bool with_draft(struct atomicfile *f, bool (*make)(struct atomicfile *))
{
	for (int i = 0; i < TRIES; i++) {
		f->draft = draft_name(f, i);
		if (!f->draft)
			return false;
		if (make(f))
			return true;
		free(f->draft);
		f->draft = NULL;
		if (errno != EEXIST)
			return false;
	}
	return false;
}

static bool make_draft(struct atomicfile *f)
{
	f->fd = open(f->draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	return f->fd >= 0;
}

static bool link_draft(struct atomicfile *f)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/fd/%d", f->fd);
	return linkat(AT_FDCWD, path, AT_FDCWD, f->draft, AT_SYMLINK_FOLLOW) == 0;
}

/* Open the new file.  It has no name if the file system supports that and /proc is mounted, which
 * link_draft() needs to give the file a name later.  Otherwise it has a temporary name. */
static bool open_draft(struct atomicfile *f)
{
#ifdef O_TMPFILE
	if (access("/proc/self/fd", X_OK) == 0)
		f->fd = open(f->directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
	if (f->fd >= 0)
		return true;
#endif
	return with_draft(f, make_draft);
}

/* Set .name, in which symbolic links are resolved if the file exists, and .directory. */
static bool find_place(struct atomicfile *f, const char *name)
{
	f->name = realpath(name, NULL);
	if (!f->name && errno == ENOENT)
		f->name = strdup(name);
	char *copy = f->name ? strdup(f->name) : NULL;
	if (!copy)
		return false;
	f->directory = strdup(dirname(copy));
	free(copy);
	return f->directory != NULL;
}

static void forget(struct atomicfile *f)
{
	if (f->fd >= 0)
		close(f->fd);
	free(f->name);
	free(f->directory);
	free(f->draft);
	*f = (struct atomicfile){.fd = -1};
}

void atomicfile_abandon(struct atomicfile *f)
{
	int saved = errno;

	if (f->draft)
		unlink(f->draft);
	forget(f);
	errno = saved;
}

bool atomicfile_open(struct atomicfile *f, const char *name)
{
	struct stat st;
	bool there = stat(name, &st) == 0;
	size_t len = strlen(name);

	*f = (struct atomicfile){.fd = -1};
	errno = len ? EISDIR : ENOENT;
	if (!len || name[len - 1] == '/')
		return false;
	if (there && !S_ISREG(st.st_mode)) {
		f->fd = open(name, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		return f->fd >= 0;
	}
	/* Like ">" in a shell, do not replace a file that this process may not write to. */
	if (there && access(name, W_OK) != 0)
		return false;
	bool ok = find_place(f, name) && open_draft(f);
	if (ok && there)
		ok = fchmod(f->fd, st.st_mode & 07777) == 0;
	if (!ok)
		atomicfile_abandon(f);
	return ok;
}

bool atomicfile_try(const char *name)
{
	struct atomicfile f;
	struct stat st;

	if (stat(name, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return true;
	if (!atomicfile_open(&f, name))
		return false;
	atomicfile_abandon(&f);
	return true;
}

/* Flush the directory to the disk, so that the new name survives a crash, too. */
static bool sync_directory(const char *directory)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
	int saved = errno;

	if (fd >= 0)
		close(fd);
	errno = saved;
	return ok;
}

static bool rename_draft(struct atomicfile *f)
{
	if (!f->draft && !with_draft(f, link_draft))
		return false;
	if (rename(f->draft, f->name) != 0)
		return false;
	free(f->draft);
	f->draft = NULL;
	return sync_directory(f->directory);
}

bool atomicfile_commit(struct atomicfile *f)
{
	bool ok = !f->name || (fsync(f->fd) == 0 && rename_draft(f));

	if (!ok) {
		atomicfile_abandon(f);
		return false;
	}
	int fd = f->fd;
	f->fd = -1;
	forget(f);
	return close(fd) == 0;
}
