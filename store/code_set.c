#include "store/code_set.h"

#include <errno.h>

#include "lib/array.h"
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

bool code_words_add(struct code_words *to, const struct code_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!code_count(list->words[i]))
			continue;
		if (!ARRAY_GROW(to->at, to->n, &to->room))
			return false;
		to->at[to->n++] = list->words[i];
	}
	return true;
}

static int by_word(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Sort a few words by insertion. */
static void sort_few(uint64_t *words, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint64_t word = words[i];
		size_t k = i;
		for (; k && words[k - 1] > word; k--)
			words[k] = words[k - 1];
		words[k] = word;
	}
}

void code_words_sort(struct code_words *w)
{
	size_t kept = 0;

	if (w->n <= 16)
		sort_few(w->at, w->n);
	else
		qsort(w->at, w->n, sizeof *w->at, by_word);
	for (size_t i = 0; i < w->n; i++) {
		if (kept && code_of_word(w->at[kept - 1]) == code_of_word(w->at[i]))
			w->at[kept - 1] += code_count(w->at[i]);
		else
			w->at[kept++] = w->at[i];
	}
	w->n = kept;
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
