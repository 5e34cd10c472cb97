#include "workers.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/tempfile.h"
#include "count/diagnostics.h"
#include "count/worker.h"

enum {
	CHUNK_DEATHS = 3, /* workers that one chunk may kill */

	BLOCK = 256 << 10,    /* bytes of a stream that are passed on at once */
	ONE_BLOCK = 64 << 10, /* what is compressed to less is not worth it */
};

/* Memory for desks and progress that children share; 0 at first. */
static bool share(struct pool *c)
{
	size_t states = c->n * sizeof *c->state;
	size_t size = states + c->inputs->n * sizeof *c->progress;
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return false;
	c->state = (struct worker_state *)(void *)at;
	c->progress = (struct read_state *)(void *)(at + states);
	return true;
}

/* Secret enough that nobody can aim a log at the table. */
static uint64_t random_seed(void)
{
	uint64_t seed;

	if (getentropy(&seed, sizeof seed) == 0)
		return seed;
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_nsec * UINT64_C(0x9e3779b97f4a7c15) ^ (uint64_t)getpid() << 32 ^
	       (uintptr_t)&now;
}

/* A worker's part of the memory, but for what it needs besides. */
static uint64_t budget(const struct pool *c)
{
	uint64_t part = c->memory / 8 * 7 / c->n, besides = 1 << 20;

	return part > 2 * besides ? part - besides : part / 2 + 1;
}

static bool open_table(struct pool *c, unsigned i)
{
	struct table_spec spec = {.between_processes = c->forks,
		.sums = query_sums(c->query),
		.seed = c->seed,
		.budget = budget(c)};

	c->spill[i] = spill_new(c->forks);
	c->table[i] = c->spill[i] ? table_new(&spec) : NULL;
	if (c->table[i])
		return true;
	spill_free(c->spill[i]);
	c->spill[i] = NULL;
	return false;
}

/* Those of the desks from one on. */
static void close_tables(struct pool *c, unsigned from)
{
	for (unsigned i = from; i < c->n; i++) {
		table_free(c->table[i]);
		spill_free(c->spill[i]);
		c->table[i] = NULL;
		c->spill[i] = NULL;
	}
}

/* A table for each; as many workers as tables can be had for. */
static bool open_tables(struct pool *c)
{
	for (unsigned i = 0; i < c->n && c->forks; i++)
		if (!open_table(c, i))
			c->n = i;
	if (c->n > 1 || (c->n && c->forks))
		return true;
	/* Alone, with memory that need not be shared. */
	close_tables(c, 0);
	c->n = 1;
	c->forks = false;
	return open_table(c, 0);
}

/* Ctrl-C goes to the whole process group: it is the parent who answers. */
static void become_worker(const struct pool *c)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGBUS, SIG_DFL); /* the parent will see it, and forks another */
	if (!childwait_child(&c->waiting, c->parent))
		_exit(STATUS_ERROR);
}

/* One that replaces another passes nothing on: those who would take it may have left. */
static bool fork_worker(struct pool *c, unsigned i, bool replaces)
{
	pid_t pid = fork();

	if (pid < 0)
		return false;
	if (pid == 0) {
		become_worker(c);
		struct worker w = worker_at(c, i);
		w.passes = !replaces;
		worker_work(&w);
		_exit(0);
	}
	c->pid[i] = pid;
	return true;
}

static void kill_all(struct pool *c)
{
	for (unsigned i = 0; i < c->n; i++)
		if (c->pid[i])
			kill(c->pid[i], SIGKILL);
	for (unsigned i = 0; i < c->n; i++) {
		while (c->pid[i] && waitpid(c->pid[i], NULL, 0) < 0 && errno == EINTR)
			;
		c->pid[i] = 0;
	}
}

/* How a worker came to its end, in words. */
static const char *cause(int status)
{
	return WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "it left";
}

static bool is_lost(const struct read_state *p)
{
	bool empty = atomic_load(&p->ended) && !atomic_load(&p->read);

	return atomic_load(&p->begun) && !empty;
}

static void say_lost(const struct pool *c, size_t input, int status)
{
	warn("%s: the worker that read it died (%s) after %llu bytes, which can't be read again",
		pool_input_name(c, input), cause(status),
		(unsigned long long)atomic_load(&c->progress[input].read));
}

/* A stream's bytes are gone with the worker that had read them, and with any if it passed
 * them on. */
static bool say_lost_stream(const struct pool *c, unsigned i, int status)
{
	bool passed = c->relay && relay_was_used(c->relay);

	for (size_t k = 0; k < chunker_chunks(c->chunker); k++) {
		if (!passed && chunker_owner(c->chunker, k) != i + 1)
			continue;
		size_t input = chunker_chunk(c->chunker, k).input;
		/* A regular file can be read, and decoded, again. */
		if (c->inputs->at[input].fd < 0 || !is_lost(&c->progress[input]))
			continue;
		say_lost(c, input, status);
		return true;
	}
	return false;
}

static bool say_deadly(struct pool *c, size_t chunk, int status)
{
	size_t deaths = 0;

	for (size_t k = 0; k < c->deaths; k++)
		deaths += c->death_at[k] == chunk;
	if (!chunk || deaths < CHUNK_DEATHS)
		return false;
	struct chunk at = chunker_chunk(c->chunker, chunk - 1);
	if (input_is_stream(&c->inputs->at[at.input]))
		warn("%s: %d workers died over it (%s)", pool_input_name(c, at.input), CHUNK_DEATHS,
			cause(status));
	else
		warn("%s: bytes %llu to %llu: %d workers died over them (%s)",
			pool_input_name(c, at.input), (unsigned long long)at.from,
			(unsigned long long)at.to, CHUNK_DEATHS, cause(status));
	return true;
}

/* The input of that chunk was mapped, and its bytes are gone: what is left of them can be
 * read, but not looked at.  False if it is not so. */
static bool note_shrunk(const struct pool *c, size_t chunk)
{
	size_t input = chunk ? chunker_chunk(c->chunker, chunk - 1).input : 0;
	const struct input *in = &c->inputs->at[input];

	if (!chunk || !in->bytes.at || input_fate(in) == INPUT_SAME)
		return false;
	atomic_store(&c->progress[input].shrunk, true);
	return true;
}

static bool is_bus_error(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS;
}

/* Forget what a worker has counted, and give its chunks back. */
static bool forget(struct pool *c, unsigned i)
{
	memset(&c->state[i], 0, sizeof c->state[i]);
	meter_sample(c->meter, i, &(struct progress_sample){0});
	if (!table_reset(c->table[i]) || !spill_reset(c->spill[i])) {
		warn("workers: %s", strerror(errno));
		return false;
	}
	chunker_give_back(c->chunker, i + 1);
	return true;
}

/* Put another at a desk.  If there is none to be had, the parent does its work in the end. */
static bool send_in(struct pool *c, unsigned i, bool replaces)
{
	if (fork_worker(c, i, replaces) || !c->relay)
		return true;
	return relay_leave(c->relay, i);
}

/* Blocks of streams have gone from one worker to another: all of them begin again. */
static bool begin_again(struct pool *c)
{
	kill_all(c);
	if (!relay_reset(c->relay, c->n)) {
		warn("workers: %s", strerror(errno));
		return false;
	}
	for (size_t i = 0; i < c->inputs->n; i++) {
		atomic_store(&c->progress[i].begun, false);
		atomic_store(&c->progress[i].ended, false);
		c->progress[i].end = STREAM_END;
	}
	for (unsigned i = 0; i < c->n; i++)
		if (!forget(c, i))
			return false;
	for (unsigned i = 0; i < c->n; i++)
		if (!send_in(c, i, false))
			return false;
	return true;
}

/* A worker died: forget what it counted and let another count it.  False, with a
 * message, if that can't end well. */
static bool replace(struct pool *c, unsigned i, int status)
{
	size_t chunk = atomic_load(&c->state[i].chunk);

	if (say_lost_stream(c, i, status))
		return false;
	if (is_bus_error(status))
		note_shrunk(c, chunk);
	c->death_at[c->deaths++] = chunk;
	if (say_deadly(c, chunk, status))
		return false;
	if (c->deaths == ALL_DEATHS) {
		warn("workers: %d of them died (the last: %s)", ALL_DEATHS, cause(status));
		return false;
	}
	if (c->relay && relay_was_used(c->relay))
		return begin_again(c);
	return forget(c, i) && send_in(c, i, true);
}

/* One of the lines of a chunk has such a number. */
static void say_too_large(const struct pool *c, size_t chunk)
{
	struct arg sum = query_sum(c->query);
	struct chunk at = {0};

	if (chunk)
		at = chunker_chunk(c->chunker, chunk - 1);
	if (!chunk)
		warn("%s %s: a number of more than 64 bits", sum.origin, sum.value);
	else if (input_is_stream(&c->inputs->at[at.input]))
		warn("%s: %s %s: a number of more than 64 bits", pool_input_name(c, at.input),
			sum.origin, sum.value);
	else
		warn("%s: bytes %llu to %llu: %s %s: a number of more than 64 bits",
			pool_input_name(c, at.input), (unsigned long long)at.from,
			(unsigned long long)at.to, sum.origin, sum.value);
}

static bool say_failed(const struct pool *c, unsigned i)
{
	int error = atomic_load(&c->state[i].error);

	if (error == EOVERFLOW)
		say_too_large(c, atomic_load(&c->state[i].chunk));
	else if (error && c->state[i].purpose)
		warn("%s: %s, for %s", tempfile_folder(), strerror(error), c->state[i].purpose);
	else if (error)
		warn("counting: %s", strerror(error));
	return error != 0;
}

/* Take note of a child's end.  False if the run can't go on. */
static bool bury(struct pool *c, pid_t pid, int status)
{
	unsigned i = 0;

	while (i < c->n && c->pid[i] != pid)
		i++;
	if (i == c->n)
		return true; /* a child that we have from before an exec */
	c->pid[i] = 0;
	if (say_failed(c, i))
		return false;
	return atomic_load(&c->state[i].done) || replace(c, i, status);
}

static unsigned alive(const struct pool *c)
{
	unsigned n = 0;

	for (unsigned i = 0; i < c->n; i++)
		n += c->pid[i] != 0;
	return n;
}

enum { FEED_EACH = 2 }; /* milliseconds */

/* See that there is something to do; a signal, or 0. */
static int feed_and_wait(const struct pool *c)
{
	c->feed->call(c->feed->of, c->chunker);
	return childwait_next_within(&c->waiting, FEED_EACH);
}

/* Until no worker is left.  0, the signal that ended it, or -1 after a message. */
static int watch(struct pool *c)
{
	int status;
	pid_t pid;

	for (unsigned n; (n = alive(c));) {
		meter_note_workers(c->meter, n);
		int signal_number = c->feed ? feed_and_wait(c) : meter_wait(c->meter, &c->waiting);
		if (signal_number && signal_number != SIGCHLD) {
			kill_all(c);
			return signal_number;
		}
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
			if (!bury(c, pid, status)) {
				kill_all(c);
				return -1;
			}
		}
	}
	return 0;
}

/* Fork the crew, as many as can be had. */
static int work_in_children(struct pool *c)
{
	c->parent = getpid();
	childwait_begin(&c->waiting);
	unsigned forked = 0;
	while (forked < c->n && fork_worker(c, forked, false))
		forked++;
	for (unsigned i = forked; c->relay && i < c->n; i++)
		relay_leave(c->relay, i);
	if (!forked && c->feed) {
		warn("workers: %s", strerror(errno));
		childwait_end(&c->waiting);
		return -1;
	}
	/* One desk is kept for the parent if there is nobody else. */
	unsigned states = forked ? forked : 1;
	close_tables(c, states);
	c->n = states;
	int ended = watch(c);
	childwait_end(&c->waiting);
	return ended;
}

/* Begin again at the same desk, after a load from a mapped file has failed. */
static bool start_again(struct pool *c, struct worker *w)
{
	worker_stop(w);
	bool ok = note_shrunk(c, atomic_load(&w->state->chunk)) && forget(c, w->number);
	if (!ok)
		warn("counting: %s", strsignal(SIGBUS));
	return ok;
}

/* Do a desk's work here, again from the start when an input turns out to have become
 * smaller: the load that failed jumps back to where nothing was counted. */
static bool work_here(struct pool *c, unsigned i)
{
	struct worker *w = malloc(sizeof *w); /* of a known value after a jump, unlike a local */
	sigjmp_buf again;
	volatile bool ok = true;

	if (!w) {
		warn("workers: %s", strerror(errno));
		return false;
	}
	if (sigsetjmp(again, 1))
		ok = start_again(c, w);
	inputs_guard(ok ? &again : NULL);
	if (ok) {
		*w = worker_at(c, i);
		worker_work(w);
	}
	inputs_guard(NULL);
	free(w);
	return ok && !say_failed(c, i);
}

/* Desks that nobody could be forked for are the parent's own. */
static bool work_in_parent(struct pool *c)
{
	relay_free(c->relay); /* nobody else is there */
	c->relay = NULL;
	inputs_guard(NULL);
	for (unsigned i = 0; i < c->n; i++)
		if (!atomic_load(&c->state[i].done) && !work_here(c, i))
			return false;
	return true;
}

/* See what the workers have left.  It is the result's from now on. */
static bool collect(struct pool *c, struct counts *counts)
{
	*counts = (struct counts){.tables = c->table,
		.spills = c->spill,
		.n = c->n,
		.sums = query_sums(c->query),
		.seed = c->seed,
		.memory = c->memory,
		.meter = c->meter};
	c->table = NULL;
	c->spill = NULL;
	for (unsigned i = 0; i < c->n; i++)
		if (!table_follow(counts->tables[i]) || !spill_follow(counts->spills[i]))
			return false;
	return true;
}

static void add_up(struct pool *c, struct result *r)
{
	bool ok = collect(c, &r->counts);

	if (!ok)
		warn("counts: %s", strerror(errno));
	if (!ok || diagnostics_is_mistake(c)) {
		counts_free(&r->counts);
		return;
	}
	r->workers = c->n;
	for (unsigned i = 0; i < c->n; i++)
		account_add(&r->account, &c->state[i].account);
	r->lossy = diagnostics_print(c, &r->account);
}

static void pool_free(struct pool *c, unsigned states)
{
	if (c->state)
		munmap(c->state, states * sizeof *c->state + c->inputs->n * sizeof *c->progress);
	for (unsigned i = 0; c->table && c->spill && i < states; i++) {
		table_free(c->table[i]);
		spill_free(c->spill[i]);
	}
	relay_free(c->relay);
	free(c->table);
	free(c->spill);
	free(c->pid);
}

/* True if there is a stream that several can count.  Lines that are not counted are told in
 * their order, which only one reader of a stream knows. */
static bool has_blocks(const struct job *job)
{
	for (size_t i = 0; i < job->inputs->n && !job->want_rejects; i++) {
		const struct input *in = &job->inputs->at[i];
		if (in->fd >= 0 || (in->compression && in->size > ONE_BLOCK))
			return true;
	}
	return false;
}

static unsigned states_for(const struct workers_spec *spec, const struct job *job)
{
	size_t chunks = chunker_chunks(job->chunker);

	if (has_blocks(job))
		return spec->jobs;
	return chunks == 0 ? 1 : chunks < spec->jobs ? (unsigned)chunks : spec->jobs;
}

/* Without it, each stream is counted by who reads it. */
static struct relay *open_relay(const struct pool *c, const struct job *job)
{
	size_t size = chunker_size(job->chunker);

	return c->n > 1 && has_blocks(job) ? relay_new(c->n, size < BLOCK ? size : BLOCK) : NULL;
}

struct result workers_count(const struct workers_spec *spec, const struct job *job)
{
	struct result r = {0};
	struct pool c = {.query = job->query,
		.scan = job->scan,
		.inputs = job->inputs,
		.chunker = job->chunker,
		.formats = job->formats,
		.seed = random_seed(),
		.memory = spec->memory,
		.meter = job->meter,
		.feed = job->feed};
	unsigned states = c.n = states_for(spec, job);
	int ended = 0;

	c.forks = states > 1 || c.meter || c.feed;
	c.table = calloc(states, sizeof *c.table);
	c.spill = calloc(states, sizeof *c.spill);
	c.pid = calloc(states, sizeof *c.pid);
	if (job->want_rejects)
		c.rejects = r.rejects = rejects_new(states);
	if (job->want_rejects && !c.rejects) {
		warn("%s: %s, for %s", tempfile_folder(), strerror(errno), FOR_REJECTS);
		goto free;
	}
	if (!c.table || !c.spill || !c.pid || !share(&c) || !open_tables(&c) ||
		(c.feed && !c.forks)) {
		warn("workers: %s", strerror(errno));
		goto free;
	}
	c.relay = open_relay(&c, job);
	if (c.forks)
		ended = work_in_children(&c);
	if (ended > 0)
		r.signal = ended;
	else if (ended == 0 && work_in_parent(&c))
		add_up(&c, &r);
free:
	pool_free(&c, states);
	return r;
}
