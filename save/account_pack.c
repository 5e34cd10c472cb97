#include "save/account_pack.h"

#include <errno.h>
#include <string.h>

void account_pack(struct pack *p, const struct account *a)
{
	const struct verdicts *v = &a->verdicts;
	const struct totals *t = &a->totals;

	pack_u64(p, a->bytes);
	pack_u64(p, v->lines);
	pack_u64(p, v->matched);
	pack_u64(p, v->filtered);
	pack_u64(p, v->unparsed);
	pack_u64(p, v->gave_up);
	pack_u64(p, v->not_numbers);
	pack_u64(p, t->requests);
	pack_sum(p, t->bytes);
	pack_bytes(p, span_of(t->first, sizeof t->first));
	pack_bytes(p, span_of(t->last, sizeof t->last));
}

static void unpack_time(struct unpack *u, char *to, size_t size)
{
	struct span s = unpack_bytes(u, size);

	u->bad |= !memchr(s.at, '\0', s.len);
	memset(to, 0, size);
	if (!u->bad)
		memcpy(to, s.at, size);
}

/* True if an account can have these numbers.  A line has at most one of the verdicts in parts[], so
 * their sum is at most the number of lines. */
static bool is_possible(const struct account *a)
{
	const struct verdicts *v = &a->verdicts;
	const uint64_t parts[] = {v->matched, v->filtered, v->unparsed, v->gave_up};
	uint64_t sum = 0;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (__builtin_add_overflow(sum, parts[i], &sum))
			return false;
	return sum <= v->lines && v->not_numbers <= v->matched && a->totals.requests <= v->lines;
}

bool account_unpack(struct unpack *u, struct account *a)
{
	struct verdicts *v = &a->verdicts;
	struct totals *t = &a->totals;

	a->bytes = unpack_u64(u);
	v->lines = unpack_u64(u);
	v->matched = unpack_u64(u);
	v->filtered = unpack_u64(u);
	v->unparsed = unpack_u64(u);
	v->gave_up = unpack_u64(u);
	v->not_numbers = unpack_u64(u);
	t->requests = unpack_u64(u);
	t->bytes = unpack_sum(u);
	unpack_time(u, t->first, sizeof t->first);
	unpack_time(u, t->last, sizeof t->last);
	u->bad |= !is_possible(a);
	return !u->bad;
}

bool account_add_checked(struct account *a, const struct account *b)
{
	struct sum sum = a->totals.bytes;
	uint64_t bytes, lines;

	/* The other numbers can't overflow, because none is greater than the number of lines. */
	errno = EOVERFLOW;
	if (!sum_add(&sum, b->totals.bytes) || __builtin_add_overflow(a->bytes, b->bytes, &bytes) ||
		__builtin_add_overflow(a->verdicts.lines, b->verdicts.lines, &lines))
		return false;
	account_add(a, b);
	return true;
}
