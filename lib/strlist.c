#include "lib/strlist.h"

#include "lib/array.h"

bool strlist_add(struct strlist *list, const char *word)
{
	if (!ARRAY_GROW(list->at, list->n, &list->room))
		return false;
	list->at[list->n++] = word;
	return true;
}

void strlist_free(struct strlist *list)
{
	free(list->at);
	*list = (struct strlist){0};
}
