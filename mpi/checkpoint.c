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

#include "lib/atomicfile.h"
#include "cli/message.h"
#include "lib/fullio.h"

enum {
	HASH = sizeof(uint64_t),
	MOST_BYTES = 1 << 30, /* the most bytes of a plan, which names all files, or of a
			       * NAME.done */
};

static _Noreturn void die_of_memory(void)
{
	die("--resume: out of memory");
}

static char *path_of(const char *dir, const char *name, const char *suffix)
{
	char *path;

	if (asprintf(&path, "%s/%s%s", dir, name, suffix) < 0)
		die_of_memory();
	return path;
}

char *checkpoint_path(const char *dir, const char *name)
{
	return path_of(dir, name, ".wfs");
}

void checkpoint_make_directory(const char *dir)
{
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		die("%s: %s", dir, strerror(errno));
}

/* --- Files that end with a hash ---------------------------------------------------- */

/* Compute the hash that is written at the end of a file.  The hash detects damage: the contents are
 * mostly numbers, which may be damaged without looking wrong. */
static uint64_t hash_of(const struct pack *p)
{
	return XXH3_64bits(p->at, p->n);
}

/* Cut off the hash at the end.  True if it is the hash of the other bytes. */
static bool check_hash(struct pack *p)
{
	if (p->n < HASH)
		return false;
	p->n -= HASH;
	return word_load(p->at + p->n) == hash_of(p);
}

/* Read a whole file into the pack, except the hash at its end, which is checked.  False (errno) on
 * an error; EBADMSG if the file is damaged. */
static bool read_open(int fd, struct pack *p)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return false;
	errno = EBADMSG;
	if (!S_ISREG(st.st_mode) || st.st_size > MOST_BYTES)
		return false;
	p->n = (size_t)st.st_size;
	p->at = malloc(p->n + 1);
	if (!p->at || !fullio_read_all_at(fd, p->at, p->n, 0))
		return false;
	errno = EBADMSG;
	return check_hash(p);
}

/* Open a file and read it with read_open().  False (errno) on an error: then the pack is empty. */
static bool read_file(const char *path, struct pack *p)
{
	/* O_NONBLOCK: if the file is a FIFO, open() must not wait for a writer. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return false;
	bool ok = read_open(fd, p);
	int saved = errno;
	if (!ok)
		pack_free(p);
	close(fd);
	errno = saved;
	return ok;
}

static _Noreturn void die_reading(const char *path)
{
	die("%s: %s", path, errno == EBADMSG ? "is damaged" : strerror(errno));
}

/* Write the bytes to a file, and a hash at its end.  False (errno) on an error. */
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

/* --- Reading the directory --------------------------------------------------------- */

/* Return the length of the name `file` without `suffix`; 0 if the name does not end with
 * `suffix`. */
static size_t stem(const char *file, const char *suffix)
{
	size_t len = strlen(file), end = strlen(suffix);

	return len > end && strcmp(file + len - end, suffix) == 0 ? len - end : 0;
}

static void add_name(struct checkpoint *k, const char *name, size_t len)
{
	char *copy;

	if (asprintf(&copy, "%.*s", (int)len, name) < 0 || !strlist_add(&k->names, copy))
		die_of_memory();
}

/* Find all files in `dir` whose names end with `suffix`, and add their names without `suffix`.  If
 * `dir` does not exist, adds nothing.  False (errno) on an error. */
static bool list(struct checkpoint *k, const char *dir, const char *suffix)
{
	DIR *d = opendir(dir);
	const struct dirent *e;

	if (!d)
		return errno == ENOENT;
	while (errno = 0, (e = readdir(d)) != NULL) {
		size_t len = stem(e->d_name, suffix);
		if (len)
			add_name(k, e->d_name, len);
	}
	int saved = errno;
	closedir(d);
	errno = saved;
	return saved == 0;
}

static struct checkpoint list_snapshots(const char *dir)
{
	struct checkpoint k = {0};

	if (!list(&k, dir, ".wfs"))
		die("%s: %s", dir, strerror(errno));
	return k;
}

/* True if the directory has snapshots.  If it has no plan, the snapshots are from a run with
 * --local, or the plan was lost. */
static bool has_snapshots(const char *dir)
{
	struct checkpoint k = list_snapshots(dir);
	bool any = k.names.n != 0;

	checkpoint_free(&k);
	return any;
}

void checkpoint_plan(const char *dir, struct pack *plan)
{
	char *path = path_of(dir, "plan", "");
	struct pack old = {0};

	checkpoint_make_directory(dir);
	if (read_file(path, &old)) {
		pack_free(plan);
		*plan = old;
	} else if (errno != ENOENT) {
		die_reading(path);
	} else if (has_snapshots(dir)) {
		die("%s: has snapshots but no plan, so it belongs to a different run: remove it",
			dir);
	} else if (!write_file(path, plan)) {
		die("%s: %s", path, strerror(errno));
	}
	free(path);
}

static void add_leases(struct checkpoint *k, const char *path)
{
	struct pack done = {0};

	if (!read_file(path, &done))
		die_reading(path);
	size_t more = done.n / sizeof *k->leases;
	uint64_t *grown = reallocarray(k->leases, k->n + more + 1, sizeof *grown);
	if (!grown)
		die_of_memory();
	k->leases = grown;
	for (size_t i = 0; i < more; i++)
		k->leases[k->n++] = word_load(done.at + i * sizeof *grown);
	pack_free(&done);
}

struct checkpoint checkpoint_list(const char *dir)
{
	struct checkpoint k = list_snapshots(dir);

	for (size_t i = 0; i < k.names.n; i++) {
		char *path = path_of(dir, k.names.at[i], ".done");
		add_leases(&k, path);
		free(path);
	}
	return k;
}

void checkpoint_pack(struct pack *p, const struct checkpoint *k)
{
	pack_u64(p, k->n);
	for (size_t i = 0; i < k->n; i++)
		pack_u64(p, k->leases[i]);
	pack_u64(p, k->names.n);
	for (size_t i = 0; i < k->names.n; i++)
		pack_string(p, k->names.at[i]);
}

struct checkpoint checkpoint_unpack(struct unpack *u)
{
	struct checkpoint k = {.n = (size_t)unpack_u64(u)};

	k.leases = calloc(k.n + 1, sizeof *k.leases);
	if (!k.leases)
		die_of_memory();
	for (size_t i = 0; i < k.n; i++)
		k.leases[i] = unpack_u64(u);
	for (uint64_t n = unpack_u64(u); n && !u->bad; n--) {
		const char *name = unpack_string(u);
		add_name(&k, name, strlen(name));
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

/* --- Writing and removing ---------------------------------------------------------- */

bool checkpoint_save(const char *dir, const char *name, struct saved *s, const struct counts *c,
	const uint64_t *leases, size_t n, struct complaint *why)
{
	char *done = path_of(dir, name, ".done"), *path = checkpoint_path(dir, name);
	struct pack p = {0};

	for (size_t i = 0; i < n; i++)
		pack_u64(&p, leases[i]);
	bool ok = write_file(done, &p) ? snapshot_save(path, s, c, why)
				       : complain_of(why, done, "%s", strerror(errno));
	pack_free(&p);
	free(done);
	free(path);
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

void checkpoint_remove_plan(const char *dir)
{
	char *plan = path_of(dir, "plan", "");
	struct checkpoint done = {0};

	unlink(plan);
	free(plan);
	/* If the directory can't be listed, the NAME.done files stay, which does no harm. */
	(void)list(&done, dir, ".done");
	for (size_t i = 0; i < done.names.n; i++) {
		char *path = checkpoint_path(dir, done.names.at[i]);
		if (access(path, F_OK) != 0)
			checkpoint_remove(dir, done.names.at[i]);
		free(path);
	}
	checkpoint_free(&done);
}
