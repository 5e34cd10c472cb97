#include "query/account.h"

#include <string.h>

void totals_add(struct totals *a, const struct totals *b)
{
	a->requests += b->requests;
	sum_add(&a->bytes, b->bytes);
	if (b->first[0] && (!a->first[0] || strcmp(b->first, a->first) < 0))
		memcpy(a->first, b->first, sizeof a->first);
	if (b->last[0] && strcmp(b->last, a->last) > 0)
		memcpy(a->last, b->last, sizeof a->last);
}

void covered_add(struct covered *to, const struct covered *from)
{
	if (!from->any)
		return;
	if (!to->any || from->earliest < to->earliest)
		to->earliest = from->earliest;
	if (!to->any || from->latest > to->latest)
		to->latest = from->latest;
	to->any = true;
}

void account_add(struct account *a, const struct account *b)
{
	struct verdicts *to = &a->verdicts;
	const struct verdicts *from = &b->verdicts;

	a->bytes += b->bytes;
	to->lines += from->lines;
	to->matched += from->matched;
	to->filtered += from->filtered;
	to->unparsed += from->unparsed;
	to->gave_up += from->gave_up;
	to->not_numbers += from->not_numbers;
	to->holes += from->holes;
	to->bad_times += from->bad_times;
	covered_add(&to->covered, &from->covered);
	to->outside += from->outside;
	to->undated += from->undated;
	to->too_large += from->too_large;
	to->steps += from->steps;
	if (b->totals.requests)
		totals_add(&a->totals, &b->totals);
}
