#include "store/counted.h"

#include "store/pack.h"

bool counted_add(
	struct counted *c, char *total, const struct counted *more, const struct measures *m)
{
	const struct group_measures *g = measures_of(m, c->group);

	if (__builtin_add_overflow(c->count, more->count, &c->count)) {
		errno = EOVERFLOW;
		return false;
	}
	return !g || measures_add(g, total, more->measures);
}

void counted_put(char *to, const struct counted *c, const struct measures *m)
{
	size_t measured = measures_bytes(m, c->group);

	word_store(to, c->count);
	word_store(to + 8, (uint64_t)c->key.len << 16 | c->group);
	to += 16;
	if (measured)
		memcpy(to, c->measures, measured);
	if (c->key.len)
		memcpy(to + measured, c->key.at, c->key.len);
}

bool counted_take(struct span *rest, const struct measures *m, struct counted *c)
{
	if (rest->len < 16)
		return false;
	uint64_t group_and_len = word_load(rest->at + 8), len = group_and_len >> 16;
	unsigned group = (unsigned)(group_and_len & (COUNTED_GROUPS - 1));
	size_t head = 16 + measures_bytes(m, group);
	if (rest->len < head || len > rest->len - head)
		return false;
	*c = (struct counted){.group = group,
		.key = span_of(rest->at + head, (size_t)len),
		.count = word_load(rest->at),
		.measures = rest->at + 16};
	*rest = span_from(*rest, head + (size_t)len);
	return true;
}
