/* Rankers are forked, and leave their answers in shared memory.  In an answer, a row has the
 * address of its key in a table, which parent and rankers have mapped at the same address.  But if
 * keys are in spilled tables or come from a source, the answer has the bytes of the keys.  If a
 * ranker dies or cannot be forked, the parent does that ranker's share. */
#include "rank/ranker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/combine.h"
#include "store/extsort.h"
#include "progress/meter.h"
#include "rank/keeper.h"
#include "rank/resolver.h"
#include "rank/transfer.h"

enum {
	KEYS_WORTH_FORKING = 100000, /* fork a ranker only if it gets at least this many keys */
	SPILLED_KEY = 64,            /* about how many bytes a spilled key has */
};

/* The share of ranker i, 0 <= i < n: the i-th of n ranges of hashes. */
struct share {
	unsigned i, n;
};

/* --- The keys of a single table --------------------------------------------------- */

/* Hand over the keys of a table that has the complete counts of its keys. */
static bool walk_alone(const struct table *t, struct sink sink, bool with_codes)
{
	struct arena pair = {0};
	bool ok = true;

	for (const struct entry *e = NULL; ok && (e = table_next(t, e));) {
		struct counted c = entry_counted(e);
		ok = sink.take(sink.ctx, &c) &&
		     (!with_codes || table_give_codes(t, e, &pair, sink));
	}
	arena_free(&pair);
	return ok;
}

/* --- Spilled tables --------------------------------------------------------------- */

static bool is_spilled(const struct spill *s)
{
	return s && spill_bytes(s) > 0;
}

static bool load_tables(const struct counts *c, struct range range, struct table *to)
{
	const struct entry *found[64];
	struct code_list codes[CODED_MOST];

	for (size_t i = 0; i < c->n; i++) {
		struct table_cursor walk = {.range = range};
		for (size_t n; (n = table_range(c->tables[i], &walk, found, 64));)
			for (size_t k = 0; k < n; k++) {
				table_codes(c->tables[i], found[k], codes);
				if (!table_add_entry(to, found[k], codes))
					return false;
			}
	}
	return true;
}

/* Hand over to the sink all keys whose hashes are in `part`, which is all or a part of the spilled
 * range number `range`.  The table t is emptied, and then used to combine the entries of these keys
 * from all tables and spills. */
static bool walk_loaded(const struct counts *c, struct sink sink, unsigned range, struct range part,
	struct table *t)
{
	table_clear(t);
	if (!load_tables(c, part, t))
		return false;
	for (size_t i = 0; i < c->n; i++)
		if (is_spilled(c->spills[i]) && !spill_load(c->spills[i], range, part, t))
			return false;
	return walk_alone(t, sink, true);
}

/* Return the number of parts into which a spilled range must be divided so that each part fits in
 * `memory` bytes.  The whole range is read once for each part. */
static unsigned parts_of(const struct counts *c, unsigned range, uint64_t memory)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < c->n; i++)
		if (is_spilled(c->spills[i]))
			bytes += spill_range_bytes(c->spills[i], range);
	/* The slots need memory, too, and a set of codes has up to eight words for three codes. */
	bytes += measures_have_pairs(c->measures) ? 2 * bytes : bytes / 2;
	return memory ? (unsigned)(bytes / memory) + 1 : 1;
}

static unsigned first_range(unsigned i, unsigned n)
{
	return (unsigned)((uint64_t)SPILL_RANGES * i / n);
}

static bool walk_ranges(const struct counts *c, uint64_t memory, struct sink sink,
	struct share share, struct table *t)
{
	unsigned end = first_range(share.i + 1, share.n);

	for (unsigned i = first_range(share.i, share.n); i < end; i++) {
		struct range range = range_part(i, SPILL_RANGES);
		unsigned parts = parts_of(c, i, memory);
		uint64_t length = (range.last - range.first) / parts;
		for (unsigned k = 0; k < parts; k++) {
			struct range part = {range.first + k * length, range.last};
			if (k + 1 < parts)
				part.last = part.first + length - 1;
			if (!walk_loaded(c, sink, i, part, t))
				return false;
		}
		meter_sample(c->meter, share.i,
			&(struct progress_sample){.done = i + 1 - first_range(share.i, share.n)});
	}
	return true;
}

static bool walk_spilled(
	const struct counts *c, uint64_t memory, struct sink sink, struct share share)
{
	struct table_spec spec = {.measures = c->measures, .seed = c->seed, .one_range = true};
	struct table *t = table_new(&spec);
	bool ok = t && walk_ranges(c, memory, sink, share, t);
	int saved = errno;

	table_free(t);
	errno = saved;
	return ok;
}

/* --- The keys of a share ---------------------------------------------------------- */

/* Hand over the keys of a share, and their codes as pairs if they are wanted. */
static bool walk_counted(
	const struct counts *c, struct sink sink, struct share share, bool with_codes)
{
	const struct table *const *tables = (const struct table *const *)c->tables;

	if (c->n == 1 && share.n == 1)
		return walk_alone(tables[0], sink, with_codes);
	struct range range = range_part(share.i, share.n);
	return with_codes ? combine_tables(tables, c->n, range, sink)
			  : combine_keys(tables, c->n, range, sink);
}

/* Hand over the keys of a share to the sink.  `memory` is the largest size in bytes of the table in
 * which spilled tables are combined. */
static bool walk_share(
	const struct counts *c, uint64_t memory, struct sink sink, struct share share)
{
	if (c->source)
		return c->source->walk(c->source->ctx, share.i, share.n, sink);
	if (counts_spilled(c))
		return walk_spilled(c, memory, sink, share);
	return walk_counted(c, sink, share, true);
}

bool ranker_walk(const struct counts *c, uint64_t memory, struct sink sink)
{
	return walk_share(c, memory, sink, (struct share){0, 1});
}

/* --- Ranking a share -------------------------------------------------------------- */

/* True if keys must be sorted to be near their pairs.  If all pairs are codes, and all codes are in the
 * tables, they are found with the keys. */
static bool needs_sort(const struct counts *c)
{
	return measures_have_pairs(c->measures) &&
	       (c->source || counts_spilled(c) || !measures_pairs_are_codes(c->measures));
}

/* True if keys are only lent to the ranking: each key is valid only until the next one is handed
 * over. */
static bool keys_are_lent(const struct counts *c)
{
	return c->source || counts_spilled(c) || needs_sort(c);
}

/* How keys are stored in answers.  An address is enough for a key in a table, since the parent and
 * the rankers have mapped the tables at the same addresses.  But lent keys are in the ranker's own
 * memory. */
static enum transfer_keys keys_in_answers(const struct counts *c)
{
	return keys_are_lent(c) ? TRANSFER_BYTES : TRANSFER_ADDRESSES;
}

static bool take(void *rankings, const struct counted *c)
{
	return resolver_add_key((struct ranking *)rankings + c->group, c);
}

/* --- Keys with codes ---------------------------------------------------------------- */

/* Adds keys to rankings, with their codes in all tables. */
struct coder {
	const struct counts *counts;
	struct ranking *rankings;
	struct code_words words[CODED_MOST]; /* of each coded number of the key */
};

static bool add_codes(struct coder *coder, const struct entry *e, const struct table *t)
{
	struct code_list codes[CODED_MOST];
	size_t n = e ? table_codes(t, e, codes) : 0;

	for (size_t k = 0; k < n; k++)
		if (!code_words_add(&coder->words[k], &codes[k]))
			return false;
	return true;
}

static bool take_coded(void *ctx, const struct counted *key)
{
	struct coder *coder = ctx;
	const struct counts *c = coder->counts;
	const struct group_measures *g = measures_of(c->measures, key->group);
	struct code_list codes[CODED_MOST];

	if (!g || !g->coded_n)
		return take(coder->rankings, key);
	for (size_t k = 0; k < g->coded_n; k++)
		coder->words[k].n = 0;
	for (size_t i = 0; i < c->n; i++)
		if (!add_codes(coder, table_find(c->tables[i], key), c->tables[i]))
			return false;
	for (size_t k = 0; k < g->coded_n; k++) {
		code_words_sort(&coder->words[k]);
		codes[k] = (struct code_list){coder->words[k].at, coder->words[k].n};
	}
	return resolver_add_coded(&coder->rankings[key->group], key, g, codes);
}

/* Rank the keys of a share, none of which needs to be sorted. */
static bool rank_counted(const struct counts *c, struct ranking *rankings, struct share share)
{
	struct coder coder = {.counts = c, .rankings = rankings};
	bool ok = walk_counted(c, (struct sink){take_coded, &coder}, share, false);

	for (size_t k = 0; k < CODED_MOST; k++)
		free(coder.words[k].at);
	return ok;
}

/* --- Keys with pairs ---------------------------------------------------------------- */

static bool resolve(void *resolver, const struct counted *c)
{
	return resolver_take(resolver, c);
}

/* What a ranker sorts: the keys and pairs whose run_hash() is in its share. */
struct sorter {
	struct extsort *sort;
	const struct measures *measures;
	unsigned first, end; /* the ranges of a run that are in the share */
};

static bool sort_key(void *sorter, const struct counted *c)
{
	struct sorter *s = sorter;
	unsigned range = run_range(run_hash(s->measures, c->group, c->key));

	return range < s->first || range >= s->end || extsort_add(s->sort, c);
}

/* Hand over the keys and pairs of a share in the order of a run.  In the tables, the pairs of a key are
 * in no order, so each ranker walks through all tables, and sorts what belongs to its share.  Half of
 * the memory is for sorting, and half for combining what was spilled. */
static bool walk_sorted(const struct counts *c, struct sink sink, struct share share)
{
	uint64_t half = counts_memory_left(c) / share.n / 2;
	struct sorter s = {extsort_new(c->measures, half), c->measures,
		run_first_range(share.i, share.n), run_first_range(share.i + 1, share.n)};
	bool ok = s.sort &&
		  walk_share(c, half, (struct sink){sort_key, &s}, (struct share){0, 1}) &&
		  extsort_end(s.sort, sink);
	int saved = errno;

	extsort_free(s.sort);
	errno = saved;
	return ok;
}

bool ranker_walk_sorted(const struct counts *c, struct sink sink)
{
	struct share all = {0, 1};

	return c->source ? walk_share(c, 0, sink, all) : walk_sorted(c, sink, all);
}

static bool rank_pairs(
	const struct counts *c, struct ranking *rankings, size_t n, struct share share)
{
	struct resolver *r = resolver_new(rankings, n, c->measures);
	struct sink sink = {resolve, r};
	bool ok = r && (c->source ? walk_share(c, 0, sink, share) : walk_sorted(c, sink, share)) &&
		  resolver_end(r);
	int saved = errno;

	resolver_free(r);
	errno = saved;
	return ok;
}

static bool rank_lent(
	const struct counts *c, struct ranking *rankings, size_t n, struct share share)
{
	struct keeper keeper;

	keeper_begin(&keeper, &c->parts[share.i].kept, rankings, n);
	bool ok = needs_sort(c) ? rank_pairs(c, rankings, n, share)
				: walk_share(c, counts_memory_left(c) / share.n,
					  (struct sink){take, rankings}, share);
	keeper_end(&keeper);
	return ok;
}

static bool rank_share(
	const struct counts *c, struct ranking *rankings, size_t n, struct share share)
{
	bool ok = keys_are_lent(c) ? rank_lent(c, rankings, n, share)
				   : rank_counted(c, rankings, share);

	for (size_t i = 0; ok && i < n; i++)
		top_finish(&rankings[i]);
	return ok;
}

/* --- Ranking in several processes ------------------------------------------------- */

/* Pack a ranker's rankings for the parent.  False on error (errno). */
static bool write_answer(
	struct sharedmem *to, const struct ranking *rankings, size_t n, enum transfer_keys keys)
{
	if (!sharedmem_resize(to, transfer_size(rankings, n, keys)))
		return false;
	struct pack p = {.at = to->at, .room = to->size}; /* this is enough memory, so realloc() is
							   * never called */
	transfer_pack(&p, rankings, n, keys);
	return true;
}

/* Merge a ranker's packed rankings into the rankings of the parent.  False on error (errno). */
static bool merge_answer(
	struct sharedmem *from, struct ranking *rankings, size_t n, enum transfer_keys keys)
{
	if (!sharedmem_follow(from))
		return false;
	struct unpack u = {.rest = span_of(from->at, from->size)};
	return transfer_merge_packed(&u, rankings, n, keys);
}

static void rank_in_child(
	const struct counts *c, const struct ranking *rankings, size_t n, struct share share)
{
	struct ranking *mine = rankings_like(rankings, n);
	bool ok = mine && rank_share(c, mine, n, share) &&
		  write_answer(&c->parts[share.i].answer, mine, n, keys_in_answers(c));

	_exit(!ok);
}

/* Fork a ranker for a share.  Returns its PID, or 0 on error. */
static pid_t fork_ranker(const struct counts *c, const struct ranking *rankings, size_t n,
	struct share share, const struct childwait *waiting)
{
	pid_t parent = getpid(), pid;

	if (!sharedmem_open(&c->parts[share.i].answer, true))
		return 0;
	pid = fork();
	if (pid < 0)
		return 0;
	if (pid > 0 || getpid() == parent)
		return pid;
	if (!childwait_child(waiting, parent))
		_exit(1);
	rank_in_child(c, rankings, n, share);
	return 0;
}

/* If this process has received a signal that should end it, raise the signal again and unblock it,
 * so that it ends the process. */
static void obey(int signal_number, const struct childwait *waiting)
{
	if (!signal_number || signal_number == SIGCHLD)
		return;
	raise(signal_number);
	childwait_end(waiting);
}

/* Wait until a ranker ends.  True if it has finished its share. */
static bool wait_for(const struct counts *c, pid_t pid, const struct childwait *waiting)
{
	int status = -1;
	pid_t got = 0;

	if (!pid)
		return false;
	while (got == 0 || (got < 0 && errno == EINTR)) {
		got = waitpid(pid, &status, WNOHANG);
		if (!got)
			obey(meter_wait(c->meter, waiting), waiting);
	}
	return got == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Fork the rankers, and wait for them.  rankers[] becomes their PIDs, or 0 for each ranker that has
 * failed. */
static void rank_in_children(
	const struct counts *c, const struct ranking *rankings, size_t n, pid_t *rankers)
{
	unsigned jobs = c->n_parts;
	struct childwait waiting;

	childwait_begin(&waiting);
	for (unsigned i = 0; i < jobs; i++)
		rankers[i] = fork_ranker(c, rankings, n, (struct share){i, jobs}, &waiting);
	for (unsigned i = 0; i < jobs; i++)
		if (!wait_for(c, rankers[i], &waiting))
			rankers[i] = 0;
	childwait_end(&waiting);
}

/* Rank, in this process, the share of a ranker that has failed.  False on error (errno).  The
 * ranker could not pass on its errno; if the same error occurs again, this function sets errno. */
static bool rank_here(
	const struct counts *c, struct ranking *rankings, size_t n, struct share share)
{
	struct ranking *mine = rankings_like(rankings, n);
	bool ok = mine && rank_share(c, mine, n, share) && transfer_merge(rankings, mine, n);

	rankings_free(mine, n);
	return ok;
}

static bool rank_in_parallel(const struct counts *c, struct ranking *rankings, size_t n)
{
	unsigned jobs = c->n_parts;
	pid_t *rankers = calloc(jobs, sizeof *rankers);
	enum transfer_keys keys = keys_in_answers(c);
	bool ok = true;

	if (!rankers)
		return false;
	rank_in_children(c, rankings, n, rankers);
	for (unsigned i = 0; i < jobs; i++) {
		struct sharedmem *answer = &c->parts[i].answer;
		bool done = rankers[i] != 0;
		if (ok)
			ok = done ? merge_answer(answer, rankings, n, keys)
				  : rank_here(c, rankings, n, (struct share){i, jobs});
		int saved = errno;
		if (!done || keys == TRANSFER_ADDRESSES)
			sharedmem_close(answer);
		errno = saved;
	}
	free(rankers);
	return ok && (!c->source || c->source->is_whole(c->source->ctx, jobs));
}

/* ---------------------------------------------------------------------------------- */

/* Return the number of rankers: `jobs`, or fewer, so that each ranker has enough keys to be worth a
 * fork. */
static unsigned rankers_for(const struct counts *c, unsigned jobs)
{
	uint64_t keys = c->source ? c->source->keys : counts_spilled(c) / SPILLED_KEY;

	if (c->source && c->source->single_pass)
		return 1;
	for (size_t i = 0; i < c->n; i++)
		keys += table_keys(c->tables[i]) + table_all_codes(c->tables[i]);
	uint64_t rankers = keys / KEYS_WORTH_FORKING;
	return rankers < 1 ? 1 : rankers < jobs ? (unsigned)rankers : jobs;
}

bool ranker_rank(struct counts *c, struct ranking *rankings, size_t n, unsigned jobs)
{
	if (!counts_new_parts(c, rankers_for(c, jobs)))
		return false;
	meter_begin_ranking(c->meter, c->n_parts, counts_spilled(c) ? SPILL_RANGES : 0);
	if (c->n_parts > 1 || (c->meter && counts_spilled(c)))
		return rank_in_parallel(c, rankings, n);
	return rank_share(c, rankings, n, (struct share){0, 1});
}
