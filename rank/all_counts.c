#include "rank/all_counts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

uint64_t counts_spilled(const struct counts *c)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < c->n; i++)
		bytes += c->spills[i] ? spill_bytes(c->spills[i]) : 0;
	return bytes;
}

uint64_t counts_memory_left(const struct counts *c)
{
	uint64_t held = 0, least = c->memory / 8;

	for (size_t i = 0; i < c->n; i++)
		held += table_bytes(c->tables[i]);
	return held + least < c->memory ? c->memory - held : least;
}

static void free_parts(struct counts *c)
{
	for (unsigned i = 0; i < c->n_parts; i++) {
		sharedmem_close(&c->parts[i].answer);
		arena_free(&c->parts[i].kept);
	}
	free(c->parts);
	c->parts = NULL;
	c->n_parts = 0;
}

bool counts_new_parts(struct counts *c, unsigned n)
{
	free_parts(c);
	c->parts = calloc(n, sizeof *c->parts);
	if (!c->parts)
		return false;
	c->n_parts = n;
	for (unsigned i = 0; i < n; i++)
		sharedmem_open(&c->parts[i].answer, false);
	return true;
}

bool counts_explain(
	const struct counts *c, const char *what, struct arg sum, int error, struct complaint *why)
{
	if (c->source && c->source->explain(c->source->ctx, error, why))
		return false;
	if (error == EOVERFLOW && sum.value)
		return complain(
			why, "%s %s: a sum is too large", sum.origin, sum.value);
	if (error == EOVERFLOW)
		return complain_of(why, what, "a total is too large");
	return complain_of(why, what, "%s", strerror(error));
}

void counts_free(struct counts *c)
{
	for (size_t i = 0; i < c->n; i++) {
		table_free(c->tables[i]);
		spill_free(c->spills[i]);
	}
	free(c->tables);
	free(c->spills);
	free_parts(c);
	*c = (struct counts){0};
}
