#include "store/pair.h"

#include "store/tuple.h"

enum { SEPARATOR = 1 };

struct span pair_make(struct arena *arena, struct span key, struct span value)
{
	bool plain = !span_first(key, '\0');
	size_t size = plain ? key.len : tuple_size(key);
	char *at = arena_take(arena, size + 2 + value.len);

	if (!at)
		return span_of(NULL, 0);
	char *to = at;
	if (plain && key.len)
		memcpy(to, key.at, key.len);
	to = plain ? to + key.len : tuple_put(to, at + size, key, true);
	*to++ = '\0';
	*to++ = SEPARATOR;
	if (value.len)
		memcpy(to, value.at, value.len);
	return span_between(at, to + value.len);
}

struct span pair_first(struct span pair)
{
	struct span rest = pair;

	for (const char *nul; (nul = span_first(rest, '\0'));) {
		rest = span_between(nul + 1, span_end(pair));
		if (rest.len && rest.at[0] == SEPARATOR)
			return span_between(pair.at, nul);
	}
	return pair;
}

struct span pair_second(struct span pair)
{
	struct span first = pair_first(pair);

	return first.len + 2 <= pair.len ? span_from(pair, first.len + 2) : span_of("", 0);
}

bool pair_has_first(struct span pair, struct span key)
{
	struct span first = pair_first(pair);

	while (key.len && first.len) {
		const char *nul = span_first(key, '\0');
		size_t len = nul ? (size_t)(nul + 1 - key.at) : key.len;
		if (first.len < len + (nul != NULL) || memcmp(first.at, key.at, len) != 0)
			return false;
		key = span_from(key, len);
		first = span_from(first, len + (nul != NULL));
	}
	return !key.len && !first.len;
}
