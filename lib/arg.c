#include "lib/arg.h"

#include "lib/array.h"

bool args_add(struct args *args, struct arg arg)
{
	if (!ARRAY_GROW(args->at, args->n, &args->room))
		return false;
	args->at[args->n++] = arg;
	return true;
}

void args_free(struct args *args)
{
	free(args->at);
	*args = (struct args){0};
}
