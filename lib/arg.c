#include "lib/arg.h"

#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

bool args_add(struct args *args, struct arg arg)
{
	if (!ARRAY_GROW(args->at, args->n, &args->room))
		return false;
	args->at[args->n++] = arg;
	return true;
}

/* Compare the values of two elements; if they are equal, the places of the elements. */
static int compare(const void *a, const void *b)
{
	struct arg *const *x = a, *const *y = b;
	int order = strcmp((*x)->value, (*y)->value);

	return order ? order : (*x > *y) - (*x < *y);
}

bool args_drop_repeated(struct args *args)
{
	struct arg **sorted = calloc(args->n + 1, sizeof *sorted), *last = NULL;
	size_t n = 0;

	if (!sorted)
		return false;
	for (size_t i = 0; i < args->n; i++)
		sorted[i] = &args->at[i];
	qsort(sorted, args->n, sizeof *sorted, compare);
	for (size_t i = 0; i < args->n; i++) {
		if (last && strcmp(last->value, sorted[i]->value) == 0)
			sorted[i]->origin = NULL; /* marks it */
		else
			last = sorted[i];
	}
	for (size_t i = 0; i < args->n; i++)
		if (args->at[i].origin)
			args->at[n++] = args->at[i];
	args->n = n;
	free(sorted);
	return true;
}

void args_free(struct args *args)
{
	free(args->at);
	*args = (struct args){0};
}
