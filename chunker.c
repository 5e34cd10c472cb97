#include "chunker.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

/* In memory that the workers share. */
struct shared_part {
	atomic_size_t next;
	atomic_ushort owner[];
};

struct chunker {
	const struct inputs *inputs;
	size_t chunk_size;
	size_t *first; /* of each input: the index of its first chunk; one more at the end */
	struct shared_part *shared;
	size_t shared_size;
};

/* How much smaller logs become when they are compressed, about. */
enum { PACKED = 8 };

static bool is_cut(const struct input *in)
{
	return !input_is_stream(in) || in->parts.n;
}

/* Bytes of the input from cut to cut. */
static size_t step(const struct input *in, size_t chunk_size)
{
	return in->parts.n && chunk_size >= PACKED ? chunk_size / PACKED : chunk_size;
}

static size_t chunks_of(const struct input *in, size_t chunk_size)
{
	size_t size = step(in, chunk_size);

	if (!is_cut(in))
		return 1;
	return (size_t)(input_size(in) / size + (input_size(in) % size != 0));
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

	/* Anonymous memory is 0 at first: no owners. */
	c->shared_size = sizeof *c->shared + chunker_chunks(c) * sizeof c->shared->owner[0];
	c->shared = mmap(
		NULL, c->shared_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (c->shared == MAP_FAILED)
		goto free;
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

/* The input that has the chunk: the last whose first is not above the index. */
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

/* The lines of all that start in [from, to).  A line that began before is another
 * chunk's; the search for its end stops at this chunk's, so that a line of many
 * chunks is not searched by each of them to its far end. */
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
	uint64_t size = input_size(in), cut = step(in, c->chunk_size);

	if (!is_cut(in))
		return chunk;
	chunk.from = (uint64_t)(index - c->first[chunk.input]) * cut;
	chunk.to = size - chunk.from > cut ? chunk.from + cut : size;
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

	return atomic_compare_exchange_strong(
		&c->shared->owner[index], &nobody, (unsigned short)owner);
}

bool chunker_next(struct chunker *c, unsigned owner, struct chunk *chunk)
{
	size_t n = chunker_chunks(c), index;

	while ((index = atomic_fetch_add(&c->shared->next, 1)) < n)
		if (take(c, index, owner))
			goto taken;
	/* Past the end: what is left was given back, or its number was drawn by a
	 * worker that died before it could take it. */
	for (index = 0; index < n; index++)
		if (chunker_owner(c, index) == 0 && take(c, index, owner))
			goto taken;
	return false;

taken:
	*chunk = chunker_chunk(c, index);
	return true;
}

unsigned chunker_owner(const struct chunker *c, size_t index)
{
	return atomic_load_explicit(&c->shared->owner[index], memory_order_relaxed);
}

void chunker_give_back(struct chunker *c, unsigned owner)
{
	for (size_t i = 0, n = chunker_chunks(c); i < n; i++)
		if (chunker_owner(c, i) == owner)
			atomic_store(&c->shared->owner[i], 0);
}
