#include "store/counted.h"

#include "store/pack.h"

void counted_put(char *to, const struct counted *c, bool sums)
{
	word_store(to, c->count);
	word_store(to + 8, (uint64_t)c->key.len << 16 | c->group);
	to += 16;
	if (sums) {
		word_store(to, c->sum.low);
		word_store(to + 8, (uint64_t)c->sum.high);
		to += 16;
	}
	if (c->key.len)
		memcpy(to, c->key.at, c->key.len);
}

bool counted_take(struct span *rest, bool sums, struct counted *c)
{
	size_t head = sums ? 32 : 16;

	if (rest->len < head)
		return false;
	uint64_t group_and_len = word_load(rest->at + 8), len = group_and_len >> 16;
	if (len > rest->len - head)
		return false;
	*c = (struct counted){.group = (unsigned)(group_and_len & (COUNTED_GROUPS - 1)),
		.key = span_of(rest->at + head, (size_t)len),
		.count = word_load(rest->at)};
	if (sums)
		c->sum = (struct sum){word_load(rest->at + 16), (int64_t)word_load(rest->at + 24)};
	*rest = span_from(*rest, head + (size_t)len);
	return true;
}
