#include "lib/strlist.h"

#include <stdlib.h>

#include "lib/die.h"

void words_add(struct words *w, const char *word)
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

void words_free(struct words *w)
{
	free(w->at);
	*w = (struct words){0};
}

void saids_add(struct saids *w, struct said said)
{
	w->at = realloc(w->at, (w->n + 1) * sizeof *w->at);
	if (!w->at)
		die("%s: out of memory", said.where);
	w->at[w->n++] = said;
}

void saids_free(struct saids *w)
{
	free(w->at);
	*w = (struct saids){0};
}
