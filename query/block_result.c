#include "query/block_result.h"

#include <stddef.h>
#include <stdlib.h>

#include "query/field_columns.h"
#include "query/compiled.h"
#include "query/query.h"

/* Allocate the arrays of a grouping: sums only if `sums`, and counts only if `counts`.  False if
 * out of memory.  The arrays are not cleared: most of their memory is never touched, and the system
 * provides memory only when it is touched. */
static bool open_found_keys(struct found_keys *k, bool sums, bool counts)
{
	k->keys = malloc((BLOCK_BYTES + 1) * sizeof *k->keys);
	if (sums)
		k->sums = malloc((BLOCK_BYTES + 1) * sizeof *k->sums);
	if (counts)
		k->counts = malloc((BLOCK_BYTES + 1) * sizeof *k->counts);
	k->room = BLOCK_BYTES + 1;
	return k->keys && (k->sums || !sums) && (k->counts || !counts);
}

/* True if block_columns.c counts equal keys of a block together, instead of adding each key.  This
 * is done if the key is a field that has only a few values in a block. */
static bool counts_keys(const struct query *q, const struct grouping *g)
{
	if (!q->by_columns || !g->is_one_field || query_sums(q))
		return false;
	return field_repeats(&q->fields.at[g->fields[0]]);
}

struct block_result *block_result_new(const struct query *q)
{
	struct block_result *b = malloc(sizeof *b);
	size_t slots = BASES + q->fields.wanted.names.n;
	bool sums = query_sums(q);

	if (!b)
		return NULL;
	memset(b, 0, offsetof(struct block_result, marks));
	b->found = calloc(q->n_groupings + 1, sizeof *b->found);
	b->record = (struct record){.fields = &q->fields,
		.slots = calloc(slots, sizeof *b->record.slots),
		.memos = calloc(q->fields.n + 1, sizeof *b->record.memos),
		.arena = &b->arena,
		.delimiter = q->spec->delimiter};
	if (q->spec->rejects)
		b->rejects = malloc((BLOCK_BYTES + 1) * sizeof *b->rejects);
	if (q->by_columns)
		b->columns = field_columns_new(q);
	bool ok = b->found && b->record.slots && b->record.memos &&
		  (b->rejects || !q->spec->rejects) && (b->columns || !q->by_columns);
	for (; ok && b->n_found < q->n_groupings; b->n_found++)
		ok = open_found_keys(
			&b->found[b->n_found], sums, counts_keys(q, &q->groupings[b->n_found]));
	if (ok)
		return b;
	block_result_free(b);
	return NULL;
}

void block_result_free(struct block_result *b)
{
	if (!b)
		return;
	for (size_t i = 0; b->found && i < b->n_found; i++) {
		free(b->found[i].keys);
		free(b->found[i].sums);
		free(b->found[i].counts);
	}
	free(b->found);
	free(b->record.slots);
	free(b->record.memos);
	free(b->rejects);
	field_columns_free(b->columns);
	arena_free(&b->arena);
	free(b);
}

void block_result_begin(struct block_result *b, struct logformat *format)
{
	for (size_t i = 0; i < b->n_found; i++)
		b->found[i].n = 0;
	b->verdicts = (struct verdicts){0};
	b->totals = (struct totals){0};
	b->left_out = (struct left_out){0};
	b->n_rejects = 0;
	record_reset(&b->record);
	b->last_time = NULL;
	/* A format does not write to the slots of fields that its lines never have, so clear the
	 * values that another format has left there. */
	if (format && format != b->format)
		memset(b->record.slots, 0, logformat_slots(format) * sizeof *b->record.slots);
	b->format = format;
	struct span heading = format ? logformat_heading(format) : span_of(NULL, 0);
	b->heading_byte = heading.len ? heading.at[0] : '\0';
}
