#include "mpi/ranks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "query/signature.h"
#include "lib/die.h"
#include "lib/hostname.h"
#include "lib/fullio.h"
#include "lib/tempfile.h"

enum {
	LEASES = 16,  /* that a rank draws, about */
	KEEPS = 2000, /* microseconds */
};

/* By which it is known again what was named. */
static uint64_t hash_names(const struct strlist *files, const struct strlist *folders)
{
	struct pack p = {0};

	for (size_t i = 0; i < files->n; i++)
		pack_string(&p, files->at[i]);
	pack_u64(&p, files->n);
	for (size_t i = 0; i < folders->n; i++)
		pack_string(&p, folders->at[i]);
	if (p.failed)
		die("ranks: out of memory");
	uint64_t hash = XXH3_64bits(p.at, p.n);
	pack_free(&p);
	return hash;
}

/* Refuse what ranks can't do together. */
static void refuse(const struct options *o)
{
	for (size_t i = 0; i < o->files.n; i++)
		if (strcmp(o->files.at[i], "-") == 0)
			die("standard input: ranks can't share it, nor read it again");
	if (!o->files.n && !o->folders.n)
		die("no file is named, and ranks can't share standard input, nor read it again");
	if (o->unmatched && !o->local)
		die("--unmatched: a rank has not all lines: it goes with --local");
	if (o->meter.when == CHOICE_ALWAYS)
		die("--progress: a rank does not know how far the others are");
}

/* What this rank keeps, and of what: a host's own files are always the same one's. */
static void name_kept(struct ranks *r, const struct options *o)
{
	char host[HOSTNAME_SIZE];

	hostname_get(host);
	r->named = hash_names(&o->files, &o->folders);
	if (r->local)
		snprintf(r->own, sizeof r->own, "%s", host);
	else
		snprintf(r->own, sizeof r->own, "%s-%ld-%u", host, (long)getpid(), r->peers.me);
}

/* Settle what is otherwise for ranks. */
static void settle(struct ranks *r, struct options *o)
{
	r->local = o->local;
	r->resume = o->resume;
	r->together = (r->peers.n > 1 || r->resume) && !o->watch && !o->merge && !o->explain;
	o->report.piped =
		true; /* mpirun gives its programs a terminal, and passes on what they print */
	if (!r->together)
		return;
	refuse(o);
	if (r->resume)
		name_kept(r, o);
}

/* Messages tell whose they are; what is printed is the first one's. */
static void begin_among_others(const struct ranks *r)
{
	char host[HOSTNAME_SIZE];

	hostname_get(host);
	die_as(host);
	if (!r->peers.me)
		return;
	peers_follow(&r->peers);
	if (!freopen("/dev/null", "w", stdout))
		die("/dev/null: %s", strerror(errno));
}

/* mpirun can give each rank options of its own.  Those by which they would wait for each other in
 * different places must be the same. */
static void agree(const struct ranks *r, const struct options *o)
{
	static const char *const names[] = {"local", "resume", "save", "watch", "merge", "explain"};
	const bool own[] = {o->local, o->resume, o->save, o->watch, o->merge, o->explain};
	bool first[sizeof own];

	memcpy(first, own, sizeof own);
	peers_broadcast(&r->peers, first, sizeof first);
	for (size_t i = 0; i < sizeof own; i++)
		if (first[i] != own[i])
			die("--%s: not as the first rank was asked", names[i]);
}

struct ranks ranks_begin(int *argc, char ***argv, struct options *o)
{
	struct ranks r = {.peers = peers_begin(argc, argv)};

	if (r.peers.n > 1)
		begin_among_others(&r);
	*o = options_parse(*argc, *argv);
	if (r.peers.me)
		agree(&r, o);
	settle(&r, o);
	return r;
}

void ranks_start(const struct ranks *r, const struct options *o)
{
	if (r->peers.me)
		return;
	peers_follow(&r->peers);
	agree(r, o);
}

/* --- The same inputs for all ------------------------------------------------------- */

/* What is to be counted, and by what pieces. */
static void pack_plan(struct pack *p, const struct inputs *inputs, size_t chunk_size, size_t lease,
	const struct options *o)
{
	struct signature asked;

	if (!signature_of(&o->query, &asked))
		die("ranks: out of memory");
	signature_pack(p, &asked);
	signature_free(&asked);
	pack_u64(p, chunk_size);
	pack_u64(p, lease);
	pack_u64(p, inputs->n);
	for (size_t i = 0; i < inputs->n; i++) {
		const struct input *in = &inputs->at[i];
		pack_string(p, in->name);
		pack_u64(p, input_size(in));
		pack_u64(p, in->mark);
		pack_u64(p, in->compression != NULL);
	}
}

/* Read an input up to the size that it has for the first rank, or had for the first start, if it
 * is the same. */
static bool adopt(struct input *in, struct unpack *u)
{
	const char *name = unpack_string(u);
	uint64_t size = unpack_u64(u), mark = unpack_u64(u), compressed = unpack_u64(u);

	if (strcmp(name, in->name) != 0 || mark != in->mark || in->fd >= 0 ||
		compressed != (in->compression != NULL) || size > input_size(in) ||
		(compressed && size != input_size(in))) {
		warn("%s: is another file here than the first rank has, or had", in->name);
		return false;
	}
	in->size = size;
	if (in->bytes.at)
		in->bytes.len = (size_t)size;
	return true;
}

/* True if what is kept answers another query. */
static bool asks_other(const struct options *o, struct unpack *u)
{
	struct signature asked, kept = {0};
	char why[512];

	if (!signature_of(&o->query, &asked))
		die("ranks: out of memory");
	bool other = !signature_unpack(u, &kept) ||
		     signature_differ(&asked, "this run", &kept,
			     o->resume ? o->resume : "the first rank", why, sizeof why);

	if (other)
		warn("%s", u->bad ? "the plan is damaged" : why);
	signature_free(&asked);
	signature_free(&kept);
	return other;
}

static bool adopt_all(
	struct ranks *r, struct inputs *inputs, struct unpack *u, const struct options *o)
{
	if (asks_other(o, u))
		return false;
	r->chunk_size = (size_t)unpack_u64(u);
	r->lease = (size_t)unpack_u64(u);
	if (unpack_u64(u) != inputs->n) {
		warn("the first rank has, or had, another number of files");
		return false;
	}
	for (size_t i = 0; i < inputs->n; i++)
		if (!adopt(&inputs->at[i], u))
			return false;
	return !u->bad && r->chunk_size && r->lease;
}

/* The first rank's bytes: those of the others are replaced. */
static void copy_pack(const struct ranks *r, struct pack *p)
{
	uint64_t n = p->n;

	peers_broadcast(&r->peers, &n, sizeof n);
	if (r->peers.me) {
		pack_free(p);
		*p = (struct pack){.at = malloc((size_t)n + 1), .n = (size_t)n};
	}
	if (!p->at || p->failed)
		die("ranks: out of memory");
	peers_broadcast(&r->peers, p->at, p->n);
}

bool ranks_can_share(const struct ranks *r, const struct strlist *files)
{
	bool can = true;

	for (size_t i = 0; !r->local && i < files->n; i++) {
		struct stat st;
		/* Of what is not there, and of folders, opening tells. */
		if (stat(files->at[i], &st) != 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
			continue;
		warn("%s: is no regular file: ranks can't share it, nor read it again",
			files->at[i]);
		can = false;
	}
	return can;
}

bool ranks_agree_on_plan(struct ranks *r, struct inputs *inputs, const struct options *o)
{
	size_t chunk_size = o->chunker.chunk_size, chunks = chunker_count(inputs, chunk_size);
	size_t share = chunks / ((size_t)r->peers.n * LEASES);
	struct pack plan = {0};

	pack_plan(&plan, inputs, chunk_size, share ? share : 1, o);
	if (o->resume && !r->peers.me)
		checkpoint_plan(o->resume, &plan);
	copy_pack(r, &plan);
	struct unpack u = {.rest = span_of(plan.at, plan.n)};
	bool ok = adopt_all(r, inputs, &u, o);
	pack_free(&plan);
	return ok;
}

/* --- Chunks ----------------------------------------------------------------------- */

static bool is_kept(const struct ranks *r, const char *name)
{
	for (size_t i = 0; i < r->kept.names.n; i++)
		if (strcmp(r->kept.names.at[i], name) == 0)
			return true;
	return false;
}

/* In a container, or after the host began anew, a process has the number of one before it: what
 * that has kept must not be written over. */
static void take_free_name(struct ranks *r)
{
	size_t len = strlen(r->own);

	for (unsigned n = 1; is_kept(r, r->own); n++)
		snprintf(r->own + len, sizeof r->own - len, "+%u", n);
}

/* Which leases are in what was kept: dies where that can't be one run's. */
static bool *find_done(const struct ranks *r, size_t leases)
{
	bool *done = calloc(leases + 1, sizeof *done);

	if (!done)
		die("ranks: out of memory");
	for (size_t i = 0; i < r->kept.n; i++) {
		uint64_t lease = r->kept.leases[i];
		if (lease >= leases)
			die("%s: holds what is in none of these files: remove it", r->resume);
		if (done[lease])
			die("%s: two snapshots hold the same lines, lease %llu: remove it",
				r->resume, (unsigned long long)lease);
		done[lease] = true;
	}
	return done;
}

/* What was kept, as the first one sees it, who finds what is wrong with it. */
static void share_kept(struct ranks *r, size_t leases)
{
	struct pack p = {0};

	if (!r->peers.me) {
		r->kept = checkpoint_list(r->resume);
		free(find_done(r, leases));
		pack_u64(&p, r->kept.n);
		for (size_t i = 0; i < r->kept.n; i++)
			pack_u64(&p, r->kept.leases[i]);
		pack_u64(&p, r->kept.names.n);
		for (size_t i = 0; i < r->kept.names.n; i++)
			pack_string(&p, r->kept.names.at[i]);
		checkpoint_free(&r->kept);
		r->kept = (struct checkpoint){0};
	}
	copy_pack(r, &p);
	struct unpack u = {.rest = span_of(p.at, p.n)};
	r->kept.n = (size_t)unpack_u64(&u);
	r->kept.leases = calloc(r->kept.n + 1, sizeof *r->kept.leases);
	if (!r->kept.leases)
		die("ranks: out of memory");
	for (size_t i = 0; i < r->kept.n; i++)
		r->kept.leases[i] = unpack_u64(&u);
	for (size_t i = 0, n = (size_t)unpack_u64(&u); i < n && !u.bad; i++) {
		const char *name = unpack_string(&u);
		checkpoint_add_name(&r->kept, name, strlen(name));
		if (i % r->peers.n == r->peers.me)
			if (!strlist_add(&r->taken, r->kept.names.at[i]))
				die("out of memory");
	}
	pack_free(&p);
	take_free_name(r);
}

static void find_left(struct ranks *r, size_t leases)
{
	bool *done = find_done(r, leases);

	r->left = calloc(leases + 1, sizeof *r->left);
	r->mine = calloc(leases + 1, sizeof *r->mine);
	if (!r->left || !r->mine)
		die("ranks: out of memory");
	for (size_t i = 0; i < leases; i++)
		if (!done[i])
			r->left[r->n_left++] = i;
	free(done);
}

struct chunker_spec ranks_share_chunks(
	struct ranks *r, const struct inputs *inputs, const struct options *o)
{
	size_t chunks = chunker_count(inputs, r->chunk_size);
	size_t leases = (chunks + r->lease - 1) / r->lease;

	r->waiting = o->workers.jobs;
	if (r->resume)
		share_kept(r, leases);
	find_left(r, leases);
	task_counter_begin(&r->draw, &r->peers, r->n_left);
	return (struct chunker_spec){.chunk_size = r->chunk_size, .grants = leases + 1};
}

static void feed(void *ranks, struct chunker *chunker)
{
	struct ranks *r = ranks;
	size_t chunks = chunker_chunks(chunker);
	uint64_t number;

	peers_heartbeat(&r->peers);
	if (r->local)
		return;
	task_counter_serve(&r->draw);
	if (r->all_drawn || chunker_waiting(chunker) > r->waiting ||
		!task_counter_next(&r->draw, &number))
		return;
	if (number == r->draw.limit) {
		r->all_drawn = true;
		chunker_close(chunker);
		return;
	}
	uint64_t lease = r->left[number];
	size_t from = (size_t)lease * r->lease, to = from + r->lease;
	r->mine[r->n_mine++] = lease;
	chunker_grant(chunker, from, to < chunks ? to : chunks);
}

const struct feed *ranks_count(struct ranks *r)
{
	peers_heartbeat_begin(&r->peers);
	r->feed = (struct feed){feed, r};
	return &r->feed;
}

void ranks_counted(struct ranks *r)
{
	if (!r->local)
		task_counter_end(&r->draw);
	peers_heartbeat_end(&r->peers);
}

/* --- What is kept ------------------------------------------------------------------ */

/* Of a host's own files: as they were counted there, all of them or none.  Its one lease tells
 * which they were. */
static bool is_counted_here(struct ranks *r)
{
	checkpoint_begin(r->resume);
	struct checkpoint kept = checkpoint_list(r->resume);
	bool is_there = false;

	for (size_t i = 0; i < kept.names.n; i++) {
		if (strcmp(kept.names.at[i], r->own) != 0)
			continue;
		if (kept.n != kept.names.n || kept.leases[i] != r->named)
			die("%s: holds what was counted of other files: remove it", r->resume);
		is_there = true;
	}
	checkpoint_free(&kept);
	if (is_there)
		if (!strlist_add(&r->taken, r->own))
			die("out of memory");
	return is_there;
}

bool ranks_begin_reading(struct ranks *r)
{
	if (!r->local)
		return true;
	return r->peers.first_here && !(r->resume && is_counted_here(r));
}

/* What is saved: of inputs that are all ranks' the first one tells. */
static struct saved saved_of(const struct ranks *r, const struct outcome *a, struct pack *origins)
{
	if (r->local || !r->peers.me)
		provenance_pack_inputs(origins, a->inputs);
	else
		provenance_pack(origins, &(struct provenance){0});
	return (struct saved){
		.query = &a->options->query, .account = a->account, .origins = origins};
}

/* A process of its own writes it: this one must go on to tell others that it is there. */
static pid_t fork_keeper(const struct ranks *r, const struct outcome *a, struct saved *s)
{
	const uint64_t *leases = r->local ? &r->named : r->mine;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if (!checkpoint_save(r->resume, r->own, s, a->counts, leases, r->local ? 1 : r->n_mine)) {
		outcome_report_error(a, s->in_temp ? tempfile_folder() : r->resume, errno);
		_exit(STATUS_ERROR);
	}
	_exit(0);
}

void ranks_checkpoint(struct ranks *r, const struct outcome *a)
{
	bool any = r->local ? r->peers.first_here && !r->taken.n : r->n_mine != 0;
	struct pack origins = {0};
	int status = 0;

	if (!r->resume || !any)
		return;
	struct saved saved = saved_of(r, a, &origins);
	pid_t keeper = fork_keeper(r, a, &saved), got;
	if (keeper < 0)
		die("%s: %s", r->resume, strerror(errno));
	while ((got = waitpid(keeper, &status, WNOHANG)) == 0) {
		peers_heartbeat(&r->peers);
		if (!r->local)
			task_counter_serve(&r->draw);
		usleep(KEEPS);
	}
	if (got != keeper)
		die("%s: %s", r->resume, strerror(errno));
	if (WIFSIGNALED(status))
		die("%s: who writes there died: %s", r->resume, strsignal(WTERMSIG(status)));
	if (status)
		exit(STATUS_ERROR); /* it has said why */
	pack_free(&origins);
}

/* The result has been given out. */
static void forget_kept(const struct ranks *r)
{
	if (!r->resume)
		return;
	if (!r->peers.me)
		checkpoint_clear(r->resume);
	checkpoint_remove(r->resume, r->own);
	for (size_t i = 0; i < r->taken.n; i++)
		checkpoint_remove(r->resume, r->taken.at[i]);
}

/* --- Results ---------------------------------------------------------------------- */

static int *open_files(unsigned n)
{
	int *fds = malloc(n * sizeof *fds);

	for (unsigned i = 0; fds && i < n; i++) {
		fds[i] = tempfile_open();
		if (fds[i] < 0)
			die("%s: %s", tempfile_folder(), strerror(errno));
	}
	if (!fds)
		die("ranks: out of memory");
	return fds;
}

static void close_files(int *fds, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		close(fds[i]);
	free(fds);
}

static void add_snapshot(struct snapshots *all, int fd, const char *name)
{
	if (fd < 0)
		die("%s: %s", name, strerror(errno));
	if (!snapshots_add(all, fd, name))
		die("%s", all->why);
}

/* What was counted here, and what was kept before, together; the paths are their names. */
static struct snapshots *with_kept(
	const struct ranks *r, struct saved *s, struct counts *c, char **paths)
{
	struct snapshots *all = snapshots_new(r->taken.n + 1);
	int fd = tempfile_open();

	if (!all || fd < 0 || !snapshot_write(fd, s, c) || lseek(fd, 0, SEEK_SET) != 0)
		die("%s: %s", tempfile_folder(), strerror(errno));
	add_snapshot(all, fd, "what was counted here");
	for (size_t i = 0; i < r->taken.n; i++) {
		paths[i] = checkpoint_path(r->resume, r->taken.at[i]);
		add_snapshot(all, open(paths[i], O_RDONLY | O_CLOEXEC), paths[i]);
	}
	return all;
}

static _Noreturn void fail(const struct outcome *a, const char *what, int why)
{
	outcome_report_error(a, what, why);
	exit(STATUS_ERROR);
}

/* To these files, a part for each rank. */
static void write_both(const struct ranks *r, struct outcome *a, struct saved *s, const int *to)
{
	char **paths = calloc(r->taken.n, sizeof *paths);
	if (!paths)
		die("ranks: out of memory");
	struct snapshots *all = with_kept(r, s, a->counts, paths);
	struct counts counts = {.source = &all->source, .sums = a->counts->sums};
	struct pack origins = {0};
	struct outcome both = *a;

	counts_free(a->counts);
	provenance_pack(&origins, &all->origins);
	both.snapshots = all;
	struct saved saved = {.query = s->query, .account = &all->account, .origins = &origins};
	if (!snapshot_write_parts(to, r->peers.n, &saved, &counts))
		fail(&both, tempfile_folder(), errno);
	pack_free(&origins);
	counts_free(&counts);
	snapshots_free(all);
	for (size_t i = 0; i < r->taken.n; i++)
		free(paths[i]);
	free(paths);
}

static void write_parts(const struct ranks *r, struct outcome *a, struct saved *s, const int *to)
{
	if (r->taken.n) {
		write_both(r, a, s, to);
		return;
	}
	if (!snapshot_write_parts(to, r->peers.n, s, a->counts))
		fail(a, tempfile_folder(), errno);
	counts_free(a->counts);
}

/* Give each rank its ranges of what was counted here, and have those of all ranks.  What was
 * counted is then no longer needed. */
static struct snapshots *exchange(struct ranks *r, struct outcome *a)
{
	unsigned n = r->peers.n;
	struct pack origins = {0};
	struct saved saved = saved_of(r, a, &origins);
	struct snapshots *all = snapshots_new(n);

	int *to = open_files(n), *from = open_files(n);
	if (!all)
		die("ranks: out of memory");
	write_parts(r, a, &saved, to);
	pack_free(&origins);
	if (!peers_alltoall(&r->peers, to, from))
		die("%s: %s", tempfile_folder(), strerror(errno));
	close_files(to, n);
	for (unsigned i = 0; i < n; i++) {
		lseek(from[i], 0, SEEK_SET);
		add_snapshot(all, from[i], "what a rank has counted");
	}
	free(from); /* they are the snapshots' */
	return all;
}

static void pack_rankings(struct pack *p, const struct ranking *rankings, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct ranking *r = &rankings[i];
		pack_u64(p, r->keys);
		pack_u64(p, r->matched);
		serialize_sum(p, r->sum);
		pack_u64(p, r->n);
		for (size_t k = 0; k < r->n; k++) {
			const struct counted *row = &r->rows[k];
			pack_u64(p, row->count);
			serialize_sum(p, row->sum);
			pack_u64(p, row->key.len);
			pack_bytes(p, row->key);
		}
	}
}

static struct counted unpack_row(struct unpack *u)
{
	struct counted row = {.count = unpack_u64(u)};

	row.sum = serialize_read_sum(u);
	row.key = unpack_bytes(u, unpack_u64(u));
	return row;
}

/* What the first rank gets of each. */
struct collected {
	struct ranking *rankings; /* of all so far */
	size_t n;
	unsigned workers;
	char **bytes; /* what keys point into */
	size_t ranks;
};

static bool unpack_ranking(struct unpack *u, struct ranking *to)
{
	struct ranking one = {.order = to->order, .sums = to->sums, .limit = to->limit};

	one.keys = unpack_u64(u);
	one.matched = unpack_u64(u);
	one.sum = serialize_read_sum(u);
	one.n = (size_t)unpack_u64(u);
	one.rows = calloc(one.n + 1, sizeof *one.rows);
	if (!one.rows)
		return false;
	for (size_t i = 0; i < one.n; i++)
		one.rows[i] = unpack_row(u);
	bool ok = top_merge(to, &one);
	int why = errno;
	free(one.rows);
	errno = why;
	return ok;
}

static bool take(void *collected, char *bytes, size_t n)
{
	struct collected *c = collected;
	struct unpack u = {.rest = span_of(bytes, n)};
	bool ok = true;

	c->bytes[c->ranks++] = bytes;
	c->workers += (unsigned)unpack_u64(&u);
	for (size_t i = 0; ok && i < c->n; i++)
		ok = unpack_ranking(&u, &c->rankings[i]);
	return ok && !u.bad;
}

/* Have the first rank put the best of all ranges together. */
static void collect(const struct ranks *r, struct outcome *a, struct collected *c)
{
	struct ranking *mine = outcome_rank(a);
	struct pack packed = {0};

	if (!mine)
		exit(STATUS_ERROR);
	query_groupings(a->query, &c->n);
	c->bytes = calloc(r->peers.n, sizeof *c->bytes);
	c->rankings = outcome_rankings(a->query);
	pack_u64(&packed, a->workers);
	pack_rankings(&packed, mine, c->n);
	if (!c->bytes || !c->rankings || packed.failed ||
		!peers_gather(&r->peers, packed.at, packed.n, take, c))
		fail(a, "ranking", errno);
	pack_free(&packed);
	for (size_t i = 0; i < c->n; i++)
		ranking_free(&mine[i]);
	free(mine);
}

/* What a rank's ranges hold becomes one of the snapshots that the first rank saves. */
static bool take_part(void *snapshots, char *bytes, size_t n)
{
	int fd = tempfile_open();
	bool ok = fd >= 0 && fullio_write(fd, bytes, n);

	free(bytes);
	return ok && lseek(fd, 0, SEEK_SET) == 0 &&
	       snapshots_add(snapshots, fd, "what a rank has put together");
}

/* A snapshot of the ranges that are this one's, in memory: as much as others have. */
static void write_range(const struct outcome *a, struct saved *s, char **bytes, size_t *n)
{
	int fd = tempfile_open();

	if (fd < 0 || !snapshot_write(fd, s, a->counts))
		fail(a, tempfile_folder(), errno);
	*n = (size_t)lseek(fd, 0, SEEK_END);
	*bytes = malloc(*n + 1);
	if (!*bytes || fullio_read_at(fd, *bytes, *n, 0) != (ssize_t)*n)
		die("ranks: %s", strerror(errno));
	close(fd);
}

static int save(const struct ranks *r, struct outcome *a)
{
	struct snapshots *all = snapshots_new(r->peers.n);
	struct account account = *a->account, none = {0};
	struct pack origins = {0};
	struct saved saved = {.query = &a->options->query, .account = &none, .origins = &origins};
	char *bytes;
	size_t n;
	int status = 0;

	provenance_pack(&origins, &(struct provenance){0});
	write_range(a, &saved, &bytes, &n);
	if (!all || !peers_gather(&r->peers, bytes, n, take_part, all))
		die("%s", all && all->why[0] ? all->why : strerror(errno));
	free(bytes);
	pack_free(&origins);
	if (!r->peers.me) {
		struct counts counts = *a->counts;
		counts.source = &all->source;
		struct outcome whole = *a;
		whole.counts = &counts;
		whole.account = &account;
		status = outcome_deliver(&whole);
	}
	snapshots_free(all);
	return status;
}

static int print(const struct ranks *r, struct outcome *a)
{
	struct collected c = {0};
	int status = 0;

	collect(r, a, &c);
	a->rankings = c.rankings;
	a->workers = c.workers;
	if (!r->peers.me)
		status = outcome_deliver(a);
	for (size_t i = 0; i < c.ranks; i++)
		free(c.bytes[i]);
	free(c.bytes);
	return status;
}

int ranks_deliver(struct ranks *r, struct outcome *a)
{
	struct snapshots *all = exchange(r, a);
	struct counts counts = {.source = &all->source,
		.memory = a->options->workers.memory,
		.sums = query_sums(a->query)};
	struct outcome together = *a;

	together.counts = &counts;
	together.account = &all->account;
	together.snapshots = all;
	die_as(NULL); /* it is everybody's answer */
	int status = a->options->save ? save(r, &together) : print(r, &together);
	peers_broadcast(&r->peers, &status, sizeof status);
	if (status != STATUS_ERROR)
		forget_kept(r);
	counts_free(&counts);
	snapshots_free(all);
	return status;
}
