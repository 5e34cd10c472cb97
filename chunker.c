#include "chunker.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

struct grant {
	size_t from, to;
	atomic_size_t next;
};

/* The start of the memory that the workers share.  The owners of the chunks come after .grant[]. */
struct shared_part {
	atomic_size_t granted; /* number of grants that have been made */
	atomic_bool closed;
	struct grant grant[];
};

struct chunker {
	const struct inputs *inputs;
	size_t chunk_size;
	size_t *first; /* index of each input's first chunk; first[inputs->n] is the number of
			* chunks */
	struct shared_part *shared;
	size_t shared_size;
	atomic_ushort *owner; /* the owner of each chunk, 0 if it is free; in the shared memory */
};

/* A log is about this many times as large as its compressed form. */
enum { RATIO = 8 };

enum { NAP = 200 }; /* how many microseconds a worker waits before it looks for new grants again */

static bool is_cut(const struct input *in)
{
	return !input_is_stream(in) || in->parts.n;
}

/* The distance between two cuts of the input, in bytes. */
static size_t step(const struct input *in, size_t chunk_size)
{
	return in->parts.n && chunk_size >= RATIO ? chunk_size / RATIO : chunk_size;
}

static size_t chunks_of(const struct input *in, size_t chunk_size)
{
	size_t size = step(in, chunk_size);

	if (!is_cut(in))
		return 1;
	uint64_t bytes = input_window_size(in);
	return (size_t)(bytes / size + (bytes % size != 0));
}

size_t chunker_count(const struct inputs *inputs, size_t chunk_size)
{
	size_t n = 0;

	for (size_t i = 0; i < inputs->n; i++)
		n += chunks_of(&inputs->at[i], chunk_size);
	return n;
}

struct chunker *chunker_new(const struct inputs *inputs, const struct chunker_spec *spec)
{
	struct chunker *c = malloc(sizeof *c);

	if (!c)
		return NULL;
	*c = (struct chunker){.inputs = inputs, .chunk_size = spec->chunk_size};
	c->first = malloc((inputs->n + 1) * sizeof *c->first);
	if (!c->first)
		goto free;
	c->first[0] = 0;
	for (size_t i = 0; i < inputs->n; i++)
		c->first[i + 1] = c->first[i] + chunks_of(&inputs->at[i], c->chunk_size);

	/* Anonymous memory is 0 at first, so no chunk has an owner. */
	size_t grants = spec->grants ? spec->grants : 1;
	size_t before = sizeof *c->shared + grants * sizeof *c->shared->grant;
	c->shared_size = before + chunker_chunks(c) * sizeof *c->owner;
	c->shared = mmap(
		NULL, c->shared_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (c->shared == MAP_FAILED)
		goto free;
	c->owner = (atomic_ushort *)(void *)((char *)c->shared + before);
	if (!spec->grants) {
		chunker_grant(c, 0, chunker_chunks(c));
		chunker_close(c);
	}
	return c;

free:
	free(c->first);
	free(c);
	return NULL;
}

void chunker_free(struct chunker *c)
{
	munmap(c->shared, c->shared_size);
	free(c->first);
	free(c);
}

size_t chunker_size(const struct chunker *c)
{
	return c->chunk_size;
}

size_t chunker_chunks(const struct chunker *c)
{
	return c->first[c->inputs->n];
}

/* Return the index of the input to which chunk number `index` belongs.  It is the last input whose
 * first chunk has this number or a smaller one. */
static size_t input_of(const struct chunker *c, size_t index)
{
	size_t low = 0, high = c->inputs->n;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (c->first[middle] <= index)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Return the lines of `all` that begin in [from, to).  A line that began before `from` belongs to
 * an earlier chunk, so skip it: search for its end, but only up to `to`.  Otherwise, if a very long
 * line extended over many chunks, the search for each of these chunks would read the whole rest of
 * the line. */
static struct span lines_in(struct span all, size_t from, size_t to)
{
	const char *start = all.at + from, *end = all.at + all.len;

	if (from > 0) {
		const char *newline = memchr(start - 1, '\n', to - from);
		if (!newline)
			return span_of(start, 0);
		start = newline + 1;
	}
	if (to < all.len) {
		const char *newline = memchr(all.at + to - 1, '\n', all.len - to + 1);
		if (newline)
			end = newline + 1;
	}
	return span_between(start, end);
}

struct chunk chunker_chunk(const struct chunker *c, size_t index)
{
	struct chunk chunk = {.index = index, .input = input_of(c, index)};
	const struct input *in = &c->inputs->at[chunk.input];
	uint64_t end = input_window_end(in), cut = step(in, c->chunk_size);

	if (!is_cut(in))
		return chunk;
	chunk.from = in->window.from + (uint64_t)(index - c->first[chunk.input]) * cut;
	chunk.to = end - chunk.from > cut ? chunk.from + cut : end;
	return chunk;
}

struct span chunker_lines(const struct chunker *c, const struct chunk *chunk)
{
	const struct input *in = &c->inputs->at[chunk->input];

	if (!in->bytes.at)
		return span_of(NULL, 0);
	return lines_in(in->bytes, (size_t)chunk->from, (size_t)chunk->to);
}

static bool take(struct chunker *c, size_t index, unsigned owner)
{
	unsigned short nobody = 0;

	return atomic_compare_exchange_strong(&c->owner[index], &nobody, (unsigned short)owner);
}

/* Take the next chunk of a grant.  False if the grant is used up. */
static bool take_next(struct chunker *c, struct grant *g, unsigned owner, size_t *index)
{
	while (atomic_load_explicit(&g->next, memory_order_relaxed) < g->to)
		if ((*index = atomic_fetch_add(&g->next, 1)) < g->to && take(c, *index, owner))
			return true;
	return false;
}

/* Take a free chunk of a grant that take_next() has used up.  There is such a chunk if one was
 * given back, or if a worker has moved the grant's counter past a chunk and died before taking the
 * chunk. */
static bool take_left(struct chunker *c, const struct grant *g, unsigned owner, size_t *index)
{
	for (*index = g->from; *index < g->to; ++*index)
		if (chunker_owner(c, *index) == 0 && take(c, *index, owner))
			return true;
	return false;
}

static bool take_any(struct chunker *c, unsigned owner, size_t *index)
{
	struct grant *grant = c->shared->grant;
	size_t n = atomic_load(&c->shared->granted);

	for (size_t i = 0; i < n; i++)
		if (take_next(c, &grant[i], owner, index))
			return true;
	for (size_t i = 0; i < n; i++)
		if (take_left(c, &grant[i], owner, index))
			return true;
	return false;
}

bool chunker_next(struct chunker *c, unsigned owner, struct chunk *chunk)
{
	size_t index;

	for (;;) {
		/* Load `closed` before looking for chunks.  If `closed` is true, all grants were
		 * made before, so take_any() sees all of them. */
		bool closed = atomic_load(&c->shared->closed);
		if (take_any(c, owner, &index))
			break;
		if (closed)
			return false;
		nanosleep(&(struct timespec){.tv_nsec = NAP * 1000L}, NULL);
	}
	*chunk = chunker_chunk(c, index);
	return true;
}

void chunker_grant(struct chunker *c, size_t from, size_t to)
{
	size_t n = atomic_load(&c->shared->granted);
	struct grant *g = &c->shared->grant[n];

	g->from = from;
	g->to = to;
	atomic_init(&g->next, from);
	atomic_store(&c->shared->granted, n + 1);
}

void chunker_close(struct chunker *c)
{
	atomic_store(&c->shared->closed, true);
}

size_t chunker_waiting(const struct chunker *c)
{
	size_t n = atomic_load(&c->shared->granted), waiting = 0;

	for (size_t i = 0; i < n; i++) {
		const struct grant *g = &c->shared->grant[i];
		size_t next = atomic_load_explicit(&g->next, memory_order_relaxed);
		waiting += next < g->to ? g->to - next : 0;
	}
	return waiting;
}

unsigned chunker_owner(const struct chunker *c, size_t index)
{
	return atomic_load_explicit(&c->owner[index], memory_order_relaxed);
}

void chunker_give_back(struct chunker *c, unsigned owner)
{
	for (size_t i = 0, n = chunker_chunks(c); i < n; i++)
		if (chunker_owner(c, i) == owner)
			atomic_store(&c->owner[i], 0);
}
