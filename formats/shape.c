#include "formats/shape.h"

#include <stdlib.h>

/* A new shape is worth its cost if it has had so many lines before it is replaced. */
enum { WORTH = 16, LONGEST_PAUSE = 1024 };

void shapes_free(struct shapes *all)
{
	free(all->at);
}

struct shape *shapes_begin(struct shapes *all)
{
	if (all->wait) {
		all->wait--;
		return NULL;
	}
	if (!all->at)
		all->at = calloc(SHAPES, sizeof *all->at);
	if (!all->at)
		return NULL;
	struct shape *s = &all->at[all->next];
	bool is_useless = all->n == SHAPES && s->hits < WORTH;
	all->pause = is_useless ? 2 * all->pause + 1 : 0;
	if (all->pause > LONGEST_PAUSE)
		all->pause = LONGEST_PAUSE;
	all->wait = all->pause;
	s->n = s->n_picks = s->n_kept = s->text_len = 0;
	s->hits = 0;
	s->failed = false;
	return s;
}

void shapes_end(struct shapes *all)
{
	struct shape *s = &all->at[all->next];

	if (s->failed) {
		/* A shape of no steps fits no line. */
		s->n = 0;
		s->quotes = SIZE_MAX;
		s->steps[0] = (struct shape_step){.len = UINT32_MAX};
		all->wait = all->pause =
			2 * all->pause + 1 < LONGEST_PAUSE ? 2 * all->pause + 1 : LONGEST_PAUSE;
	}
	if (all->n == all->next)
		all->n++;
	all->recent = all->next;
	all->next = (all->next + 1) % SHAPES;
}

static void add_literal(struct shape *s, struct span literal)
{
	s->failed |= s->n == SHAPE_STEPS || literal.len > SHAPE_TEXT - s->text_len;
	if (s->failed)
		return;
	s->steps[s->n] = (struct shape_step){.at = (uint32_t)s->text_len,
		.len = (uint32_t)literal.len,
		.mask = (uint32_t)((UINT64_C(1) << (literal.len < 32 ? literal.len : 32)) - 1)};
	if (literal.len)
		memcpy(s->text + s->text_len, literal.at, literal.len);
	s->text_len += literal.len;
}

void shape_add_value(struct shape *s, struct span literal, size_t depth, bool may_be_list)
{
	add_literal(s, literal);
	s->failed |= depth > UINT8_MAX;
	if (s->failed)
		return;
	s->steps[s->n].depth = (uint8_t)depth;
	s->steps[s->n].may_be_list = may_be_list;
	s->n++;
}

void shape_add_pick(struct shape *s, int slot, unsigned rank)
{
	s->failed |= s->n_picks == SHAPE_PICKS;
	if (s->failed)
		return;
	struct shape_step *step = &s->steps[s->n - 1];
	if (!step->keep)
		step->keep = (uint8_t)++s->n_kept;
	s->picks[s->n_picks++] = (struct shape_pick){slot, rank, step->depth, step->keep};
}

static int compare_picks(const void *a, const void *b)
{
	const struct shape_pick *x = a, *y = b;

	if (x->slot != y->slot)
		return x->slot < y->slot ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->depth != y->depth)
		return x->depth < y->depth ? -1 : 1;
	return (x->keep < y->keep) - (x->keep > y->keep);
}

/* Find the quote from which each value is found. */
static void find_quotes(struct shape *s)
{
	uint32_t n = 0;
	bool found = true;

	for (size_t i = 0; i <= s->n; i++) {
		struct shape_step *step = &s->steps[i];
		struct span literal = span_of(s->text + step->at, step->len);
		const char *last = span_last(literal, '"');
		for (size_t k = 0; k < literal.len; k++)
			n += literal.at[k] == '"';
		if (i == s->n)
			break;
		found &= last || step->is_text;
		step->quote = step->is_text ? n : n - 1;
		step->after = step->is_text || !last ? 0 : (uint32_t)(span_end(literal) - last);
		n += step->is_text ? 2 : 0;
	}
	s->quotes = found ? n : SIZE_MAX;
}

void shape_finish(struct shape *s, struct span literal)
{
	add_literal(s, literal);
	if (!s->failed) {
		memset(s->text + s->text_len, 0, SHAPE_PAD);
		find_quotes(s);
	}
	qsort(s->picks, s->n_picks, sizeof *s->picks, compare_picks);
}
