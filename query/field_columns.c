#include "query/field_columns.h"

#include <stddef.h>
#include <stdlib.h>

/* Room for one more: see struct usual_columns. */
enum { LINES = COLUMN_LINES + 1 };

/* Take room for n elements from the columns' memory.  If there is no memory yet, only count the
 * bytes that are needed, and return NULL. */
static void *take(struct field_columns *c, size_t n, size_t size)
{
	const size_t alignment = _Alignof(max_align_t);
	size_t at = c->used;

	c->used += (n * size + alignment - 1) / alignment * alignment;
	return c->memory ? c->memory + at : NULL;
}

static void take_slots(struct field_columns *c, const struct wanted *wanted)
{
	c->n_slots = BASES + wanted->names.n;
	c->slots = take(c, c->n_slots, sizeof *c->slots);
	c->needed = take(c, c->n_slots, sizeof *c->needed);
	c->n_needed = 0;
	for (size_t i = 0; i < c->n_slots; i++) {
		bool needed = i >= BASES || wanted->bases & base_bit((enum base)i);
		struct span *column = needed ? take(c, LINES, sizeof *column) : NULL;
		if (c->slots)
			c->slots[i] = column;
		if (c->needed && needed)
			c->needed[c->n_needed++] = (uint32_t)i;
	}
}

/* True if the field gives a number to a statistic. */
static bool gives_number(const struct measured *m, size_t field)
{
	for (size_t i = 0; i < m->n_numbers; i++)
		if (!m->numbers[i].is_condition && m->numbers[i].field == field)
			return true;
	return false;
}

static void take_column(struct field_columns *c, const struct query *q, size_t field)
{
	int slot = q->fields.at[field].slot;
	struct column f = {.values = NULL};
	bool is_number = q->spec->totals && q->bytes == field;

	for (size_t i = 0; i < q->n_groupings; i++)
		is_number |= gives_number(&q->groupings[i].measured, field);
	if (slot < 0)
		f.values = take(c, LINES, sizeof *f.values);
	else if (c->slots)
		f.values = c->slots[slot];
	if (is_number) {
		f.numbers = take(c, LINES, sizeof *f.numbers);
		f.reads = take(c, LINES, sizeof *f.reads);
	}
	if (c->fields)
		c->fields[field] = f;
}

static void take_all(struct field_columns *c, const struct query *q)
{
	c->used = 0;
	take_slots(c, &q->fields.wanted);
	c->n_fields = q->fields.n;
	c->fields = take(c, c->n_fields, sizeof *c->fields);
	for (size_t i = 0; i < c->n_fields; i++)
		take_column(c, q, i);
	c->lines = take(c, LINES, sizeof *c->lines);
	c->some = take(c, LINES, sizeof *c->some);
	c->left = take(c, LINES, sizeof *c->left);
	c->is_left = take(c, LINES, sizeof *c->is_left);
	c->has_bad_time = take(c, LINES, sizeof *c->has_bad_time);
	c->takes = take(c, LINES, sizeof *c->takes);
	c->has_key = take(c, LINES, sizeof *c->has_key);
	c->meets = take(c, q->n_counted_conditions * LINES, sizeof *c->meets);
	c->lacks_number = take(c, LINES, sizeof *c->lacks_number);
}

struct field_columns *field_columns_new(const struct query *q)
{
	struct field_columns *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	take_all(c, q);
	c->memory = malloc(c->used);
	if (c->memory) {
		take_all(c, q);
		return c;
	}
	free(c);
	return NULL;
}

void field_columns_free(struct field_columns *c)
{
	if (!c)
		return;
	free(c->memory);
	free(c);
}
