#include "count/tally.h"

#include <errno.h>
#include <string.h>

bool tally_open(struct tally *t, struct query *query, struct table *table)
{
	*t = (struct tally){.query = query, .table = table, .result = block_result_new(query)};
	return t->result != NULL;
}

void tally_close(struct tally *t)
{
	block_result_free(t->result);
}

/* Return the first lines of `rest`: as many as fit in a block, but at least one. */
static struct span next_block(struct span rest)
{
	if (rest.len <= BLOCK_BYTES)
		return rest;
	const char *last = span_last(span_of(rest.at, BLOCK_BYTES), '\n');
	if (!last)
		last = memchr(rest.at + BLOCK_BYTES, '\n', rest.len - BLOCK_BYTES);
	return last ? span_between(rest.at, last + 1) : rest;
}

/* Make room in the table after table_add() has failed: write the table to a file, and empty it.
 * False (errno) if table_add() has failed for another reason than a full table, or if the table
 * cannot be written or emptied. */
static bool make_room(const struct tally *t)
{
	return errno == ENOBUFS && t->spill && spill_write(t->spill, t->table) &&
	       table_reset(t->table);
}

static bool add_found_keys(const struct tally *t)
{
	for (size_t i = 0; i < t->result->n_found; i++) {
		const struct found_keys *k = &t->result->found[i];
		struct key_batch keys = {k->keys, k->numbers, k->n, (unsigned)i, k->counts};
		while (!table_add(t->table, &keys))
			if (!make_room(t))
				return false;
	}
	return true;
}

static bool note_left_out(const struct tally *t, struct left_out *first)
{
	const struct left_out *here = &t->result->left_out;

	if (!first->gave_up)
		first->gave_up = here->gave_up;
	if (!first->too_large)
		first->too_large = here->too_large;
	if (!first->unparsed)
		first->unparsed = here->unparsed;
	if (!first->bad_time) {
		first->bad_time = here->bad_time;
		memcpy(first->time, here->time, sizeof first->time);
	}
	return !t->gave_up || t->gave_up(t->gave_up_ctx, &t->account.verdicts);
}

bool tally_lines(
	struct tally *t, struct logformat *format, struct span lines, struct left_out *left_out)
{
	struct block_result *b = t->result;

	while (lines.len) {
		struct span block = next_block(lines);
		if (!block_keys_find(t->query, format, block, b) || !add_found_keys(t))
			return false;
		if (t->reject && b->n_rejects &&
			!t->reject(
				t->reject_ctx, verdicts_read(&t->account.verdicts), b->rejects, b->n_rejects))
			return false;
		struct account a = {block.len - b->outside_bytes, b->verdicts, b->totals};
		account_add(&t->account, &a);
		bool any = b->verdicts.gave_up || b->verdicts.unparsed || b->verdicts.bad_times ||
			   b->verdicts.undated;
		if (any && !note_left_out(t, left_out))
			return false;
		lines.at += block.len;
		lines.len -= block.len;
	}
	return true;
}
