#include "lib/strlist.h"

#include "lib/array.h"

bool strlist_add(struct strlist *list, const char *word)
{
	if (!ARRAY_GROW(list->at, list->n, &list->room))
		return false;
	list->at[list->n++] = word;
	return true;
}

bool strlist_take(struct strlist *list, char *text)
{
	bool ok = text && strlist_add(list, text);

	if (!ok)
		free(text);
	return ok;
}

void strlist_free(struct strlist *list)
{
	free(list->at);
	*list = (struct strlist){0};
}
