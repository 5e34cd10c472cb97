#include "mpi/resume.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "cli/message.h"
#include "lib/hostname.h"
#include "mpi/broadcast_pack.h"

enum { NAP = 2000 }; /* microseconds */

static _Noreturn void die_of_memory(void)
{
	die("--resume: out of memory");
}

static uint64_t hash_names(const struct strlist *files, const struct strlist *folders)
{
	struct pack p = {0};

	for (size_t i = 0; i < files->n; i++)
		pack_string(&p, files->at[i]);
	pack_u64(&p, files->n);
	for (size_t i = 0; i < folders->n; i++)
		pack_string(&p, folders->at[i]);
	if (p.failed)
		die_of_memory();
	uint64_t hash = XXH3_64bits(p.at, p.n);
	pack_free(&p);
	return hash;
}

/* Choose .own.  With --local, .own is only the name of the host, because the snapshot of a host
 * must have the same name in every run. */
void resume_begin(struct resume *r, const struct ranks *ranks, const struct options *o)
{
	char host[HOSTNAME_SIZE];

	*r = (struct resume){.dir = o->resume};
	if (!r->dir)
		return;
	hostname_get(host);
	r->inputs = hash_names(&o->files, &o->folders);
	if (ranks->local)
		snprintf(r->own, sizeof r->own, "%s", host);
	else
		snprintf(r->own, sizeof r->own, "%s-%ld-%u", host, (long)getpid(), ranks->peers.me);
}

static void add_earlier(struct resume *r, const char *name)
{
	if (!strlist_add(&r->earlier, name))
		die_of_memory();
}

static bool has_name(const struct checkpoint *k, const char *name)
{
	for (size_t i = 0; i < k->names.n; i++)
		if (strcmp(k->names.at[i], name) == 0)
			return true;
	return false;
}

/* --- What earlier runs have counted ------------------------------------------------ */

/* With --local every snapshot has exactly one lease, which is a hash of the names of its inputs.
 * So .leases[I] belongs to the snapshot .names.at[I]. */
bool resume_has_host(struct resume *r)
{
	if (!r->dir)
		return false;
	checkpoint_make_directory(r->dir);
	r->all = checkpoint_list(r->dir);
	for (size_t i = 0; i < r->all.names.n; i++) {
		if (strcmp(r->all.names.at[i], r->own) != 0)
			continue;
		if (r->all.n != r->all.names.n || r->all.leases[i] != r->inputs)
			die("%s: contains counts of other files: remove it", r->dir);
		add_earlier(r, r->own);
	}
	return r->earlier.n != 0;
}

/* Make the array that resume_find_done() returns.  Dies if a lease is not in the plan, or is in two
 * snapshots. */
static bool *find_done(const char *dir, const struct checkpoint *all, size_t leases)
{
	bool *done = calloc(leases + 1, sizeof *done);

	if (!done)
		die_of_memory();
	for (size_t i = 0; i < all->n; i++) {
		uint64_t lease = all->leases[i];
		if (lease >= leases)
			die("%s: contains counts of other files: remove it", dir);
		if (done[lease])
			die("%s: two snapshots contain the same lines (lease %llu): remove it", dir,
				(unsigned long long)lease);
		done[lease] = true;
	}
	return done;
}

/* Change .own if there is a snapshot of that name, which must not be overwritten.  In a container,
 * or after a reboot, this process may have the same ID as a process of an earlier run. */
static void find_free_name(struct resume *r)
{
	size_t len = strlen(r->own);

	for (unsigned n = 1; has_name(&r->all, r->own); n++)
		snprintf(r->own + len, sizeof r->own - len, "+%u", n);
}

/* List the directory.  Only the first rank reads the directory; it sends the list to the other
 * ranks.  So all ranks have the same list. */
static struct checkpoint list_together(
	const struct resume *r, const struct ranks *ranks, size_t leases)
{
	struct pack p = {0};

	if (!ranks->peers.me) {
		struct checkpoint all = checkpoint_list(r->dir);
		/* Look for errors here, so that only this rank reports them. */
		free(find_done(r->dir, &all, leases));
		checkpoint_pack(&p, &all);
		checkpoint_free(&all);
	}
	broadcast_pack(&ranks->peers, &p);
	struct unpack u = {.rest = span_of(p.at, p.n)};
	struct checkpoint all = checkpoint_unpack(&u);
	pack_free(&p);
	return all;
}

bool *resume_find_done(struct resume *r, const struct ranks *ranks, size_t leases)
{
	if (!r->dir)
		return NULL;
	r->all = list_together(r, ranks, leases);
	for (size_t i = ranks->peers.me; i < r->all.names.n; i += ranks->peers.n)
		add_earlier(r, r->all.names.at[i]);
	find_free_name(r);
	return find_done(r->dir, &r->all, leases);
}

/* --- What this run has counted ----------------------------------------------------- */

/* Write the snapshot in a child process, because this process has to keep its heartbeat going. */
static pid_t fork_writer(const struct resume *r, const struct ranks *ranks,
	const struct outcome *outcome, struct saved *s, const struct leases *leases)
{
	const uint64_t *done = ranks->local ? &r->inputs : leases->mine;
	size_t n = ranks->local ? 1 : leases->n_mine;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	struct complaint why;
	if (!checkpoint_save(r->dir, r->own, s, outcome->counts, done, n, &why)) {
		warn_of(&why);
		_exit(STATUS_ERROR);
	}
	_exit(0);
}

static void wait_for_writer(const struct resume *r, pid_t writer, struct leases *leases)
{
	int status = 0;
	pid_t got;

	while ((got = waitpid(writer, &status, WNOHANG)) == 0) {
		leases_serve(leases);
		usleep(NAP);
	}
	if (got != writer)
		die("%s: %s", r->dir, strerror(errno));
	if (WIFSIGNALED(status))
		die("%s: the writing process died: %s", r->dir, strsignal(WTERMSIG(status)));
	if (status)
		exit(STATUS_ERROR); /* the writer has printed why */
}

void resume_save(struct resume *r, const struct ranks *ranks, const struct outcome *outcome,
	struct saved *s, struct leases *leases)
{
	bool any = ranks->local ? ranks->peers.first_here && !r->earlier.n : leases->n_mine != 0;

	if (!r->dir || !any)
		return;
	pid_t writer = fork_writer(r, ranks, outcome, s, leases);
	if (writer < 0)
		die("%s: %s", r->dir, strerror(errno));
	wait_for_writer(r, writer, leases);
}

void resume_end(struct resume *r, const struct ranks *ranks)
{
	if (!r->dir)
		return;
	if (!ranks->peers.me)
		checkpoint_remove_plan(r->dir);
	checkpoint_remove(r->dir, r->own);
	for (size_t i = 0; i < r->earlier.n; i++)
		checkpoint_remove(r->dir, r->earlier.at[i]);
}

void resume_free(struct resume *r)
{
	strlist_free(&r->earlier);
	checkpoint_free(&r->all);
}
