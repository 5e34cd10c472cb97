#include "mpi/checkpoint.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "lib/die.h"
#include "lib/atomicfile.h"
#include "lib/fullio.h"

enum { HASH = sizeof(uint64_t) };

static char *path_of(const char *dir, const char *name, const char *suffix)
{
	size_t size = strlen(dir) + strlen(name) + strlen(suffix) + 2;
	char *path = malloc(size);

	if (!path)
		die("%s: out of memory", dir);
	snprintf(path, size, "%s/%s%s", dir, name, suffix);
	return path;
}

char *checkpoint_path(const char *dir, const char *name)
{
	return path_of(dir, name, ".wfs");
}

/* Numbers alone would not tell that one of them is another now. */
static uint64_t hash_of(const struct pack *p)
{
	return XXH3_64bits(p->at, p->n);
}

/* The hash at its end is right, and gone. */
static bool take_hash(struct pack *p)
{
	if (p->n < HASH)
		return false;
	p->n -= HASH;
	return word_load(p->at + p->n) == hash_of(p);
}

/* All bytes of a file; .at NULL (errno) where it can't be read, or is damaged. */
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
	if (p.at)
		errno = EBADMSG;
	if (p.at && (fullio_read_at(fd, p.at, p.n, 0) != (ssize_t)p.n || !take_hash(&p))) {
		int why = errno;
		pack_free(&p);
		p = (struct pack){0};
		errno = why;
	}
	close(fd);
	return p;
}

static _Noreturn void die_of_file(const char *path, int why)
{
	die("%s: %s", path, why == EBADMSG ? "is damaged" : strerror(why));
}

static bool write_file(const char *path, struct pack *p)
{
	struct atomicfile file;

	pack_u64(p, hash_of(p));
	if (p->failed || !atomicfile_open(&file, path))
		return false;
	if (!fullio_write(file.fd, p->at, p->n)) {
		atomicfile_abandon(&file);
		return false;
	}
	p->n -= HASH;
	return atomicfile_commit(&file);
}

/* The length of a file's name without this suffix; 0 if it ends otherwise. */
static size_t stem(const char *file, const char *suffix)
{
	size_t len = strlen(file), end = strlen(suffix);

	return len > end && strcmp(file + len - end, suffix) == 0 ? len - end : 0;
}

void checkpoint_add_name(struct checkpoint *k, const char *name, size_t len)
{
	char *copy;

	if (asprintf(&copy, "%.*s", (int)len, name) < 0)
		die("resume: out of memory");
	if (!strlist_add(&k->names, copy))
		die("out of memory");
}

/* The stems of all files that end so.  False on error (errno). */
static bool list(struct checkpoint *k, const char *dir, const char *suffix)
{
	DIR *d = opendir(dir);
	const struct dirent *e;

	if (!d)
		return errno == ENOENT;
	while (errno = 0, (e = readdir(d)) != NULL) {
		size_t len = stem(e->d_name, suffix);
		if (len)
			checkpoint_add_name(k, e->d_name, len);
	}
	int why = errno;
	closedir(d);
	errno = why;
	return why == 0;
}

void checkpoint_begin(const char *dir)
{
	if (mkdir(dir, 0777) != 0 && errno != EEXIST)
		die("%s: %s", dir, strerror(errno));
}

/* Without a plan nobody knows what was counted: by --local, or of files that were answered for. */
static bool has_snapshots(const char *dir)
{
	struct checkpoint k = {0};

	if (!list(&k, dir, ".wfs"))
		die("%s: %s", dir, strerror(errno));
	bool any = k.names.n != 0;
	checkpoint_free(&k);
	return any;
}

void checkpoint_plan(const char *dir, struct pack *plan)
{
	char *path = path_of(dir, "plan", "");

	checkpoint_begin(dir);
	struct pack old = read_file(path);
	int why = errno;
	if (old.at) {
		pack_free(plan);
		*plan = old;
	} else if (why != ENOENT) {
		die_of_file(path, why);
	} else if (has_snapshots(dir)) {
		die("%s: has no plan, but what another run has kept: remove it", dir);
	} else if (!write_file(path, plan)) {
		die("%s: %s", path, strerror(errno));
	}
	free(path);
}

/* What a rank has counted. */
static void add_leases(struct checkpoint *k, const char *path)
{
	struct pack done = read_file(path);

	if (!done.at)
		die_of_file(path, errno);
	uint64_t *more = realloc(k->leases, (k->n + done.n / sizeof *more + 1) * sizeof *more);
	if (!more)
		die("resume: out of memory");
	k->leases = more;
	for (size_t at = 0; at + sizeof *more <= done.n; at += sizeof *more)
		k->leases[k->n++] = word_load(done.at + at);
	pack_free(&done);
}

struct checkpoint checkpoint_list(const char *dir)
{
	struct checkpoint k = {0};

	if (!list(&k, dir, ".wfs"))
		die("%s: %s", dir, strerror(errno));
	for (size_t i = 0; i < k.names.n; i++) {
		char *path = path_of(dir, k.names.at[i], ".done");
		add_leases(&k, path);
		free(path);
	}
	return k;
}

void checkpoint_free(struct checkpoint *k)
{
	for (size_t i = 0; i < k->names.n; i++)
		free((void *)(uintptr_t)k->names.at[i]);
	strlist_free(&k->names);
	free(k->leases);
}

bool checkpoint_save(const char *dir, const char *name, struct saved *s, const struct counts *c,
	const uint64_t *leases, size_t n)
{
	char *done = path_of(dir, name, ".done"), *path = checkpoint_path(dir, name);
	struct pack p = {0};

	for (size_t i = 0; i < n; i++)
		pack_u64(&p, leases[i]);
	bool ok = write_file(done, &p) && snapshot_save(path, s, c);
	int why = errno;
	pack_free(&p);
	free(done);
	free(path);
	errno = why;
	return ok;
}

void checkpoint_remove(const char *dir, const char *name)
{
	char *done = path_of(dir, name, ".done"), *path = checkpoint_path(dir, name);

	unlink(path);
	unlink(done);
	free(path);
	free(done);
}

/* Leases of which no snapshot was written, as the rank did not come so far. */
static void remove_unfinished(const char *dir)
{
	struct checkpoint done = {0};

	/* What can't be listed stays. */
	(void)list(&done, dir, ".done");
	for (size_t i = 0; i < done.names.n; i++) {
		char *path = checkpoint_path(dir, done.names.at[i]);
		if (access(path, F_OK) != 0)
			checkpoint_remove(dir, done.names.at[i]);
		free(path);
	}
	checkpoint_free(&done);
}

void checkpoint_clear(const char *dir)
{
	char *path = path_of(dir, "plan", "");

	unlink(path);
	free(path);
	remove_unfinished(dir);
}
