#include "workers.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/sandbox.h"
#include "lib/tempfile.h"
#include "count/warnings.h"
#include "count/worker.h"

enum {
	CHUNK_DEATHS = 3, /* the run ends when this many workers have died while counting the same
			   * chunk */

	BLOCK = 256 << 10,    /* bytes of a stream that are passed to another worker at a time */
	ONE_BLOCK = 64 << 10, /* a compressed file of at most this many bytes is counted by one
			       * worker */
};

/* --- Forking ---------------------------------------------------------------------- */

/* Prepare a new child to be a worker.  The worker ignores SIGINT and SIGHUP.  Ctrl-C sends SIGINT
 * to all processes of the group, but only the parent should react. */
static void become_worker(const struct pool *p)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGBUS, SIG_DFL); /* die of SIGBUS; the parent will fork another worker */
	if (!childwait_child(&p->waiting, p->parent))
		_exit(EXIT_FAILURE);
	sandbox_enter(!inputs_are_open(p->inputs)); /* if the system has none, go on without a
						     * sandbox */
}

/* Fork worker i.  If this worker replaces one that died, it must not pass blocks on, because the
 * workers that could receive the blocks may have ended already.  False if fork() failed. */
static bool fork_worker(struct pool *p, unsigned i, bool replaces)
{
	pid_t pid = fork();

	if (pid < 0)
		return false;
	if (pid == 0) {
		become_worker(p);
		struct worker w = worker_new(p, i);
		w.is_child = true;
		w.passes = !replaces;
		worker_work(&w);
		_exit(0);
	}
	p->pid[i] = pid;
	return true;
}

static void kill_all(struct pool *p)
{
	for (unsigned i = 0; i < p->n; i++)
		if (p->pid[i])
			kill(p->pid[i], SIGKILL);
	for (unsigned i = 0; i < p->n; i++) {
		while (p->pid[i] && waitpid(p->pid[i], NULL, 0) < 0 && errno == EINTR)
			;
		p->pid[i] = 0;
	}
}

/* --- Complaints ------------------------------------------------------------------- */

static bool complain_errno(const struct pool *p, const char *what)
{
	return complain(p->complaint, "%s: %s", what, strerror(errno));
}

/* Describe how a worker ended. */
static const char *cause(int status)
{
	return WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "exited without reporting";
}

static bool is_lost(const struct read_state *r)
{
	bool empty = atomic_load(&r->ended) && !atomic_load(&r->read);

	return atomic_load(&r->begun) && !empty;
}

/* Check whether bytes of a stream were lost when worker `dead` died.  The bytes that this worker
 * has read from a stream are lost, since they cannot be read again.  If workers have passed blocks
 * to each other, the bytes that were read from any stream are lost, since `dead` may have held any
 * block.  False, with a complaint, if any bytes are lost. */
static bool check_streams(const struct pool *p, unsigned dead, int status)
{
	bool passed = p->relay && relay_was_used(p->relay);

	for (size_t k = 0; k < chunker_chunks(p->chunker); k++) {
		if (!passed && chunker_owner(p->chunker, k) != dead + 1)
			continue;
		size_t input = chunker_chunk(p->chunker, k).input;
		/* A regular file can be read, and decoded, again. */
		if (p->inputs->at[input].fd < 0 || !is_lost(&p->reads[input]))
			continue;
		return complain_of(p->complaint, pool_input_name(p, input),
			"the worker that read it died (%s) after %llu bytes, which can't be read "
			"again",
			cause(status), (unsigned long long)atomic_load(&p->reads[input].read));
	}
	return true;
}

/* Check how many workers have died.  False, with a complaint, if CHUNK_DEATHS of them have died
 * while counting the given chunk, or ALL_DEATHS in the whole run.  `chunk` is 1 + the chunk's
 * index, or 0 if there is no chunk. */
static bool check_deaths(const struct pool *p, size_t chunk, int status)
{
	size_t deaths = 0;

	for (size_t k = 0; k < p->deaths; k++)
		deaths += p->death_at[k] == chunk;
	bool deadly = chunk && deaths >= CHUNK_DEATHS;
	if (!deadly && p->deaths < ALL_DEATHS)
		return true;
	if (!deadly)
		return complain(p->complaint, "workers: %d of them died (the last: %s)", ALL_DEATHS,
			cause(status));
	struct chunk at = chunker_chunk(p->chunker, chunk - 1);
	if (input_is_stream(&p->inputs->at[at.input]))
		return complain_of(p->complaint, pool_input_name(p, at.input),
			"%d workers died while they counted it (%s)", CHUNK_DEATHS, cause(status));
	return complain_of(p->complaint, pool_input_name(p, at.input),
		"bytes %llu to %llu: %d workers died while they counted them (%s)",
		(unsigned long long)at.from, (unsigned long long)at.to, CHUNK_DEATHS,
		cause(status));
}

/* Complain that patterns have taken too many steps on the lines on which they gave up.  `chunk` is
 * 1 + the index of the chunk in which a worker has noticed this, or 0 if the chunk is not known. */
static bool complain_of_steps(const struct pool *p, size_t chunk)
{
	size_t input = chunk ? chunker_chunk(p->chunker, chunk - 1).input : 0;

	return complain_of(p->complaint, pool_input_name(p, input),
		"stopped, because matching exceeds PCRE2's match limit on too many lines; nothing "
		"is printed (see CAVEATS in wf(1))");
}

/* False, with a complaint, if an error has stopped worker i. */
static bool check_error(const struct pool *p, unsigned i)
{
	const struct worker_state *w = &p->workers[i];
	int error = atomic_load(&w->error);

	if (error == STEPS_EXCEEDED)
		return complain_of_steps(p, atomic_load(&w->chunk));
	if (error == DATABASE_DAMAGED)
		return complain(p->complaint, "--mmdb: a database is damaged");
	if (error == EOVERFLOW)
		return counts_explain(
			&(struct counts){0}, "counting", query_sum(p->query), error, p->complaint);
	if (error && w->purpose)
		return complain(p->complaint, "%s: %s; needed for %s", tempfile_directory(),
			strerror(error), w->purpose);
	return !error || complain(p->complaint, "counting: %s", strerror(error));
}

/* --- Redoing the work of dead workers --------------------------------------------- */

/* Check whether the file that contains a chunk is mapped and has changed since it was mapped.  If
 * so, return true, and make the workers read the file in pieces from now on instead of using the
 * mapping.  `chunk` is 1 + the chunk's index, or 0 if there is no chunk. */
static bool note_truncated(const struct pool *p, size_t chunk)
{
	size_t input = chunk ? chunker_chunk(p->chunker, chunk - 1).input : 0;
	const struct input *in = &p->inputs->at[input];

	if (!chunk || !in->bytes.at || input_fate(in) == INPUT_SAME)
		return false;
	atomic_store(&p->reads[input].truncated, true);
	return true;
}

static bool is_bus_error(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS;
}

/* Discard everything that worker i has counted, and make its chunks free again. */
static bool forget(struct pool *p, unsigned i)
{
	memset(&p->workers[i], 0, sizeof p->workers[i]);
	quota_release(p->decoders, i);
	meter_sample(p->meter, i, &(struct progress_sample){0});
	if (!table_reset(p->table[i]) || !spill_reset(p->spill[i]))
		return complain_errno(p, "workers");
	chunker_give_back(p->chunker, i + 1);
	return true;
}

/* Fork worker i again.  If fork() fails, tell the relay that worker i has left; the parent will do
 * this worker's work at the end.  False, with a complaint, if the relay fails. */
static bool fork_again(struct pool *p, unsigned i, bool replaces)
{
	if (fork_worker(p, i, replaces) || !p->relay)
		return true;
	return relay_leave(p->relay, i) || complain_errno(p, "workers");
}

/* Kill all workers, discard everything that they have counted, and fork them again.  This is
 * necessary if blocks have been passed from one worker to another, since each table may then have
 * counts from any chunk. */
static bool begin_again(struct pool *p)
{
	kill_all(p);
	if (!relay_reset(p->relay, p->n))
		return complain_errno(p, "workers");
	for (size_t i = 0; i < p->inputs->n; i++) {
		atomic_store(&p->reads[i].begun, false);
		atomic_store(&p->reads[i].ended, false);
		atomic_store(&p->reads[i].failed, false);
		p->reads[i].ending.why = STREAM_END;
	}
	for (unsigned i = 0; i < p->n; i++)
		if (!forget(p, i))
			return false;
	for (unsigned i = 0; i < p->n; i++)
		if (!fork_again(p, i, false))
			return false;
	return true;
}

/* Let a new worker redo the work of worker i, which has died.  False, with a complaint, if the work
 * cannot be redone, or if too many workers have died. */
static bool replace(struct pool *p, unsigned i, int status)
{
	size_t chunk = atomic_load(&p->workers[i].chunk);

	if (!check_streams(p, i, status))
		return false;
	if (is_bus_error(status))
		note_truncated(p, chunk);
	p->death_at[p->deaths++] = chunk;
	if (!check_deaths(p, chunk, status))
		return false;
	if (p->relay && relay_was_used(p->relay))
		return begin_again(p);
	return forget(p, i) && fork_again(p, i, true);
}

/* --- Watching --------------------------------------------------------------------- */

/* Note that a child has ended, and replace it if it has not finished its work.  False, with a
 * complaint, if the run cannot continue. */
static bool note_ended(struct pool *p, pid_t pid, int status)
{
	unsigned i = 0;

	while (i < p->n && p->pid[i] != pid)
		i++;
	if (i == p->n)
		return true; /* not a worker: a child that this process had before it executed wf */
	p->pid[i] = 0;
	return check_error(p, i) && (atomic_load(&p->workers[i].done) || replace(p, i, status));
}

static unsigned count_running(const struct pool *p)
{
	unsigned n = 0;

	for (unsigned i = 0; i < p->n; i++)
		n += p->pid[i] != 0;
	return n;
}

enum { FEED_EACH = 2 }; /* milliseconds between two calls of the feed */

/* Call the feed, which may grant chunks, and wait a moment for a signal.  Returns the signal's
 * number, or 0 if none has come. */
static int feed_and_wait(const struct pool *p)
{
	p->feed->call(p->feed->ctx, p->chunker);
	return childwait_next_within(&p->waiting, FEED_EACH);
}

/* Wait until all workers have ended, and replace workers that die.  Returns the number of the
 * signal that ended the run, or 0 if none did.  On error, returns -1, with a complaint. */
static int watch(struct pool *p)
{
	int status;
	pid_t pid;

	for (unsigned n; (n = count_running(p));) {
		meter_note_workers(p->meter, n);
		int signal_number = p->feed ? feed_and_wait(p) : meter_wait(p->meter, &p->waiting);
		if (signal_number && signal_number != SIGCHLD) {
			kill_all(p);
			return signal_number;
		}
		if (!p->told_of_many && atomic_load(p->many_gave_up)) {
			p->told_of_many = true;
			pool_warn_of_many(p);
		}
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
			if (!note_ended(p, pid, status)) {
				kill_all(p);
				return -1;
			}
		}
	}
	return 0;
}

/* Fork all workers, or as many as possible, and watch them.  Returns the result of watch(). */
static int work_in_children(struct pool *p)
{
	p->parent = getpid();
	childwait_begin(&p->waiting);
	unsigned forked = 0;
	while (forked < p->n && fork_worker(p, forked, false))
		forked++;
	for (unsigned i = forked; p->relay && i < p->n; i++)
		relay_leave(p->relay, i);
	if (!forked && p->feed) {
		complain_errno(p, "workers");
		childwait_end(&p->waiting);
		return -1;
	}
	/* If no worker could be forked, the parent becomes the only worker. */
	pool_shrink(p, forked ? forked : 1);
	int ended = watch(p);
	childwait_end(&p->waiting);
	return ended;
}

/* --- Working in the parent -------------------------------------------------------- */

/* Prepare to do the worker's work again from its beginning.  This is necessary if reading a mapped
 * file that has been truncated has raised SIGBUS.  False, with a complaint, if no file has been
 * truncated. */
static bool start_again(struct pool *p, struct worker *w)
{
	worker_stop(w);
	if (!note_truncated(p, atomic_load(&w->state->chunk)))
		return complain(p->complaint, "counting: %s", strsignal(SIGBUS));
	return forget(p, w->number);
}

/* Do the work of worker i in this process.  If reading a mapped file raises SIGBUS, the signal
 * handler jumps back to sigsetjmp(), and the work begins again with an empty table. */
static bool work_here(struct pool *p, unsigned i)
{
	struct worker *w = malloc(sizeof *w); /* allocated, because local variables may lose their
					       * values in the jump */
	sigjmp_buf again;
	volatile bool ok = true;

	if (!w)
		return complain_errno(p, "workers");
	if (sigsetjmp(again, 1))
		ok = start_again(p, w);
	inputs_guard(ok ? &again : NULL);
	if (ok) {
		*w = worker_new(p, i);
		worker_work(w);
	}
	inputs_guard(NULL);
	free(w);
	return ok && check_error(p, i);
}

/* Do the work of all workers that were not forked. */
static bool work_in_parent(struct pool *p)
{
	relay_free(p->relay); /* no other worker is left that could take blocks */
	p->relay = NULL;
	inputs_guard(NULL);
	for (unsigned i = 0; i < p->n; i++)
		if (!atomic_load(&p->workers[i].done) && !work_here(p, i))
			return false;
	return true;
}

/* --- The result ------------------------------------------------------------------- */

/* Move the workers' tables and spills to `counts`.  False on error (errno). */
static bool collect(struct pool *p, struct counts *counts)
{
	*counts = (struct counts){.tables = p->table,
		.spills = p->spill,
		.n = p->n,
		.measures = query_measures(p->query),
		.seed = p->seed,
		.memory = p->memory,
		.meter = p->meter};
	p->table = NULL;
	p->spill = NULL;
	for (unsigned i = 0; i < p->n; i++)
		if (!table_follow(counts->tables[i]) || !spill_follow(counts->spills[i]))
			return false;
	return true;
}

static bool add_up(struct pool *p, struct result *r)
{
	bool ok = collect(p, &r->counts) || complain_errno(p, "counts");

	if (!ok || !warnings_check(p, p->complaint)) {
		counts_free(&r->counts);
		return false;
	}
	r->workers = p->n;
	for (unsigned i = 0; i < p->n; i++)
		account_add(&r->account, &p->workers[i].account);
	r->lossy = warnings_print(p, &r->account);
	warnings_first_unparsed(p, &r->account, &r->first_unparsed);
	return true;
}

/* True if there is a stream whose blocks several workers can count.  If the job wants the lines
 * that are not counted, the result is false: these lines must stay in order, and only the worker
 * that reads the stream knows their order. */
static bool has_blocks(const struct job *job)
{
	for (size_t i = 0; i < job->inputs->n && !job->want_rejects; i++) {
		const struct input *in = &job->inputs->at[i];
		if (in->fd >= 0 || (in->codec && in->size > ONE_BLOCK))
			return true;
	}
	return false;
}

static unsigned workers_for(const struct workers_spec *spec, const struct job *job)
{
	size_t chunks = chunker_chunks(job->chunker);

	if (has_blocks(job))
		return spec->jobs;
	return chunks == 0 ? 1 : chunks < spec->jobs ? (unsigned)chunks : spec->jobs;
}

/* Make a relay.  NULL if no relay is needed, or on error.  Without a relay, each stream is counted
 * by the worker that reads it. */
static struct relay *open_relay(const struct pool *p, const struct job *job)
{
	size_t size = chunker_size(job->chunker);

	return p->n > 1 && has_blocks(job) ? relay_new(p->n, size < BLOCK ? size : BLOCK) : NULL;
}

static bool count_in(struct pool *p, const struct job *job, struct result *r)
{
	p->relay = open_relay(p, job);
	int ended = p->forks ? work_in_children(p) : 0;
	if (ended > 0)
		r->signal = ended;
	return ended > 0 || (ended == 0 && work_in_parent(p) && add_up(p, r));
}

bool workers_count(const struct workers_spec *spec, const struct job *job, struct result *r,
	struct complaint *c)
{
	unsigned n = workers_for(spec, job);
	struct pool p = {.query = job->query,
		.scan = job->scan,
		.inputs = job->inputs,
		.chunker = job->chunker,
		.formats = job->formats,
		.memory = spec->memory,
		.meter = job->meter,
		.feed = job->feed,
		.warner = job->warner,
		.complaint = c,
		.forks = n > 1 || job->meter || job->feed};

	*r = (struct result){0};
	if (job->want_rejects)
		p.rejects = r->rejects = rejects_new(n);
	if (job->want_rejects && !p.rejects)
		return complain(c, "%s: %s; needed for %s", tempfile_directory(), strerror(errno),
			FOR_REJECTS);
	bool ok = (pool_open(&p, n) && (p.forks || !p.feed)) || complain_errno(&p, "workers");
	ok = ok && count_in(&p, job, r);
	pool_close(&p);
	return ok;
}
