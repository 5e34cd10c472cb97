#include "tally.h"

void account_add(struct account *a, const struct account *b)
{
	a->bytes += b->bytes;
	a->verdicts.lines += b->verdicts.lines;
	a->verdicts.matched += b->verdicts.matched;
	a->verdicts.filtered += b->verdicts.filtered;
	a->verdicts.gave_up += b->verdicts.gave_up;
}

bool tally_open(struct tally *t, struct query *query, struct table *table)
{
	*t = (struct tally){.query = query, .table = table, .batch = batch_new()};
	return t->batch != NULL;
}

void tally_close(struct tally *t)
{
	batch_free(t->batch);
}

/* The lines at the start of rest that fit a block; or one line, however long. */
static struct span next_block(struct span rest)
{
	if (rest.len <= QUERY_BLOCK)
		return rest;
	const char *last = span_last(span_of(rest.at, QUERY_BLOCK), '\n');
	if (!last)
		last = memchr(rest.at + QUERY_BLOCK, '\n', rest.len - QUERY_BLOCK);
	return last ? span_between(rest.at, last + 1) : rest;
}

bool tally_lines(struct tally *t, struct span lines, const char **gave_up_at)
{
	while (lines.len) {
		struct span block = next_block(lines);
		if (!query_ask(t->query, block, t->batch) ||
			!table_add_batch(t->table, t->batch->keys, t->batch->n))
			return false;
		struct account a = {.bytes = block.len, .verdicts = t->batch->verdicts};
		account_add(&t->account, &a);
		if (!*gave_up_at)
			*gave_up_at = t->batch->gave_up_at;
		lines.at += block.len;
		lines.len -= block.len;
	}
	return true;
}
