#include "lib/strlist.h"

#include <stdlib.h>

#include "lib/die.h"

void strlist_add(struct strlist *w, const char *word)
{
	/* Grow at powers of two: the length says when. */
	if ((w->n & (w->n - 1)) == 0) {
		size_t room = w->n ? 2 * w->n : 1;
		const char **more = realloc(w->at, room * sizeof *more);
		if (!more)
			die("arguments: out of memory");
		w->at = more;
	}
	w->at[w->n++] = word;
}

void strlist_free(struct strlist *w)
{
	free(w->at);
	*w = (struct strlist){0};
}

void args_add(struct args *w, struct arg said)
{
	w->at = realloc(w->at, (w->n + 1) * sizeof *w->at);
	if (!w->at)
		die("%s: out of memory", said.origin);
	w->at[w->n++] = said;
}

void args_free(struct args *w)
{
	free(w->at);
	*w = (struct args){0};
}
