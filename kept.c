#include "kept.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/newfile.h"
#include "lib/readat.h"

static char *path_of(const char *dir, const char *name, const char *suffix)
{
	size_t size = strlen(dir) + strlen(name) + strlen(suffix) + 2;
	char *path = malloc(size);

	if (!path)
		die("%s: out of memory", dir);
	snprintf(path, size, "%s/%s%s", dir, name, suffix);
	return path;
}

char *kept_path(const char *dir, const char *name)
{
	return path_of(dir, name, ".wfs");
}

/* All bytes of a file; .at NULL (errno) where it can't be read. */
static struct pack read_file(const char *path)
{
	struct pack p = {0};
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return p;
	if (fstat(fd, &st) == 0)
		p.at = calloc(1, (size_t)st.st_size + 1);
	if (p.at)
		p.n = (size_t)st.st_size;
	if (p.at && read_at(fd, p.at, p.n, 0) != (ssize_t)p.n) {
		pack_free(&p);
		p = (struct pack){0};
	}
	close(fd);
	return p;
}

static bool write_file(const char *path, struct span bytes)
{
	struct newfile file;

	if (!newfile_open(&file, path))
		return false;
	if (!write_all(file.fd, bytes.at, bytes.len)) {
		newfile_abandon(&file);
		return false;
	}
	return newfile_commit(&file);
}

void kept_begin(const char *dir)
{
	if (mkdir(dir, 0777) != 0 && errno != EEXIST)
		die("%s: %s", dir, strerror(errno));
}

/* Without a plan nobody knows what was counted: by --local, or of files that were answered for. */
static bool has_snapshots(const char *dir)
{
	DIR *d = opendir(dir);
	bool any = false;

	for (const struct dirent *e; d && (e = readdir(d));) {
		size_t len = strlen(e->d_name);
		any |= len > 4 && strcmp(e->d_name + len - 4, ".wfs") == 0;
	}
	if (d)
		closedir(d);
	errno = ENOENT;
	return any;
}

void kept_plan(const char *dir, struct pack *plan)
{
	char *path = path_of(dir, "plan", "");
	struct pack old;

	kept_begin(dir);
	old = read_file(path);
	if (old.at) {
		pack_free(plan);
		*plan = old;
	} else if (errno == ENOENT && has_snapshots(dir)) {
		die("%s: has no plan, but what another run has kept: remove it", dir);
	} else if (errno != ENOENT || !write_file(path, span_of(plan->at, plan->n))) {
		die("%s: %s", path, strerror(errno));
	}
	free(path);
}

static void add_leases(struct kept *k, struct span text, const char *path)
{
	while (text.len) {
		const char *end = span_first(text, '\n');
		uint64_t *more = realloc(k->leases, (k->n + 1) * sizeof *more);
		if (!end || !more)
			die("%s: %s", path, end ? "out of memory" : "is damaged");
		k->leases = more;
		k->leases[k->n++] = strtoull(text.at, NULL, 10);
		text = span_between(end + 1, text.at + text.len);
	}
}

/* A snapshot's name, without its suffix; NULL if it is another file. */
static char *name_of(const char *file)
{
	size_t len = strlen(file);

	return len > 4 && strcmp(file + len - 4, ".wfs") == 0 ? strndup(file, len - 4) : NULL;
}

void kept_add_name(struct kept *k, char *name)
{
	char **more = realloc(k->names, (k->n_names + 1) * sizeof *more);

	if (!more || !name)
		die("resume: out of memory");
	k->names = more;
	k->names[k->n_names++] = name;
}

struct kept kept_list(const char *dir)
{
	struct kept k = {0};
	DIR *d = opendir(dir);

	if (!d && errno == ENOENT)
		return k;
	if (!d)
		die("%s: %s", dir, strerror(errno));
	for (const struct dirent *e; (e = readdir(d));) {
		char *name = name_of(e->d_name);
		if (!name)
			continue;
		char *path = path_of(dir, name, ".done");
		struct pack done = read_file(path);
		if (!done.at)
			die("%s: %s", path, strerror(errno));
		add_leases(&k, span_of(done.at, done.n), path);
		kept_add_name(&k, name);
		pack_free(&done);
		free(path);
	}
	closedir(d);
	return k;
}

void kept_free(struct kept *k)
{
	for (size_t i = 0; i < k->n_names; i++)
		free(k->names[i]);
	free(k->names);
	free(k->leases);
}

bool kept_save(const char *dir, const char *name, struct saved *s, const struct counts *c,
	const uint64_t *leases, size_t n)
{
	char *done = path_of(dir, name, ".done"), *path = kept_path(dir, name);
	size_t room = n * 24 + 1, len = 0;
	char *text = malloc(room);

	for (size_t i = 0; text && i < n; i++)
		len += (size_t)snprintf(
			text + len, room - len, "%llu\n", (unsigned long long)leases[i]);
	bool ok = text && write_file(done, span_of(text, len)) && snapshot_save(path, s, c);
	int why = errno;
	free(text);
	free(done);
	free(path);
	errno = why;
	return ok;
}

void kept_remove(const char *dir, const char *name)
{
	char *done = path_of(dir, name, ".done"), *path = kept_path(dir, name);

	unlink(path);
	unlink(done);
	free(path);
	free(done);
}

/* Leases of which no snapshot was written, as the rank did not come so far. */
static void remove_unfinished(const char *dir, const char *file)
{
	size_t len = strlen(file);

	if (len <= 5 || strcmp(file + len - 5, ".done") != 0)
		return;
	char *name = strndup(file, len - 5), *path = name ? kept_path(dir, name) : NULL;
	if (path && access(path, F_OK) != 0)
		kept_remove(dir, name);
	free(path);
	free(name);
}

void kept_clear(const char *dir)
{
	char *path = path_of(dir, "plan", "");
	DIR *d = opendir(dir);

	unlink(path);
	free(path);
	for (const struct dirent *e; d && (e = readdir(d));)
		remove_unfinished(dir, e->d_name);
	if (d)
		closedir(d);
}
