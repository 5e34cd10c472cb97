#include "mpi/results.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/message.h"
#include "lib/fullio.h"
#include "lib/tempfile.h"
#include "mpi/checkpoint.h"
#include "rank/transfer.h"

static _Noreturn void die_of_memory(void)
{
	die("ranks: out of memory");
}

static _Noreturn void die_of_outcome(const struct outcome *o, const char *what)
{
	report_output_error(o, what, errno);
	exit(STATUS_ERROR);
}

/* --- A part for each rank ---------------------------------------------------------- */

static int *open_tempfiles(unsigned n)
{
	int *fds = malloc(n * sizeof *fds);

	if (!fds)
		die_of_memory();
	for (unsigned i = 0; i < n; i++) {
		fds[i] = tempfile_open();
		if (fds[i] < 0)
			die("%s: %s", tempfile_directory(), strerror(errno));
	}
	return fds;
}

static void close_tempfiles(int *fds, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		close(fds[i]);
	free(fds);
}

static void add_snapshot(struct snapshots *all, int fd, const char *name)
{
	struct complaint why;

	if (fd < 0)
		die("%s: %s", name, strerror(errno));
	if (!snapshots_add(all, fd, name, &why))
		die_of(&why);
}

/* O_NONBLOCK: if the path is a FIFO, open() must not wait for a writer. */
static int open_earlier(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

/* Write the counts of this run to a temporary file, and open it as a snapshot, together with the
 * snapshots of earlier runs.  paths[] becomes the paths of the earlier snapshots.  The snapshots
 * use these paths as their names, so the caller must free the snapshots first, then the paths. */
static struct snapshots *open_all(
	const struct resume *resume, struct saved *s, struct counts *c, char **paths)
{
	const struct strlist *earlier = &resume->earlier;
	struct snapshots *all = snapshots_new(earlier->n + 1);
	int fd = tempfile_open();
	struct complaint why;

	if (!all || fd < 0)
		die("%s: %s", tempfile_directory(), strerror(errno));
	all->measures = c->measures;
	if (!snapshot_write(fd, tempfile_directory(), s, c, &why))
		die_of(&why);
	lseek(fd, 0, SEEK_SET);
	add_snapshot(all, fd, "this rank's counts");
	for (size_t i = 0; i < earlier->n; i++) {
		paths[i] = checkpoint_path(resume->dir, earlier->at[i]);
		add_snapshot(all, open_earlier(paths[i]), paths[i]);
	}
	return all;
}

static void write_parts(
	const struct ranks *ranks, struct saved *s, const struct counts *c, const int *to)
{
	struct complaint why;

	if (!snapshot_write_parts(to, ranks->peers.n, tempfile_directory(), s, c, &why))
		die_of(&why);
}

/* Combine this rank's counts with its share of the earlier snapshots, and write the result to the
 * files in to[], one part for each rank. */
static void write_parts_of_all(const struct ranks *ranks, const struct resume *resume,
	struct outcome *o, struct saved *s, const int *to)
{
	char **paths = calloc(resume->earlier.n, sizeof *paths);
	if (!paths)
		die_of_memory();
	struct snapshots *all = open_all(resume, s, o->counts, paths);
	struct counts counts = {.source = &all->source, .measures = o->counts->measures};
	struct pack origins = {0};

	counts_free(o->counts); /* the counts are in a temporary file now */
	provenance_pack(&origins, &all->origins);
	struct saved saved = {
		.query = s->query, .account = &all->account, .origins = &origins, .sum = s->sum};
	write_parts(ranks, &saved, &counts, to);
	pack_free(&origins);
	counts_free(&counts);
	snapshots_free(all);
	for (size_t i = 0; i < resume->earlier.n; i++)
		free(paths[i]);
	free(paths);
}

/* Send each rank the keys in its range that this rank has counted.  Returns the keys in this rank's
 * own range that all ranks have counted.  Frees the counts in the outcome. */
static struct snapshots *exchange(
	const struct ranks *ranks, const struct resume *resume, struct outcome *o, struct saved *s)
{
	unsigned n = ranks->peers.n;
	int *to = open_tempfiles(n), *from = open_tempfiles(n);
	struct snapshots *all = snapshots_new(n);

	if (!all)
		die_of_memory();
	all->measures = query_measures(o->query);
	if (resume->earlier.n) {
		write_parts_of_all(ranks, resume, o, s, to);
	} else {
		write_parts(ranks, s, o->counts, to);
		counts_free(o->counts);
	}
	if (!peers_alltoall(&ranks->peers, to, from))
		die("%s: %s", tempfile_directory(), strerror(errno));
	close_tempfiles(to, n);
	for (unsigned i = 0; i < n; i++) {
		lseek(from[i], 0, SEEK_SET);
		add_snapshot(all, from[i], "a rank's counts");
	}
	free(from); /* only the array: the snapshots close the descriptors */
	return all;
}

/* --- Rankings for the first rank --------------------------------------------------- */

/* The rankings that the first rank has received and merged. */
struct gathered {
	struct ranking *rankings; /* the rankings of all ranges, merged */
	size_t n;
	unsigned workers; /* the number of workers of all ranks together */
	char **bytes;     /* the bytes from each rank; the keys of the rows point into them */
	size_t ranks;
};

static bool add_rankings(void *ctx, char *bytes, size_t n)
{
	struct gathered *g = ctx;
	struct unpack u = {.rest = span_of(bytes, n)};

	g->bytes[g->ranks++] = bytes;
	g->workers += (unsigned)unpack_u64(&u);
	return transfer_merge_packed(&u, g->rankings, g->n, TRANSFER_BYTES);
}

/* Rank the keys in this rank's range, and send the rankings to the first rank.  The first rank
 * merges the rankings of all ranks. */
static void gather_rankings(const struct ranks *ranks, const struct outcome *o, struct gathered *g)
{
	struct ranking *mine = rank_output(o);
	struct pack packed = {0};

	if (!mine)
		exit(STATUS_ERROR);
	query_groupings(o->query, &g->n);
	g->bytes = calloc(ranks->peers.n, sizeof *g->bytes);
	g->rankings = output_rankings(o->query);
	pack_u64(&packed, o->workers);
	transfer_pack(&packed, mine, g->n, TRANSFER_BYTES);
	if (!g->bytes || !g->rankings || packed.failed ||
		!peers_gather(&ranks->peers, packed.at, packed.n, add_rankings, g))
		die_of_outcome(o, "ranking");
	pack_free(&packed);
	rankings_free(mine, g->n);
}

/* Let the first rank print the report.  Returns the exit status on the first rank, and 0 on the
 * others. */
static int print(const struct ranks *ranks, struct outcome *o)
{
	struct gathered g = {0};
	int status = 0;

	gather_rankings(ranks, o, &g);
	o->rankings = g.rankings;
	o->workers = g.workers;
	if (!ranks->peers.me)
		status = print_or_save(o);
	for (size_t i = 0; i < g.ranks; i++)
		free(g.bytes[i]);
	free(g.bytes);
	return status;
}

/* --- All counts for the first rank --------------------------------------------------- */

/* The ranges of keys that the first rank has received. */
struct ranges {
	struct snapshots *all;
	struct complaint why; /* the complaint of snapshots_add(); if its .text is empty, the error
			       * is in errno */
};

static bool add_range(void *ctx, char *bytes, size_t n)
{
	struct ranges *ranges = ctx;
	int fd = tempfile_open();
	bool ok = fd >= 0 && fullio_write(fd, bytes, n);

	free(bytes);
	return ok && lseek(fd, 0, SEEK_SET) == 0 &&
	       snapshots_add(ranges->all, fd, "a rank's range of the keys", &ranges->why);
}

/* Write this rank's range, as a snapshot, to memory.  The snapshot has only about 1/N of all keys,
 * where N is the number of ranks, so it is small enough.  The caller frees *bytes. */
static void write_range(const struct outcome *o, struct saved *s, char **bytes, size_t *n)
{
	int fd = tempfile_open();
	struct complaint why;

	if (fd < 0)
		die_of_outcome(o, tempfile_directory());
	if (!snapshot_write(fd, tempfile_directory(), s, o->counts, &why))
		die_of(&why);
	*n = (size_t)lseek(fd, 0, SEEK_END);
	*bytes = malloc(*n + 1);
	if (!*bytes || !fullio_read_all_at(fd, *bytes, *n, 0))
		die("ranks: %s", strerror(errno));
	close(fd);
}

/* Send this rank's range to the first rank, as a snapshot.  On the first rank, returns the
 * snapshots of all ranks.  The account in a snapshot is empty: every rank already has the sum of
 * all accounts, and adding up the accounts of the snapshots would multiply this sum. */
static struct snapshots *gather_ranges(const struct ranks *ranks, const struct outcome *o)
{
	struct ranges ranges = {.all = snapshots_new(ranks->peers.n)};
	struct account none = {0};
	struct pack origins = {0};
	struct saved saved = {.query = o->spec.query,
		.account = &none,
		.origins = &origins,
		.sum = query_sum(o->query)};
	char *bytes;
	size_t n;

	if (!ranges.all)
		die_of_memory();
	ranges.all->without_accounts = true;
	ranges.all->measures = query_measures(o->query);
	provenance_pack(&origins, &(struct provenance){0});
	write_range(o, &saved, &bytes, &n);
	if (!peers_gather(&ranks->peers, bytes, n, add_range, &ranges)) {
		if (ranges.why.text[0])
			die_of(&ranges.why);
		die("%s", strerror(errno));
	}
	free(bytes);
	pack_free(&origins);
	return ranges.all;
}

/* Let the first rank save or print all counts.  Returns the exit status on the first rank, and 0 on
 * the others. */
static int gather_and_deliver(const struct ranks *ranks, const struct outcome *o)
{
	struct snapshots *all = gather_ranges(ranks, o);
	struct counts counts = *o->counts;
	struct outcome total = *o;
	int status = 0;

	counts.source = &all->source;
	total.counts = &counts;
	if (!ranks->peers.me)
		status = print_or_save(&total);
	snapshots_free(all);
	return status;
}

/* --- All --------------------------------------------------------------------------- */

int results_deliver(
	const struct ranks *ranks, const struct resume *resume, struct outcome *o, struct saved *s)
{
	struct snapshots *all = exchange(ranks, resume, o, s);
	struct counts counts = {.source = &all->source, .measures = query_measures(o->query)};
	struct outcome total = *o;

	total.counts = &counts;
	total.account = &all->account;
	total.snapshots = all;
	message_prefix(NULL); /* from here on, messages are about the result of all hosts */
	bool gathers = o->spec.save || query_is_over_time(o->query);
	int status = gathers ? gather_and_deliver(ranks, &total) : print(ranks, &total);
	peers_broadcast(&ranks->peers, &status, sizeof status);
	counts_free(&counts);
	snapshots_free(all);
	return status;
}
