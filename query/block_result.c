#include "query/block_result.h"

#include <stddef.h>
#include <stdlib.h>

#include "query/field_columns.h"
#include "query/compiled.h"
#include "query/query.h"

/* True if block_columns.c counts equal keys of a block together, instead of adding each key.  This
 * is done if the key is made of fields that have only a few values in a block. */
static bool counts_keys(const struct query *q, const struct grouping *g)
{
	bool is_counted = q->by_columns && !g->measured.n_numbers && !g->measured.n_pairs;

	for (size_t i = 0; i < g->n_fields; i++)
		is_counted &= field_repeats(&q->fields.at[g->fields[i]]);
	return is_counted && (g->is_one_field || g->n_fields > 1);
}

/* Allocate the arrays of all groups: those of the groupings, and those of their pairs. */
static bool open_all_found(struct block_result *b, const struct query *q)
{
	bool ok = true;

	for (; ok && b->n_found < q->measures.n; b->n_found++) {
		const struct grouping *g =
			b->n_found < q->n_groupings ? &q->groupings[b->n_found] : NULL;
		struct found_keys *k = &b->found[b->n_found];
		ok = found_keys_open(k, BLOCK_BYTES + 1, g ? g->measured.n_numbers : 0,
			g && counts_keys(q, g));
		if (g && g->measured.n_pairs)
			k->pairs = &b->found[g->measured.pairs[0].group];
	}
	return ok;
}

struct block_result *block_result_new(const struct query *q)
{
	struct block_result *b = malloc(sizeof *b);
	size_t slots = BASES + q->fields.wanted.names.n;

	if (!b)
		return NULL;
	memset(b, 0, offsetof(struct block_result, marks));
	b->found = calloc(q->measures.n + 1, sizeof *b->found);
	b->record = (struct record){.fields = &q->fields,
		.slots = calloc(slots, sizeof *b->record.slots),
		.memos = calloc(q->fields.n + 1, sizeof *b->record.memos),
		.arena = &b->arena,
		.delimiter = q->spec->delimiter,
		.times = {.zone = q->spec->zone, .assumed = q->spec->assumed}};
	if (q->spec->rejects)
		b->rejects = malloc((BLOCK_BYTES + 1) * sizeof *b->rejects);
	if (q->by_columns)
		b->columns = field_columns_new(q);
	bool ok = b->found && b->record.slots && b->record.memos &&
		  (b->rejects || !q->spec->rejects) && (b->columns || !q->by_columns);
	ok = ok && open_all_found(b, q);
	if (ok)
		return b;
	block_result_free(b);
	return NULL;
}

void block_result_free(struct block_result *b)
{
	if (!b)
		return;
	for (size_t i = 0; b->found && i < b->n_found; i++)
		found_keys_close(&b->found[i]);
	free(b->found);
	free(b->record.slots);
	free(b->record.memos);
	free(b->rejects);
	field_columns_free(b->columns);
	arena_free(&b->arena);
	free(b);
}

void block_result_set_written(struct block_result *b, int64_t written)
{
	if (b->record.times.end != written)
		b->period_memo = (struct period_memo){0};
	b->record.times.end = written;
}

void block_result_begin(struct block_result *b, struct logformat *format)
{
	for (size_t i = 0; i < b->n_found; i++)
		b->found[i].n = 0;
	b->verdicts = (struct verdicts){0};
	b->totals = (struct totals){0};
	b->left_out = (struct left_out){0};
	b->outside_bytes = 0;
	b->n_rejects = 0;
	record_reset(&b->record);
	b->last_time = NULL;
	/* A format does not write to the slots of fields that its lines never have, so clear the
	 * values that another format has left there. */
	if (format && format != b->format)
		memset(b->record.slots, 0, logformat_slots(format) * sizeof *b->record.slots);
	b->format = format;
	bool are_utc = format && logformat_times_are_utc(format);
	if (b->record.times.are_utc != are_utc)
		b->period_memo = (struct period_memo){0};
	b->record.times.are_utc = are_utc;
	struct span heading = format ? logformat_heading(format) : span_of(NULL, 0);
	b->heading_byte = heading.len ? heading.at[0] : '\0';
}
