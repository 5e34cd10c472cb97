#include "count/pool.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static size_t shared_size(const struct pool *p)
{
	return p->room * sizeof *p->workers +
	       p->inputs->n * (sizeof *p->reads + sizeof *p->complaints) + sizeof *p->many_gave_up;
}

/* Map the shared memory.  It is 0 at first, and costs nothing until it is used. */
static bool share(struct pool *p)
{
	void *at = mmap(
		NULL, shared_size(p), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return false;
	p->workers = at;
	p->reads = (struct read_state *)(p->workers + p->room);
	p->complaints = (struct complaint *)(p->reads + p->inputs->n);
	p->many_gave_up = (atomic_bool *)(p->complaints + p->inputs->n);
	return true;
}

bool pool_note_gave_up(
	const struct pool *p, struct worker_state *w, const struct verdicts *v, bool *many)
{
	uint64_t given_up = 0, steps = 0;

	atomic_store(&w->given_up, v->gave_up - v->too_large);
	atomic_store(&w->steps, v->steps);
	for (unsigned i = 0; i < p->n; i++) {
		given_up += atomic_load(&p->workers[i].given_up);
		steps += atomic_load(&p->workers[i].steps);
	}
	*many = given_up > GAVE_UP_MANY && !atomic_exchange(p->many_gave_up, true);
	return steps <= STEPS_MOST;
}

void pool_warn_of_many(const struct pool *p)
{
	warner_warn(p->warner,
		"patterns exceed PCRE2's match limit on more than %d lines so far, which takes "
		"long (see CAVEATS in wf(1))",
		GAVE_UP_MANY);
}

/* Make a seed that is hard to guess, so that nobody can write a log whose keys all collide in the
 * table. */
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

/* Return the largest size in bytes of a worker's table: the worker's share of the memory, minus
 * what the worker needs for everything else. */
static uint64_t budget(const struct pool *p)
{
	uint64_t share = p->memory / 8 * 7 / p->n, other = 1 << 20;

	return share > 2 * other ? share - other : share / 2 + 1;
}

static bool open_table(struct pool *p, unsigned i)
{
	struct table_spec spec = {.between_processes = p->forks,
		.measures = query_measures(p->query),
		.seed = p->seed,
		.budget = budget(p)};

	p->spill[i] = spill_new(p->forks);
	p->table[i] = p->spill[i] ? table_new(&spec) : NULL;
	if (p->table[i])
		return true;
	spill_free(p->spill[i]);
	p->spill[i] = NULL;
	return false;
}

void pool_shrink(struct pool *p, unsigned n)
{
	for (unsigned i = n; i < p->n; i++) {
		table_free(p->table[i]);
		spill_free(p->spill[i]);
		p->table[i] = NULL;
		p->spill[i] = NULL;
	}
	p->n = n;
}

/* Open a table for each worker.  If there is not enough memory for all tables, use fewer workers.
 * If there is not enough even for one shared table, the parent is the only worker, and its table is
 * not shared. */
static bool open_tables(struct pool *p)
{
	for (unsigned i = 0; i < p->n && p->forks; i++)
		if (!open_table(p, i))
			p->n = i;
	if (p->n > 1 || (p->n && p->forks))
		return true;
	pool_shrink(p, 0);
	p->n = 1;
	p->forks = false;
	return open_table(p, 0);
}

bool pool_open(struct pool *p, unsigned n)
{
	p->n = p->room = n;
	p->seed = random_seed();
	p->table = calloc(n, sizeof(struct table *));
	p->spill = calloc(n, sizeof(struct spill *));
	p->pid = calloc(n, sizeof *p->pid);
	p->decoders = quota_new(inputs_decoder_memory(p->memory), n);
	return p->table && p->spill && p->pid && p->decoders && share(p) && open_tables(p);
}

void pool_close(struct pool *p)
{
	if (p->workers)
		munmap(p->workers, shared_size(p));
	for (unsigned i = 0; p->table && p->spill && i < p->room; i++) {
		table_free(p->table[i]);
		spill_free(p->spill[i]);
	}
	relay_free(p->relay);
	quota_free(p->decoders);
	free(p->table);
	free(p->spill);
	free(p->pid);
}
