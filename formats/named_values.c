#include "formats/named_values.h"

#include <stdlib.h>

struct best {
	struct span value; /* .at is NULL if there is none */
	unsigned rank;     /* names_rank() */
};

struct named_values {
	const struct wanted *wanted;
	enum names_dialect dialect;
	struct names *names; /* NULL before the first line, because most logs have another format */
	struct name_path empty, path;   /* of no name, and of the last name */
	const struct name_entry *entry; /* of the last name */
	struct shapes shapes;
	struct best best[]; /* one for each slot */
};

struct named_values *named_values_new(const struct wanted *wanted, enum names_dialect dialect)
{
	size_t slots = BASES + wanted->names.n;
	struct named_values *v = calloc(1, sizeof *v + slots * sizeof *v->best);

	if (!v)
		return NULL;
	v->wanted = wanted;
	v->dialect = dialect;
	return v;
}

void named_values_free(struct named_values *v)
{
	shapes_free(&v->shapes);
	names_free(v->names);
	free(v->empty.folded);
	free(v);
}

bool named_values_begin(struct named_values *v)
{
	if (!v->names)
		v->names = names_compile(v->wanted, v->dialect);
	if (!v->names || !(v->empty.folded || names_path_new(v->names, &v->empty)))
		return false;
	memset(v->best, 0, (BASES + v->wanted->names.n) * sizeof *v->best);
	return true;
}

static void offer(struct named_values *v, const struct name_use *use, struct span value)
{
	struct best *best = &v->best[use->slot];

	if (best->value.at && use->rank >= best->rank)
		return;
	value = names_slot_value((size_t)use->slot, value);
	unsigned rank = names_rank(use, value);
	if (value.at && (!best->value.at || rank < best->rank))
		*best = (struct best){value, rank};
}

bool named_values_find(struct named_values *v, struct span name)
{
	v->path = v->empty;
	names_path_add(v->names, &v->path, name);
	v->entry = names_look_up(v->names, &v->path);
	return v->entry && v->entry->first_use >= 0;
}

static void put(struct named_values *v, struct span value, int first_slot)
{
	for (const struct name_use *use = NULL;
		(use = names_next_use(v->names, v->entry, &v->path, use));)
		if (use->slot >= first_slot)
			offer(v, use, value);
}

void named_values_put(struct named_values *v, struct span value)
{
	put(v, value, 0);
}

void named_values_put_own(struct named_values *v, struct span value)
{
	put(v, value, BASES);
}

void named_values_store(const struct named_values *v, struct span *slots)
{
	for (size_t i = 0; i < BASES + v->wanted->names.n; i++)
		slots[i] = v->best[i].value;
}

/* --- Shapes ------------------------------------------------------------------------- */

struct shapes *named_values_shapes(struct named_values *v)
{
	return &v->shapes;
}

void named_values_add_step(
	const struct named_values *v, struct shape *s, struct span literal, bool found)
{
	/* The place of the value takes the place of its depth, so that of equal names the first one
	 * is the best. */
	shape_add_value(s, literal, s->n, false);
	for (const struct name_use *use = NULL;
		found && (use = names_next_use(v->names, v->entry, &v->path, use));)
		shape_add_pick(s, use->slot, use->rank);
}

void named_values_clear(const struct named_values *v, struct span *slots)
{
	memset(slots, 0, (BASES + v->wanted->names.n) * sizeof *slots);
}
