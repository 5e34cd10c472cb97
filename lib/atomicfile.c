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

/* Open the new file.  It gets no name if the file system supports files without a name, and if
 * /proc is mounted: link_draft() needs /proc to give the file a name later.  Otherwise it gets a
 * temporary name. */
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

/* Return the name of the directory of a file.  The caller frees the result.  NULL if out of
 * memory. */
static char *directory_of(const char *name)
{
	char *copy = strdup(name), *directory = copy ? strdup(dirname(copy)) : NULL;

	free(copy);
	return directory;
}

/* False (EACCES) if `name` is a symbolic link that an attacker may have made.  The rule is that of
 * Linux's fs.protected_symlinks, applied to all directories that others can write to.  *is_link
 * becomes true if `name` is a symbolic link.  If *is_link is false, the callers do not follow a
 * link, even if an attacker makes one afterwards. */
static bool may_follow(const char *name, bool *is_link)
{
	struct stat link, in;

	*is_link = lstat(name, &link) == 0 && S_ISLNK(link.st_mode);
	if (!*is_link || link.st_uid == geteuid())
		return true;
	char *directory = directory_of(name);
	bool ok = directory && stat(directory, &in) == 0;
	free(directory);
	if (!ok || link.st_uid == in.st_uid || !(in.st_mode & (S_IWGRP | S_IWOTH)))
		return ok;
	errno = EACCES;
	return false;
}

/* Set .name and .directory.  If `name` is a link to a file that exists, .name becomes the name of
 * that file. */
static bool find_place(struct atomicfile *f, const char *name, bool is_link)
{
	if (is_link)
		f->name = realpath(name, NULL);
	if (!is_link || (!f->name && errno == ENOENT))
		f->name = strdup(name);
	f->directory = f->name ? directory_of(f->name) : NULL;
	return f->directory != NULL;
}

/* Give the new file the permissions of the old one, with the exceptions that atomicfile.h names. */
static bool set_mode(int fd, const struct stat *old)
{
	struct stat new;

	if (fstat(fd, &new) != 0)
		return false;
	mode_t mode = old->st_mode & 0777;
	if (old->st_uid != new.st_uid)
		mode = (mode & new.st_mode) | S_IRUSR | S_IWUSR;
	else if (old->st_gid != new.st_gid && fchown(fd, (uid_t)-1, old->st_gid) != 0)
		mode &= ~(mode_t)S_IRWXG;
	return fchmod(fd, mode) == 0;
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

/* Open a device or a FIFO.  False on error (errno), also if `name` now belongs to a regular
 * file. */
static bool open_device(struct atomicfile *f, const char *name, bool is_link)
{
	struct stat st;

	f->fd = open(name, O_WRONLY | O_CLOEXEC | O_NOCTTY | (is_link ? 0 : O_NOFOLLOW));
	if (f->fd < 0 || (fstat(f->fd, &st) == 0 && !S_ISREG(st.st_mode)))
		return f->fd >= 0;
	close(f->fd);
	f->fd = -1;
	errno = EACCES;
	return false;
}

bool atomicfile_open(struct atomicfile *f, const char *name)
{
	struct stat st;
	bool is_link, there = stat(name, &st) == 0;
	size_t len = strlen(name);

	*f = (struct atomicfile){.fd = -1};
	/* If stat() was not allowed to follow a link, fail here, because realpath() could follow
	 * it. */
	if (!there && errno != ENOENT)
		return false;
	errno = len ? EISDIR : ENOENT;
	if (!len || name[len - 1] == '/')
		return false;
	if (!may_follow(name, &is_link))
		return false;
	if (there && !S_ISREG(st.st_mode))
		return open_device(f, name, is_link);
	/* Like ">" in a shell, do not replace a file that this process may not write to. */
	if (there && access(name, W_OK) != 0)
		return false;
	bool ok = find_place(f, name, is_link) && open_draft(f);
	if (ok && there)
		ok = set_mode(f->fd, &st);
	if (!ok)
		atomicfile_abandon(f);
	return ok;
}

bool atomicfile_open_brief(struct atomicfile *f, const char *name)
{
	*f = (struct atomicfile){.fd = -1, .is_brief = true};
	f->name = strdup(name);
	f->directory = f->name ? directory_of(name) : NULL;
	bool ok = f->directory && open_draft(f);
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
	return f->is_brief || sync_directory(f->directory);
}

bool atomicfile_commit(struct atomicfile *f)
{
	bool ok = !f->name || ((f->is_brief || fsync(f->fd) == 0) && rename_draft(f));

	if (!ok) {
		atomicfile_abandon(f);
		return false;
	}
	int fd = f->fd;
	f->fd = -1;
	forget(f);
	return close(fd) == 0;
}
