#include "store/code_set.h"

#include <errno.h>

#include "store/pair.h"

void code_set_copy(const struct code_list *list, uint64_t *to, unsigned bits)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		uint64_t word = list->words[i];
		if (word)
			*code_set_free(to, bits, n++, code_of_word(word)) = word;
	}
}

bool code_list_give(const struct code_list *list, const struct counted *key, unsigned group,
	struct arena *arena, struct sink sink)
{
	arena_reset(arena);
	struct span bytes = pair_make(arena, key->key, span_of("\0\0", 2));
	struct counted pair = {.group = group, .key = bytes, .hash = key->hash};
	if (!bytes.at) {
		errno = ENOMEM;
		return false;
	}
	char *code = (char *)(uintptr_t)span_end(bytes) - 2;
	for (size_t i = 0; i < list->n; i++) {
		pair.count = code_count(list->words[i]);
		code[0] = (char)(code_of_word(list->words[i]) >> 8);
		code[1] = (char)code_of_word(list->words[i]);
		if (pair.count && !sink.take(sink.ctx, &pair))
			return false;
	}
	return true;
}
