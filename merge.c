/* Rankers are forked and leave what they found in memory that is shared; a row's key points
 * into a table, which parent and children have mapped at the same place.  What a ranker did
 * not finish, because it died or could not be forked, the parent does. */
#include "merge.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "lib/join.h"
#include "lib/shared.h"

enum {
	KEYS_WORTH_FORKING = 100000, /* keys of all tables, for each ranker */
	KEPT_AT_LEAST = 1 << 20,     /* bytes of keys that are no longer needed, before they go */
};

/* --- What one process ranks ------------------------------------------------------- */

static bool take(void *rankings, const struct joined *j)
{
	struct row row = {entry_key(j->entry), j->count, j->sum};

	return top_add((struct ranking *)rankings + j->entry->group, &row);
}

static void finish(struct ranking *rankings, size_t n)
{
	for (size_t i = 0; i < n; i++)
		top_finish(&rankings[i]);
}

/* A table whose keys need not be put together with others'. */
static bool rank_alone(const struct table *t, struct ranking *rankings)
{
	for (const struct entry *e = NULL; (e = table_next(t, e));) {
		struct joined j = {e, e->count, {0}};
		if (table_has_sums(t))
			j.sum = entry_sum(e);
		if (!take(rankings, &j))
			return false;
	}
	return true;
}

static bool rank_part(
	const struct counts *c, struct ranking *rankings, size_t n, struct range range)
{
	const struct table *const *tables = (const struct table *const *)c->tables;

	if (!join_tables(tables, c->n, range, take, rankings))
		return false;
	finish(rankings, n);
	return true;
}

/* --- In several processes --------------------------------------------------------- */

/* A ranker's answer: the rankings, and behind them all their rows. */
struct ranker {
	struct shared answer;
	pid_t pid; /* 0: there is none */
};

static bool write_answer(struct shared *to, const struct ranking *rankings, size_t n)
{
	size_t size = n * sizeof *rankings;

	for (size_t i = 0; i < n; i++)
		size += rankings[i].n * sizeof *rankings[i].rows;
	if (!shared_resize(to, size))
		return false;
	char *at = to->at + n * sizeof *rankings;
	for (size_t i = 0; i < n; i++) {
		size_t bytes = rankings[i].n * sizeof *rankings[i].rows;
		if (bytes)
			memcpy(at, rankings[i].rows, bytes);
		at += bytes;
	}
	memcpy(to->at, rankings, n * sizeof *rankings);
	return true;
}

static bool merge_answer(struct shared *from, struct ranking *rankings, size_t n)
{
	if (!shared_follow(from))
		return false;
	struct ranking *part = (struct ranking *)(void *)from->at;
	struct row *rows = (struct row *)(void *)(part + n);
	for (size_t i = 0; i < n; i++) {
		part[i].rows = rows;
		rows += part[i].n;
		if (!top_merge(&rankings[i], &part[i]))
			return false;
	}
	return true;
}

/* Empty rankings of the same kind.  NULL where memory is out. */
static struct ranking *like(const struct ranking *rankings, size_t n)
{
	struct ranking *copy = calloc(n, sizeof *copy);

	for (size_t i = 0; copy && i < n; i++)
		copy[i] = (struct ranking){.order = rankings[i].order,
			.sums = rankings[i].sums,
			.limit = rankings[i].limit};
	return copy;
}

static void rankings_free(struct ranking *rankings, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ranking_free(&rankings[i]);
	free(rankings);
}

static void fork_ranker(struct ranker *r, const struct counts *c, const struct ranking *rankings,
	size_t n, struct range range)
{
	pid_t parent = getpid();

	if (!shared_open(&r->answer, true))
		return;
	r->pid = fork();
	if (r->pid < 0)
		r->pid = 0;
	if (r->pid || getpid() == parent)
		return;
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	struct ranking *part = getppid() == parent ? like(rankings, n) : NULL;
	bool ok = part && rank_part(c, part, n, range) && write_answer(&r->answer, part, n);
	_exit(!ok);
}

static bool wait_for(struct ranker *r)
{
	int status = -1;

	if (!r->pid)
		return false;
	while (waitpid(r->pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The part of a ranker that did not do it, so that its error is ours, too. */
static bool rank_here(
	const struct counts *c, struct ranking *rankings, size_t n, struct range range)
{
	struct ranking *part = like(rankings, n);
	bool ok = part && rank_part(c, part, n, range);

	for (size_t i = 0; ok && i < n; i++)
		ok = top_merge(&rankings[i], &part[i]);
	int why = errno;
	if (part)
		rankings_free(part, n);
	errno = why;
	return ok;
}

static bool rank_in_parallel(
	const struct counts *c, struct ranking *rankings, size_t n, unsigned jobs)
{
	struct ranker *rankers = calloc(jobs, sizeof *rankers);
	bool ok = true;

	if (!rankers)
		return false;
	for (unsigned i = 0; i < jobs; i++)
		fork_ranker(&rankers[i], c, rankings, n, range_part(i, jobs));
	for (unsigned i = 0; i < jobs; i++) {
		bool done = wait_for(&rankers[i]);
		if (ok)
			ok = done ? merge_answer(&rankers[i].answer, rankings, n)
				  : rank_here(c, rankings, n, range_part(i, jobs));
		int why = errno;
		shared_close(&rankers[i].answer);
		errno = why;
	}
	free(rankers);
	return ok;
}

/* --- What was spilled ------------------------------------------------------------- */

static bool is_spilled(const struct spill *s)
{
	return s && spill_bytes(s) > 0;
}

static bool load_tables(const struct counts *c, struct range range, struct table *to)
{
	const struct entry *found[64];

	for (size_t i = 0; i < c->n; i++) {
		struct walk walk = {.range = range};
		for (size_t n; (n = table_range(c->tables[i], &walk, found, 64));)
			for (size_t k = 0; k < n; k++)
				if (!table_add_entry(to, found[k]))
					return false;
	}
	return true;
}

/* Put a part of a range together, and rank it. */
static bool rank_loaded(struct counts *c, struct ranking *rankings, unsigned range,
	struct range part, struct table *t)
{
	if (!table_reset(t) || !load_tables(c, part, t))
		return false;
	for (size_t i = 0; i < c->n; i++)
		if (is_spilled(c->spills[i]) && !spill_load(c->spills[i], range, part, t))
			return false;
	return rank_alone(t, rankings);
}

/* A range that is too large for the memory goes in several parts, each of which reads all
 * of it. */
static unsigned parts_of(const struct counts *c, unsigned range)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < c->n; i++)
		if (is_spilled(c->spills[i]))
			bytes += spill_range_bytes(c->spills[i], range);
	bytes += bytes / 2; /* and the slots */
	return c->memory ? (unsigned)(bytes / c->memory) + 1 : 1;
}

static bool rank_ranges(struct counts *c, struct ranking *rankings, struct table *t)
{
	for (unsigned i = 0; i < SPILL_RANGES; i++) {
		struct range range = range_part(i, SPILL_RANGES);
		unsigned parts = parts_of(c, i);
		uint64_t length = (range.last - range.first) / parts;
		for (unsigned k = 0; k < parts; k++) {
			struct range part = {range.first + k * length, range.last};
			if (k + 1 < parts)
				part.last = part.first + length - 1;
			if (!rank_loaded(c, rankings, i, part, t))
				return false;
		}
	}
	return true;
}

/* Kept keys outlive the table that is used for all ranges.  Those that other rows have
 * replaced are forgotten from time to time. */
struct keeper {
	struct arena *arena;
	struct ranking *rankings;
	size_t n;
	bool replaces;        /* keys can be forgotten */
	uint64_t bytes, live; /* taken from the arena; when the rest was last forgotten */
};

static bool copy_key(struct keeper *k, struct span *key)
{
	char *at = arena_take(k->arena, key->len);

	if (!at)
		return false;
	memcpy(at, key->at, key->len);
	key->at = at;
	k->bytes += key->len;
	return true;
}

static bool forget_replaced(struct keeper *k)
{
	struct arena old = *k->arena;
	bool ok = true;

	*k->arena = (struct arena){0};
	k->bytes = 0;
	for (size_t i = 0; i < k->n; i++)
		for (size_t row = 0; ok && row < k->rankings[i].n; row++)
			ok = copy_key(k, &k->rankings[i].rows[row].key);
	k->live = k->bytes;
	arena_free(&old);
	return ok;
}

static bool hold(void *keeper, struct span *key)
{
	struct keeper *k = keeper;

	if (k->replaces && k->bytes > 2 * k->live + KEPT_AT_LEAST && !forget_replaced(k))
		return false;
	return copy_key(k, key);
}

static bool rank_spilled(struct counts *c, struct ranking *rankings, size_t n)
{
	struct table_spec spec = {.sums = c->sums, .seed = c->seed};
	struct table *t = table_new(&spec);
	struct keeper keeper = {.arena = &c->kept, .rankings = rankings, .n = n};
	bool ok = t != NULL;

	for (size_t i = 0; i < n; i++) {
		rankings[i].hold = hold;
		rankings[i].holder = &keeper;
		keeper.replaces |= rankings[i].limit != 0;
	}
	ok = ok && rank_ranges(c, rankings, t);
	int why = errno;
	for (size_t i = 0; i < n; i++)
		rankings[i].hold = NULL;
	table_free(t);
	errno = why;
	return ok;
}

/* ---------------------------------------------------------------------------------- */

uint64_t counts_spilled(const struct counts *c)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < c->n; i++)
		bytes += c->spills[i] ? spill_bytes(c->spills[i]) : 0;
	return bytes;
}

static unsigned rankers_for(const struct counts *c, unsigned jobs)
{
	uint64_t keys = 0;

	for (size_t i = 0; i < c->n; i++)
		keys += table_keys(c->tables[i]);
	return keys / KEYS_WORTH_FORKING < jobs ? (unsigned)(keys / KEYS_WORTH_FORKING) : jobs;
}

bool merge_rank(struct counts *c, struct ranking *rankings, size_t n, unsigned jobs)
{
	unsigned rankers = rankers_for(c, jobs);
	bool ok;

	if (counts_spilled(c))
		ok = rank_spilled(c, rankings, n);
	else if (rankers > 1)
		return rank_in_parallel(c, rankings, n, rankers);
	else if (c->n == 1)
		ok = rank_alone(c->tables[0], rankings);
	else
		return rank_part(c, rankings, n, range_part(0, 1));
	if (ok)
		finish(rankings, n);
	return ok;
}

void counts_free(struct counts *c)
{
	for (size_t i = 0; i < c->n; i++) {
		table_free(c->tables[i]);
		spill_free(c->spills[i]);
	}
	free(c->tables);
	free(c->spills);
	arena_free(&c->kept);
	*c = (struct counts){0};
}
